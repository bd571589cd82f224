"""``mammoscope register``: two images of a breast on each other, and where a place of one lies."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

from mammoscope.core import OTHER, About, PairView
from mammoscope.errors import UsageError
from mammoscope.faces.pairs import PAIR, Question, Registered, Shown, register_pair
from mammoscope.faces.rooms import open_rooms
from mammoscope.faces.words import say, tell
from mammoscope.io import Reader
from mammoscope.io.tables import read_table
from mammoscope.report import write_bytes
from mammoscope.report.document import NOTICE, notes_document
from mammoscope.report.pair import marked, overlay_of_pair
from mammoscope.report.pictures import encoded
from mammoscope.report.registration import breast_document, region_document, rounded
from mammoscope.report.words import sentence
from mammoscope.scores.boxes import Box, corners

AXES: Final = ("row", "column")


@dataclass(frozen=True)
class Request:
    """One call of ``mammoscope register``.

    Attributes:
        images: The CC and the MLO image.
        question: What is looked for.
        out: A folder for pictures; None: none.
        spacing: The user's word in mm, for files that have no spacing.
        table: A table about raster files.
        weights: A folder of weights instead of the package's.
        as_json: Print JSON for a script.
    """

    images: tuple[Path, Path]
    question: Question
    out: Path | None = None
    spacing: float | None = None
    table: Path | None = None
    weights: Path | None = None
    as_json: bool = False


def run(request: Request) -> None:
    """Register two images, print what was found, write pictures.

    Raises:
        MammoscopeError: As `register_pair`; if the table cannot be understood; if a picture cannot
            be written.
    """
    found = answer(request)
    if request.out is not None:
        _write(request.out, found, request.question)
    if request.as_json:
        say(json.dumps(document(found, request.question), ensure_ascii=True, allow_nan=False))
        return
    for line in lines(found, request.question):
        say(line)
    for note in found.notes:
        tell(sentence(note.text))


def answer(request: Request) -> Registered:
    """Read both images and lay them on each other.

    Raises:
        MammoscopeError: As `run`.
    """
    if request.spacing is not None and not 0 < request.spacing < math.inf:
        raise UsageError(f"--spacing takes a positive number of mm, got {request.spacing}")
    rooms = open_rooms(request.weights).rooms
    table = read_table(request.table) if request.table else None
    with Reader(table, request.spacing) as reader:
        return register_pair(request.images, reader, rooms, request.question)


def question(on: str, point: str | None, box: str | None) -> Question:
    """What the words of a command line ask.

    Raises:
        UsageError: If they cannot be read.
    """
    view: PairView = "MLO" if on == "MLO" else "CC"
    place = _numbers("--point", point, ("ROW", "COLUMN"))
    area = _numbers("--box", box, ("ROW", "COLUMN", "HEIGHT", "WIDTH"))
    return Question(
        view,
        (place[0], place[1]) if place else None,
        edges((area[0], area[1], area[2], area[3])) if area else None,
    )


def edges(box: tuple[float, float, float, float]) -> Box:
    """A box (row, column, height, width) by its edges."""
    row, column, height, width = (float(part) for part in box)
    return row, column, row + height, column + width


def document(found: Registered, asked: Question) -> dict[str, Any]:
    """Everything that was found, as JSON types only; boxes are row, column, height, width."""
    box, place = found.box, found.location
    return {
        "notice": NOTICE,
        "mammoscope": version("mammoscope"),
        "images": {view: _image(found.views[view].about) for view in PAIR},
        "registration": breast_document(found.registration),
        "search": region_document(found.region) if found.region else None,
        "box": box
        and {
            "asked": _sides(asked.box),
            "mapped": _sides(box.mapped),
            "mapped_corners": rounded(box.corners, 2),
            "mapped_rectified": _sides(box.rectified),
            "warped_corners": rounded(box.warped, 2),
            "warped_rectified": _sides(box.warped_rectified),
        },
        "location": place
        and {
            "words": place.words,
            "region": place.region,
            "hour": place.hour,
            "third": place.third,
            "distance_mm": {view: round(mm, 1) for view, mm in place.distance_mm.items()},
        },
        "notes": notes_document(found.notes),
    }


def lines(found: Registered, asked: Question) -> list[str]:
    """The same in words for a person."""
    warp, made = found.registration.warp, found.registration
    rows, columns = warp.lattice.shape[:2]
    folds = f"{warp.folds} folds" if warp.folds else "no fold"
    told = [_who(view, found.views) for view in PAIR]
    told += ["from MLO to CC, in pixels, the affine part:"]
    told += [
        f"  {axis:<6} = {down:+.4f} row {across:+.4f} column {shift:+.1f}"
        for axis, (down, across, shift) in zip(AXES, warp.affine, strict=True)
    ]
    told += [f"lattice: {rows} × {columns} nodes, {folds}; scale: {made.scale}; {made.weights}"]
    return told + _asked(found, asked)


def _asked(found: Registered, asked: Question) -> list[str]:
    region, box = found.region, found.box
    if region is None:
        return []
    bounds = np.concatenate([np.zeros((0, 2)), *region.outlines])
    span = (
        " ".join(
            f"{axis}s {low:.0f} to {high:.0f}"
            for axis, low, high in zip(AXES, bounds.min(axis=0), bounds.max(axis=0), strict=True)
        )
        if len(bounds)
        else "empty"
    )
    size = "" if region.area_mm2 is None else f", {region.area_mm2:,.0f} mm²"
    told = [
        f"asked on {asked.on}: {_point(region.asked)}",
        f"mapped to {region.view}: {_point(region.mapped)}",
        f"by the warp alone: {_point(region.warped)}",
        f"search region on {region.view}: {span}; {region.area_px:,.0f} pixels{size}; "
        f"holds {'the partner' if box else 'a finding'} {region.level * 100:.0f} times of 100",
    ]
    if box is not None:
        told += [
            f"box mapped, at its own size: {_area(box.mapped)}",
            f"box mapped and turned, upright around it: {_area(box.rectified)}",
            f"box by the warp alone, upright around it: {_area(box.warped_rectified)}",
        ]
    if found.location is not None and found.location.words:
        told += [f"where: {found.location.words}"]
    return told


def _who(view: PairView, views: Mapping[PairView, Shown]) -> str:
    about = views[view].about
    side = f"{about.laterality.value} " if about.laterality else ""
    return f"{side}{view}: {about.name} (view: {about.view.source if about.view else 'unknown'})"


def _image(about: About) -> dict[str, Any]:
    return {
        "name": about.name,
        "view_source": about.view.source if about.view else None,
        "laterality": about.laterality.value if about.laterality else None,
        "rows": about.shape[0],
        "columns": about.shape[1],
        "spacing_mm": [about.spacing.row, about.spacing.column] if about.spacing else None,
    }


def _numbers(option: str, text: str | None, names: tuple[str, ...]) -> tuple[float, ...] | None:
    if text is None:
        return None
    try:
        numbers = tuple(float(part) for part in text.split(","))
    except ValueError:
        numbers = ()
    if len(numbers) != len(names) or not all(map(math.isfinite, numbers)):
        raise UsageError(f"{option} takes {','.join(names)} in pixels, got {text!r}")
    return numbers


def _point(point: tuple[float, float]) -> str:
    return f"row {point[0]:.1f}, column {point[1]:.1f}"


def _sides(box: Box | None) -> list[float] | None:
    """A box by its edges as row, column, height, width."""
    if box is None:
        return None
    sides: list[float] = rounded(np.array([box[0], box[1], box[2] - box[0], box[3] - box[1]]), 2)
    return sides


def _area(box: Box) -> str:
    return f"{_point((box[0], box[1]))}, {box[2] - box[0]:.1f} high, {box[3] - box[1]:.1f} wide"


def _write(out: Path, found: Registered, asked: Question) -> None:
    cc, mlo = (found.views[view].preview for view in PAIR)
    both = overlay_of_pair(found.registration.warp, cc, mlo)
    write_bytes(out / "overlay.png", encoded(both, ".png"))
    boxes = {}
    if asked.box is not None and found.box is not None:
        boxes = {asked.on: corners(np.array(asked.box)), OTHER[asked.on]: found.box.corners}
    for view in PAIR:
        one = found.views[view]
        picture = marked(one.preview, one.about.shape, view, found.region, boxes.get(view))
        write_bytes(out / f"{view.lower()}.png", encoded(picture, ".png"))
