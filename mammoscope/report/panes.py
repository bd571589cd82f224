"""What the page needs to show one image: its picture, its outlines, its size, its warnings."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from mammoscope.core import (
    Answer,
    Failed,
    ImageResult,
    NotAssessed,
    Positioning,
    Segmentation,
    Side,
)
from mammoscope.report.aligned import Partner, partners
from mammoscope.report.document import all_notes
from mammoscope.report.drawn import drawn
from mammoscope.report.found import Boxed, boxed, heat_uri
from mammoscope.report.hanging import Hanging, Hung
from mammoscope.report.marks import Group, by_image
from mammoscope.report.outline import Line, in_picture, outlines, path
from mammoscope.report.pictures import encoded, reduced
from mammoscope.report.words import sentence

ROWS: Final = 1200
MARGIN: Final = 0.02
OVER_QUALITY: Final = 80
SIDES: Final = {"R": "right", "L": "left"}


@dataclass(frozen=True)
class Box:
    """A part of a picture, in its pixels."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Pane:
    """One shown picture.

    Attributes:
        title: ``R MLO``.
        alt: The same in words.
        corner: The upper corner for the title: away from the chest wall.
        source: Data URI of an 8-bit JPEG of at most 1,200 rows, mirrored where it must be.
        size: Columns and rows of the picture.
        fit: What is shown first: breast and muscle with a margin, the chest wall at the edge.
        wall: On which side of the picture the chest wall lies.
        mm: Width of a pixel of the picture in mm; None where unknown.
        lines: SVG paths of ``breast``, ``pectoral`` and ``skin``, in pixels of the picture.
        marks: SVG paths of the lines of positioning by their kind, in pixels of the picture.
        mirrored: Whether the picture is the mirror image of the file's.
        remarks: What a reader must know of this image: mirrored, set aside, warnings.
        partner: The other view of the breast, where this one lies on it.
        over: Data URI of the CC view as it lies on this MLO view; empty for others.
        boxes: The findings that a reader is shown.
        heat: Data URI of the heatmap over the whole picture; empty where there is none.
    """

    title: str
    alt: str
    corner: Side
    source: str
    size: tuple[int, int]
    fit: Box
    wall: Side | None
    mm: float | None
    lines: dict[str, str]
    marks: dict[str, str]
    mirrored: bool
    remarks: tuple[str, ...]
    partner: Partner | None = None
    over: str = ""
    boxes: tuple[Boxed, ...] = ()
    heat: str = ""


@dataclass(frozen=True)
class Slot:
    """One of the four places of the hanging protocol, with its pane or empty."""

    title: str
    pane: Pane | None


@dataclass(frozen=True)
class Wall:
    """The four places, and the strip of other images below them."""

    slots: tuple[Slot, ...]
    strip: tuple[Pane, ...]

    @property
    def empty(self) -> bool:
        """Whether none of the four places has its image."""
        return not any(slot.pane for slot in self.slots)

    @property
    def paired(self) -> bool:
        """Whether both views of a breast lie on each other."""
        return bool(self._partners)

    @property
    def odds(self) -> str:
        """How often a search region holds what it should: ``90 times of 100``."""
        return f"{min(one.level for one in self._partners) * 100:.0f} times of 100"

    @property
    def heated(self) -> bool:
        """Whether an image has a heatmap of findings."""
        return any(pane.heat for pane in self._panes)

    @property
    def _panes(self) -> list[Pane]:
        return [*(slot.pane for slot in self.slots if slot.pane), *self.strip]

    @property
    def _partners(self) -> list[Partner]:
        return [pane.partner for pane in self._panes if pane.partner]


def wall(
    hanging: Hanging,
    titles: Sequence[str],
    registered: Answer | None = None,
    found: Sequence[Group] = (),
) -> Wall:
    """Every image of an exam as a pane in its place.

    Args:
        hanging: Which image hangs where.
        titles: What a reader calls each image of the exam.
        registered: What registration says of the exam.
        found: The findings that a reader is shown.
    """
    pairs, marked = partners(hanging.hung, titles, ROWS, registered), by_image(found)

    def shown(hung: Hung) -> Pane:
        alone, partner = pane(hung, titles[hung.index]), pairs.get(hung.index)
        over = _uri(partner.over, OVER_QUALITY) if partner and partner.over is not None else ""
        boxes = boxed(marked.get(hung.index, ()), hung, alone.size[::-1])
        return replace(alone, partner=partner, over=over, boxes=boxes, heat=heat_uri(hung))

    slots = [
        Slot(f"{place.laterality} {place.view}", shown(place.hung) if place.hung else None)
        for place in hanging.places
    ]
    return Wall(tuple(slots), tuple(shown(hung) for hung in hanging.strip))


