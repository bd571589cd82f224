"""Positioning as plain JSON, and how it is told in a word, a figure or a line."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
from jaxtyping import Float

from mammoscope.core import (
    About,
    Criterion,
    ExamPositioning,
    Landmark,
    Line,
    Outcome,
    Positioning,
    Spacing,
)
from mammoscope.measures.uncertainty import half_axes

NINE_OF_TEN: Final = 4.605
"""Squared Mahalanobis distance of the ellipse that holds 90 % of a plane's normal points."""
SEVERITY: Final[tuple[Outcome, ...]] = ("fail", "borderline", "pass")


def positioning_document(answer: Positioning, about: About | None) -> dict[str, Any]:
    """How one image is positioned, its points in source pixels."""
    spacing = about.spacing if about else None
    marks = answer.landmarks
    return {
        "status": "result",
        "profile": answer.profile,
        "outcome": worst(answer.criteria),
        "criteria": [criterion_document(one) for one in answer.criteria],
        "landmarks": {name: landmark_document(one, spacing) for name, one in marks.points.items()},
        "in_profile": None if marks.in_profile is None else round(marks.in_profile, 4),
        "chest_wall": marks.chest_wall,
        "lines": [_line(one) for one in answer.lines],
        "scale": marks.scale,
        "weights": marks.weights,
    }


def exam_positioning_document(answer: ExamPositioning) -> dict[str, Any]:
    """How the views of an exam fit together."""
    return {
        "status": "result",
        "profile": answer.profile,
        "breasts": {side: _criteria(answer.breasts[side]) for side in sorted(answer.breasts)},
        "woman": _criteria(answer.woman),
        "grades": dict(answer.grades),
    }


def criterion_document(criterion: Criterion) -> dict[str, Any]:
    """A quantity with its verdict; numbers keep three decimals."""
    measured = criterion.measurement
    value = measured.value
    return {
        "name": measured.name,
        "value": round(value, 3) if isinstance(value, float) else value,
        "unit": measured.unit,
        "sd": None if measured.sd is None else round(measured.sd, 3),
        "threshold": criterion.threshold,
        "outcome": criterion.outcome,
        "reason": criterion.reason or measured.reason,
        "advice": criterion.advice,
    }


def landmark_document(landmark: Landmark, spacing: Spacing | None) -> dict[str, Any]:
    """A point with its uncertainty: standard deviations down and across, the 90 % ellipse."""
    said: dict[str, Any] = {"point": None, "shown": round(landmark.shown, 4)}
    if landmark.point is None:
        return said | {"sd_px": None, "sd_mm": None, "covariance": None, "ellipse": None}
    sd = np.sqrt(np.diag(np.asarray(landmark.covariance, dtype=np.float64)))
    step = spacing and np.array([spacing.row, spacing.column])
    return said | {
        "point": [round(float(place), 2) for place in landmark.point],
        "sd_px": sd.round(3).tolist(),
        "sd_mm": None if step is None else (sd * step).round(3).tolist(),
        "covariance": np.round(landmark.covariance, 4).tolist(),
        "ellipse": _ellipse(landmark),
    }


def ellipse_axes(landmark: Landmark) -> Float[np.ndarray, "2 2"]:
    """Half axes (row, column) of the ellipse of 90 % in source pixels, the shorter first."""
    return np.sqrt(NINE_OF_TEN) * half_axes(np.array(landmark.covariance, dtype=np.float64))


def worst(criteria: Iterable[Criterion]) -> Outcome:
    """The outcome that decides: a fail before a borderline before a pass.

    ``not assessable`` is the worst outcome only where nothing that has a threshold was assessed.
    """
    found = {one.outcome for one in criteria if one.threshold}
    return next((outcome for outcome in SEVERITY if outcome in found), "not assessable")


def _criteria(criteria: tuple[Criterion, ...]) -> dict[str, Any]:
    return {
        "outcome": worst(criteria),
        "criteria": [criterion_document(one) for one in criteria],
    }


def _ellipse(landmark: Landmark) -> dict[str, float]:
    minor, major = ellipse_axes(landmark)
    angle = np.degrees(np.arctan2(*major)) % 180
    return {
        "major_px": round(float(np.linalg.norm(major)), 2),
        "minor_px": round(float(np.linalg.norm(minor)), 2),
        "angle_deg": round(float(angle), 1) % 180,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "points": [[round(float(place), 2) for place in point] for point in line.points],
    }
