"""What varies in training images (5.2), each slightly: "minor alterations" (5.6). Sizes are ours."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float32

Image = Float32[np.ndarray, "rows columns"]


@dataclass(frozen=True)
class Augmentation:
    """In the paper's order; all zero leaves an image as it is.

    Attributes:
        flip: Probability of the mirror image.
        rotation: Largest angle, in degrees.
        contrast: Probability that the range is stretched to 0–1 (auto contrast).
        crop: Largest share of the side that a resized crop leaves out.
        blur: Probability of Gaussian blur.
        deviation: Largest of the blur, in pixels.
        shift: Largest way, in shares of the side.
    """

    flip: float = 0.5
    rotation: float = 10.0
    contrast: float = 0.5
    crop: float = 0.1
    blur: float = 0.2
    deviation: float = 1.0
    shift: float = 0.05


def augmented(image: Image, settings: Augmentation, rng: np.random.Generator) -> tuple[Image, bool]:
    """One random variation of an image in 0–1, of the same shape, and whether it is mirrored.

    Rotation, resized crop and shift are one warp: the image is interpolated once. Beyond its edges it
    is black.
    """
    mirrored = bool(rng.random() < settings.flip)
    matrix = _warp(image.shape, settings, rng)
    stretched, blurred = rng.random() < settings.contrast, rng.random() < settings.blur
    deviation = float(rng.uniform(0.0, settings.deviation))
    if mirrored:
        image = np.ascontiguousarray(image[:, ::-1])
    if not np.array_equal(matrix, np.eye(2, 3)):
        image = cv2.warpAffine(image, matrix, image.shape[::-1], flags=cv2.INTER_LINEAR)
    if stretched:
        image = auto_contrast(image)
    if blurred and deviation > 0:
        image = cv2.GaussianBlur(image, (0, 0), deviation)
    return image, mirrored


def auto_contrast(image: Image) -> Image:
    """Grey values stretched so that the darkest is 0 and the brightest 1; one level stays.

    Example:
        >>> auto_contrast(np.array([[0.2, 0.4, 0.6]], np.float32)).round(3).tolist()
        [[0.0, 0.5, 1.0]]
    """
    low, high = image.min(), image.max()
    return (image - low) / (high - low) if high > low else image


def _warp(
    shape: tuple[int, ...], settings: Augmentation, rng: np.random.Generator
) -> Float32[np.ndarray, "2 3"] | np.ndarray:
    """From (x, y) of an image to (x, y) of its variation."""
    rows, columns = shape
    angle = float(rng.uniform(-settings.rotation, settings.rotation))
    side = 1 - float(rng.uniform(0.0, settings.crop))
    free = rng.uniform(-0.5, 0.5, 2) * (1 - side)
    moved = rng.uniform(-settings.shift, settings.shift, 2)
    centre = ((columns - 1) / 2, (rows - 1) / 2)
    matrix = cv2.getRotationMatrix2D(centre, angle, 1 / side)
    matrix[:, 2] += (free / side + moved) * (columns, rows)
    return matrix
