"""Two mammograms of a breast to their warp and their search regions. No torch."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from jaxtyping import Float, Float32

from mammoscope.core import (
    OTHER,
    Landmarks,
    Mammogram,
    NotAssessed,
    PairView,
    Point,
    Registration,
    SearchRegion,
    Warp,
)
from mammoscope.errors import WeightsError
from mammoscope.registration.guided.frame import NO_NIPPLE, Prepared, prepare
from mammoscope.registration.guided.layout import CLASSES, VIEWS, said
from mammoscope.registration.guided.search import Pair
from mammoscope.runtime import Session

EVERY_MM: Final = 10
"""Distance, in the common frame, of the points whose regions a registration holds."""
OTHER_VIEW: Final = NotAssessed("not a CC or MLO view")


class Registrar:
    """The registration room at work: prepare each view, then call it with both.

    Args:
        session: The guided network that ships.

    Raises:
        WeightsError: If the network answers with something else.
    """

    def __init__(self, session: Session) -> None:
        if session.card.classes != CLASSES:
            raise WeightsError(
                f"{session.identity} was expected to answer with {', '.join(CLASSES)}, its card names "
                f"{', '.join(session.card.classes)}: train a guided network"
            )
        self._session = session

    def prepare(self, mammogram: Mammogram, landmarks: Landmarks | None) -> Prepared | NotAssessed:
        """One view in the common frame: all that has to be kept of it.

        Args:
            mammogram: A CC or MLO view.
            landmarks: Its own; None where there are none.
        """
        view = mammogram.about.view.value if mammogram.about.view else None
        if view not in VIEWS:
            return OTHER_VIEW
        if landmarks is None:
            return NO_NIPPLE
        return prepare(mammogram, landmarks, view, self._session.card.input.raw)

    def __call__(self, cc: Prepared, mlo: Prepared) -> "Aligned":
        """Lay the CC view of a breast on its MLO view."""
        answer = self._session.run(stacked((cc, mlo)))[0]
        calibration = self._session.card.calibration
        pair = Pair({"CC": cc, "MLO": mlo}, said(answer), calibration)
        return Aligned(pair, pair.warp(), self._session.identity)


@dataclass(frozen=True, eq=False)
class Aligned:
    """Two views on each other, to be asked for the partner of any point.

    Attributes:
        pair: What the network says of both.
        warp: From the MLO view to the CC view.
        weights: Name and SHA-256 of the weights.
    """

    pair: Pair
    warp: Warp
    weights: str

    @cached_property
    def registration(self) -> Registration:
        """The warp, and the regions of points all over each breast."""
        cc, mlo = (self.pair.views[view] for view in VIEWS)
        return Registration(
            laterality=cc.laterality or mlo.laterality,
            cc=cc.name,
            mlo=mlo.name,
            warp=self.warp,
            regions={view: tuple(self._all_over(view)) for view in VIEWS},
            scale="spacing" if cc.scale == mlo.scale == "spacing" else "nominal",
            weights=self.weights,
        )

    def search(
        self, view: PairView, point: Point, size: tuple[float, float] | None = None
    ) -> SearchRegion:
        """Where the partner of a point lies on the other view.

        Args:
            view: The view on which the point lies.
            point: In that view's source pixels.
            size: Height and width of the box whose middle the point is; None: a point.
        """
        (warped,) = self.through_warp(view, [point])
        return self.pair.search(view, point, size, warped)

    def through_warp(self, view: PairView, points: Sequence[Point]) -> list[Point]:
        """Points of a view on the other one, by the warp alone."""
        there = (self.warp.to_fixed if view == "CC" else self.warp.to_moving)(np.array(points, float))
        return [(float(row), float(column)) for row, column in there]

    def _all_over(self, view: PairView) -> Iterator[SearchRegion]:
        points = spread_over(self.pair.views[view])
        for point, warped in zip(points, self.through_warp(view, points), strict=True):
            yield self.pair.search(view, point, None, warped)

    def log_probability(
        self,
        view: PairView,
        points: Float[np.ndarray, "asked 2"],
        candidates: Float[np.ndarray, "candidates 2"],
    ) -> Float[np.ndarray, "asked candidates"]:
        """Logarithm of the probability that a cell holds the partner, of 4 mm in the common frame.

        Args:
            view: The view on which the points lie.
            points: In that view's source pixels.
            candidates: In the other view's source pixels.
        """
        places = self.pair.views[OTHER[view]].frame.from_source(candidates)
        return self.pair.at_places(view, points, places)


def stacked(views: Sequence[Prepared]) -> Float32[np.ndarray, "1 2 rows columns"]:
    """CC and MLO as the network takes them."""
    return np.stack([view.pixels for view in views]).astype(np.float32)[None]


def spread_over(view: Prepared) -> list[Point]:
    """Points of the breast in source pixels, on a lattice of the common frame."""
    down, across = (np.arange(EVERY_MM // 2, size, EVERY_MM) for size in view.body.shape)
    inside = np.argwhere(view.body[np.ix_(down, across)]) * EVERY_MM + EVERY_MM // 2
    source = view.frame.to_source(inside.astype(float))
    within = ((source >= 0) & (source <= np.array(view.frame.source) - 1)).all(axis=1)
    return [(float(row), float(column)) for row, column in source[within]]
