"""The rooms with their weights: opened before anything is read."""

from pathlib import Path
from typing import Final, NamedTuple

from mammoscope.errors import WeightsError
from mammoscope.findings.infer import Finder
from mammoscope.pipeline import Rooms
from mammoscope.positioning.infer import Locator
from mammoscope.registration.infer import Registrar
from mammoscope.runtime import is_own, names, open_session, weights_folder
from mammoscope.screening.infer import Scorer
from mammoscope.segmentation.infer import Segmenter

NEEDED: Final = ("segmentation", "positioning", "registration", "findings", "screening")
"""What the package's own folder must hold; a folder of the user's needs one of them."""
THRESHOLDS: Final = ("threshold_chosen", "threshold_f1")
"""From which point of the screening weights' card malignancy is called high: the first that it has."""


class Opened(NamedTuple):
    """The systems at work.

    Attributes:
        rooms: By name.
        weights: Identity of each one's weights.
        malignancy_from: The score from which malignancy is called high; None where no card has one.
        calibrated_by: Of each one's card, see `Card.calibrated_by`.
    """

    rooms: Rooms
    weights: tuple[str, ...]
    malignancy_from: float | None = None
    calibrated_by: tuple[str, ...] = ()


def open_rooms(
    folder: Path | None = None, threads: int | None = None, *, research: bool = False
) -> Opened:
    """Check and load the networks of a folder.

    The package's own folder must hold all of them. A folder of the user's needs one: a system that
    it does not list answers "not assessed: no weights".

    Args:
        folder: Folder of weights; else MAMMOSCOPE_WEIGHTS, else the package's own.
        threads: Number of threads of each network; else one for each core.
        research: Also answer for classes of findings that no real image trained.

    Raises:
        WeightsError: If weights are absent, damaged, swapped or of another version, or `research` asks
            for classes that they do not have.
    """
    listed = _listed(folder)
    sessions = {name: open_session(name, folder, threads) for name in listed}
    rooms = Rooms()
    if "segmentation" in sessions:
        rooms["segmentation"] = Segmenter(sessions["segmentation"])
    if "positioning" in sessions:
        rooms["positioning"] = Locator(sessions["positioning"])
    if "registration" in sessions:
        rooms["registration"] = Registrar(sessions["registration"])
    if "findings" in sessions:
        rooms["findings"] = Finder(sessions["findings"], research=research)
    elif research:
        raise WeightsError(
            f"weights of findings were expected in {weights_folder(folder)}, there are none: name a "
            "folder that has them with --weights, or leave --research-classes out"
        )
    malignancy_from = None
    if "screening" in sessions:
        rooms["screening"] = Scorer(sessions["screening"])
        numbers = sessions["screening"].card.calibration
        malignancy_from = next((numbers[one] for one in THRESHOLDS if one in numbers), None)
    calibrated_by = tuple(one.card.calibrated_by() for one in sessions.values())
    return Opened(
        rooms, tuple(one.identity for one in sessions.values()), malignancy_from, calibrated_by
    )


def _listed(folder: Path | None) -> tuple[str, ...]:
    """The systems to open: all of the package's own, and of a user's folder those that it lists.

    The first of all, to be told of, where a user's folder lists none.
    """
    if is_own(folder):
        return NEEDED
    there = names(weights_folder(folder))
    return tuple(name for name in NEEDED if name in there) or NEEDED[:1]
