"""Data sets as a command line names them: a place and a word for each."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Protocol, TypeVar, runtime_checkable

from mammoscope.errors import UsageError
from mammoscope.faces.progress import bar

Advance = Callable[[], None]
Image = TypeVar("Image")
Image_co = TypeVar("Image_co", covariant=True)


@runtime_checkable
class Found(Protocol[Image_co]):
    """What a copy of a data set holds."""

    @property
    def images(self) -> Sequence[Image_co]:
        """In the table's order."""

    @property
    def left_out(self) -> Mapping[str, int]:
        """What could not be taken, by reason, and how many."""


@runtime_checkable
class Source(Protocol[Image_co]):
    """A data set that a room knows."""

    @property
    def needs(self) -> str:
        """What must lie on disk, in words."""

    @property
    def read(self) -> Callable[[Path, Advance], Found[Image_co]]:
        """From its place to its images."""


def read_all(
    data: Sequence[Path], datasets: Sequence[str], known: Mapping[str, Source[Image]]
) -> tuple[list[Image], dict[str, int]]:
    """Images of all data, and what was left out by reason.

    Args:
        data: A place for each data set.
        datasets: What each is, of `known`; one for all, or one for each.
        known: What a room can read, by name.

    Raises:
        UsageError: If a place or a name is not there, or the data cannot be read.
    """
    count = len(data)
    names = list(datasets) * (count if len(datasets) == 1 else 1)
    if len(names) != count:
        raise UsageError(f"{count} --data need one --dataset or {count}, got {len(names)}")
    if unknown := sorted(set(names) - set(known)):
        raise UsageError(f"--dataset takes {', '.join(known)}; got {', '.join(unknown)}")
    images: list[Image] = []
    left_out = Counter[str]()
    for place, name in zip(data, names, strict=True):
        if not place.exists():
            raise UsageError(f"no {place}: expected is a {known[name].needs}")
        with bar(f"reading {name}", None) as advance:
            found = known[name].read(place, advance)
        images += found.images
        left_out.update(found.left_out)
    return images, dict(left_out)
