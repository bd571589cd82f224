"""Every number that makes an exam, drawn from a seed. Numpy only.

Lengths are mm. A breast's own coordinates are x to its lateral side, y up, z from the chest wall to
the nipple; those of a view are a to the tube, b up in the image, z away from the chest wall.

Sources of numbers: pectoral angle, nipple height and distance and the muscle's lower end are normal
distributions fitted to the published labels of T. Tanyel et al., Mammographic Breast Positioning
Assessment via Deep Learning (2024), 2,000 MLO images of VinDr-Mammo; see
scripts/compare_phantom_positions.py. Shares of gland by density category: the bounds of R. Highnam
et al., Robust breast composition measurement, IWDM 2010. Compressed heights and skin: common ranges.
"""

from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

import numpy as np

from mammoscope.core import Laterality
from mammoscope.errors import SettingsError
from mammoscope.phantom.truth import (
    Density,
    LesionKind,
    PhantomViewName,
    PositioningError,
)

Place = tuple[float, float, float]
Range = tuple[float, float]
Format = Literal["24 x 30", "18 x 24"]
FORMATS: Final[dict[Format, Range]] = {"24 x 30": (300.0, 238.0), "18 x 24": (240.0, 180.0)}
"""Height and width of the detector."""
GLAND: Final[dict[Density, Range]] = {
    "A": (0.02, 0.045), "B": (0.045, 0.075), "C": (0.075, 0.155), "D": (0.155, 0.30),
}  # fmt: skip
"""Share of the breast's volume that is fibroglandular."""


class Normal(NamedTuple):
    """A normal distribution within bounds."""

    mean: float
    sd: float
    low: float
    high: float

    def draw(self, rng: np.random.Generator) -> float:
        """One number."""
        return float(np.clip(rng.normal(self.mean, self.sd), self.low, self.high))


PECTORAL_ANGLE: Final = Normal(21.7, 5.9, 8.0, 38.0)
NIPPLE_DISTANCE: Final = Normal(74.3, 16.1, 42.0, 120.0)
NIPPLE_HEIGHT: Final = Normal(174.1, 18.6, 130.0, 225.0)
MUSCLE_END: Final = Normal(25.8, 24.3, -25.0, 85.0)
"""Degrees from the vertical; mm at the detector: of the nipple from the chest-wall edge and from the
upper edge, and of the muscle's lower end above the nipple."""


@dataclass(frozen=True)
class Settings:
    """What a caller chooses.

    Attributes:
        pixel_mm: Of the detector.
        voxel_mm: Of the tissue, and of the steps along a ray.
        points: Tissue points a breast whose places are told.
        density: Composition category; None: drawn.
        findings: Kinds of lesion that the exam holds, one each; None: drawn.
        errors: Positioning errors made where the view can have them.
        sides: Which breasts.

    Raises:
        SettingsError: If a number is not positive.
    """

    pixel_mm: float = 0.1
    voxel_mm: float = 0.4
    points: int = 4000
    density: Density | None = None
    findings: tuple[LesionKind, ...] | None = None
    errors: tuple[PositioningError, ...] = ()
    sides: tuple[Laterality, ...] = ("R", "L")

    def __post_init__(self) -> None:
        if min(self.pixel_mm, self.voxel_mm, self.points) <= 0:
            raise SettingsError(
                f"pixel_mm, voxel_mm and points must be positive, got {self.pixel_mm}, "
                f"{self.voxel_mm} and {self.points}"
            )


@dataclass(frozen=True)
class LesionPlan:
    """A lesion before it is seen.

    Attributes:
        kind: See `mammoscope.phantom.truth.Lesion`, as for the next three.
        shape: Its form or distribution.
        margins: Its margin or morphology.
        identifier: Its number in the breast.
        diameter_mm: Longest.
        place: In the uncompressed breast as shares of the base's radius, twice, and of the depth.
        seed: What draws its detail.
    """

    kind: LesionKind
    shape: str
    margins: str
    identifier: int
    diameter_mm: float
    place: Place
    seed: int


@dataclass(frozen=True)
class ViewPlan:
    """How one view is taken.

    Attributes:
        view: CC or MLO.
        format: Of the detector.
        angle_deg: Of the tube from the vertical.
        compressed_mm: Height between the plates.
        nipple_row_mm: From the image's upper edge to the nipple, at the detector.
        edge_mm: How far before the lower end of the muscle's front the image begins; negative: behind.
        pectoral_deg: Angle of the muscle's edge from the vertical; 0 for CC.
        muscle_end_mm: The muscle's lower end above the nipple, in the breast.
        roll_deg: How far the breast's front is rolled about the nipple's axis.
        slide: How far the upper side lies ahead of the lower one, along b and z, a mm of height.
        tilt: How far the nipple points up, mm a mm of depth.
        sag: How far the front hangs, as a share of the depth.
        waves: Amplitude and phase of a slow wave along b by z, and along z by b.
        fold: Whether the inframammary fold is pulled onto the image.
        kvp: Tube voltage.
        seed: What draws its noise.
        errors: Positioning errors that were made.
    """

    view: PhantomViewName
    format: Format
    angle_deg: float
    compressed_mm: float
    nipple_row_mm: float
    edge_mm: float
    pectoral_deg: float
    muscle_end_mm: float
    roll_deg: float
    slide: Range
    tilt: float
    sag: float
    waves: tuple[Range, Range]
    fold: bool
    kvp: int
    seed: int
    errors: tuple[PositioningError, ...] = ()


@dataclass(frozen=True)
class BreastPlan:
    """One breast.

    Attributes:
        laterality: Which.
        density: Composition category.
        gland: Share of its volume that is fibroglandular.
        base_mm: Radius of its base.
        depth_mm: From the chest wall to the skin at the nipple.
        skin_mm: Thickness of the skin.
        muscle_mm: Depth of the muscle's front behind the base's plane: in the middle, how much
            more towards the axilla, and how much more across that direction.
        nipple_mm: Radius and height of the nipple.
        droop: How far the uncompressed breast hangs, as a share of its depth.
        divergence: How far its nipple points outwards, mm a mm of depth.
        seed: What draws its tissue.
        lesions: What it holds.
        views: How it is imaged.
    """

    laterality: Laterality
    density: Density
    gland: float
    base_mm: float
    depth_mm: float
    skin_mm: float
    muscle_mm: Place
    nipple_mm: Range
    droop: float
    divergence: float
    seed: int
    lesions: tuple[LesionPlan, ...]
    views: tuple[ViewPlan, ...]


def place_mm(plan: BreastPlan, lesion: LesionPlan) -> np.ndarray:
    """Where a lesion lies in the uncompressed breast: x, y, z."""
    return np.array(lesion.place) * (plan.base_mm, plan.base_mm, plan.depth_mm)


@dataclass(frozen=True)
class Recipe:
    """An exam before it is made.

    Attributes:
        seed: What drew it.
        settings: What was chosen.
        breasts: What was drawn.
    """

    seed: int
    settings: Settings
    breasts: tuple[BreastPlan, ...] = field(default_factory=tuple)
