"""Every quantity of positioning that follows from landmarks, with its uncertainty.

Formulas: Bassett et al., Radiology 188:803-806 (1993) for the posterior nipple line; the positioning
paper's section 2.2 for its foot; docs/positioning-criteria.md for the rest.
"""

from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

import numpy as np
from jaxtyping import Float

from mammoscope.core import Landmarks, Measurement, Segmentation
from mammoscope.errors import GeometryError
from mammoscope.measures import lines
from mammoscope.measures.checks import LIMITS
from mammoscope.measures.scene import DOWN, MIDDLE, WALL, Scene, wall_of
from mammoscope.measures.uncertainty import Points, standard_deviation
from mammoscope.scores.landmarks import foot

NO_SPACING: Final = "no spacing"
NO_OUTLINE: Final = "the breast is not outlined"
NOT_LOOKED_FOR: Final = "the network does not look for it"
DIGITS: Final = 6
"""Values are rounded to a nanometre: less than that is arithmetic, and must decide no verdict."""
LIKELY, UNLIKELY = 0.9, 0.1
"""A probability from the one on is a yes, up to the other a no (ours)."""

MUSCLE: Final = ("pectoral upper", "pectoral lower")
MISSING: Final[Mapping[str, str]] = {
    "nipple": "the nipple is not seen",
    "pectoral upper": "the pectoral muscle is not seen",
    "pectoral lower": "the pectoral muscle is not seen",
    WALL: "the chest-wall edge is not seen",
    MIDDLE: "the breast at the chest wall is not outlined",
}


class Quantity(NamedTuple):
    """A number of one image.

    Attributes:
        name: Of the measurement.
        unit: ``mm``; ``°``; or ``mm or %``: of the image's height where the spacing is unknown.
        needs: Points that must be seen.
        value: Of points and the image's size, as `Scene` has them.
    """

    name: str
    unit: Literal["mm", "°", "mm or %"]
    needs: tuple[str, ...]
    value: Callable[[Points, Float[np.ndarray, " 2"]], float]


def measure(quantity: Quantity, scene: Scene) -> Measurement:
    """The value of a quantity and its standard deviation, or the reason why there is none."""
    either = "mm" if scene.in_mm else "%"
    unit = either if quantity.unit == "mm or %" else quantity.unit
    if unit == "mm" and not scene.in_mm:
        return Measurement(quantity.name, None, unit, reason=NO_SPACING)
    missing = [name for name in quantity.needs if name not in scene.points]
    if missing:
        return Measurement(quantity.name, None, unit, reason=MISSING[missing[0]])

    def value(points: Points) -> float:
        return quantity.value(points, scene.size)

    factor = 100 / float(scene.size[0]) if unit == "%" else 1.0
    try:
        number, sd = value(scene.points), standard_deviation(value, scene.points, scene.covariances)
    except GeometryError:
        return Measurement(quantity.name, None, unit, reason="its points give no line")
    return Measurement(quantity.name, round(factor * number, DIGITS), unit, round(factor * sd, DIGITS))


def in_profile(landmarks: Landmarks) -> Measurement:
    """Whether the nipple is in profile: ``in profile``, ``not in profile``, ``uncertain``."""
    name = "nipple in profile"
    if not landmarks.seen("nipple"):
        return Measurement(name, None, reason=MISSING["nipple"])
    if landmarks.in_profile is None:
        return Measurement(name, None, reason=NOT_LOOKED_FOR)
    return Measurement(name, _word(landmarks.in_profile, "in profile"))


def fold_shown(landmarks: Landmarks) -> Measurement:
    """Whether the inframammary fold is shown: ``shown``, ``not shown``, ``uncertain``.

    A probability of exactly 0 is that of a network that does not look for it.
    """
    fold = landmarks.points["inframammary fold"]
    if fold.shown == 0:
        return Measurement("inframammary fold", None, reason=NOT_LOOKED_FOR)
    return Measurement("inframammary fold", _word(fold.shown, "shown"))


def muscle_seen(segmentation: Segmentation | None) -> Measurement:
    """Whether the outline of a CC view holds a pectoral muscle: ``seen`` or ``not seen``."""
    name = "pectoral muscle seen"
    body = segmentation.breast_px + segmentation.pectoral_px if segmentation else 0
    if segmentation is None or not body:
        return Measurement(name, None, reason=NO_OUTLINE)
    share = segmentation.pectoral_px / body
    return Measurement(name, "seen" if share >= LIMITS.no_muscle else "not seen")


def _word(probability: float, word: str) -> str:
    if probability >= LIKELY:
        return word
    return f"not {word}" if probability <= UNLIKELY else "uncertain"


def _foot_inside(points: Points, size: Float[np.ndarray, " 2"]) -> float:
    return lines.inside_by(foot(points["nipple"], *_muscle(points)), size)


def _nipple_line(points: Points, size: Float[np.ndarray, " 2"]) -> float:
    end = lines.nipple_line_end(points["nipple"], *_muscle(points), size, wall_of(points))
    return float(np.linalg.norm(end - points["nipple"]))


def _width(points: Points, size: Float[np.ndarray, " 2"]) -> float:
    crossing = lines.at_row(0.0, *_muscle(points))
    return lines.distance(crossing, *_wall(points))


def _wall(points: Points) -> tuple[np.ndarray, np.ndarray]:
    return points[WALL], points[WALL] + points[DOWN]


def _down(points: Points) -> tuple[np.ndarray, np.ndarray]:
    """A line along the chest-wall edge, wherever it lies."""
    return np.zeros(2), points[DOWN]


def _muscle(points: Points) -> tuple[np.ndarray, np.ndarray]:
    return points[MUSCLE[0]], points[MUSCLE[1]]


OBLIQUE: Final = (
    Quantity("posterior nipple line", "mm", ("nipple", *MUSCLE), _nipple_line),
    Quantity("foot inside image", "mm or %", ("nipple", *MUSCLE), _foot_inside),
    Quantity(
        "pectoral gap", "mm", ("nipple", *MUSCLE),
        lambda points, size: lines.pectoral_gap(points["nipple"], *_muscle(points)),
    ),
    Quantity(
        "pectoral level", "mm", ("nipple", "pectoral lower"),
        lambda points, size: lines.along(points["pectoral lower"], points["nipple"], *_down(points)),
    ),
    Quantity(
        "pectoral length", "mm", MUSCLE,
        lambda points, size: float(np.linalg.norm(np.subtract(*_muscle(points)))),
    ),
    Quantity(
        "pectoral angle", "°", MUSCLE,
        lambda points, size: lines.angle_between(_muscle(points), _down(points)),
    ),
    Quantity("pectoral width", "mm", (*MUSCLE, WALL), _width),
)  # fmt: skip
"""Of an MLO view."""

FROM_ABOVE: Final = (
    Quantity(
        "posterior nipple line", "mm", ("nipple", WALL),
        lambda points, size: abs(lines.distance(points["nipple"], *_wall(points))),
    ),
    Quantity(
        "nipple angle", "°", ("nipple", MIDDLE),
        lambda points, size: lines.nipple_angle(points["nipple"], points[MIDDLE], _wall(points)),
    ),
    Quantity(
        "nipple centring", "mm", ("nipple", MIDDLE),
        lambda points, size: lines.along(points["nipple"], points[MIDDLE], *_wall(points)),
    ),
)  # fmt: skip
"""Of a CC view."""
