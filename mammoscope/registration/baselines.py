"""What a network must surpass: methods without one. Landmarks are handed in by the caller.

- Identity: both views mirrored to one side and brought to one square, as the network takes them.
- Turned: the same, turned by the 45° from which the network's training starts.
- Landmarks: nipple on nipple, and the normal of the CC view's chest wall on that of the MLO view's
  pectoral line, at the true proportions; stretched along the normal too, so that the chest wall
  comes to lie on the muscle.
- The clinic's rule: a lesion lies as far behind the nipple in one view as in the other, measured as
  the arc around the nipple or as the depth along the normal.
"""

from collections.abc import Callable, Iterable, Sequence
from math import ceil
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float

from mammoscope.core import LandmarkName, Landmarks, Point, Side
from mammoscope.errors import UsageError
from mammoscope.image.chest_wall import chest_wall_side
from mammoscope.io.pairs import Pair
from mammoscope.registration.affine import TURN, to_mlo, turning
from mammoscope.registration.evaluate import Area, Chosen, Method, Placed, Points, Seen, Views
from mammoscope.registration.prepare import SIZE, square
from mammoscope.scores.boxes import Box, centres

Two = Float[np.ndarray, "2"]
LEVEL: Final = 0.9
"""The hit rate at which areas to be searched are compared."""
SHORTEST: Final = 1e-6
NOMINAL_SIDE: Final = 240.0
"""What the longest side of an image without spacing is taken for, in mm: a film of 18 × 24 cm."""
Edge = tuple[LandmarkName, LandmarkName]
NIPPLE: Final[LandmarkName] = "nipple"
CHEST_WALL: Final[Edge] = ("chest wall upper", "chest wall lower")
MUSCLE: Final[Edge] = ("pectoral upper", "pectoral lower")


class Axis(NamedTuple):
    """The line behind the nipple, in a view whose chest wall was mirrored to the left.

    Units are mm where both spacings are known, else nominal ones, see `NOMINAL_SIDE`.

    Attributes:
        nipple: (down, across).
        back: Unit vector from the nipple to chest wall or muscle, along the normal.
        length: From the nipple to chest wall or muscle.
        scale: Of a pixel, (down, across); across is negative where the view was mirrored.
    """

    nipple: Two
    back: Two
    length: float
    scale: Two

    def depth(self, points: Points) -> Float[np.ndarray, "*any"]:
        """How far behind the nipple points (row, column) lie along the normal."""
        return np.asarray((points * self.scale - self.nipple) @ self.back)

    def distance(self, points: Points) -> Float[np.ndarray, "*any"]:
        """How far from the nipple points (row, column) lie."""
        return np.asarray(np.linalg.norm(points * self.scale - self.nipple, axis=-1))

    def local(self, points: Points) -> Points:
        """Points (row, column) as (along `back`, to its side), from the nipple."""
        return (points * self.scale - self.nipple) @ np.stack([self.back, _side(self.back)]).T

    def source(self, local: Points) -> Points:
        """The reverse of `local`."""
        return (local @ np.stack([self.back, _side(self.back)]) + self.nipple) / self.scale


Rule = Callable[[Axis, Points], Float[np.ndarray, "*any"]]
COUNTED: Final = 1024
"""Areas are counted on at most so many rows and columns."""
RULES: Final[dict[str, Rule]] = {"arc": Axis.distance, "band": Axis.depth}
"""How far behind the nipple: along an arc around it, or along the normal."""


def identity(views: Views) -> Placed:
    """Mirrored to one side and brought to one square."""
    return _turned(views, 0.0)


def turned(views: Views) -> Placed:
    """The same, turned as the network's training starts."""
    return _turned(views, TURN)


def on_landmarks(views: Views) -> Placed:
    """Nipple on nipple, chest wall parallel to the muscle, at the true proportions."""
    return _aligned(views, stretch=False)


def on_stretched_landmarks(views: Views) -> Placed:
    """The same, stretched behind the nipple so that the chest wall lies on the muscle."""
    return _aligned(views, stretch=True)


def axes(views: Views) -> tuple[Axis, Axis] | None:
    """Of the CC and of the MLO view; None where a landmark that is needed was not seen."""
    spacings = [seen.mammogram.spacing for seen in views]
    known = all(spacings)
    found = []
    for seen, spacing, names in zip(views, spacings, (CHEST_WALL, MUSCLE), strict=True):
        shape = seen.mammogram.pixels.shape
        step = spacing if known and spacing else (NOMINAL_SIDE / max(shape),) * 2
        if seen.landmarks is None or not seen.landmarks.seen(NIPPLE, *names):
            return None
        found.append(_axis(seen.landmarks, names, step))
    return found[0], found[1]


