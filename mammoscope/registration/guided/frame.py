"""The frame in which both views of a breast lie on each other. No torch.

Nipple on nipple, rows along the chest wall and columns along the nipple's axis, the chest wall on the
left, a pixel a millimetre (or a nominal one). On CC the axis is perpendicular to the edge of the chest
wall, on MLO to the pectoral line. Lateral tissue lies above on CC, upper tissue on MLO.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32

from mammoscope.core import (
    Frame,
    LandmarkName,
    Landmarks,
    Laterality,
    Mammogram,
    NotAssessed,
    PairView,
    Point,
)
from mammoscope.core.card import RawLook
from mammoscope.image.outline import breast_outline
from mammoscope.image.scale import as_shown, at_network_scale, stretched

ROWS: Final = 224
COLUMNS: Final = 160
NIPPLE: Final = (124.0, 148.0)
"""Where the nipple lies in the frame: row and column."""
SPACING_MM: Final = 1.0
CELL: Final = 4
"""Size of a cell of the network's answer, in pixels of the frame."""
MARGIN: Final = 16
"""By how many pixels a prepared training image is wider than the frame on each side."""
WIDE: Final = 3.0
RARE: Final = 0.05
"""One partner in twenty is looked for within a spread three times as wide."""
OBLIQUE: Final = 20.0
"""Degrees by which the nipple's axis is taken to rise on an MLO view whose muscle is not seen."""
WALL: Final[Mapping[PairView, tuple[LandmarkName, LandmarkName]]] = {
    "CC": ("chest wall upper", "chest wall lower"),
    "MLO": ("pectoral upper", "pectoral lower"),
}
"""The line to which the nipple's axis is perpendicular."""
NO_NIPPLE: Final = NotAssessed("the nipple is not seen: views are laid on each other by it")


@dataclass(frozen=True, eq=False)
class Prepared:
    """One view in the common frame: what the pipeline keeps of an image until its partner comes.

    Attributes:
        pixels: Float32 in 0–1, its range stretched.
        body: Where breast and muscle lie, by the outline.
        frame: From its pixels to the source's.
        view: CC or MLO.
        laterality: Which breast; None where nobody says.
        name: What the user calls the image.
        spacing_mm: Rows and columns of a source pixel; None where unknown.
        scale: What brought it to the frame's scale.
    """

    pixels: Float32[np.ndarray, "rows columns"]
    body: Bool[np.ndarray, "rows columns"]
    frame: Frame
    view: PairView
    laterality: Laterality | None
    name: str
    spacing_mm: tuple[float, float] | None
    scale: Literal["spacing", "nominal"]

    def holds(self, point: Point) -> bool:
        """Whether a point, in source pixels, lies on breast or muscle within the frame."""
        row, column = np.rint(self.frame.from_source(np.array(point, float))).astype(int).tolist()
        rows, columns = self.body.shape
        return 0 <= row < rows and 0 <= column < columns and bool(self.body[row, column])

    @property
    def pixel(self) -> float:
        """Side of a pixel of the frame, in source pixels; of equal area where they are not square."""
        return float(np.sqrt(abs(np.linalg.det(np.asarray(self.frame.matrix)[:, :2]))))


def prepare(
    mammogram: Mammogram, landmarks: Landmarks, view: PairView, raw: RawLook, margin: int = 0
) -> Prepared | NotAssessed:
    """Bring an image into the common frame.

    Args:
        mammogram: The image.
        landmarks: Its nipple, pectoral line and chest-wall edge, in source pixels.
        view: CC or MLO.
        raw: How an image for processing is shown.
        margin: By how many pixels the result is wider than the frame on each side.

    Returns:
        Not assessed where the nipple is not seen.
    """
    if not landmarks.seen("nipple"):
        return NO_NIPPLE
    small, scale = at_network_scale(as_shown(mammogram, raw), SPACING_MM)
    placed = _matrix(small.frame, landmarks, view, margin)
    shape = (ROWS + 2 * margin, COLUMNS + 2 * margin)
    pixels = _moved(small.pixels, placed, shape, cv2.INTER_LINEAR)
    outline = breast_outline(small.pixels).astype(np.uint8)
    body = _moved(outline, placed, shape, cv2.INTER_NEAREST) > 0
    about = mammogram.about
    spacing = (about.spacing.row, about.spacing.column) if about.spacing else None
    laterality = about.laterality.value if about.laterality else None
    rows = [(float(one), float(two), float(last)) for one, two, last in placed]
    frame = small.frame.before((rows[0], rows[1]), shape)
    return Prepared(stretched(pixels), body, frame, view, laterality, about.name, spacing, scale)


def centres(count: int) -> Float[np.ndarray, " cells"]:
    """Where cells lie along one axis of the frame, in its pixels: 1.5, 5.5, 9.5."""
    return np.arange(count) * CELL + (CELL - 1) / 2


def _moved(
    image: np.ndarray, placed: Float[np.ndarray, "2 3"], shape: tuple[int, int], method: int
) -> np.ndarray:
    """An image at the frame's scale in the frame."""
    columns_first = placed[::-1][:, [1, 0, 2]]
    return cv2.warpAffine(image, columns_first, shape[::-1], flags=method | cv2.WARP_INVERSE_MAP)


def _matrix(
    small: Frame, landmarks: Landmarks, view: PairView, margin: int
) -> Float[np.ndarray, "2 3"]:
    """From points of the frame to points of an image at its scale."""
    upper_end, lower_end = WALL[view]
    right = landmarks.chest_wall == "right"
    down = np.array([1.0, 0.0])
    if landmarks.seen(upper_end, lower_end):
        upper = small.from_source(np.array(landmarks.points[upper_end].point))
        lower = small.from_source(np.array(landmarks.points[lower_end].point))
        down = (lower - upper) * (1 if lower[0] >= upper[0] else -1)
    elif view == "MLO":
        angle = np.radians(OBLIQUE)
        down = np.array([np.cos(angle), np.sin(angle) if right else -np.sin(angle)])
    down = down / np.linalg.norm(down)
    outward = np.array([down[1], -down[0]]) if right else np.array([-down[1], down[0]])
    linear = np.column_stack([down, outward])
    nipple = small.from_source(np.array(landmarks.points["nipple"].point))
    return np.column_stack([linear, nipple - linear @ (np.array(NIPPLE) + margin)])
