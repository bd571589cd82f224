"""Looks of one breast: other displays, other films, raw detectors. Ours, beyond the paper's Table 3.

Every look takes a picture in 0–1 (bright where dense) with its mask and returns both; a
mask changes only where a look covers tissue.
"""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

Pair = tuple[np.ndarray, np.ndarray]
Look = Callable[[np.ndarray, np.ndarray, np.random.Generator], Pair]
LEVELS = 1024


@dataclass(frozen=True)
class Looks:
    """Probabilities of the looks; all zero leaves the paper's augmentation alone.

    Attributes:
        curve: Another contrast curve, as other displays and films have.
        detail: Local contrast raised or lowered (unsharp mask, CLAHE).
        background: A background that is not zero, with a gradient.
        skin: A skin line that fades, as on overexposed film.
        raw: A raw detector image, half linear in exposure and half log-inverted.
        film: Labels, frames, dust and scratches.
        cut: A breast cut by the image's upper or lower edge.
        blur: Blur up to a deviation of 1.2 pixels.
        invert: Dark where dense.
    """

    curve: float = 0.0
    detail: float = 0.0
    background: float = 0.0
    skin: float = 0.0
    raw: float = 0.0
    film: float = 0.0
    cut: float = 0.0
    blur: float = 0.0
    invert: float = 0.0


def random_look(image: np.ndarray, mask: np.ndarray, looks: Looks, rng: np.random.Generator) -> Pair:
    """Draw looks, each with its probability, and apply them in the order of the light's way."""
    order: tuple[tuple[float, Look], ...] = (
        (looks.cut, cut), (looks.skin, faded_skin), (looks.curve, curve), (looks.detail, detail),
        (looks.raw, raw), (looks.background, background), (looks.film, film), (looks.blur, blur),
        (looks.invert, inverted),
    )  # fmt: skip
    for probability, look in order:
        if rng.random() < probability:
            image, mask = look(image, mask, rng)
    return image, mask


def through_table(image: np.ndarray, table: np.ndarray) -> np.ndarray:
    """Map 0–1 through a look-up table of evenly spaced values."""
    index = np.clip(image * (table.size - 1), 0, table.size - 1).astype(np.uint16)
    return table.astype(np.float32)[index]


