"""What a phantom exam is: four views of two breasts, and the truth of each. Numpy only."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from jaxtyping import Bool, Float16, Float32, UInt8

from mammoscope.core import LandmarkName, Laterality, Point, Side

PhantomViewName = Literal["CC", "MLO"]
VIEWS: Final[tuple[PhantomViewName, ...]] = get_args(PhantomViewName)
Density = Literal["A", "B", "C", "D"]
LesionKind = Literal[
    "mass", "calcifications", "architectural distortion", "asymmetry", "lymph node",
    "skin retraction", "nipple retraction",
]  # fmt: skip
LESION_KINDS: Final[tuple[LesionKind, ...]] = get_args(LesionKind)
PositioningError = Literal["too little pectoral", "nipple not in profile", "sagging", "rotation"]
POSITIONING_ERRORS: Final[tuple[PositioningError, ...]] = get_args(PositioningError)
Tissue = Literal["fat", "gland", "skin", "muscle", "nipple", "lesion"]
TISSUES: Final[tuple[Tissue, ...]] = get_args(Tissue)
"""The class of a tissue point is its place here."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True, eq=False)
class Lesion:
    """A finding as one view shows it.

    Attributes:
        kind: What it is.
        shape: Round, oval, lobulated, irregular or spiculated; of calcifications, their
            distribution; empty where the kind says all.
        margins: Circumscribed, obscured, ill-defined, spiculated; of calcifications, their
            morphology; empty where the kind says all.
        identifier: The same number in both views of a breast.
        diameter_mm: Longest, in the uncompressed breast.
        box: Top, left, bottom, right in pixels of the view; None where the view does not hold it.
        centre: (row, column); None where the view does not hold it.
    """

    kind: LesionKind
    shape: str
    margins: str
    identifier: int
    diameter_mm: float
    box: Box | None
    centre: Point | None


@dataclass(frozen=True, eq=False)
class PhantomView:
    """One view: what the detector recorded, and the truth in its pixels.

    Attributes:
        view: CC or MLO.
        laterality: Which breast.
        spacing_mm: Of the detector's pixels.
        magnification: At half of the compressed breast's height: a pixel spans
            spacing_mm / magnification in the breast.
        exposure: The signal as a share of the unattenuated beam's: linear, with noise, scatter
            and blur.
        labels: 0 background, 1 breast, 2 pectoral muscle, as in `mammoscope.core.Mask`.
        gland_mm: Path length through fibroglandular tissue at each pixel.
        thickness_mm: Path length through all tissue at each pixel.
        landmarks: One for each of `mammoscope.core.LANDMARKS`; None where the view does not show it.
        nipple_in_profile: Whether the nipple stands out of the skin line.
        lesions: What the breast holds, whether this view shows it or not.
        chest_wall: The image side of the chest wall.
        compressed_mm: The height of the compressed breast.
        angle_deg: Of the view: 0 for CC.
        errors: The positioning errors that were asked for.
        kvp: Tube voltage; None where nobody says.
    """

    view: PhantomViewName
    laterality: Laterality
    spacing_mm: float
    magnification: float
    exposure: Float32[np.ndarray, "rows columns"]
    labels: UInt8[np.ndarray, "rows columns"]
    gland_mm: Float16[np.ndarray, "rows columns"]
    thickness_mm: Float16[np.ndarray, "rows columns"]
    landmarks: Mapping[LandmarkName, Point | None]
    nipple_in_profile: bool
    lesions: tuple[Lesion, ...]
    chest_wall: Side
    compressed_mm: float
    angle_deg: float
    errors: tuple[PositioningError, ...] = ()
    kvp: int | None = None


@dataclass(frozen=True, eq=False)
class PhantomBreast:
    """One breast in three states, and where each tissue point lies in its views.

    Attributes:
        laterality: Which breast.
        density: BI-RADS composition category.
        volume_mm3: By state: ``uncompressed``, ``CC``, ``MLO``.
        points_mm: Tissue points in the uncompressed breast: lateral, up and towards the nipple from
            the middle of the chest wall.
        tissue: The class of each point, see `TISSUES`.
        places: By view, (row, column) of each point, in pixels, also where it lies outside.
        visible: By view, whether each point lies inside of the image.
        views: By view.
    """

    laterality: Laterality
    density: Density
    volume_mm3: Mapping[str, float]
    points_mm: Float32[np.ndarray, "n 3"]
    tissue: UInt8[np.ndarray, " n"]
    places: Mapping[PhantomViewName, Float32[np.ndarray, "n 2"]]
    visible: Mapping[PhantomViewName, Bool[np.ndarray, " n"]]
    views: Mapping[PhantomViewName, PhantomView]


@dataclass(frozen=True, eq=False)
class PhantomExam:
    """A woman that never lived.

    Attributes:
        seed: What drew her.
        breasts: By side.
        settings: What she was made by, as plain numbers and words (JSON).
    """

    seed: int
    breasts: Mapping[Laterality, PhantomBreast]
    settings: Mapping[str, object]

    @property
    def views(self) -> tuple[PhantomView, ...]:
        """All views, in reading order: right and left CC, right and left MLO."""
        order: tuple[Laterality, ...] = ("R", "L")
        return tuple(
            self.breasts[side].views[view] for view in VIEWS for side in order if side in self.breasts
        )
