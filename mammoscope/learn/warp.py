"""Random flips, rotations, elastic deformations and crops, as one resampling."""

from dataclasses import dataclass

import cv2
import numpy as np
from jaxtyping import Float, Float32, UInt8

Matrix = np.ndarray
FIXED_POINT_STEPS = 8
FAR = 0.2
INSIDE = 0.45


@dataclass(frozen=True)
class Geometry:
    """How far images are moved; pixels are those of the training resolution.

    Attributes:
        flip: Probability of mirroring left to right. Paper: 0.5 (Table 3).
        rotation: Degrees, drawn from -rotation to rotation. Paper: 5.
        scale: Factor, drawn evenly in its logarithm from 1 / (1 + scale) to 1 + scale. Ours.
        elastic_alpha: Amplitude of the displacement field. Paper: 1.
        elastic_sigma: Gaussian smoothing of the field. Paper: 100.
        elastic_affine: Largest shift of the three points of an affine map. Paper: 20.
        crop: Rows and columns of what the network sees. Paper: 512 and 512.
        outside: How many pixels a crop may leave the image. Paper: 64.
    """

    flip: float = 0.5
    rotation: float = 5.0
    scale: float = 0.0
    elastic_alpha: float = 1.0
    elastic_sigma: float = 100.0
    elastic_affine: float = 20.0
    crop: tuple[int, int] = (512, 512)
    outside: int = 64


