"""What the guided network says of a pair: a warp, and search regions in source pixels. No torch."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool, Float

from mammoscope.core import OTHER, PairView, Point, SearchRegion, Warp
from mammoscope.registration.guided.frame import CELL, COLUMNS, RARE, ROWS, WIDE, Prepared, centres
from mammoscope.registration.guided.layout import Cells, Said

WITHIN: Final = 0.4
"""Deviation of the Gaussian that gathers probability around a place, as a share of a box's side."""
FINER: Final = 3
"""Steps of an outline in a pixel of the frame."""
OUTSIDE: Final = 7.0
"""By how much the logarithm of a probability falls where no tissue is seen."""
SPAN_MM: Final = 8.0
"""Distance of a warp's nodes in the frame."""


@dataclass(frozen=True, eq=False)
class Pair:
    """Both views, what the network says of each, and what makes its probabilities hold.

    Attributes:
        views: Prepared, by view.
        said: By view.
        calibration: Temperature of searches for findings, by `asked`; 1 where absent.
        level: Probability that a region is to hold.
    """

    views: Mapping[PairView, Prepared]
    said: Mapping[PairView, Said]
    calibration: Mapping[str, float]
    level: float = 0.9

    def scores(
        self, view: PairView, point: Point, *, finding: bool
    ) -> Float[np.ndarray, "rows columns"]:
        """Logarithms of the probability of each cell of the other view.

        Args:
            view: On which the point is asked.
            point: In source pixels of that view.
            finding: Whether the point is known to be one: its probabilities are calibrated on
                lesions. Else it may be any tissue, of which less is known than the network thinks.
        """
        here = self.views[view].frame.from_source(np.array([point], float))
        said, answers = self.said[view], self.said[OTHER[view]].answers
        asks = at(said.asks, here)[0]
        alike = np.tensordot(asks, answers, axes=1) / len(asks) ** 0.5
        centre = here[0] + at(said.centre, here)[0]
        spread = np.exp(at(said.spread, here)[0])
        down = centres(answers.shape[1])[:, None] - centre[0]
        across = centres(answers.shape[2]) - centre[1]
        scores = alike + density((down / spread[0]) ** 2 + (across / spread[1]) ** 2)
        scores = scores - OUTSIDE * ~self._near_body(OTHER[view])
        return _normalised(scores / (self.calibration.get(self.asked(view), 1.0) if finding else 1.0))

    def asked(self, view: PairView) -> str:
        """What a search for a finding is calibrated by: the view, and what gave the scale."""
        known = all(one.scale == "spacing" for one in self.views.values())
        return f"{view}, scale {'known' if known else 'nominal'}"

    def _near_body(self, view: PairView) -> Bool[np.ndarray, "rows columns"]:
        """Cells that hold breast or muscle, and their neighbours."""
        body = self.views[view].body
        cells = body.reshape(body.shape[0] // CELL, CELL, -1, CELL).any(axis=(1, 3))
        return cv2.dilate(cells.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0

    def at_places(
        self,
        view: PairView,
        points: Float[np.ndarray, "asked 2"],
        places: Float[np.ndarray, "places 2"],
    ) -> Float[np.ndarray, "asked places"]:
        """Logarithms of the probability of cells around places of the other view's frame.

        Args:
            view: On which the findings are asked.
            points: Their middles, in source pixels of that view.
            places: In the frame.
        """
        asked = [(float(row), float(column)) for row, column in points]
        lines = [at(self.scores(view, point, finding=True)[None], places)[:, 0] for point in asked]
        return np.array(lines).reshape(len(points), len(places))

    def search(
        self, view: PairView, point: Point, size: tuple[float, float] | None, warped: Point
    ) -> SearchRegion:
        """Where the partner of a point, or of a box around it, lies on the other view.

        Args:
            view: On which the point is asked.
            point: In source pixels of that view.
            size: Height and width of a finding's box; it is mapped to where most of the probability
                lies within a box of that size. None: any tissue; within a cell.
            warped: The point through the warp.
        """
        other = self.views[OTHER[view]]
        probability = np.exp(self.scores(view, point, finding=size is not None))
        region = finer(probability) >= threshold(probability, self.level)
        pixel = self.views[view].pixel
        box = None if size is None else (size[0] / pixel, size[1] / pixel)
        mapped = other.frame.to_source(_densest(finer(probability), box))
        area = float(region.sum()) * other.pixel**2
        mm2 = area * other.spacing_mm[0] * other.spacing_mm[1] if other.spacing_mm else None
        return SearchRegion(
            view=OTHER[view], asked=point, mapped=_point(mapped), warped=warped,
            level=self.level, outlines=outlines(region, other), area_px=area, area_mm2=mm2,
        )  # fmt: skip

    def warp(self) -> Warp:
        """From the MLO view to the CC view, on a lattice over the whole MLO image."""
        cc, mlo = self.views["CC"], self.views["MLO"]
        rows, columns = mlo.frame.source
        counts = [max(2, round(size / (SPAN_MM * mlo.pixel)) + 1) for size in (rows, columns)]
        down, across = (
            np.linspace(0, size - 1, count) for size, count in zip((rows, columns), counts, strict=True)
        )
        nodes = np.stack(np.meshgrid(down, across, indexing="ij"), axis=2)
        inner = mlo.frame.from_source(nodes.reshape(-1, 2))
        lattice = cc.frame.to_source(inner + at(self.said["MLO"].shift, inner))
        seen = ((inner >= 0) & (inner < (ROWS, COLUMNS))).all(axis=1)
        affine = _affine(nodes.reshape(-1, 2)[seen], lattice[seen])
        return Warp(lattice.reshape(nodes.shape), mlo.frame.source, cc.frame.source, affine)


def density(squared: Float[np.ndarray, "*any"]) -> Float[np.ndarray, "*any"]:
    """Logarithm, less a constant, of a normal density with a wider one beneath it.

    Args:
        squared: Squares of distances from the middle, in standard deviations.
    """
    narrow = np.log(1 - RARE) - squared / 2
    return np.logaddexp(narrow, np.log(RARE / WIDE**2) - squared / (2 * WIDE**2))


def at(values: Cells, points: Float[np.ndarray, "n 2"]) -> Float[np.ndarray, "n channels"]:
    """Values of cells at points of the frame, bilinear; beyond the edge, the edge's."""
    last = np.array(values.shape[1:]) - 1
    places = np.clip((points - (CELL - 1) / 2) / CELL, 0, last)
    cell = np.minimum(np.floor(places), last - 1).astype(int)
    (row, column), (down, across) = cell.T, (places - cell).T
    upper = values[:, row, column] * (1 - across) + values[:, row, column + 1] * across
    lower = values[:, row + 1, column] * (1 - across) + values[:, row + 1, column + 1] * across
    return (upper * (1 - down) + lower * down).T


def threshold(probability: Float[np.ndarray, "rows columns"], level: float) -> float:
    """The least probability of a cell within the smallest region that holds a share of all.

    Example:
        >>> threshold(np.array([[0.6, 0.1], [0.3, 0.0]]), 0.85)
        0.3
    """
    falling = np.sort(probability, axis=None)[::-1]
    count = int(np.searchsorted(np.cumsum(falling), level * falling.sum()))
    return float(falling[min(count, falling.size - 1)])


def outlines(
    region: Bool[np.ndarray, "rows columns"], view: Prepared
) -> tuple[Float[np.ndarray, "_ 2"], ...]:
    """Closed outlines of a region of the frame, in source pixels, with no more points than show.

    They run a sixth of a pixel within the outer edges of its pixels; holes have outlines of their own.
    """
    fine = region.astype(np.uint8).repeat(FINER, axis=0).repeat(FINER, axis=1)
    found, _ = cv2.findContours(fine, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    kept = [cv2.approxPolyDP(line, 0.7 * FINER, closed=True)[:, 0, ::-1] for line in found]
    middle = (FINER - 1) / 2
    return tuple(view.frame.to_source((line - middle) / FINER) for line in kept if len(line) > 2)


def finer(cells: Float[np.ndarray, "rows columns"]) -> Float[np.ndarray, "fine_rows fine_columns"]:
    """Values of cells at every pixel of the frame, linear between the cells."""
    size = (cells.shape[1] * CELL, cells.shape[0] * CELL)
    return cv2.resize(cells, size, interpolation=cv2.INTER_LINEAR)


def _densest(
    probability: Float[np.ndarray, "rows columns"], box: tuple[float, float] | None
) -> Float[np.ndarray, "2"]:
    """The place around which most probability lies: within a box's size, or within a cell's."""
    down, across = (side * WITHIN for side in box or (CELL, CELL))
    probability = cv2.GaussianBlur(
        probability, (0, 0), across, sigmaY=down, borderType=cv2.BORDER_CONSTANT
    )
    return np.array(np.unravel_index(probability.argmax(), probability.shape), float)


def _normalised(scores: Float[np.ndarray, "rows columns"]) -> Float[np.ndarray, "rows columns"]:
    highest = scores.max()
    return scores - highest - np.log(np.exp(scores - highest).sum())


def _affine(
    points: Float[np.ndarray, "n 2"], moved: Float[np.ndarray, "n 2"]
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """The affine map that comes nearest to a warp where it was seen."""
    known = np.column_stack([points, np.ones(len(points))])
    matrix = np.linalg.lstsq(known, moved, rcond=None)[0].T
    first, second = ((float(row[0]), float(row[1]), float(row[2])) for row in matrix)
    return first, second


def _point(values: Float[np.ndarray, "2"]) -> Point:
    return float(values[0]), float(values[1])
