"""The breast's outline by thresholds and shapes, without a network.

The image is judged at 512 rows: within the film's white frame, whatever is brighter than the skin
level (background plus 0.3 of the way to Otsu's threshold; Otsu's own loses the skin line on film),
without the strips that cling to an edge, opened so that labels and scratches come off, and of
what is left the largest part at a vertical edge, holes filled. See docs/breast-crop.md for what
it was measured on and where it fails.
"""

from functools import partial
from typing import Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import Bool, Float32, UInt8

from mammoscope.image.intensity import to_grey

WORK_ROWS: Final = 512
SKIN_FRACTIONS: Final = (0.3, 0.15, 0.08)
CLEARLY: Final = 1.1
WHITE_FRACTION: Final = 0.8
FRAME_DEPTH: Final = 0.08
STRIP_DEPTH: Final = 0.12
STROKE: Final = 13

Grey = UInt8[np.ndarray, "small_rows small_columns"]
Pixels = Float32[np.ndarray, "rows columns"]
Outline = Bool[np.ndarray, "rows columns"]
SIDES: Final = ("top", "bottom", "left", "right")


class Found(NamedTuple):
    """The breast at 512 rows: 1 where it is, the blurred image, the skin's level."""

    body: Grey
    grey: Grey
    level: float


def breast_outline(pixels: Pixels) -> Outline:
    """The breast with its muscle: True inside.

    Args:
        pixels: An image with a display look, see `mammoscope.image.intensity.for_display`.

    Returns:
        One part without holes; all False where nothing is brighter than the background.
    """
    return _enlarged(find(pixels), pixels.shape)


def find(pixels: Pixels) -> Found:
    """The breast at 512 rows, see `breast_outline`.

    Where digital processing has made fat nearly as dark as air, the usual skin level runs through
    the breast; a lower one is taken if its outline is clearly the sharper.
    """
    reduced = _reduced(pixels)
    film = _film(reduced)
    grey = cv2.GaussianBlur(reduced, (0, 0), 1.2)
    inner = np.zeros_like(grey)
    inner[film] = 1
    inner = cv2.erode(inner, np.ones((7, 7), np.uint8), borderValue=0)
    slope = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    background, otsu = _levels(grey[film])
    best, sharpest = Found(np.zeros_like(grey), grey, otsu), 0.0
    for fraction in SKIN_FRACTIONS:
        level = background + fraction * (otsu - background)
        body = _body(grey, film, level)
        sharpness = _sharpness(body, inner, slope)
        if sharpness > CLEARLY * sharpest:
            best, sharpest = Found(body, grey, level), sharpness
    return best


def find_beside(found: Found) -> Grey:
    """The largest part at the same level that is not the breast: 1 where it is."""
    around = cv2.dilate(found.body, np.ones((STROKE, STROKE), np.uint8))
    return _component(((found.grey > found.level) & (around == 0)).astype(np.uint8))


def _body(grey: Grey, film: tuple[slice, slice], level: float) -> Grey:
    body = np.zeros_like(grey)
    body[film] = grey[film] > level
    for _ in range(2):
        for side in SIDES:
            _clear_strips(body[film], side)
        body = _component(body)
    return body


def _sharpness(body: Grey, inner: Grey, slope: Grey) -> float:
    """The slope that three quarters of the outline within the film surpass."""
    edge = body & ~cv2.erode(body, np.ones((3, 3), np.uint8)) & inner
    return 1 + float(np.percentile(slope[edge > 0], 25)) if edge.any() else float(body.any())


