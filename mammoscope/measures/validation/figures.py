"""Scores judged by outcomes: how well they tell cancers from others, and whether they hold."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from jaxtyping import Bool, Float

from mammoscope.measures.validation.levels import Level, Unit, known, outcomes, scores, women
from mammoscope.scores.calibration import Bin, brier, expected_error, reliability
from mammoscope.scores.intervals import Interval, bootstrap
from mammoscope.scores.roc import auc_interval, roc

POINT: Final = "threshold_"
"""What the names of operating points on a card begin with."""
REPEATS: Final = 1000
DECISIONS: Final = tuple(round(0.01 * step, 2) for step in range(1, 81))
"""Thresholds of the decision curve."""
Scores = Float[np.ndarray, " n"]
Outcomes = Bool[np.ndarray, " n"]


@dataclass(frozen=True)
class Point:
    """An operating point: what scores as high or higher is called high.

    Attributes:
        name: How it was chosen.
        threshold: 0–1.
        sensitivity: Share of cancers that are called high.
        specificity: Share of others that are not.
        above: Share of all that are.
    """

    name: str
    threshold: float
    sensitivity: Interval
    specificity: Interval
    above: float


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
        thresholds: Of the decision curve.
        benefit: Its net benefit at each.
        benefit_of_all: The same of calling all high.
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
    thresholds: tuple[float, ...] = ()
    benefit: tuple[float, ...] = ()
    benefit_of_all: tuple[float, ...] = ()
    points: tuple[Point, ...] = ()


def figures(
    members: Sequence[Unit], level: Level, thresholds: Mapping[str, float] | None = None
) -> Figures:
    """Judge scores by the outcomes that are known.

    Args:
        members: From `mammoscope.measures.validation.levels.units`.
        level: What they are.
        thresholds: Operating points by name.
    """
    counted = known(members)
    said, true, drawn = scores(counted), outcomes(counted), women(counted)
    found = Figures(level, len(counted), len(set(drawn)), int(true.sum()), len(members) - len(counted))
    return _judged(found, said, true, drawn, thresholds or {})


def operating_points(calibration: Mapping[str, float]) -> dict[str, float]:
    """The operating points of a card's calibration, by what chose them.

    Example:
        >>> operating_points({"scale": 1.0, "threshold_f1": 0.4})
        {'f1': 0.4}
    """
    return {
        name.removeprefix(POINT).replace("_", " "): value
        for name, value in calibration.items() if name.startswith(POINT)
    }  # fmt: skip


def _judged(
    found: Figures, said: Scores, true: Outcomes, drawn: Sequence[Hashable],
    thresholds: Mapping[str, float],
) -> Figures:  # fmt: skip
    if not found.counted:
        return replace(found, why=f"no AUC: no {found.level} has a known outcome")
    found = replace(found, brier=brier(said, true), error=expected_error(said, true))
    if not 0 < found.cancers < found.counted:
        only = "have cancer" if found.cancers else "have none"
        return replace(found, why=f"no AUC: all {found.counted} with a known outcome {only}")

    return replace(
        found,
        auc=auc_interval(said, true, drawn, REPEATS),
        roc=roc(said, true),
        bins=reliability(said, true),
        thresholds=DECISIONS,
        benefit=tuple(net_benefit(said, true, at) for at in DECISIONS),
        benefit_of_all=tuple(net_benefit(np.ones_like(said), true, at) for at in DECISIONS),
        points=tuple(_point(name, at, said, true, drawn) for name, at in thresholds.items()),
    )


def _point(
    name: str, threshold: float, said: Scores, true: Outcomes, drawn: Sequence[Hashable]
) -> Point:
    high = said >= threshold

    def share(right: np.ndarray, of: Outcomes) -> Interval:
        values = np.where(of, right, np.nan).astype(float)
        return bootstrap(values, drawn, repeats=REPEATS)

    return Point(name, threshold, share(high, true), share(~high, ~true), float(high.mean()))


def net_benefit(said: Scores, true: Outcomes, threshold: float) -> float:
    """Cancers called high less the others called high, which weigh the odds of the threshold.

    Source:
        Vickers and Elkin, Decision curve analysis, Medical Decision Making 26:565-574 (2006).
    """
    high = said >= threshold
    false = (high & ~true).sum() * threshold / (1 - threshold)
    return float(((high & true).sum() - false) / len(said))
