"""Which image hangs where: four standard views, chest walls together, and a strip for the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from mammoscope.core import STANDARD, ExamResult, ImageResult, Laterality, Side, View

WALL: Final[dict[Laterality, Side]] = {"R": "right", "L": "left"}
"""On which side of its picture each breast's chest wall hangs: right breasts hang on the left."""


@dataclass(frozen=True, eq=False)
class Hung:
    """An image in its place.

    Attributes:
        index: Its place among the exam's images.
        image: The image.
        mirrored: Whether it must be shown mirrored for its chest wall to hang as it should.
        wall: The side of the shown picture on which the chest wall lies; None where unknown.
    """

    index: int
    image: ImageResult
    mirrored: bool
    wall: Side | None


@dataclass(frozen=True, eq=False)
class Place:
    """One of the four places, with its image or empty."""

    laterality: Laterality
    view: View
    hung: Hung | None


@dataclass(frozen=True, eq=False)
class Hanging:
    """R CC, L CC, R MLO, L MLO, and the strip below them, in reading order."""

    places: tuple[Place, ...]
    strip: tuple[Hung, ...]

    @property
    def hung(self) -> tuple[Hung, ...]:
        """Every image as it hangs."""
        return (*(place.hung for place in self.places if place.hung), *self.strip)


def hang(exam: ExamResult) -> Hanging:
    """Place the images of an exam.

    Of several images of one view the first whole one hangs in its place; partial images,
    repeats, other views and images that are set aside hang in the strip.
    """
    hung = [_hung(index, image) for index, image in enumerate(exam.images)]
    places = tuple(Place(side, view, _first(hung, side, view)) for side, view in STANDARD)
    taken = [place.hung for place in places if place.hung]
    return Hanging(places, tuple(image for image in hung if image not in taken))


def _first(hung: Sequence[Hung], laterality: Laterality, view: View) -> Hung | None:
    for candidate in hung:
        about = candidate.image.about
        pair = about.laterality and about.laterality.value, about.view and about.view.value
        if pair == (laterality, view) and candidate.image.standard and not about.partial:
            return candidate
    return None


def _hung(index: int, image: ImageResult) -> Hung:
    about, found = image.about, image.chest_wall
    if found is None:
        return Hung(index, image, mirrored=False, wall=None)
    wanted = WALL[about.laterality.value] if about.laterality else found.value
    return Hung(index, image, mirrored=wanted != found.value, wall=wanted)
