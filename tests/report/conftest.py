"""An exam that never was: half an ellipse for a breast, a triangle for a muscle."""

from collections.abc import Callable

import numpy as np
import pytest

from mammoscope.core import (
    STANDARD,
    SYSTEMS,
    About,
    Answer,
    ExamResult,
    Frame,
    ImageResult,
    Laterality,
    Mask,
    NotAssessed,
    Note,
    Segmentation,
    Side,
    Sourced,
    Spacing,
    View,
)

SHAPE = (400, 300)
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
            answers={"segmentation": answer or segmentation(view, wall, spacing)} | OTHERS,
            preview=(shown * 90 + (shown == 0) * 5).astype(np.uint8),
            set_aside=set_aside,
        )

    return make


@pytest.fixture(scope="session")
def exam(image: Images) -> Exams:
    def make(*images: ImageResult, notes: tuple[Note, ...] = ()) -> ExamResult:
        standard = tuple(image(laterality, view) for laterality, view in STANDARD)
        return ExamResult("0f1e2d3c4b5a", "1.2.3", images or standard, notes=notes)

    return make
