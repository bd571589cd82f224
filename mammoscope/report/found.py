"""Findings on a pane and beside it: numbered boxes, the heatmap, and a table with a picture of each."""

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from mammoscope.core import Finding, FindingKind, Findings, Frame
from mammoscope.report.files import Document
from mammoscope.report.hanging import Hung
from mammoscope.report.heat import coloured, heat_on
from mammoscope.report.marks import Group
from mammoscope.report.pictures import encoded, reduced_shape
from mammoscope.report.shots import Shot, shot

HEAT_ROWS: Final = 300
ROOM: Final = 0.03
"""Height of a label in heights of the picture: nearer to the upper edge it goes below its box."""


@dataclass(frozen=True)
class Boxed:
    """One finding on a picture, in its pixels as it hangs.

    Attributes:
        number: Its name through the exam.
        kind: What it looks like.
        score: On this view, 0–1.
        left: Of the box.
        top: Of the box.
        width: Of the box.
        height: Of the box.
        below: Whether its label stands below it.
        label: Where its label begins, or ends where the chest wall lies on the right.
    """

    number: int
    kind: FindingKind
    score: float
    left: float
    top: float
    width: float
    height: float
    below: bool
    label: float


@dataclass(frozen=True)
class Row:
    """One finding of a table.

    Attributes:
        number: Its name through the exam.
        kind: What it looks like.
        score: Of all views together, 0–1.
        location: Where in the breast; empty where nobody can tell.
        shots: One for each view that shows it.
    """

    number: int
    kind: FindingKind
    score: float
    location: str
    shots: tuple[Shot, ...]


@dataclass(frozen=True)
class Table:
    """The findings of a breast or an image; without any and without a reason nothing is marked."""

    who: str
    rows: tuple[Row, ...]
    reason: str


def boxed(
    shown: Iterable[tuple[int, Finding]], hung: Hung, shape: tuple[int, int]
) -> tuple[Boxed, ...]:
    """The findings that a picture shows.

    Args:
        shown: Numbers and findings.
        hung: The image as it hangs.
        shape: Rows and columns of its picture.
    """
    return tuple(_boxed(number, one, hung, shape) for number, one in shown)


def heat_uri(hung: Hung, rows: int = HEAT_ROWS) -> str:
    """The heatmap of an image as a data URI, as it hangs; empty where there is none.

    Args:
        hung: The image.
        rows: Of the heatmap's picture, at most: it is blurred anyway.
    """
    answer = hung.image.answers.get("findings")
    if not isinstance(answer, Findings):
        return ""
    colours = coloured(heat_on(answer, reduced_shape(hung.image.preview, rows)))
    hanging = colours[:, ::-1] if hung.mirrored else colours
    return "data:image/png;base64," + b64encode(encoded(hanging, ".png")).decode("ascii")


def tables(shown: Iterable[Group], hung: Sequence[Hung], titles: Sequence[str]) -> tuple[Table, ...]:
    """What a page says of every finding that a reader is shown.

    Args:
        shown: From `mammoscope.report.marks.groups`.
        hung: All images as they hang.
        titles: What a reader calls each image of the exam.
    """
    by_place = {one.index: one for one in hung}
    return tuple(
        Table(
            group.who,
            tuple(
                Row(
                    one.number,
                    one.kind,
                    one.score,
                    one.location,
                    tuple(shot(seen, by_place[at], titles[at]) for at, seen in one.seen),
                )
                for one in group.marked
            ),
            group.reason,
        )
        for group in shown
    )


def unsought(document: Document) -> list[tuple[str, list[str]]]:
    """Kinds of findings that were not looked for, by the reason why."""
    reasons: dict[str, dict[str, None]] = {}
    for answer in _results(document):
        for kind, reason in answer["not_assessed"].items():
            reasons.setdefault(reason, {})[kind] = None
    return [(reason, list(kinds)) for reason, kinds in reasons.items()]


def thresholds(document: Document) -> list[float]:
    """The scores from which findings are shown: one, unless images had different weights."""
    return sorted({answer["threshold"] for answer in _results(document)})


def places_marked(document: Document) -> int:
    """How many findings of an exam a reader is shown, each counted once."""
    breasts = document["answers"].get("findings", {}).get("breasts", {}).values()
    told = [one for one in breasts if one["status"] == "result"]
    counted = {name for one in told for name in (one["cc"], one["mlo"])}
    others = [
        image["answers"]["findings"]
        for image in document["images"]
        if image["name"] not in counted
        and image["answers"].get("findings", {}).get("status") == "result"
    ]
    return sum(one["shown"] for answer in (*told, *others) for one in answer["findings"])


def _results(document: Document) -> list[dict[str, Any]]:
    answers = [image["answers"].get("findings", {}) for image in document["images"]]
    return [one for one in answers if one.get("status") == "result"]


def _boxed(number: int, one: Finding, hung: Hung, shape: tuple[int, int]) -> Boxed:
    frame = Frame.of(hung.image.about.shape).resize(shape)
    (top, left), (bottom, right) = (frame.from_source(np.array(one.box).reshape(2, 2)) + 0.5).tolist()
    if hung.mirrored:
        left, right = shape[1] - right, shape[1] - left
    label = min(right, shape[1]) if hung.wall == "right" else max(left, 0.0)
    return Boxed(
        number,
        one.kind,
        one.score,
        left=round(left, 1),
        top=round(top, 1),
        width=round(right - left, 1),
        height=round(bottom - top, 1),
        below=top < ROOM * shape[0],
        label=round(label, 1),
    )
