"""Both views of a breast on each other, as a page shows them: one over the other, and a cursor."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from mammoscope.core import (
    Answer,
    ExamRegistration,
    Frame,
    ImageResult,
    Registration,
    SearchRegion,
    Segmentation,
    Warp,
)
from mammoscope.report.files import Document
from mammoscope.report.hanging import Hung
from mammoscope.report.outline import simplified
from mammoscope.report.pictures import reduced_shape
from mammoscope.report.registration import VIEWS
from mammoscope.report.verdict import SIDES
from mammoscope.report.words import plain, sentence

TOLERANCE: Final = 1.0
"""How far a region's outline may stray, in pixels of the page's picture."""
BYTES: Final = 70_000
"""What the regions of one view may take in a page."""
REACH: Final = 1.5
"""How far from its points a lattice still speaks, in distances of a point from the next."""

Grey = UInt8[np.ndarray, "_ _"]
Points = Float[np.ndarray, "_ 2"]


@dataclass(frozen=True)
class Partner:
    """What one picture of a pair needs to know of the other.

    Attributes:
        title: What a reader calls the other: ``R MLO``.
        regions: For points of this picture the regions on the other, as JSON: the point (x, y), the
            most probable place, the area, and each outline as its first point and steps from there.
        reach: How far from a point its region is shown, in pixels of this picture.
        unit: Of the areas: ``cm²``, ``% of the breast``, or empty where there is no area.
        level: Share of partners that the regions hold.
        over: Of an MLO view: the CC view as it lies on it, as the MLO view hangs; else None.
    """

    title: str
    regions: str
    reach: float
    unit: str
    level: float
    over: Grey | None


def partners(
    hung: Sequence[Hung], titles: Sequence[str], rows: int, answer: Answer | None
) -> dict[int, Partner]:
    """For each image of a pair, by its place among the exam's, what it needs of the other.

    Args:
        hung: All images as they hang.
        titles: What a reader calls each image of the exam.
        rows: Height of the pictures, at most.
        answer: What registration says of the exam.
    """
    if not isinstance(answer, ExamRegistration):
        return {}
    by_name = {one.image.about.name: one for one in hung}
    found = {}
    for breast in answer.breasts.values():
        if not isinstance(breast, Registration):
            continue
        cc, mlo = by_name[breast.cc], by_name[breast.mlo]
        over = upon(breast.warp, cc.image.preview, reduced_shape(mlo.image.preview, rows))
        hanging = over[:, ::-1] if mlo.mirrored else over
        found[cc.index] = _partner(breast.regions.get("CC", ()), cc, mlo, titles, rows)
        found[mlo.index] = _partner(breast.regions.get("MLO", ()), mlo, cc, titles, rows, hanging)
    return found


def upon(warp: Warp, cc: Grey, shape: tuple[int, int]) -> Grey:
    """A picture of the CC view as it lies on the MLO view, black where it does not reach.

    Args:
        warp: From the MLO view to the CC view.
        cc: A picture of the whole CC view.
        shape: Rows and columns of the picture of the whole MLO view.
    """
    frame = Frame.of(warp.fixed).resize(shape)
    down, across = _hats(frame, warp, 0), _hats(frame, warp, 1)
    sampled = np.einsum("rn,nmk,cm->rck", down, warp.lattice, across, optimize=True)
    seen = Frame.of(warp.moving).resize((cc.shape[0], cc.shape[1])).from_source(sampled)
    row, column = np.moveaxis(seen.astype(np.float32), 2, 0)
    picture: Grey = cv2.remap(cc, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return picture


def sentences(document: Document) -> list[tuple[str, str]]:
    """For each breast of an exam's document how its views lie on each other, or why nobody knows."""
    breasts = document["answers"].get("registration", {}).get("breasts", {})
    return [(SIDES[side], _told(breasts[side])) for side in sorted(breasts, reverse=True)]


