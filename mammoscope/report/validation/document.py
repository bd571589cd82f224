"""A validation as JSON, and its scores as CSV."""

import csv
import io
from collections.abc import Sequence
from typing import Any, Final

from mammoscope.measures.validation.drifted import Moved
from mammoscope.measures.validation.figures import Figures, Point
from mammoscope.measures.validation.scored import Scored
from mammoscope.measures.validation.summary import Group, Validation
from mammoscope.report.document import NOTICE
from mammoscope.scores.intervals import Interval

SCHEMA: Final = "mammoscope/validation-1"
COLUMNS: Final = (
    "dataset", "image", "woman", "laterality", "view", "cancer", "density", "age", "machine", "score",
    "unlike", "failed",
)  # fmt: skip
DIGITS: Final = 4


def validation_document(found: Validation) -> dict[str, Any]:
    """What the page shows, as plain JSON values; a number that is not known is null."""
    return {
        "schema": SCHEMA,
        "notice": NOTICE,
        "weights": found.weights,
        "scored_by": list(found.scored_by),
        "learnt_from": list(found.learnt_from),
        "not_for": list(found.not_for),
        "datasets": list(found.datasets),
        "images": found.images,
        "scored": found.scored,
        "women": found.women,
        "failed": dict(found.failed),
        "left_out": dict(found.left_out),
        "levels": {one.level: _figures(one) for one in found.levels},
        "groups": {by: [_group(one) for one in members] for by, members in found.groups.items()},
        "drift": {
            "inputs": [_moved(one) for one in found.drift.inputs],
            "scores": None if found.drift.scores is None else _moved(found.drift.scores),
            "unlike": found.drift.unlike,
            "judged": found.drift.judged,
        },
        "advice": list(found.advice),
    }


def scores_csv(rows: Sequence[Scored]) -> str:
    """A line for each image."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(COLUMNS)
    for one in rows:
        numbers = [_cell(one.score), _cell(one.unlike)]
        cancer = "" if one.cancer is None else int(one.cancer)
        lines.writerow([
            one.dataset, one.image, one.woman, one.laterality, one.view, cancer, one.density,
            "" if one.age is None else f"{one.age:g}", one.machine, *numbers, one.failed,
        ])  # fmt: skip
    return text.getvalue()


def _figures(one: Figures) -> dict[str, Any]:
    return {
        "counted": one.counted,
        "women": one.women,
        "cancers": one.cancers,
        "unknown": one.unknown,
        "auc": _interval(one.auc),
        "brier": _rounded(one.brier),
        "calibration_error": _rounded(one.error),
        "why": one.why,
        "points": [_point(point) for point in one.points],
        "reliability": [part._asdict() for part in one.bins],
        "decision_curve": [
            {
                "threshold": at.threshold, "net_benefit": _interval(at.benefit),
                "of_all": _rounded(at.of_all), "gain": _interval(at.gain),
            }
            for at in one.curve
        ],
    }  # fmt: skip


def _point(one: Point) -> dict[str, Any]:
    done = one.achieved
    return {
        "name": one.name,
        "chosen_here": one.here,
        "threshold": {
            "estimate": _told(done.threshold), "low": _told(one.low), "high": _told(one.high),
        },
        "sensitivity": _interval(done.sensitivity),
        "specificity": _interval(done.specificity),
        "recall_rate": _interval(done.recall_rate),
        "ppv": _interval(done.ppv),
    }  # fmt: skip


def _group(one: Group) -> dict[str, Any]:
    return {
        "name": one.name,
        "images": one.images,
        "women": one.women,
        "median_score": _rounded(one.median),
        "unlike": one.unlike,
        "image": _figures(one.image),
        "breast": _figures(one.breast),
    }


def _moved(one: Moved) -> dict[str, Any]:
    return {
        "name": one.name,
        "median_before": _rounded(one.before),
        "median_now": _rounded(one.now),
        "deviations": _rounded(one.steps),
        "distance": _rounded(one.drift.distance),
        "chance": _rounded(one.drift.chance),
        "verdict": one.drift.verdict,
    }


def _interval(found: Interval | None) -> dict[str, float | None] | None:
    if found is None:
        return None
    return {name: _rounded(value) for name, value in found._asdict().items()}


def _told(value: float) -> float | None:
    """As it is: a threshold that is rounded may call back another image."""
    return None if value != value else float(value)


def _rounded(value: float | None) -> float | None:
    return None if value is None or value != value else round(float(value), DIGITS)


def _cell(value: float) -> str:
    return "" if value != value else f"{value:.{DIGITS}f}"