def curve(image: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> Pair:
    """A random rising curve: a gamma, then a film's S-shaped characteristic curve or a free one."""
    grey = np.linspace(0, 1, LEVELS) ** np.exp(rng.uniform(-0.7, 0.7))
    if rng.random() < 0.5:
        slope, centre = rng.uniform(3, 10), rng.uniform(0.25, 0.7)
        table = 1 / (1 + np.exp(-slope * (grey - centre)))
    else:
        knots = np.cumsum(np.r_[0, rng.uniform(0.1, 1, 5)])
        table = np.interp(grey, np.linspace(0, 1, 6), knots)
    table = (table - table[0]) / (table[-1] - table[0])
    return through_table(image, table), mask


def detail(image: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> Pair:
    """Local contrast: equalised in tiles, or the difference from a blurred image scaled."""
    if rng.random() < 0.3:
        clahe = cv2.createCLAHE(rng.uniform(1, 4), (int(rng.integers(2, 9)),) * 2)
        return clahe.apply((image * 255).astype(np.uint8)).astype(np.float32) / 255, mask
    small = cv2.resize(image, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    coarse = cv2.GaussianBlur(small, (0, 0), rng.uniform(1, 8))
    smooth = cv2.resize(coarse, image.shape[::-1], interpolation=cv2.INTER_LINEAR)
    gain = np.float32(rng.uniform(-0.5, 1.5))
    return np.clip(image + gain * (image - smooth), 0, 1), mask


def background(image: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> Pair:
    """A veil over the whole image: an offset with a gradient, stronger towards one corner."""
    rows, columns = image.shape
    offset, down, across = rng.uniform(0, 0.2), rng.uniform(-0.1, 0.1), rng.uniform(-0.1, 0.1)
    veil = offset + np.linspace(-down, down, rows)[:, None] + np.linspace(-across, across, columns)
    veil = np.clip(veil, 0, 0.4).astype(np.float32)
    return veil + (1 - veil) * image, mask


def faded_skin(image: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> Pair:
    """Darken tissue towards the skin, where thin breast lets film go black."""
    fade = np.clip(depth(mask) / np.float32(rng.uniform(5, 40)), 0, 1)
    floor = np.float32(rng.uniform(0.1, 0.6))
    return np.where(mask > 0, image * (floor + (1 - floor) * fade), image), mask


def raw(image: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> Pair:
    """What a detector saw: exp(-attenuation) with noise, or its logarithm inverted.

    Attenuation is a thickness that rises from the skin, with the picture's grey on top.
    """
    thickness = np.clip(depth(mask) / np.float32(rng.uniform(4, 30)), 0, 1) ** np.float32(0.5)
    base = np.float32(rng.uniform(0.5, 2.0))
    texture = np.float32(rng.uniform(0.6, 2.5))
    exposure = np.exp(-(base * thickness + texture * image * (mask > 0)))
    grain = rng.standard_normal(image.shape, dtype=np.float32) * np.float32(rng.uniform(0, 0.01))
    exposure = np.clip(exposure + grain * np.sqrt(exposure), 0.003, 1).astype(np.float32)
    if rng.random() < 0.5:
        return exposure, mask
    attenuation = -np.log(exposure)
    return attenuation / max(float(attenuation.max()), 1e-3), mask


def film(image: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> Pair:
    """What lies on digitised film: labels, a white frame with round corners, dust, scratches."""
    image = np.ascontiguousarray(image).copy()
    mask = np.ascontiguousarray(mask).copy()
    for _ in range(int(rng.integers(0, 4))):
        _label(image, mask, rng)
    if rng.random() < 0.4:
        _frame(image, mask, rng)
    for _ in range(int(rng.integers(0, 12))):
        centre = int(rng.integers(image.shape[1])), int(rng.integers(image.shape[0]))
        cv2.circle(image, centre, int(rng.integers(0, 2)), float(rng.uniform(0, 1)), -1)
    for _ in range(int(rng.integers(0, 3))):
        ends = rng.uniform(0, 1, (2, 2)) * image.shape[::-1]
        first, last = (tuple(int(value) for value in end) for end in ends)
        cv2.line(image, first, last, float(rng.uniform(0, 1)), 1)
    return image, mask


def cut(image: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> Pair:
    """End the image early above or below, so that the breast is cut by its edge."""
    rows = int(image.shape[0] * rng.uniform(0.05, 0.3))
    kept = slice(rows, None) if rng.random() < 0.5 else slice(None, -rows)
    shorter, mask_shorter = np.zeros_like(image), np.zeros_like(mask)
    shorter[kept], mask_shorter[kept] = image[kept], mask[kept]
    return shorter, mask_shorter


def blur(image: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> Pair:
    """Gaussian blur."""
    return cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 1.2)), mask


def inverted(image: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> Pair:
    """Dark where dense."""
    return 1 - image, mask


def depth(mask: np.ndarray) -> np.ndarray:
    """Distance of each pixel of the breast from the background, in pixels, not from the edge."""
    return cv2.distanceTransform((mask > 0).astype(np.uint8), cv2.DIST_L2, 3)


def _label(image: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> None:
    """A bright or dark box with letters, mostly outside of the breast."""
    height, width = int(rng.integers(8, 40)), int(rng.integers(12, 90))
    if rng.random() < 0.3:
        height, width = width, height
    height, width = min(height, image.shape[0] - 1), min(width, image.shape[1] - 1)
    top, left = (
        int(rng.integers(0, length - size))
        for length, size in zip(image.shape, (height, width), strict=True)
    )
    covered = mask[top : top + height, left : left + width]
    if (covered > 0).mean() > 0.1:
        return
    paper, ink = (rng.uniform(0.5, 1), rng.uniform(0, 0.4)) if rng.random() < 0.6 else (0.0, 1.0)
    text = "".join(rng.choice(list("RLMCOI 0123456789-"), int(rng.integers(2, 10))))
    letters = np.zeros((height, width), np.uint8)
    size = float(rng.uniform(0.3, 0.9))
    cv2.putText(letters, text, (2, height - 3), cv2.FONT_HERSHEY_SIMPLEX, size, 255, 1)
    box = image[top : top + height, left : left + width]
    box[:] = np.where(covered > 0, box, paper + (ink - paper) * (letters / np.float32(255)))


def _frame(image: np.ndarray, mask: np.ndarray, rng: np.random.Generator) -> None:
    """A bright border of its own width on each side, its inner corners round."""
    rows, columns = image.shape
    top, bottom, left, right = rng.integers(0, 12, 4) * (rng.random(4) < 0.6)
    inner = np.zeros(image.shape, np.uint8)
    inner[top : rows - bottom, left : columns - right] = 1
    radius = int(rng.integers(0, 25))
    if radius:
        inner = cv2.morphologyEx(inner, cv2.MORPH_OPEN, _disc(radius))
    image[inner == 0] = rng.uniform(0.5, 1)
    mask[inner == 0] = 0


def _disc(radius: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
