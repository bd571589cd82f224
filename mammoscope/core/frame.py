"""Where the pixels of a derived image lie in its source image."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from mammoscope.errors import GeometryError

Affine = tuple[tuple[float, float, float], tuple[float, float, float]]


@dataclass(frozen=True)
class Frame:
    """An image's shape, and the affine map from its points to points of the source.

    Points are (row, column), zero-based, at pixel centres. Every crop, flip and resize
    of an image returns the image with its new Frame, so results land in source pixels.

    Attributes:
        shape: Rows and columns of this image.
        source: Rows and columns of the source image.
        matrix: Shape (2, 3): source point = matrix[:, :2] @ point + matrix[:, 2].
    """

    shape: tuple[int, int]
    source: tuple[int, int]
    matrix: Affine

    def __post_init__(self) -> None:
        if min(*self.shape, *self.source) < 1:
            raise GeometryError(f"a frame needs rows and columns, got {self.shape} of {self.source}")
        linear = np.asarray(self.matrix)[:, :2]
        if not np.isfinite(self.matrix).all() or abs(np.linalg.det(linear)) < 1e-12:
            raise GeometryError(f"a frame's matrix must be finite and invertible, got {self.matrix}")

    @classmethod
    def of(cls, shape: tuple[int, int]) -> "Frame":
        """The frame of a source image of this shape: every point is its own source point."""
        rows, columns = int(shape[0]), int(shape[1])
        return cls((rows, columns), (rows, columns), ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)))

    def crop(self, top: int, left: int, rows: int, columns: int) -> "Frame":
        """The frame of a crop whose first pixel is (top, left); it may leave the image."""
        return self.before(((1.0, 0.0, float(top)), (0.0, 1.0, float(left))), (rows, columns))

    def flip(self) -> "Frame":
        """The frame of the image mirrored left to right."""
        return self.before(((1.0, 0.0, 0.0), (0.0, -1.0, self.shape[1] - 1.0)), self.shape)

    def resize(self, shape: tuple[int, int]) -> "Frame":
        """The frame of the image resized to a shape, its outer edges kept."""
        down, across = self.shape[0] / shape[0], self.shape[1] / shape[1]
        matrix = ((down, 0.0, down / 2 - 0.5), (0.0, across, across / 2 - 0.5))
        return self.before(matrix, shape)

    def to_source(self, points: Float[np.ndarray, "*any 2"]) -> Float[np.ndarray, "*any 2"]:
        """Points of this image as points of the source."""
        matrix = np.asarray(self.matrix)
        return points @ matrix[:, :2].T + matrix[:, 2]

    def from_source(self, points: Float[np.ndarray, "*any 2"]) -> Float[np.ndarray, "*any 2"]:
        """Points of the source as points of this image."""
        matrix = np.asarray(self.matrix)
        return (points - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T

    @property
    def step(self) -> tuple[float, float]:
        """How many source pixels one pixel spans, down and across."""
        linear = np.abs(np.asarray(self.matrix)[:, :2]).sum(axis=0)
        return float(linear[0]), float(linear[1])

    def before(self, inner: Affine, shape: tuple[int, int]) -> "Frame":
        """The frame of an image of a shape whose points an affine map takes to points of this one."""
        outer, first = np.asarray(self.matrix), np.asarray(inner)
        linear = outer[:, :2] @ first[:, :2]
        offset = outer[:, :2] @ first[:, 2] + outer[:, 2]
        down, across = np.column_stack([linear, offset]).tolist()
        return Frame((int(shape[0]), int(shape[1])), self.source, (tuple(down), tuple(across)))
