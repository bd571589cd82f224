"""Scores judged by outcomes: how well they tell cancers from others, and whether they hold."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from jaxtyping import Bool, Float

from mammoscope.core.card import POINT_WORDS
from mammoscope.errors import UsageError
from mammoscope.measures.validation.levels import Level, Unit, known, outcomes, scores, women
from mammoscope.scores.calibration import Bin, brier, expected_error, reliability
from mammoscope.scores.decision import Benefit, decision_curve
from mammoscope.scores.intervals import Interval
from mammoscope.scores.operating import Achieved, achieved, by_f1, by_recall_rate, by_sensitivity
from mammoscope.scores.roc import auc_interval, roc

REPEATS: Final = 1000
Scores = Float[np.ndarray, " n"]
Outcomes = Bool[np.ndarray, " n"]


@dataclass(frozen=True)
class Asked:
    """What operating points chosen here must do.

    Attributes:
        recall_rate: Share of all that one calls back at most.
        sensitivity: Share of cancers that another calls back at least.

    Raises:
        UsageError: If one is not in 0–1.
    """

    recall_rate: float = 0.1
    sensitivity: float = 0.9

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not 0 <= value <= 1:
                raise UsageError(f"a {name.replace('_', ' ')} of 0 to 1 was expected, got {value:g}")


USUAL: Final = Asked()


@dataclass(frozen=True)
class Point:
    """An operating point: what scores as high or higher is called back.

    Attributes:
        name: What chose it.
        here: Whether these scores did, where it looks better than on others.
        low: Where its interval begins, women drawn.
        high: Where it ends.
        achieved: What it does here.
    """

    name: str
    here: bool
    low: float
    high: float
    achieved: Achieved


@dataclass(frozen=True)
class Figures:
    """How scores of one level do.

    Attributes:
        level: Images, breasts or women.
        counted: How many have a known outcome.
        women: How many women these are of.
        cancers: How many have cancer.
        unknown: How many have a score and no known outcome.
        auc: Area under the ROC curve, women drawn; None where it cannot be told.
        brier: Brier score; None likewise.
        error: Expected calibration error in ten parts of equal counts; None likewise.
        why: Why they cannot be told; empty where they can.
        roc: Corners of the curve: false-positive and true-positive rates.
        bins: The reliability curve.
        curve: The decision curve.
        points: Operating points.
    """

    level: Level
    counted: int
    women: int
    cancers: int
    unknown: int
    auc: Interval | None = None
    brier: float | None = None
    error: float | None = None
    why: str = ""
    roc: tuple[tuple[float, float], ...] = ()
    bins: tuple[Bin, ...] = ()
    curve: tuple[Benefit, ...] = ()
    points: tuple[Point, ...] = ()


def figures(members: Sequence[Unit], level: Level) -> Figures:
    """Judge scores by the outcomes that are known: areas and calibration, without curves and points.

    Args:
        members: From `mammoscope.measures.validation.levels.units`.
        level: What they are.
    """
    counted = known(members)
    said, true, drawn = scores(counted), outcomes(counted), women(counted)
    found = Figures(level, len(counted), len(set(drawn)), int(true.sum()), len(members) - len(counted))
    if not counted:
        return replace(found, why=f"no AUC: no {level} has a known outcome")
    found = replace(found, brier=brier(said, true), error=expected_error(said, true))
    if not 0 < found.cancers < found.counted:
        only = "have cancer" if found.cancers else "have none"
        return replace(found, why=f"no AUC: all {found.counted} with a known outcome {only}")
    return replace(found, auc=auc_interval(said, true, drawn, REPEATS))


def with_curves(
    found: Figures, members: Sequence[Unit], thresholds: Mapping[str, Interval], asked: Asked = USUAL
) -> Figures:
    """The same with curves and operating points, where there are outcomes of both kinds.

    Args:
        found: From `figures`.
        members: That were judged.
        thresholds: Operating points of a card with their intervals, by name.
        asked: What others, chosen here, must do.
    """
    if found.auc is None:
        return found
    counted = known(members)
    said, true, drawn = scores(counted), outcomes(counted), women(counted)
    ours = [
        Point(name, False, at.low, at.high, achieved(at.estimate, said, true, drawn, REPEATS))
        for name, at in thresholds.items()
    ]
    chosen = (
        by_f1(said, true, drawn, REPEATS),
        by_recall_rate(asked.recall_rate, said, true, drawn, REPEATS),
        by_sensitivity(asked.sensitivity, said, true, drawn, REPEATS),
    )
    here = [
        Point(_words(one.name), True, one.threshold.low, one.threshold.high, one.achieved)
        for one in chosen
    ]
    return replace(
        found,
        roc=roc(said, true),
        bins=reliability(said, true),
        curve=decision_curve(said, true, drawn, repeats=REPEATS),
        points=(*ours, *here),
    )


def operating_points(calibration: Mapping[str, float]) -> dict[str, Interval]:
    """The operating points of a card's calibration, by what chose them; without interval itself alone.

    Example:
        >>> operating_points({"scale": 1.0, "threshold_f1": 0.4, "low_f1": 0.3, "high_f1": 0.5})
        {'f1': Interval(estimate=0.4, low=0.3, high=0.5)}
    """
    at, *ends = POINT_WORDS
    names = [name.removeprefix(at) for name in calibration if name.startswith(at)]
    return {
        _words(name): Interval(
            calibration[at + name],
            *(calibration.get(end + name, calibration[at + name]) for end in ends),
        )
        for name in names
    }


def _words(name: str) -> str:
    return name.replace("_", " ")