@dataclass(frozen=True)
class Warp:
    """One crop of an image, drawn: the same for its picture, its mask and its points.

    Attributes:
        forward: Shape (3, 3), homogeneous (column, row, 1): image to crop, but for the field.
        field: Shape (2, rows, columns): how far each pixel of the crop reaches besides, across and
            down; None: not at all.
        crop: Rows and columns of the crop.
    """

    forward: Matrix
    field: np.ndarray | None
    crop: tuple[int, int]

    def of(self, image: np.ndarray, interpolation: int = cv2.INTER_LINEAR) -> np.ndarray:
        """The crop of a picture or a mask; zeros where the image ends."""
        if self.field is None:
            return cv2.warpAffine(image, self.forward[:2], self.crop[::-1], flags=interpolation)
        across, down = _source_points(self.forward, self.crop, self.field)
        return cv2.remap(image, across, down, interpolation)

    def points(self, points: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, "n 2"]:
        """Points (row, column) of the image as points of the crop, inside of it or not."""
        plain = points[:, ::-1] @ self.forward[:2, :2].T + self.forward[:2, 2]
        moved = plain
        for _ in range(FIXED_POINT_STEPS if self.field is not None and len(points) else 0):
            moved = plain - self._field_at(moved)
        return moved[:, ::-1]

    def _field_at(self, points: np.ndarray) -> np.ndarray:
        """The field at points (column, row) of the crop, the nearest pixel's outside of it."""
        if self.field is None:
            return np.zeros_like(points)
        at = points.astype(np.float32)[None]
        layers = [
            cv2.remap(layer, at[..., 0], at[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
            for layer in self.field.astype(np.float32)
        ]
        return np.concatenate(layers).T.astype(points.dtype)


def draw_warp(
    shape: tuple[int, ...],
    geometry: Geometry,
    rng: np.random.Generator,
    around: Float[np.ndarray, "2"] | None = None,
) -> Warp:
    """A random flip, rotation, scale, elastic deformation and crop of an image of a shape.

    The crop lies anywhere in the image, or with its middle near a point (row, column) of it: half of
    ``outside`` is the deviation of its distance down and across, of every fifth crop thrice that.

    The elastic deformation is Simard's: a field of even noise, smoothed by a Gaussian and scaled,
    after an affine map that shifts three points by up to ``elastic_affine``, which is how the
    library that names its parameters so (albumentations) reads them. With the paper's
    alpha of 1 and sigma of 100 the field moves nothing by as much as a hundredth of a pixel:
    what deforms is the affine part.
    """
    forward = _affine(shape, geometry, rng)
    if around is None:
        top, left = _corner(shape, forward, geometry, rng)
    else:
        top, left = _near(around, forward, geometry, rng)
    return Warp(_shift(-top, -left) @ forward, _field(geometry, rng), geometry.crop)


def random_warp(
    image: Float32[np.ndarray, "rows columns"],
    mask: UInt8[np.ndarray, "rows columns"],
    geometry: Geometry,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """One crop of an image and of its mask, moved alike; zeros where the image ends."""
    warp = draw_warp(image.shape, geometry, rng)
    return warp.of(image), warp.of(mask, cv2.INTER_NEAREST)


def _affine(shape: tuple[int, ...], geometry: Geometry, rng: np.random.Generator) -> Matrix:
    """Flip, rotation and scale about the middle, then the affine part of the elastic deformation."""
    middle = ((shape[1] - 1) / 2, (shape[0] - 1) / 2)
    limit = np.log1p(geometry.scale)
    angle = rng.uniform(-geometry.rotation, geometry.rotation)
    factor = float(np.exp(rng.uniform(-limit, limit)))
    matrix = _square(cv2.getRotationMatrix2D(middle, angle, factor))
    if rng.random() < geometry.flip:
        matrix = matrix @ np.array([[-1, 0, 2 * middle[0]], [0, 1, 0], [0, 0, 1.0]])
    if geometry.elastic_affine:
        side = min(shape[:2]) // 3
        corners = np.array([[side, side], [side, -side], [-side, -side]]) + np.array(middle)
        moved = corners + rng.uniform(-geometry.elastic_affine, geometry.elastic_affine, corners.shape)
        bend = cv2.getAffineTransform(corners.astype(np.float32), moved.astype(np.float32))
        matrix = _square(bend) @ matrix
    return matrix


def _corner(
    shape: tuple[int, ...], forward: Matrix, geometry: Geometry, rng: np.random.Generator
) -> tuple[float, float]:
    """Where the crop begins; an image smaller than the crop lies within it."""
    scale = float(np.sqrt(abs(np.linalg.det(forward[:2, :2]))))
    middle = forward @ np.array([(shape[1] - 1) / 2, (shape[0] - 1) / 2, 1.0])
    corner = []
    for length, crop, centre in zip(shape, geometry.crop, (middle[1], middle[0]), strict=True):
        first = centre - (length * scale - 1) / 2
        low, high = sorted((-geometry.outside, length * scale + geometry.outside - crop))
        corner.append(first + rng.uniform(low, high))
    return corner[0], corner[1]


def _near(
    point: np.ndarray, forward: Matrix, geometry: Geometry, rng: np.random.Generator
) -> tuple[float, float]:
    """Where a crop begins whose middle is near a point."""
    across, down, _ = forward @ np.array([point[1], point[0], 1.0])
    deviation = geometry.outside / 2 * (3 if rng.random() < FAR else 1)
    size = np.array(geometry.crop)
    off = np.clip(rng.normal(0, deviation, 2), -INSIDE * size, INSIDE * size)
    corner = np.array([down, across]) - (size - 1) / 2 + off
    return float(corner[0]), float(corner[1])


def _field(geometry: Geometry, rng: np.random.Generator) -> np.ndarray | None:
    """Displacements (2, rows, columns), drawn on a grid as coarse as their smoothness allows.

    Even noise in -1 to 1 has a deviation of 1/√3, smoothing divides it by 2 √π sigma.
    """
    sigma = geometry.elastic_sigma
    deviation = geometry.elastic_alpha / (np.sqrt(3) * 2 * np.sqrt(np.pi) * sigma) if sigma else 0.0
    if deviation < 0.01:
        return None
    step = max(sigma / 4, 1.0)
    rows, columns = (int(np.ceil(length / step)) + 1 for length in geometry.crop)
    blur = sigma / step
    noise = rng.standard_normal((2, rows, columns), dtype=np.float32)
    gain = np.float32(deviation * 2 * np.sqrt(np.pi) * blur)
    smooth = [cv2.GaussianBlur(layer, (0, 0), blur) * gain for layer in noise]
    size = geometry.crop[::-1]
    return np.stack([cv2.resize(layer, size, interpolation=cv2.INTER_LINEAR) for layer in smooth])


def _source_points(
    forward: Matrix, crop: tuple[int, int], field: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    back = np.linalg.inv(forward).astype(np.float32)
    across = np.arange(crop[1], dtype=np.float32)[None, :] + field[0]
    down = np.arange(crop[0], dtype=np.float32)[:, None] + field[1]
    return (
        back[0, 0] * across + back[0, 1] * down + back[0, 2],
        back[1, 0] * across + back[1, 1] * down + back[1, 2],
    )


def _shift(down: float, across: float) -> Matrix:
    return np.array([[1, 0, across], [0, 1, down], [0, 0, 1.0]])


def _square(matrix: Matrix) -> Matrix:
    return np.vstack([matrix, [0, 0, 1.0]])
