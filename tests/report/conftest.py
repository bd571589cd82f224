"""An exam that never was, half an ellipse for a breast, a triangle for a muscle; and a browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from mammoscope.core import (
    LANDMARKS,
    STANDARD,
    SYSTEMS,
    About,
    Answer,
    BreastFinding,
    BreastFindings,
    Criterion,
    ExamFindings,
    ExamPositioning,
    ExamRegistration,
    ExamResult,
    Failed,
    Frame,
    ImageResult,
    Landmark,
    Landmarks,
    Laterality,
    Line,
    Mask,
    Measurement,
    NotAssessed,
    Note,
    Point,
    Positioning,
    Segmentation,
    Side,
    Sourced,
    Spacing,
    View,
)
from tests.synthetic_findings import findings
from tests.synthetic_registration import Aligned

SHAPE = (400, 300)
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
OTHERS = {system: NotAssessed("not installed") for system in SYSTEMS[1:]}

Images = Callable[..., ImageResult]
Exams = Callable[..., ExamResult]


def labels(view: View, wall: Side) -> np.ndarray:
    down, across = np.mgrid[: SHAPE[0], : SHAPE[1]]
    drawn = (((down - 200) / 180) ** 2 + (across / 220) ** 2 < 1).astype(np.uint8)
    drawn[(drawn == 1) & (view == "MLO") & (down + across < 170)] = 2
    return np.ascontiguousarray(drawn[:, ::-1] if wall == "right" else drawn)


def segmentation(view: View, wall: Side, spacing: Spacing | None) -> Segmentation:
    drawn = labels(view, wall)
    breast, pectoral = int((drawn == 1).sum()), int((drawn == 2).sum())
    pixel = spacing and spacing.row * spacing.column
    angle = np.linspace(-np.pi / 2, np.pi / 2, 181)
    across = 220 * np.cos(angle)
    line = np.column_stack([200 + 180 * np.sin(angle), across if wall == "left" else 299 - across])
    return Segmentation(
        mask=Mask(drawn, Frame.of(SHAPE)),
        confidence=0.96,
        skin_line=line,
        breast_px=breast,
        pectoral_px=pectoral,
        breast_mm2=breast * pixel if pixel else None,
        pectoral_mm2=pectoral * pixel if pixel else None,
        scale="spacing" if spacing else "nominal",
        weights="segmentation 0123456789ab",
    )


POINTS: dict[str, Point] = {
    "nipple": (200.0, 220.0),
    "pectoral upper": (0.0, 170.0),
    "pectoral lower": (150.0, 20.0),
    "chest wall upper": (0.0, 0.0),
    "chest wall lower": (399.0, 0.0),
}
FOOT = (75.0, 95.0)
"""Where the perpendicular from the nipple meets the line rows + columns = 170."""
GAP = Measurement("pectoral gap", 14.0, "mm", 2.0)
CRITERIA = (
    Criterion(GAP, "at most 10 mm", "fail", advice="Raise the nipple level by 14 mm"),
    Criterion(Measurement("pectoral angle", 45.0, "°", 2.5), "at least 20°", "pass"),
    Criterion(
        Measurement("nipple in profile", "uncertain"),
        "in profile", "borderline", advice="Look at the nipple",
    ),
    Criterion(
        Measurement("posterior nipple line", 176.777, "mm", 1.5),
        "", "not assessable", "the profile sets no threshold",
    ),
    Criterion(Measurement("foot inside image", -3.5, "%", 1.5), "at least 0", "borderline", "", "Look"),
    Criterion(
        Measurement("retroglandular fat", None, "%", reason="no fat is told from gland"),
        "at least 1 %", "not assessable", "no fat is told from gland",
    ),
)  # fmt: skip


def positioning(view: View, wall: Side, criteria: tuple[Criterion, ...] = CRITERIA) -> Positioning:
    def turned(point: Point) -> Point:
        return point if wall == "left" else (point[0], 299 - point[1])

    hidden = Landmark(None, ((0.0, 0.0), (0.0, 0.0)), 0.02)
    seen = {
        name: Landmark(turned(point), ((9.0, 0.0), (0.0, 4.0)), 0.98)
        for name, point in POINTS.items()
        if view == "MLO" or not name.startswith("pectoral")
    }
    ends = ("pectoral line", "pectoral upper", "pectoral lower"), ("chest wall", *list(POINTS)[3:])
    foot = turned(FOOT if view == "MLO" else (200.0, 0.0))
    lines = [
        Line(kind, (turned(POINTS[first]), turned(POINTS[last])))
        for kind, first, last in ends
        if first in seen
    ]
    lines.append(Line("posterior nipple line", (turned(POINTS["nipple"]), foot)))
    if view == "MLO":
        lines.append(Line("gap", (turned(POINTS["pectoral lower"]), foot)))
    marks = Landmarks(
        {name: seen.get(name, hidden) for name in LANDMARKS},
        0.9, wall, "spacing", "positioning 0123456789ab",
        (Note("nominal scale", "The scale is nominal."),),
    )  # fmt: skip
    return Positioning(marks, "iarc", criteria, tuple(lines))


def exam_positioning() -> ExamPositioning:
    difference = Measurement("posterior nipple line difference", -4.25, "mm", 2.1)
    symmetry = Measurement("pnl left minus right", 12.0, "mm", 3.0)
    return ExamPositioning(
        "iarc",
        {"R": (Criterion(difference, "at least −10 mm", "pass"),)},
        (Criterion(symmetry, "at most 10 mm apart", "borderline", advice="Compare both breasts"),),
        {"R": "good"},
        (Note("one pair", "The left breast has no pair."),),
    )


@pytest.fixture(scope="module")
def browser() -> Iterator:
    if CHROMIUM is None:
        pytest.skip("needs a Chromium: none is on the path, and CHROMIUM names none")
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="needs playwright: install the extra [dev]"
    )
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def image() -> Images:
    def make(
        laterality: Laterality = "R",
        view: View = "MLO",
        *,
        wall: Side | None = None,
        name: str = "",
        spacing: Spacing | None = None,
        notes: tuple[Note, ...] = (),
        answer: Answer | None = None,
        positioned: Answer | None = None,
        set_aside: str = "",
        partial: bool = False,
    ) -> ImageResult:
        wall = wall or ("right" if laterality == "R" else "left")
        about = About(
            name=name or f"synthetic_{laterality}_{view}.dcm",
            shape=SHAPE,
            digest="0123456789abcdef" * 4,
            study="1.2.3",
            patient="fedcba9876543210",
            view=Sourced(view, "ViewCodeSequence"),
            laterality=Sourced(laterality, "ImageLaterality"),
            partial=partial,
            spacing=spacing,
            kind="for presentation",
            acquired="20240101",
            notes=notes,
        )
        shown = labels(view, wall)
        return ImageResult(
            about=about,
            chest_wall=Sourced(wall, "pixels"),
            answers={"segmentation": answer or segmentation(view, wall, spacing)}
            | OTHERS
            | ({"positioning": positioned} if positioned else {}),
            preview=(shown * 90 + (shown == 0) * 5).astype(np.uint8),
            set_aside=set_aside,
        )

    return make


@pytest.fixture(scope="session")
def positioned(image: Images) -> Images:
    """An image with its positioning: by default a fail, a borderline, a pass and the rest."""

    def make(
        laterality: Laterality = "R",
        view: View = "MLO",
        *,
        wall: Side | None = None,
        criteria: tuple[Criterion, ...] = CRITERIA,
        **others: Any,
    ) -> ImageResult:
        wall = wall or ("right" if laterality == "R" else "left")
        answer = positioning(view, wall, criteria)
        return image(laterality, view, wall=wall, positioned=answer, **others)

    return make


@pytest.fixture(scope="session")
def positioned_exam(positioned: Images) -> ExamResult:
    """Four views, with and without spacing, and how they fit together."""
    images = [
        positioned(laterality, view, spacing=Spacing(0.5, 0.5, "PixelSpacing"))
        for laterality, view in STANDARD[:3]
    ]
    passed = CRITERIA[1:2]
    return ExamResult(
        "0f1e2d3c4b5a",
        "1.2.3",
        (*images, positioned("L", "MLO", wall="right", criteria=passed)),
        {"positioning": exam_positioning()},
    )


@pytest.fixture(scope="session")
def registered_exam(positioned: Images) -> ExamResult:
    """Four views with a spacing; the right breast's lie on each other, the left one's do not."""
    spacing = Spacing(0.5, 0.5, "PixelSpacing")
    images = [positioned(laterality, view, spacing=spacing) for laterality, view in STANDARD]
    images = [
        replace(one, answers={key: one.answers[key] for key in one.answers if key != "registration"})
        for one in images
    ]
    right = Aligned(images[0].about, images[2].about, "right", bend=4.0).with_regions()
    breasts = {"R": right, "L": NotAssessed("MLO: the nipple is not seen")}
    answers = {"positioning": exam_positioning(), "registration": ExamRegistration(breasts)}
    return ExamResult("0f1e2d3c4b5a", "1.2.3", tuple(images), answers)


@pytest.fixture(scope="session")
def found_exam(registered_exam: ExamResult) -> ExamResult:
    """The registered exam with findings: one on both right views and a faint one, on L CC a faint one,
    none of L MLO, which failed; and a repeated R CC with one of its own."""
    spacing = Spacing(0.5, 0.5, "PixelSpacing")
    told = {
        "synthetic_R_CC.dcm": findings(
            SHAPE, (180, 140, 20, 0.8), (260, 200, 10, 0.2), spacing=spacing
        ),
        "synthetic_L_CC.dcm": findings(SHAPE, (200, 100, 12, 0.1), spacing=spacing),
        "synthetic_R_MLO.dcm": findings(SHAPE, (230, 180, 24, 0.7), spacing=spacing),
        "synthetic_L_MLO.dcm": Failed("out of memory"),
    }
    images = [
        replace(one, answers={**one.answers, "findings": told[one.about.name]})
        for one in registered_exam.images
    ]
    again = replace(images[0].about, name="synthetic_again.dcm", spacing=None)
    alone = {**images[0].answers, "findings": findings(SHAPE, (150, 150, 10, 0.5))}
    images.append(replace(images[0], about=again, answers=alone, set_aside="repeated view"))
    both = BreastFinding("mass", 0, 0, 0.85, "right breast, upper outer quadrant")
    faint = BreastFinding("mass", 1, None, 0.2)
    breasts = {
        "R": BreastFindings((both, faint), images[0].about.name, images[2].about.name, True),
        "L": BreastFindings((BreastFinding("mass", 0, None, 0.1),), images[1].about.name, None, False),
    }
    answers = {**registered_exam.answers, "findings": ExamFindings(breasts)}
    return replace(registered_exam, images=tuple(images), answers=answers)


@pytest.fixture(scope="session")
def exam(image: Images) -> Exams:
    def make(*images: ImageResult, notes: tuple[Note, ...] = ()) -> ExamResult:
        standard = tuple(image(laterality, view) for laterality, view in STANDARD)
        return ExamResult("0f1e2d3c4b5a", "1.2.3", images or standard, notes=notes)

    return make