def _told(breast: Document) -> str:
    if breast["status"] != "result":
        return sentence(plain(breast))
    sizes = [
        f"{of['median_mm2'] / 100:.0f} cm² of {view}"
        for view in VIEWS
        if (of := breast["regions"].get(view)) and of["median_mm2"] is not None
    ]
    more = f" A search region typically covers {' or '.join(sizes)}." if sizes else ""
    return f"CC is aligned with MLO.{more}"


def _hats(frame: Frame, warp: Warp, axis: int) -> Float[np.ndarray, "places nodes"]:
    """How much each node of a lattice counts at each row or column of a picture of the MLO view."""
    scale, shift = frame.matrix[axis][axis], frame.matrix[axis][2]
    places = (np.arange(frame.shape[axis]) * scale + shift) / warp.step[axis]
    return np.clip(1 - np.abs(places[:, None] - np.arange(warp.lattice.shape[axis])), 0, None)


def _partner(
    regions: Sequence[SearchRegion],
    here: Hung,
    there: Hung,
    titles: Sequence[str],
    rows: int,
    over: Grey | None = None,
) -> Partner:
    asked = _shown([one.asked for one in regions], here, rows)
    areas, unit = _areas(regions, there.image)
    told = [
        [
            *_whole(point),
            *_whole(_shown([one.mapped], there, rows)[0]),
            area,
            _steps(one, there, rows),
        ]
        for point, area, one in zip(asked, areas, regions, strict=True)
    ]
    level = regions[0].level if regions else 0.0
    return Partner(titles[there.index], _compact(told), _reach(asked), unit, level, over)


def _shown(points: Any, hung: Hung, rows: int) -> Points:
    """Points of a source image as (row, column) of its picture as it hangs."""
    shape = reduced_shape(hung.image.preview, rows)
    found: Points = (
        Frame.of(hung.image.about.shape)
        .resize(shape)
        .from_source(np.asarray(points, dtype=np.float64).reshape(-1, 2))
    )
    if hung.mirrored:
        found[:, 1] = shape[1] - 1 - found[:, 1]
    return found


def _steps(region: SearchRegion, hung: Hung, rows: int) -> list[list[int]]:
    """Outlines on a grid of whole pixels: the first point, then steps (x, y)."""
    found = []
    for outline in region.outlines:
        line = simplified(_shown(outline, hung, rows), TOLERANCE)
        grid = np.round(line[:, ::-1] + 0.5).astype(int)
        found.append(np.concatenate([grid[:1], np.diff(grid, axis=0)]).ravel().tolist())
    return found


def _whole(point: Float[np.ndarray, " 2"]) -> list[int]:
    """A point (row, column) as whole (x, y); the first pixel's centre is at (0.5, 0.5)."""
    row, column = np.round(point + 0.5).astype(int).tolist()
    return [column, row]


def _areas(
    regions: Sequence[SearchRegion], image: ImageResult
) -> tuple[list[float] | list[int] | list[None], str]:
    """Areas on an image in a unit that a reader knows."""
    known = [one.area_mm2 for one in regions if one.area_mm2 is not None]
    if regions and len(known) == len(regions):
        return [round(area / 100, 1) for area in known], "cm²"
    outlined = image.answers.get("segmentation")
    if isinstance(outlined, Segmentation) and outlined.breast_px:
        return [round(100 * one.area_px / outlined.breast_px) for one in regions], "% of the breast"
    return [None] * len(regions), ""


def _reach(asked: Points) -> float:
    if len(asked) < 2:
        return 0.0
    apart = np.linalg.norm(asked[:, None] - asked[None], axis=2)
    np.fill_diagonal(apart, np.inf)
    return round(REACH * float(np.median(apart.min(axis=1))), 1)


def _compact(told: Sequence[Any]) -> str:
    """Compact JSON within `BYTES`: of too many regions every second, third … one."""
    text = json.dumps(told, separators=(",", ":"))
    stride = -(-len(text) // BYTES)
    return text if stride < 2 else json.dumps(told[::stride], separators=(",", ":"))
