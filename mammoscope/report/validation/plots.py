"""Where the lines and points of a validation's plots lie, for the page to draw."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor
from typing import Final

import numpy as np

from mammoscope.scores.calibration import Bin
from mammoscope.scores.decision import Benefit
from mammoscope.scores.intervals import wilson

WIDTH: Final = 360.0
HEIGHT: Final = 300.0
LEFT: Final = 48.0
RIGHT: Final = 14.0
TOP: Final = 12.0
BOTTOM: Final = 42.0
MOST: Final = 400
"""Corners of a line; longer ones are thinned."""
STEPS: Final = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.25)
Corners = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Line:
    """A line of a plot: its style and its path."""

    style: str
    path: str


@dataclass(frozen=True)
class Dot:
    """A point: its place, where its interval begins and ends, and what it says when pointed at."""

    x: float
    y: float
    low: float
    high: float
    title: str


@dataclass(frozen=True)
class Plot:
    """A plot in the units of its view box, WIDTH × HEIGHT.

    Attributes:
        name: What it shows.
        across: What its horizontal axis shows.
        up: What its vertical axis shows.
        lines: Under the dots.
        dots: Points.
        columns: Place and name of vertical grid lines.
        rows: Height and name of horizontal grid lines.
    """

    name: str
    across: str
    up: str
    lines: tuple[Line, ...]
    dots: tuple[Dot, ...]
    columns: tuple[tuple[float, str], ...]
    rows: tuple[tuple[float, str], ...]


@dataclass(frozen=True)
class Box:
    """From the numbers of a plot to its view box.

    Attributes:
        left: The number at the left edge.
        right: At the right edge.
        low: At the lower edge.
        high: At the upper edge.
    """

    left: float = 0.0
    right: float = 1.0
    low: float = 0.0
    high: float = 1.0

    def x(self, value: float) -> float:
        """Where a number lies from left to right."""
        share = (value - self.left) / (self.right - self.left)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 1)

    def y(self, value: float) -> float:
        """Where a number lies from top to bottom."""
        share = (value - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share, 1)

    def path(self, corners: Corners) -> str:
        """A line through corners; without any nothing is drawn."""
        kept = thinned(corners)
        return "M" + "L".join(f"{self.x(x)} {self.y(y)}" for x, y in kept) if kept else ""

    def plot(
        self, name: str, across: str, up: str, lines: Iterable[Line], dots: Iterable[Dot] = ()
    ) -> Plot:
        """With its grid."""
        columns = tuple((self.x(tick), f"{tick:g}") for tick in ticks(self.left, self.right))
        rows = tuple((self.y(tick), f"{tick:g}") for tick in ticks(self.low, self.high))
        return Plot(name, across, up, tuple(lines), tuple(dots), columns, rows)


def roc_plot(corners: Corners, points: Mapping[str, tuple[float, float]]) -> Plot:
    """The ROC curve of images, with operating points on it.

    Args:
        corners: False-positive and true-positive rates.
        points: The same of operating points, by name.
    """
    box = Box()
    dots = [
        _dot(box, false, true, f"{name}: {true:.0%} of cancers, {false:.0%} of others")
        for name, (false, true) in points.items()
    ]
    lines = (_diagonal(box), Line("course", box.path(corners)))
    return box.plot("ROC", "share of others above", "share of cancers above", lines, dots)


def reliability_plot(bins: Sequence[Bin]) -> Plot:
    """The reliability curve, with Wilson's 95 % intervals."""
    box = Box()
    dots = []
    for one in bins:
        share = wilson(round(one.found * one.answers), one.answers)
        title = f"said {one.said:.1%}, found {one.found:.1%} of {one.answers}"
        dots.append(Dot(box.x(one.said), box.y(one.found), box.y(share.low), box.y(share.high), title))
    lines = (_diagonal(box), Line("course", box.path([(one.said, one.found) for one in bins])))
    return box.plot("Reliability", "mean score", "share with cancer", lines, dots)


def decision_plot(curve: Sequence[Benefit]) -> Plot:
    """Net benefit of acting on the score, with its interval, on everyone and on nobody."""
    highest = max([0.01, *(max(one.benefit.high, one.of_all) for one in curve)])
    box = Box(0.0, curve[-1].threshold, -highest / 4, highest)

    def path(values: Sequence[float], *, back: bool = False) -> str:
        held = [(one.threshold, max(value, box.low)) for one, value in zip(curve, values, strict=True)]
        return box.path(held[::-1] if back else held)

    low, high = (
        path([one.benefit.low for one in curve]),
        path([one.benefit.high for one in curve], back=True),
    )
    lines = (
        Line("band", f"{low}L{high[1:]}Z"),
        Line("nobody", box.path([(0.0, 0.0), (box.right, 0.0)])),
        Line("everyone", path([one.of_all for one in curve])),
        Line("course", path([one.benefit.estimate for one in curve])),
    )
    return box.plot("Decision curve", "threshold", "net benefit", lines)


def scores_plot(scores: Sequence[float], before: Sequence[tuple[float, float]]) -> Plot:
    """The share of images below each score, here and as the card tells.

    Args:
        scores: Of images here.
        before: Scores and shares below them, of the card; none where it does not tell.
    """
    box = Box()
    order = np.sort(np.asarray(scores, float)).tolist()
    steps = [(value, (place + 1) / len(order)) for place, value in enumerate(order)]
    dots = [_dot(box, at, share, f"card: {share:.0%} below {at:.2f}") for at, share in before]
    course = Line("course", box.path([(0.0, 0.0), *steps, (1.0, 1.0)]))
    return box.plot("Scores", "score", "share of images below", [course], dots)


def thinned(corners: Corners) -> Corners:
    """No more than `MOST` corners, the first and the last among them.

    Example:
        >>> len(thinned([(0.0, 0.0)] * 5000)), thinned([(0.0, 0.0), (1.0, 1.0)])
        (400, [(0.0, 0.0), (1.0, 1.0)])
    """
    if len(corners) <= MOST:
        return corners
    return [corners[place] for place in np.linspace(0, len(corners) - 1, MOST).round().astype(int)]


def ticks(low: float, high: float) -> list[float]:
    """Round numbers from one end of an axis to the other, six or fewer.

    Example:
        >>> ticks(0.0, 1.0), ticks(-0.03, 0.12)
        ([0.0, 0.2, 0.4, 0.6, 0.8, 1.0], [0.0, 0.05, 0.1])
    """
    step = next((step for step in STEPS if (high - low) / step <= 5 + 1e-9), STEPS[-1])
    first, last = ceil(round(low / step, 6)), floor(round(high / step, 6))
    return [round(step * place, 3) + 0.0 for place in range(first, last + 1)]


def _diagonal(box: Box) -> Line:
    return Line("nobody", box.path([(0.0, 0.0), (1.0, 1.0)]))


def _dot(box: Box, across: float, up: float, title: str) -> Dot:
    """A point without an interval."""
    return Dot(box.x(across), box.y(up), box.y(up), box.y(up), title)
