"""Two images of a breast on each other: `mammoscope.register` and ``mammoscope register``."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from jaxtyping import UInt8

from mammoscope.core import (
    OTHER,
    About,
    Landmarks,
    Mammogram,
    NotAssessed,
    Note,
    PairView,
    Point,
    Registration,
    SearchRegion,
    Sourced,
)
from mammoscope.errors import InputError, SkippedInput, UsageError, WeightsError
from mammoscope.image import for_display, outline, to_preview, two_breasts
from mammoscope.io import Reader, Source
from mammoscope.io.exams import HARMLESS
from mammoscope.measures.location import Location, locate, place
from mammoscope.measures.mapped import MappedBox, map_box
from mammoscope.pipeline import PREVIEW_ROWS, Rooms
from mammoscope.scores.boxes import Box

PAIR: Final[tuple[PairView, PairView]] = ("CC", "MLO")
BY_ORDER: Final = "order of the arguments"
NEEDED: Final = ("positioning", "registration")
OUTSIDE: Final = Note(
    "outside of the breast",
    "what was asked lies outside of the breast, or too far from the nipple for registration: little "
    "trust is due to where its partner is looked for",
)


@dataclass(frozen=True, eq=False)
class Shown:
    """One view of a pair, without its pixels.

    Attributes:
        about: What is known of it; its view is CC or MLO.
        landmarks: Where its anatomy lies.
        preview: A display picture of it.
    """

    about: About
    landmarks: Landmarks
    preview: UInt8[np.ndarray, "_ _"]


@dataclass(frozen=True, eq=False)
class Registered:
    """The CC and the MLO view of a breast on each other, and what was asked.

    Attributes:
        registration: The warp, and search regions of points all over either breast.
        views: Both views.
        region: Where the partner of the asked point or box lies; None where nothing was asked.
        box: What becomes of the asked box; None where none was asked.
        location: Where in the breast the asked point and its most probable partner lie; None where
            nothing was asked, or outside of the breast.
        notes: Warnings.
    """

    registration: Registration
    views: Mapping[PairView, Shown]
    region: SearchRegion | None = None
    box: MappedBox | None = None
    location: Location | None = None
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class Question:
    """What is looked for.

    Attributes:
        on: The view on which it lies.
        point: (row, column) in source pixels.
        box: (top, left, bottom, right) in source pixels, instead of a point.
    """

    on: PairView = "CC"
    point: Point | None = None
    box: Box | None = None

    @property
    def middle(self) -> Point | None:
        """The point, or the middle of the box."""
        if self.box is None:
            return self.point
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


def register_pair(
    paths: Sequence[Path], reader: Reader, rooms: Rooms, question: Question
) -> Registered:
    """Lay two images of a breast on each other.

    Args:
        paths: The CC and the MLO image; the order counts where nobody says which is which.
        reader: Reads them.
        rooms: Positioning and registration at work.
        question: What is looked for.

    Raises:
        WeightsError: If a system that is needed has no weights.
        InputError: If an image cannot be read, or registration does not assess it.
        UsageError: If they are not one CC and one MLO view of one breast, or the question lies
            outside its image or on another view.
    """
    if question.on not in PAIR:
        raise UsageError(f"expected a place on CC or on MLO, received one on {question.on!r}")
    if missing := [name for name in NEEDED if name not in rooms]:
        raise WeightsError(f"register needs weights of {' and '.join(missing)}: name their folder")
    sources = [Source(str(path), path) for path in paths]
    abouts = as_pair([_about(source, reader) for source in sources])
    shown: dict[PairView, Shown] = {}
    kept: dict[PairView, Any] = {}
    for source, about in zip(sources, abouts, strict=True):
        view = _view(about)
        with _naming(source):
            mammogram = reader.read(source)
        shown[view], kept[view] = _prepared(mammogram, about, rooms)
    _check_inside(question, shown[question.on].about)
    pair = rooms["registration"](kept["CC"], kept["MLO"])
    registration = pair.registration
    found = Registered(registration, shown, notes=_notes(registration, shown))
    if (middle := question.middle) is None:
        return found
    size = _size(question.box)
    region = pair.search(question.on, middle, size)
    found = replace(found, region=region, box=_mapped(question, registration, region, shown))
    if not kept[question.on].holds(middle):
        return replace(found, notes=(*found.notes, OUTSIDE))
    return replace(found, location=_location(question.on, region, shown))


def as_pair(abouts: Sequence[About]) -> tuple[About, About]:
    """Two images with their views; where nobody says, the first is CC and the second MLO.

    Raises:
        UsageError: If they are not one CC and one MLO view, or of two breasts.
        SkippedInput: If one is a spot view, shows a part of the breast, or an implant.
    """
    said = [about.view.value if about.view else None for about in abouts]
    known = [view for view in said if view]
    free = [view for view in PAIR if view not in known]
    if len(set(known)) < len(known) or not set(known) <= set(PAIR):
        raise UsageError(
            f"expected one CC and one MLO view, received {' and '.join(known)}: name both views"
        )
    sides = {about.laterality.value for about in abouts if about.laterality}
    if len(sides) > 1:
        raise UsageError("expected two views of one breast, received a left and a right one")
    first, second = (
        about if about.view else replace(about, view=Sourced(free.pop(0), BY_ORDER)) for about in abouts
    )
    for about in (first, second):
        _check_whole(about)
    return first, second


@contextmanager
def _naming(source: Source) -> Iterator[None]:
    """Errors of reading say of which file they are."""
    try:
        yield
    except InputError as error:
        raise type(error)(f"{source.name}: {error}", error.number) from error


def _about(source: Source, reader: Reader) -> About:
    with _naming(source):
        return reader.about(source)


def _check_whole(about: About) -> None:
    unusual = [*sorted(about.modifiers - HARMLESS), *(["partial"] if about.partial else [])]
    unusual += ["implant"] if about.implant else []
    if unusual:
        raise SkippedInput(
            f"expected a whole standard view, {about.name} is: {', '.join(unusual)}; take another"
        )


def _prepared(mammogram: Mammogram, about: About, rooms: Rooms) -> tuple[Shown, Any]:
    """A view and what registration keeps of it.

    Raises:
        SkippedInput: If it shows two breasts, or registration does not assess it.
    """
    viewed = replace(mammogram, about=replace(mammogram.about, view=about.view))
    display = for_display(viewed)
    if two_breasts(display.pixels, outline.find(display.pixels)):
        raise SkippedInput(f"expected one breast, {about.name} shows two: cut it in the middle", 75)
    landmarks = rooms["positioning"](viewed)
    kept = rooms["registration"].prepare(viewed, landmarks)
    if isinstance(kept, NotAssessed):
        raise SkippedInput(f"{about.name} is not assessed: {kept.reason}")
    return Shown(viewed.about, landmarks, to_preview(display, PREVIEW_ROWS)), kept


def _check_inside(question: Question, about: About) -> None:
    box, (rows, columns) = question.box, about.shape
    if question.point is not None and box is not None:
        raise UsageError("expected a point or a box, received both: leave one out")
    if box is not None and (box[2] <= box[0] or box[3] <= box[1]):
        raise UsageError(f"expected a box with a height and a width above 0, {_received(question)}")
    ends = [box[:2], box[2:]] if box is not None else [question.point] if question.point else []
    if any(not (-0.5 <= row <= rows - 0.5 and -0.5 <= column <= columns - 0.5) for row, column in ends):
        raise UsageError(
            f"expected a place within the {rows} rows × {columns} columns of the {question.on} view, "
            f"whose pixels span -0.5 to {rows - 0.5} and {columns - 0.5}, {_received(question)}"
        )


def _received(question: Question) -> str:
    """What was asked, in the words in which it is given."""
    if question.box is not None:
        top, left, bottom, right = question.box
        return (
            f"received the box {top:g}, {left:g}, {bottom - top:g}, {right - left:g} "
            "(row, column, height, width)"
        )
    row, column = question.point or (float("nan"), float("nan"))
    return f"received the point {row:g}, {column:g} (row, column)"


def _notes(registration: Registration, shown: Mapping[PairView, Shown]) -> tuple[Note, ...]:
    abouts = [shown[view].about for view in PAIR]
    notes = [note for about in abouts for note in about.notes] + list(registration.notes)
    people = {about.case or about.patient for about in abouts}
    if len(people) > 1 and "" not in people:
        notes.append(Note("two patients", "The two images name different patients."))
    return tuple(dict.fromkeys(notes))


def _size(box: Box | None) -> tuple[float, float] | None:
    return None if box is None else (box[2] - box[0], box[3] - box[1])


def _mapped(
    question: Question,
    registration: Registration,
    region: SearchRegion,
    shown: Mapping[PairView, Shown],
) -> MappedBox | None:
    if question.box is None:
        return None
    here, there = shown[question.on].about, shown[OTHER[question.on]].about
    return map_box(question.box, question.on, registration.warp, region, here, there)


def _location(on: PairView, region: SearchRegion, shown: Mapping[PairView, Shown]) -> Location:
    points = {on: region.asked, OTHER[on]: region.mapped}
    places = {
        view: place(points[view], view, shown[view].landmarks, shown[view].about) for view in PAIR
    }
    said = [one.about.laterality for one in shown.values() if one.about.laterality]
    return locate(places, said[0].value if said else None)


def _view(about: About) -> PairView:
    return "CC" if about.view is not None and about.view.value == "CC" else "MLO"
