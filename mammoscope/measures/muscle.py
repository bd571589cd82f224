"""The pectoral muscle's own shape, from its outline.

The border between muscle and breast is one column a row; a parabola through it gives its bow: how
far its middle lies in front of the chord between its ends. In front is towards the nipple, so that
a convex muscle has a positive bow on either side of the body.
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float

from mammoscope.core import BREAST, PECTORAL, About, Landmarks, Measurement, Segmentation, View

OBLIQUE: Final[frozenset[View]] = frozenset({"MLO", "LMO", "ML", "LM"})
STRAIGHT: Final = 2.0
"""Bow in % of the chord, on either side of 0, that is called straight."""
BOW_SD: Final = 1.3
ROWS: Final = 800
SHORT: Final = 0.1
ROUGH: Final = 1.5
LEAST: Final = 0.2
FOLLOWED: Final = 0.6
GAP: Final = 0.2


class Border(NamedTuple):
    """A border along its chord.

    Attributes:
        along: Places on the chord, from 0 at its upper end to 1.
        ahead: Distances from the pectoral line in % of the chord, positive towards the nipple.
    """

    along: Float[np.ndarray, " n"]
    ahead: Float[np.ndarray, " n"]


def shape(segmentation: Segmentation, landmarks: Landmarks, about: About) -> Measurement:
    """The muscle's border in a word: ``convex`` towards the nipple, ``straight`` or ``concave``."""
    number = bow(segmentation, landmarks, about)
    if not isinstance(number.value, float):
        return Measurement("pectoral shape", None, reason=number.reason)
    if abs(number.value) <= STRAIGHT:
        return Measurement("pectoral shape", "straight")
    return Measurement("pectoral shape", "convex" if number.value > 0 else "concave")


def bow(segmentation: Segmentation, landmarks: Landmarks, about: About) -> Measurement:
    """How far the middle of the muscle's border lies in front of its chord, in % of the chord.

    The border's ends are those of the pectoral line where it is seen, else the outline's own.
    """
    border = _border(segmentation, landmarks, about)
    if isinstance(border, str):
        return Measurement("pectoral bow", None, "%", reason=border)
    first = np.polyfit(border.along, border.ahead, 2)
    away = np.abs(border.ahead - np.polyval(first, border.along))
    parabola = np.polyfit(border.along, border.ahead, 2, w=np.maximum(away, LEAST) ** -0.5)
    rough = float(np.median(np.abs(border.ahead - np.polyval(parabola, border.along))))
    if rough > ROUGH:
        return Measurement("pectoral bow", None, "%", reason="the muscle's border is too rough")
    return Measurement("pectoral bow", -float(parabola[0]) / 4, "%", float(np.hypot(BOW_SD, rough)))


def _border(segmentation: Segmentation, landmarks: Landmarks, about: About) -> Border | str:
    """The part of the border that is looked at, or why there is none."""
    if about.view is not None and about.view.value not in OBLIQUE:
        return "not an oblique view"
    labels = segmentation.mask.labels
    if not (labels == PECTORAL).any():
        return "no muscle in the outline"
    scale = _scale(about)
    points = front(labels, landmarks.chest_wall == "right") * scale
    if len(points) < 3:
        return "the outline has no border between muscle and breast"
    ends = [landmarks.points[name].point for name in ("pectoral upper", "pectoral lower")]
    seen = [end for end in ends if end is not None]
    first, last = np.array(seen) * scale if len(seen) == 2 else (points[0], points[-1])
    return _along(points, first, last, labels.shape[0] * scale[0], landmarks.chest_wall == "right")


def _along(
    points: Float[np.ndarray, "n 2"],
    first: Float[np.ndarray, " 2"],
    last: Float[np.ndarray, " 2"],
    height: float,
    right: bool,
) -> Border | str:
    length = float(np.linalg.norm(last - first))
    if length < SHORT * height:
        return "the muscle's border is too short to have a shape"
    u = (last - first) / length
    normal = np.array([-u[1], u[0]]) * (-1 if right else 1)
    along, ahead = (points - first) @ u, (points - first) @ normal
    kept = (along >= 0) & (along <= length)
    if kept.sum() < 3 or np.ptp(along[kept]) < FOLLOWED * length:
        return "the outline's muscle does not follow the pectoral line"
    place, chord = along[kept], float(np.ptp(along[kept]))
    if np.diff(np.sort(place)).max() > GAP * chord:
        return "the outline's muscle is in pieces along the pectoral line"
    return Border((place - place.min()) / chord, 100 * ahead[kept] / chord)


def front(labels: np.ndarray, right: bool) -> Float[np.ndarray, "n 2"]:
    """Points (row, column) of the border between muscle and breast, one a row, from the top.

    Args:
        labels: 0 background, 1 breast, 2 muscle.
        right: Whether the chest wall lies on the right.
    """
    step = max(1, labels.shape[0] // ROWS)
    turned = labels[::step, ::-1] if right else labels[::step]
    columns = turned.shape[1]
    muscle = turned == PECTORAL
    last = columns - 1 - muscle[:, ::-1].argmax(axis=1)
    after = turned[np.arange(len(turned)), np.minimum(last + 1, columns - 1)]
    rows = np.flatnonzero(muscle.any(axis=1) & (last < columns - 1) & (after == BREAST))
    across = last[rows] + 0.5
    return np.column_stack([rows * step, columns - 1 - across if right else across]).astype(float)


def _scale(about: About) -> Float[np.ndarray, " 2"]:
    """Rows and columns in mm; pixels are square where nobody says otherwise."""
    spacing = about.spacing
    return np.array([spacing.row, spacing.column] if spacing else [1.0, 1.0])