def _reduced(pixels: Pixels) -> Grey:
    """512 rows or fewer; rows that area reduction hardly needs are left out first, for speed."""
    rows, columns = pixels.shape
    tall = min(rows, WORK_ROWS)
    wide = max(1, round(columns * tall / rows))
    step = max(1, rows // (3 * WORK_ROWS))
    return to_grey(cv2.resize(pixels[step // 2 :: step], (wide, tall), interpolation=cv2.INTER_AREA))


def _from_side(image: np.ndarray, side: str) -> np.ndarray:
    """A view whose rows run inwards from a side."""
    views = {"top": image, "bottom": image[::-1], "left": image.T, "right": image[:, ::-1].T}
    return views[side]


def _runs(mask: np.ndarray) -> np.ndarray:
    """How far each column is set without a break from the first row on."""
    broken = mask == 0
    return np.where(broken.any(axis=0), broken.argmax(axis=0), mask.shape[0])


def _film(grey: Grey) -> tuple[slice, slice]:
    """The part of the image within its white frame."""
    white = grey >= WHITE_FRACTION * max(float(np.percentile(grey, 99.9)), 1)
    top, bottom, left, right = (_frame_depth(_from_side(white, side)) for side in SIDES)
    rows, columns = grey.shape
    return slice(top, rows - bottom), slice(left, columns - right)


def _frame_depth(white: Bool[np.ndarray, "depth lines"]) -> int:
    deepest = int(FRAME_DEPTH * len(white))
    runs = _runs(white[: deepest + 1])
    thin = runs[runs <= deepest]
    if len(thin) < 0.25 * len(runs):
        return 0
    depth = int(np.percentile(thin, 75))
    return depth + 1 if depth else 0


def _levels(grey: Grey) -> tuple[float, float]:
    """The background's level and Otsu's threshold."""
    otsu, _ = cv2.threshold(np.ascontiguousarray(grey), 0, 255, cv2.THRESH_OTSU)
    return float(np.percentile(grey, 5)), otsu


def _clear_strips(body: Grey, side: str) -> None:
    """Remove what clings to a side without belonging to what reaches far in."""
    inwards = _from_side(body, side)
    limit = STRIP_DEPTH * len(inwards)
    runs = _runs(inwards[: int(2 * limit) + 1])  # how much further in they reach decides nothing
    first, last = _extent(runs > limit, least=len(runs) // 25)
    strips = np.zeros(len(runs), int)
    for beyond in (np.arange(first)[::-1], np.arange(last, len(runs))):
        if len(beyond):
            usual = np.median(runs[beyond[len(beyond) // 2 :]])
            cleared = beyond[runs[beyond] <= min(1.3 * usual + 2, limit)]
            strips[cleared] = runs[cleared]
    deepest = int(strips.max(initial=0))
    inwards[:deepest][np.arange(deepest)[:, None] < strips] = 0


def _extent(far: Bool[np.ndarray, " lines"], least: int) -> tuple[int, int]:
    """First and past-the-last of the lines, without stretches shorter than `least`."""
    edges = np.flatnonzero(np.diff(far.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    edges = edges[edges[:, 1] - edges[:, 0] >= least]
    return (int(edges[0, 0]), int(edges[-1, 1])) if len(edges) else (len(far), len(far))


def _component(body: Grey) -> Grey:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (STROKE, STROKE))
    padded = cv2.copyMakeBorder(body, STROKE, STROKE, STROKE, STROKE, cv2.BORDER_CONSTANT)
    opened = cv2.morphologyEx(padded, cv2.MORPH_OPEN, kernel)[STROKE:-STROKE, STROKE:-STROKE]
    parts, _ = cv2.findContours(np.ascontiguousarray(opened), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not parts:
        return np.zeros_like(body)
    chosen = np.zeros_like(body)
    cv2.drawContours(chosen, [max(parts, key=partial(_score, wide=body.shape[1]))], -1, 1, cv2.FILLED)
    grown = cv2.dilate(chosen, kernel) & body
    contours, _ = cv2.findContours(grown, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(body)
    cv2.drawContours(filled, [max(contours, key=cv2.contourArea)], -1, 1, cv2.FILLED)
    return filled


def _score(part: np.ndarray, wide: int) -> float:
    """A part's area; a fifth of it where it is at neither vertical edge."""
    left, _, width, _ = cv2.boundingRect(part)
    reach = 0.06 * wide
    attached = left <= reach or left + width >= wide - reach
    return cv2.contourArea(part) * (1.0 if attached else 0.2)


def _enlarged(found: Found, shape: tuple[int, ...]) -> Outline:
    """The outline at full size: between pixels it follows the skin's level, not the small pixels."""
    body, grey, level = found
    certain = cv2.erode(body, np.ones((5, 5), np.uint8))
    possible = cv2.dilate(body, np.ones((3, 3), np.uint8))
    field = np.where(certain > 0, 255, np.where(possible > 0, grey, 0)).astype(np.uint8)
    large = cv2.resize(field, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)
    return cv2.threshold(large, int(level), 1, cv2.THRESH_BINARY)[1].view(bool)
