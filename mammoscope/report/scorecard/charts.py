"""Where the lines and points of a chart lie, for the page to draw."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from math import ceil
from typing import Final

from mammoscope.report.scorecard.results import monday
from mammoscope.scores.control import Chart, Point
from mammoscope.scores.intervals import Interval

WIDTH: Final = 720.0
HEIGHT: Final = 220.0
LEFT: Final = 58.0
RIGHT: Final = 34.0
TOP: Final = 12.0
BOTTOM: Final = 32.0
LABEL: Final = 110.0
"""Least distance of two weeks' names on the axis."""
STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True)
class Dot:
    """A point of a chart: its place, its signal and what it says when pointed at."""

    x: float
    y: float
    signal: str
    title: str


@dataclass(frozen=True)
class Drawing:
    """A control chart in the units of its view box, WIDTH × HEIGHT.

    Attributes:
        centre: Height of the centre line.
        high: Path of the upper limit, a step a week.
        low: Path of the lower limit.
        band: Path of the area between both.
        course: Path through the points, broken where a week is missing.
        dots: The points.
        shares: Height and name of the lines of equal share.
        weeks: Place and name of the weeks that are named.
    """

    centre: float
    high: str
    low: str
    band: str
    course: str
    dots: tuple[Dot, ...]
    shares: tuple[tuple[float, str], ...]
    weeks: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Bar:
    """An interval on a scale of 0 to 100."""

    low: float
    estimate: float
    high: float


def drawing(chart: Chart) -> Drawing | None:
    """Lay out a control chart; None of fewer than two points, which have no course."""
    points = chart.points
    if len(points) < 2:
        return None
    step = (WIDTH - LEFT - RIGHT) / len(points)
    edges = [LEFT + step * place for place in range(len(points) + 1)]
    places = [edge + step / 2 for edge in edges[:-1]]
    ticks = shares(max(max(point.high, point.rate) for point in points))
    heights = _Heights(ticks[-1])
    high = _steps(edges, [heights.of(point.high) for point in points])
    low = _steps(edges, [heights.of(point.low) for point in points])
    dots = tuple(
        Dot(round(x, 1), heights.of(point.rate), point.signal, told(point))
        for x, point in zip(places, points, strict=True)
    )
    every = ceil(LABEL / step)
    return Drawing(
        centre=heights.of(chart.centre),
        high=f"M{_joined(high)}",
        low=f"M{_joined(low)}",
        band=f"M{_joined([*high, *reversed(low)])}Z",
        course=_course(points, dots),
        dots=dots,
        shares=tuple((heights.of(share), f"{share:.0%}") for share in ticks),
        weeks=tuple(
            (dot.x, point.label) for dot, point in list(zip(dots, points, strict=True))[::every]
        ),
    )


def shares(most: float) -> list[float]:
    """Shares to name on an axis from 0 to at least ``most``, five or fewer steps.

    Example:
        >>> shares(0.31)
        [0.0, 0.1, 0.2, 0.3, 0.4]
    """
    step = next((step for step in STEPS if most <= 5 * step), STEPS[-1])
    return [round(step * place, 2) for place in range(max(1, ceil(round(most / step, 6))) + 1)]


def bar(share: Interval, most: float) -> Bar:
    """An interval on a scale that ends at ``most``."""
    return Bar(*(round(100 * value / most, 1) for value in (share.low, share.estimate, share.high)))


def told(point: Point) -> str:
    """A point in words."""
    why = f"; {point.signal}" if point.signal else ""
    limits = f"{point.low:.0%} to {point.high:.0%}"
    return (
        f"{point.label}: {point.events} of {point.total} failed, {point.rate:.0%}; limits {limits}{why}"
    )


@dataclass(frozen=True)
class _Heights:
    most: float

    def of(self, share: float) -> float:
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share / self.most, 1)


def _steps(edges: Sequence[float], heights: Sequence[float]) -> list[tuple[float, float]]:
    corners = zip(edges[:-1], edges[1:], heights, strict=True)
    return [(round(x, 1), height) for start, end, height in corners for x in (start, end)]


def _joined(corners: Sequence[tuple[float, float]]) -> str:
    return "L".join(f"{x} {y}" for x, y in corners)


def _course(points: Sequence[Point], dots: Sequence[Dot]) -> str:
    begun = ["M", *("L" if _follows(*pair) else "M" for pair in pairwise(points))]
    return "".join(f"{word}{dot.x} {dot.y}" for word, dot in zip(begun, dots, strict=True))


def _follows(one: Point, next_one: Point) -> bool:
    return monday(one.label) + WEEK == monday(next_one.label)
