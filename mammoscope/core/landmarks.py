"""Points of anatomy in one image, each with how sure it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from mammoscope.core.mammogram import Note, Side

LandmarkName = Literal[
    "nipple", "pectoral upper", "pectoral lower", "inframammary fold", "chest wall upper",
    "chest wall lower",
]  # fmt: skip
LANDMARKS: Final[tuple[LandmarkName, ...]] = get_args(LandmarkName)
Point = tuple[float, float]
Covariance = tuple[Point, Point]


@dataclass(frozen=True)
class Landmark:
    """One point in source pixels.

    Attributes:
        point: (row, column); None where the image does not show it.
        covariance: Of row and column, in squared source pixels, calibrated: an ellipse of 90 %
            (squared Mahalanobis distance 4.605) holds nine of ten.
        shown: Probability in 0–1 that the image shows it.
    """

    point: Point | None
    covariance: Covariance
    shown: float


@dataclass(frozen=True)
class Landmarks:
    """The landmarks of one image.

    The pectoral line runs from ``pectoral upper`` to ``pectoral lower``, the ends that are seen; the
    chest-wall edge is the line through ``chest wall upper`` and ``chest wall lower``, where the
    image of the breast ends on that side.

    Attributes:
        points: One for each of `LANDMARKS`.
        in_profile: Probability in 0–1 that the nipple is seen in profile; None where it is not seen.
        chest_wall: The image side of the chest wall, by the pixels.
        scale: What the network's scale came from: ``spacing`` or ``nominal`` (never a millimetre).
        weights: Name and SHA-256 of the weights.
        notes: Warnings.
    """

    points: Mapping[LandmarkName, Landmark]
    in_profile: float | None
    chest_wall: Side
    scale: Literal["spacing", "nominal"]
    weights: str
    notes: tuple[Note, ...] = ()

    def seen(self, *names: LandmarkName) -> bool:
        """Whether the image shows all of these."""
        return all(self.points[name].point is not None for name in names)
