"""A registration room that never learnt: every CC view lies on its MLO view as it is told to."""

from typing import NamedTuple

import numpy as np

from mammoscope.core import (
    OTHER,
    About,
    Landmarks,
    Laterality,
    Mammogram,
    NotAssessed,
    Note,
    PairView,
    Point,
    Registration,
    SearchRegion,
    Warp,
)
from mammoscope.image import for_display
from mammoscope.image.outline import breast_outline

TURN = np.array([[0.95, 0.2], [-0.2, 0.95]])
"""From (row, column) of the MLO view to the CC view's, both as shares of the MLO view's height."""
REACH = 0.12
"""Half axes of a search region down, in heights of its view; across they are half of that."""
WEIGHTS = "registration 0123456789ab"
CORNERS = 24
NODES = (9, 7)
UNSEEN = NotAssessed("the nipple is not seen")


class Prepared(NamedTuple):
    """What is kept of one view."""

    about: About
    landmarks: Landmarks
    body: np.ndarray

    def holds(self, point: Point) -> bool:
        row, column = np.clip(np.rint(point), 0, np.array(self.body.shape) - 1).astype(int)
        return bool(self.body[row, column])


def warp(mlo: tuple[int, int], cc: tuple[int, int], side: str = "left", bend: float = 0.0) -> Warp:
    """A turn about the middle of the chest wall, and a smooth bend of so many pixels."""
    matrix = TURN if side == "left" else TURN * np.array([[1, -1], [-1, 1]])
    middle_mlo = np.array([mlo[0] / 2, 0.0 if side == "left" else mlo[1] - 1.0])
    middle_cc = np.array([cc[0] / 2, 0.0 if side == "left" else cc[1] - 1.0])
    matrix = matrix * cc[0] / mlo[0]
    shift = middle_cc - matrix @ middle_mlo
    axes = [np.linspace(0, size - 1, count) for size, count in zip(mlo, NODES, strict=True)]
    nodes = np.stack(np.meshgrid(*axes, indexing="ij"), axis=2)
    wave = np.sin(nodes[..., ::-1] / mlo[0] * 2 * np.pi)
    down, across = np.column_stack([matrix, shift]).tolist()
    return Warp(nodes @ matrix.T + shift + bend * wave, mlo, cc, (tuple(down), tuple(across)))


class Aligned:
    """Two views on each other; regions are upright ellipses around the warped point.

    The most probable place lies a tenth of the region's height above the warped point.
    """

    def __init__(self, cc: About, mlo: About, side: str = "left", bend: float = 0.0) -> None:
        self._about: dict[PairView, About] = {"CC": cc, "MLO": mlo}
        self._warp = warp(mlo.shape, cc.shape, side, bend)
        laterality: Laterality | None = cc.laterality.value if cc.laterality else None
        self.registration = Registration(
            laterality, cc.name, mlo.name, self._warp, {"CC": (), "MLO": ()},
            "spacing" if cc.spacing and mlo.spacing else "nominal", WEIGHTS,
        )  # fmt: skip

    def with_regions(self, step: float = 0.05) -> Registration:
        """The same with regions of a lattice of points over the inner half of either view."""
        regions = {view: tuple(self._lattice(view, step)) for view in OTHER}
        return Registration(**{**vars(self.registration), "regions": regions})

    def search(
        self, view: PairView, point: Point, size: tuple[float, float] | None = None
    ) -> SearchRegion:
        about = self._about[OTHER[view]]
        place = np.array(point)
        warped = self._warp.to_fixed(place) if view == "CC" else self._warp.to_moving(place)
        axes = self._axes(view) + np.array(size or (0.0, 0.0)) / 2
        turn = np.linspace(0, 2 * np.pi, CORNERS + 1)
        outline = warped + np.column_stack([np.sin(turn), np.cos(turn)]) * axes
        area = float(np.pi * axes.prod())
        pixel = about.spacing and about.spacing.row * about.spacing.column
        mapped = warped - np.array([axes[0] / 5, 0.0])
        return SearchRegion(
            OTHER[view], point, (float(mapped[0]), float(mapped[1])),
            (float(warped[0]), float(warped[1])), 0.9, (outline,), area,
            area * pixel if pixel else None,
        )  # fmt: skip

    def log_probability(self, view: PairView, points: np.ndarray, candidates: np.ndarray) -> np.ndarray:
        mapped = self._warp.to_fixed(points) if view == "CC" else self._warp.to_moving(points)
        off = (candidates[None] - mapped[:, None]) / self._axes(view)
        return -2.3 * (off**2).sum(axis=2)

    def _axes(self, view: PairView) -> np.ndarray:
        return REACH * self._about[OTHER[view]].shape[0] * np.array([1.0, 0.5])

    def _lattice(self, view: PairView, step: float):
        rows, columns = self._about[view].shape
        for row in np.arange(0.25, 0.75, step) * rows:
            for column in np.arange(0.25, 0.75, step) * columns:
                yield self.search(view, (float(row), float(column)))


class Registrar:
    """A room to hand to the pipeline or the command line."""

    def __init__(self, bend: float = 0.0, notes: tuple[Note, ...] = ()) -> None:
        self._bend, self._notes = bend, notes

    def prepare(self, mammogram: Mammogram, landmarks: Landmarks | None) -> Prepared | NotAssessed:
        if landmarks is None or not landmarks.seen("nipple"):
            return UNSEEN
        body = breast_outline(for_display(mammogram).pixels) > 0
        return Prepared(mammogram.about, landmarks, body)

    def __call__(self, cc: Prepared, mlo: Prepared) -> Aligned:
        aligned = Aligned(cc.about, mlo.about, mlo.landmarks.chest_wall, self._bend)
        found = aligned.with_regions()
        aligned.registration = Registration(**{**vars(found), "notes": self._notes})
        return aligned
