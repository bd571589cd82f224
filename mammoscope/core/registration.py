"""How the two views of a breast lie on each other, and where a point of one lies on the other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Float

from mammoscope.core.frame import Affine
from mammoscope.core.landmarks import Point
from mammoscope.core.mammogram import Laterality, Note
from mammoscope.errors import GeometryError

PairView = Literal["CC", "MLO"]
OTHER: Final[Mapping[PairView, PairView]] = {"CC": "MLO", "MLO": "CC"}
ROUNDS: Final = 40
MOST: Final = 2048
"""Points that are held against all nodes at a time."""
NEAR: Final = 1e-3
"""How near the inverse of a warp comes to a point, in pixels of the CC view."""


@dataclass(frozen=True, eq=False)
class Warp:
    """Where the points of an MLO view lie on the CC view of the same breast: smooth, one to one.

    As in the paper the MLO view is fixed and the CC view moves: each pixel of the MLO view samples
    the CC view. The map is known at the nodes of a regular lattice whose first node lies on the
    first pixel of the MLO view and whose last lies on its last pixel; between nodes it is bilinear,
    beyond them it goes on as at the border.

    Attributes:
        lattice: Shape (node rows, node columns, 2): the point of the CC view, in its source pixels,
            at each node.
        fixed: Rows and columns of the MLO view.
        moving: Rows and columns of the CC view.
        affine: The affine part alone, from (row, column) of the MLO view to the CC view's.

    Raises:
        GeometryError: If the lattice has fewer than two nodes a side or is not finite.
    """

    lattice: Float[np.ndarray, "node_rows node_columns 2"]
    fixed: tuple[int, int]
    moving: tuple[int, int]
    affine: Affine

    def __post_init__(self) -> None:
        if min(self.lattice.shape[:2]) < 2 or not np.isfinite(self.lattice).all():
            raise GeometryError(
                f"a warp needs a finite lattice of 2 × 2 nodes or more, got {self.lattice.shape[:2]}"
            )

    @property
    def step(self) -> Float[np.ndarray, "2"]:
        """Pixels of the MLO view from one node to the next, down and across."""
        nodes = np.array(self.lattice.shape[:2]) - 1
        return np.maximum(np.array(self.fixed) - 1, 1) / nodes

    def to_moving(self, points: Float[np.ndarray, "*any 2"]) -> Float[np.ndarray, "*any 2"]:
        """Points of the MLO view as points of the CC view."""
        value, _ = self._at(np.asarray(points, float).reshape(-1, 2))
        return value.reshape(np.shape(points))

    def to_fixed(self, points: Float[np.ndarray, "*any 2"]) -> Float[np.ndarray, "*any 2"]:
        """Points of the CC view as points of the MLO view: the inverse, by Newton's steps."""
        wanted = np.asarray(points, float).reshape(-1, 2)
        nodes = self.lattice.reshape(-1, 2)
        parts = np.array_split(wanted, len(wanted) // MOST + 1)
        nearest = np.concatenate(
            [((part[:, None] - nodes) ** 2).sum(axis=2).argmin(axis=1) for part in parts]
        )
        found = np.stack(np.unravel_index(nearest, self.lattice.shape[:2]), axis=1) * self.step
        for _ in range(ROUNDS):
            value, slope = self._at(found)
            off = wanted - value
            if (np.abs(off) < NEAR).all():
                break
            step = np.einsum("nij,nj->ni", np.linalg.pinv(slope), off)
            longest = np.linalg.norm(step / self.step, axis=1, keepdims=True)
            found = found + step / np.maximum(longest, 1)
        return found.reshape(np.shape(points))

    def determinants(self) -> Float[np.ndarray, "cell_rows cell_columns 4"]:
        """The Jacobian's determinant at the corners of each cell, CC pixels² a MLO pixel².

        Between the corners of a bilinear cell it is linear, so a cell folds only where a corner is
        negative against the others.
        """
        grid, (down, across) = self.lattice, self.step
        by_row, by_column = np.diff(grid, axis=0) / down, np.diff(grid, axis=1) / across
        corners = [
            _cross(by_row[:, column : column + grid.shape[1] - 1], by_column[row : row + len(by_row)])
            for row in (0, 1)
            for column in (0, 1)
        ]
        return np.stack(corners, axis=2)

    @property
    def folds(self) -> int:
        """How many cells turn over or collapse; a warp that is one to one has none."""
        found = self.determinants()
        sense = np.sign(np.median(found))
        return int((found * sense <= 0).any(axis=2).sum())

    def _at(
        self, points: Float[np.ndarray, "n 2"]
    ) -> tuple[Float[np.ndarray, "n 2"], Float[np.ndarray, "n 2 2"]]:
        """Values and slopes at points; beyond the lattice its border cells go on."""
        last = np.array(self.lattice.shape[:2]) - 2
        places = points / self.step
        cell = np.clip(np.floor(places), 0, last).astype(int)
        part = places - cell
        row, column = cell.T
        corner, below = self.lattice[row, column], self.lattice[row + 1, column]
        right, opposite = self.lattice[row, column + 1], self.lattice[row + 1, column + 1]
        down, across = part[:, :1], part[:, 1:]
        by_row = (1 - across) * (below - corner) + across * (opposite - right)
        by_column = (1 - down) * (right - corner) + down * (opposite - below)
        value = corner + across * (right - corner) + down * by_row
        slope = np.stack([by_row / self.step[0], by_column / self.step[1]], axis=2)
        return value, slope


@dataclass(frozen=True, eq=False)
class SearchRegion:
    """Where on one view the partner of a point of the other view lies.

    Attributes:
        view: The view on which the region lies.
        asked: The point of the other view, in that view's source pixels.
        mapped: The most probable place of the partner, by the tissue of both views.
        warped: The asked point through the warp, which knows where the breast as a whole lies.
        level: The probability that the region holds the partner, calibrated: 0.9.
        outlines: Closed outlines of the region, each (n, 2), in source pixels; one within another
            is a hole.
        area_px: Its area in source pixels of its view.
        area_mm2: The same in mm²; None where the spacing is unknown.
    """

    view: PairView
    asked: Point
    mapped: Point
    warped: Point
    level: float
    outlines: tuple[Float[np.ndarray, "_ 2"], ...]
    area_px: float
    area_mm2: float | None

    def holds(self, point: Point) -> bool:
        """Whether a point lies in the region: within an odd number of its outlines."""
        return sum(_within(outline, point) for outline in self.outlines) % 2 == 1


@dataclass(frozen=True, eq=False)
class Registration:
    """The CC and the MLO view of one breast on each other.

    Attributes:
        laterality: Which breast.
        cc: Name of the CC image.
        mlo: Name of the MLO image.
        warp: From the MLO view to the CC view.
        regions: For points asked on each view, a lattice over its breast, their regions on the other.
        scale: What the network's scale came from: ``spacing`` or ``nominal`` (never a millimetre).
        weights: Name and SHA-256 of the weights.
        notes: Warnings.
    """

    laterality: Laterality | None
    cc: str
    mlo: str
    warp: Warp
    regions: Mapping[PairView, tuple[SearchRegion, ...]]
    scale: Literal["spacing", "nominal"]
    weights: str
    notes: tuple[Note, ...] = ()


@runtime_checkable
class AlignedPair(Protocol):
    """The two views of a breast on each other, to be asked for the partner of any point."""

    @property
    def registration(self) -> Registration:
        """The warp, and the regions of a lattice of points."""

    def search(
        self, view: PairView, point: Point, size: tuple[float, float] | None = None
    ) -> SearchRegion:
        """Where on the other view the partner of a point lies.

        Args:
            view: The view on which the point lies.
            point: In that view's source pixels.
            size: Height and width of the box whose centre the point is; None: a point.
        """

    def log_probability(
        self,
        view: PairView,
        points: Float[np.ndarray, "asked 2"],
        candidates: Float[np.ndarray, "candidates 2"],
    ) -> Float[np.ndarray, "asked candidates"]:
        """How likely each place of the other view is to be the partner of each point.

        Args:
            view: The view on which the points lie.
            points: In that view's source pixels.
            candidates: In the other view's source pixels.

        Returns:
            Logarithms of densities, for each point on a scale of its own.
        """


def _within(outline: Float[np.ndarray, "n 2"], point: Point) -> bool:
    """Whether a ray from a point to the right crosses a closed line an odd number of times."""
    row, column = point
    after = np.roll(outline, -1, axis=0)
    crosses = (outline[:, 0] > row) != (after[:, 0] > row)
    slope = (after[crosses, 1] - outline[crosses, 1]) / (after[crosses, 0] - outline[crosses, 0])
    where = outline[crosses, 1] + (row - outline[crosses, 0]) * slope
    return int((where > column).sum()) % 2 == 1


def _cross(
    one: Float[np.ndarray, "rows columns 2"], other: Float[np.ndarray, "rows columns 2"]
) -> Float[np.ndarray, "rows columns"]:
    return one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