def differences(
    name: str, pairs: Iterable[tuple[Pair, tuple[Axis, Axis] | None]]
) -> list[tuple[str, float]]:
    """How far the nipple distances of lesions differ between the views: woman, and size in mm.

    Args:
        name: ``arc`` or ``band``.
        pairs: With lesions whose matching is certain, and what `axes` found on them.
    """
    found, rule = [], RULES[name]
    for pair, both in pairs:
        if both is None:
            continue
        for lesion in pair.lesions:
            cc, mlo = (
                float(rule(axis, centres(np.array(box, float))))
                for axis, box in zip(both, (lesion.cc, lesion.mlo), strict=True)
            )
            found.append((pair.woman, abs(cc - mlo)))
    return found


def calibrated(name: str, found: Sequence[tuple[str, float]], level: float = LEVEL) -> Chosen:
    """The clinic's rule, as wide as it must be to hold a share of the lesions of other women.

    Args:
        name: ``arc`` or ``band``.
        found: What `differences` found.
        level: The share.
    """

    def chosen(pair: Pair) -> Method:
        others = np.sort([size for woman, size in found if woman != pair.woman])
        if not len(others):
            raise UsageError("a rule is calibrated on other women: name more pairs, got none of others")
        rank = min(ceil(level * (len(others) + 1)), len(others))
        return nipple_rule(name, float(others[rank - 1]))

    return chosen


def nipple_rule(name: str, half_width: float) -> Callable[[Views], Placed]:
    """The clinic's rule as an area to be searched.

    Args:
        name: ``arc`` or ``band``.
        half_width: How far the distance may differ, in the unit of `Axis`.
    """

    def method(views: Views) -> Placed:
        found = axes(views)
        if found is None or views.mlo.mask is None:
            return Placed()
        cc, mlo = found
        body, rule = views.mlo.mask.body, RULES[name]
        every = -(-max(body.shape) // COUNTED)
        lengths = rule(mlo, every * np.argwhere(body[::every, ::every]).astype(float))

        def search(box: Box) -> Area:
            wanted = float(rule(cc, centres(np.array(box, float))))

            def holds(point: Point) -> bool:
                row, column = np.clip(np.rint(point), 0, np.array(body.shape) - 1).astype(int)
                apart = abs(float(rule(mlo, np.array(point, float))) - wanted)
                return bool(body[row, column]) and apart <= half_width

            counted = int((np.abs(lengths - wanted) <= half_width).sum())
            return Area(float(counted * every**2), holds)

        return Placed(search=search)

    return method


def _turned(views: Views, degrees: float) -> Placed:
    cc, mlo = (square(seen.mammogram.frame, SIZE, side_of(seen)) for seen in views)
    return Placed(to_mlo(np.array(turning(degrees)), cc, mlo))


def side_of(seen: Seen) -> Side:
    """The chest wall's side: as the landmarks say, else by the pixels."""
    return seen.landmarks.chest_wall if seen.landmarks else chest_wall_side(seen.mammogram.pixels)


def _aligned(views: Views, *, stretch: bool) -> Placed:
    found = axes(views)
    if found is None:
        return Placed()
    cc, mlo = found
    factor = np.array([mlo.length / cc.length if stretch else 1.0, 1.0])
    return Placed(lambda points: mlo.source(cc.local(points) * factor))


def _axis(landmarks: Landmarks, names: Edge, step: tuple[float, float]) -> Axis:
    mirror = -1.0 if landmarks.chest_wall == "right" else 1.0
    scale = np.array([step[0], mirror * step[1]])
    nipple, upper, lower = (
        np.array(landmarks.points[name].point, float) * scale for name in (NIPPLE, *names)
    )
    along = (lower - upper) / max(float(np.linalg.norm(lower - upper)), SHORTEST)
    back = _side(along) if _side(along)[1] < 0 else -_side(along)
    length = float((upper - nipple) @ back)
    return Axis(nipple, back, max(length, SHORTEST), scale)


def _side(vector: Two) -> Two:
    """A quarter turn of (down, across): from right to up."""
    return np.array([-vector[1], vector[0]])