def pane(hung: Hung, title: str) -> Pane:
    """One image as it hangs."""
    image = hung.image
    grey = reduced(image.preview, ROWS)
    shape = (grey.shape[0], grey.shape[1])
    answer = image.answers.get("segmentation")
    shown = Pane(
        title=title,
        alt=_alt(image),
        corner="right" if hung.wall == "left" else "left",
        source=_uri(grey[:, ::-1] if hung.mirrored else grey),
        size=(shape[1], shape[0]),
        fit=Box(0.0, 0.0, float(shape[1]), float(shape[0])),
        wall=hung.wall,
        mm=_mm(image, shape),
        lines={},
        marks=_marks(hung, shape),
        mirrored=hung.mirrored,
        remarks=_remarks(hung),
    )
    return _segmented(shown, answer, hung) if isinstance(answer, Segmentation) else shown


def _segmented(shown: Pane, answer: Segmentation, hung: Hung) -> Pane:
    shape = (shown.size[1], shown.size[0])
    labels = answer.mask.frame.shape

    found = {
        "breast": outlines(answer.mask.breast, shape),
        "pectoral": outlines(answer.mask.pectoral, shape),
        "skin": [in_picture(answer.skin_line, labels, shape)],
    }
    lines = {kind: path(_hung(lines, hung, shape)) for kind, lines in found.items()}
    return replace(shown, lines=lines, fit=_fit(answer.mask.body, shown))


def _marks(hung: Hung, shape: tuple[int, int]) -> dict[str, str]:
    answer = hung.image.answers.get("positioning")
    if not isinstance(answer, Positioning):
        return {}
    found = drawn(answer, hung.image.about.shape, shape)
    return {kind: path(_hung(lines, hung, shape)) for kind, lines in found.items()}


def _hung(lines: list[Line], hung: Hung, shape: tuple[int, int]) -> list[Line]:
    if not hung.mirrored:
        return lines
    return [np.column_stack([line[:, 0], shape[1] - 1 - line[:, 1]]) for line in lines]


def _fit(body: np.ndarray, shown: Pane) -> Box:
    down, across = np.flatnonzero(body.any(axis=1)), np.flatnonzero(body.any(axis=0))
    if not len(down):
        return shown.fit
    columns, rows = shown.size
    scale = rows / body.shape[0], columns / body.shape[1]
    top, bottom = down[0] * scale[0], (down[-1] + 1) * scale[0]
    left, right = across[0] * scale[1], (across[-1] + 1) * scale[1]
    if shown.mirrored:
        left, right = columns - right, columns - left
    margin = MARGIN * rows
    top, bottom = max(top - margin, 0.0), min(bottom + margin, rows)
    left = left if shown.wall == "left" else max(left - margin, 0.0)
    right = right if shown.wall == "right" else min(right + margin, columns)
    return Box(*(round(float(edge), 1) for edge in (left, top, right - left, bottom - top)))


def _uri(grey: np.ndarray, quality: int = 95) -> str:
    return "data:image/jpeg;base64," + b64encode(encoded(grey, ".jpg", quality)).decode("ascii")


def _mm(image: ImageResult, shape: tuple[int, int]) -> float | None:
    spacing = image.about.spacing
    return None if spacing is None else round(spacing.column * image.about.shape[1] / shape[1], 5)


def _alt(image: ImageResult) -> str:
    laterality, view = image.about.laterality, image.about.view
    breast = f"{SIDES[laterality.value]} breast" if laterality else "breast of unknown side"
    return f"Mammogram, {breast}, {view.value if view else 'unknown'} view"


def _remarks(hung: Hung) -> tuple[str, ...]:
    image = hung.image
    other: Literal["left", "right"] = "left" if hung.wall == "right" else "right"
    remarks = [note.text for note in all_notes(image)]
    answer = image.answers.get("segmentation")
    if isinstance(answer, NotAssessed):
        remarks.insert(0, f"No outline, not assessed: {answer.reason}")
    if isinstance(answer, Failed):
        remarks.insert(0, f"No outline, failed: {answer.error}")
    positioning = image.answers.get("positioning")
    if isinstance(positioning, Failed):
        remarks.insert(0, f"No positioning, failed: {positioning.error}")
    found = image.answers.get("findings")
    if isinstance(found, Failed):
        remarks.insert(0, f"No findings, failed: {found.error}")
    screened = image.answers.get("screening")
    if isinstance(screened, Failed):
        remarks.insert(0, f"No malignancy, failed: {screened.error}")
    if image.set_aside:
        remarks.insert(0, f"Kept out of results of the whole exam: {image.set_aside}")
    if hung.mirrored:
        remarks.insert(0, f"Shown mirrored: in the file the chest wall lies on the {other}")
    return tuple(map(sentence, remarks))
