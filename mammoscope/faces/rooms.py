"""The rooms with their weights: opened before anything is read."""

from pathlib import Path
from typing import Final, NamedTuple

from mammoscope.pipeline import Rooms
from mammoscope.positioning.infer import Locator
from mammoscope.registration.infer import Registrar
from mammoscope.runtime import is_own, names, open_session, weights_folder
from mammoscope.segmentation.infer import Segmenter

NEEDED: Final = ("segmentation", "positioning", "registration")
"""What the package's own folder must hold; a folder of the user's needs one of them."""


class Opened(NamedTuple):
    """The systems at work, and the identity of each one's weights."""

    rooms: Rooms
    weights: tuple[str, ...]


def open_rooms(folder: Path | None = None, threads: int | None = None) -> Opened:
    """Check and load the networks of a folder.

    The package's own folder must hold all of them. A folder of the user's needs one: a system that
    it does not list answers "not assessed: no weights".

    Args:
        folder: Folder of weights; else MAMMOSCOPE_WEIGHTS, else the package's own.
        threads: Number of threads of each network; else one for each core.

    Raises:
        WeightsError: If weights are absent, damaged, swapped or of another version.
    """
    listed = NEEDED if is_own(folder) else _listed(folder)
    sessions = {name: open_session(name, folder, threads) for name in listed}
    rooms = Rooms()
    if "segmentation" in sessions:
        rooms["segmentation"] = Segmenter(sessions["segmentation"])
    if "positioning" in sessions:
        rooms["positioning"] = Locator(sessions["positioning"])
    if "registration" in sessions:
        rooms["registration"] = Registrar(sessions["registration"])
    return Opened(rooms, tuple(session.identity for session in sessions.values()))


def _listed(folder: Path | None) -> tuple[str, ...]:
    """The systems that a user's folder lists; the first of all, to be told of, where it lists none."""
    place = weights_folder(folder)
    return tuple(name for name in NEEDED if name in names(place)) or NEEDED[:1]
