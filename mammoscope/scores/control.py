"""Whether a rate moves by more than chance: a p-chart with exact limits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from scipy.stats import binom, norm

from mammoscope.errors import UsageError

Signal = Literal["", "above", "below", "run above", "run below"]

TAIL: Final = float(norm.sf(3))
"""Chance of a point beyond one limit while nothing has changed: that of 3 standard deviations."""
RUN: Final = 8


@dataclass(frozen=True)
class Point:
    """One period on a chart.

    Attributes:
        label: The period: ``2024-W05``.
        events: How many failed.
        total: Of how many.
        low: The lowest rate that chance explains.
        high: The highest rate that chance explains.
        signal: ``above`` or ``below`` where the rate lies beyond a limit; ``run above`` or
            ``run below`` where it ends eight or more periods on one side; else empty.
    """

    label: str
    events: int
    total: int
    low: float
    high: float
    signal: Signal

    @property
    def rate(self) -> float:
        """The share that failed."""
        return self.events / self.total


@dataclass(frozen=True)
class Chart:
    """Periods in order, and the rate of all of them together.

    Attributes:
        centre: Events of all periods over their totals; NaN without periods.
        points: Those periods in which something was counted.
    """

    centre: float
    points: tuple[Point, ...]

    @property
    def signals(self) -> tuple[Point, ...]:
        """The points that chance does not explain."""
        return tuple(point for point in self.points if point.signal)


def p_chart(counts: Mapping[str, tuple[int, int]]) -> Chart:
    """A p-chart whose limits are exact for any number counted.

    The limits are the outermost rates of which neither tail of the binomial distribution is rarer
    than one tail beyond three standard deviations of a normal one (0.00135). With many counted
    they become the usual three-sigma limits; with few, those would alarm too often above and
    never below.

    Args:
        counts: Events and total by period, in order of time; periods of which nothing was counted
            are left out.

    Raises:
        UsageError: If there are more events than counted.

    Example:
        >>> p_chart({"2024-W01": (1, 10), "2024-W02": (7, 10), "2024-W03": (1, 25)}).points[1].signal
        'above'

    Source:
        Montgomery, Introduction to Statistical Quality Control, control charts for fraction
        nonconforming with variable sample size, and S7.1 of its supplement (probability limits).
    """
    for label, (events, total) in counts.items():
        if not 0 <= events <= total:
            raise UsageError(f"{label}: 0 to {total} events were expected, got {events}")
    counted = [(label, events, total) for label, (events, total) in counts.items() if total]
    if not counted:
        return Chart(float("nan"), ())
    centre = sum(events for _, events, _ in counted) / sum(total for _, _, total in counted)
    runs = run_lengths([(events, total) for _, events, total in counted], centre)
    points = [
        _point(label, events, total, centre, run)
        for (label, events, total), run in zip(counted, runs, strict=True)
    ]
    return Chart(centre, tuple(points))


def limits(total: int, rate: float) -> tuple[int, int]:
    """The least and the most events among ``total`` that chance explains.

    Example:
        >>> limits(100, 0.07)
        (1, 16)
    """
    return int(binom.ppf(TAIL, total, rate)), int(binom.isf(TAIL, total, rate))


def run_lengths(counted: Sequence[tuple[int, int]], rate: float) -> list[int]:
    """For each period how many in a row, itself included, lie on its side; negative: below.

    A side is that of the median of the binomial distribution, not of its mean: where failures are
    rare, most periods have none, and lie below the mean by chance alone. A period on the median
    is on no side and ends a run.
    """
    lengths: list[int] = []
    for events, total in counted:
        middle = int(binom.median(total, rate))
        side = (events > middle) - (events < middle)
        before = lengths[-1] if lengths else 0
        lengths.append(before + side if before * side > 0 else side)
    return lengths


def _point(label: str, events: int, total: int, centre: float, run: int) -> Point:
    least, most = limits(total, centre)
    signal: Signal = ""
    if events > most:
        signal = "above"
    elif events < least:
        signal = "below"
    elif abs(run) >= RUN:
        signal = "run above" if run > 0 else "run below"
    return Point(label, events, total, least / total, most / total, signal)
