"""Images that belong together, and the same image met twice."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple, TypeVar

from mammoscope.core import (
    STANDARD,
    About,
    Exam,
    InputRecord,
    Laterality,
    Modifier,
    Note,
    View,
    reading_order,
)
from mammoscope.io.names import from_path

T = TypeVar("T")

HARMLESS: Final[frozenset[Modifier]] = frozenset({"nipple in profile"})
"""Modifiers of a view that still shows the breast as a screening view does."""

ORDER_OF_CHOICE: Final = (
    "for presentation before for processing, an acquired image before one synthesised from "
    "tomosynthesis, then the one acquired last"
)

CONTRADICTED: Final = "its SOP Instance UID comes again with different pixels: keep the right one"


def group(items: Sequence[T], about: Callable[[T], About]) -> list[Exam[T]]:
    """Sort images into exams, in the order in which the first image of each was met.

    An exam is a study; where every image is a study of its own and the patient ID names set and
    patient (CBIS-DDSM), it is that patient. Raster files go by the table's study, else by the
    patient in their name and their folder, else by their folder.
    """
    together: dict[str, list[T]] = defaultdict(list)
    for item in items:
        together[belongs_to(about(item))].append(item)
    keys = _keys(list(together))
    return [
        Exam(
            key=keys[study],
            study=study,
            items=tuple(sorted(members, key=lambda item: reading_order(about(item)))),
            notes=_notes([about(item) for item in members]),
        )
        for study, members in together.items()
    ]


def belongs_to(about: About) -> str:
    """What images of one exam have in common."""
    if about.case or about.study:
        return about.case or about.study
    path = PurePosixPath(about.name.replace("\\", "/"))
    patient = from_path(about.name).patient
    return f"{path.parent}/{patient}" if patient else str(path.parent)


def set_aside(about: About) -> str:
    """Why an image is kept out of results of the whole exam; empty where it is not."""
    unusual = sorted(about.modifiers - HARMLESS)
    if unusual:
        return f"{' and '.join(unusual)} view"
    if about.implant:
        return "breast implant"
    if about.partial:
        return "partial view: it shows a part of the breast"
    if about.view is None or about.laterality is None:
        return "view unknown" if about.view is None else "laterality unknown"
    if about.view.value not in ("CC", "MLO"):
        return f"{about.view.value} view: results of the whole exam use CC and MLO"
    return ""


def chosen(items: Sequence[T], about: Callable[[T], About]) -> dict[tuple[Laterality, View], T]:
    """The image that counts for each standard view; where one is repeated, by ORDER_OF_CHOICE."""
    best: dict[tuple[Laterality, View], T] = {}
    for item in items:
        said = about(item)
        if set_aside(said) or said.laterality is None or said.view is None:
            continue
        place = said.laterality.value, said.view.value
        if place not in best or _merit(said) > _merit(about(best[place])):
            best[place] = item
    return {place: best[place] for place in STANDARD if place in best}


class Once(NamedTuple):
    """Inputs that are left when each image counts once.

    Attributes:
        kept: Indices of the inputs that go on.
        dropped: A record for each of the others.
    """

    kept: list[int]
    dropped: list[InputRecord]


def duplicates(
    items: Sequence[T], about: Callable[[T], About], pixel_digest: Callable[[T], str]
) -> Once:
    """Find SOP Instance UIDs that come more than once.

    The same bytes, or other bytes with the same pixels, count once: the first. Different pixels
    under one UID are a contradiction that nobody can resolve, so all of them are rejected.

    Args:
        items: Inputs that were read.
        about: What is known of each.
        pixel_digest: A digest of an input's pixels; asked only where the bytes differ.
    """
    same: dict[str, list[int]] = defaultdict(list)
    for index, item in enumerate(items):
        same[about(item).instance or f"alone {index}"].append(index)
    kept: list[int] = []
    dropped: list[InputRecord] = []
    for indices in same.values():
        first, *others = (about(items[index]).name for index in indices)
        alike = len({about(items[index]).digest for index in indices}) == 1
        if alike or len({pixel_digest(items[index]) for index in indices}) == 1:
            kept.append(indices[0])
            dropped += [
                InputRecord(name, "duplicate", f"the same image as {first}", 24) for name in others
            ]
        else:
            dropped += [InputRecord(name, "rejected", CONTRADICTED, 25) for name in (first, *others)]
    return Once(sorted(kept), dropped)


def _keys(studies: list[str]) -> dict[str, str]:
    """A short hash for each study, long enough that no two are equal."""
    digests = {study: hashlib.sha256(study.encode()).hexdigest() for study in studies}
    length = next(
        size for size in range(12, 65) if len({d[:size] for d in digests.values()}) == len(digests)
    )
    return {study: digest[:length] for study, digest in digests.items()}


def _notes(abouts: list[About]) -> tuple[Note, ...]:
    notes: list[Note] = []
    if len({about.patient for about in abouts if about.patient and not about.case}) > 1:
        notes.append(Note("two patients", "one study holds images of more than one patient ID"))
    counted = [about for about in abouts if not set_aside(about)]
    views = Counter(
        (about.laterality.value, about.view.value)
        for about in counted
        if about.laterality and about.view
    )
    best = chosen(abouts, lambda about: about)
    for side, view in STANDARD:
        count = views[side, view]
        if count == 0:
            said = f"{side} {view} is missing: results of the whole exam are not given"
            notes.append(Note("missing view", said))
        if count > 1:
            said = f"{side} {view} is there {count} times, {best[side, view].name} counts"
            notes.append(Note("repeated view", f"{said}: {ORDER_OF_CHOICE}"))
    return tuple(notes)


def _merit(about: About) -> tuple[bool, bool, str]:
    return about.kind != "for processing", about.origin != "synthetic from tomosynthesis", about.moment
