"""The scorecard as a page."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mammoscope.core import Outcome
from mammoscope.report.page import page
from mammoscope.report.scorecard.charts import (
    HEIGHT,
    LEFT,
    RIGHT,
    WIDTH,
    Bar,
    Drawing,
    bar,
    drawing,
    shares,
)
from mammoscope.report.scorecard.document import Scorecard
from mammoscope.report.scorecard.rates import NOBODY_SAYS, Card, Criterion, Rate
from mammoscope.report.scorecard.results import Dimension
from mammoscope.scores.control import Point, Signal
from mammoscope.scores.intervals import Interval

STYLES: Final = ("page.css", "scorecard.css")
SHOWN: Final[tuple[Outcome, ...]] = ("fail", "borderline", "pass")
MEANT: Final[Mapping[Signal, str]] = {
    "above": "more failures than chance explains",
    "below": "fewer failures than chance explains",
    "run above": "eight or more weeks in a row above the middle",
    "run below": "eight or more weeks in a row below the middle",
}


@dataclass(frozen=True)
class Line:
    """One group in a list of rates.

    Attributes:
        group: Its name.
        rate: Its counts.
        share: Its rate of failure in words.
        bar: Its interval; None where nothing was assessable.
    """

    group: str
    rate: Rate
    share: str
    bar: Bar | None


@dataclass(frozen=True)
class Shown:
    """One criterion as the page shows it.

    Attributes:
        mark: Its anchor.
        criterion: Which.
        overall: Its counts.
        fail: Rate of failure in words.
        passed: Rate of passing in words.
        parts: Start and width in percent of what failed, is borderline, and passed.
        groups: Lists of rates; weeks are in the chart.
        unknown: What nobody says of any.
        middle: Place of the overall rate on the lists' scale, 0 to 100.
        most: Where that scale ends.
        charts: Control charts, by whose; ``""`` is all.
        weeks: The points of the chart of all.
    """

    mark: str
    criterion: Criterion
    overall: Rate
    fail: str
    passed: str
    parts: Mapping[Outcome, tuple[float, float]]
    groups: Mapping[Dimension, tuple[Line, ...]]
    unknown: tuple[Dimension, ...]
    middle: float
    most: str
    charts: Mapping[str, Drawing | None]
    weeks: tuple[Point, ...]


def scorecard_page(card: Scorecard) -> str:
    """A page of a scorecard that needs no other file and no network."""
    return page(
        "scorecard.html.j2",
        styles=STYLES,
        card=card,
        criteria=[_shown(place, one) for place, one in enumerate(card.cards, 1)],
        signals=list(signals(card)),
        charted=any(one.charts for one in card.cards),
        watched=any(len(chart.points) > 1 for one in card.cards for chart in one.charts.values()),
        outcomes=SHOWN,
        left=LEFT,
        width=WIDTH,
        right=WIDTH - RIGHT,
        height=HEIGHT,
    )


def signals(card: Scorecard) -> Iterator[tuple[str, Criterion, str, str]]:
    """What chance does not explain: anchor, criterion, whose chart (``""``: all), and the words."""
    for place, one in enumerate(card.cards, 1):
        for group, chart in one.charts.items():
            for signal, meaning in MEANT.items():
                weeks = [
                    f"{point.label} ({point.events} of {point.total})"
                    for point in chart.signals
                    if point.signal == signal
                ]
                if weeks:
                    yield _mark(place), one.criterion, group, f"{', '.join(weeks)}: {meaning}"


def percent(share: Interval) -> str:
    """A rate in words.

    Example:
        >>> percent(Interval(0.1234, 0.05, 0.3))
        '12.3 % (5.0–30.0)'
    """
    return f"{100 * share.estimate:.1f} % ({100 * share.low:.1f}–{100 * share.high:.1f})"


def _shown(place: int, card: Card) -> Shown:
    overall = card.overall
    fail = overall.share("fail")
    groups = {by: found for by, found in card.groups.items() if by != "week"}
    unknown = tuple(by for by, found in groups.items() if list(found) == [NOBODY_SAYS])
    rates = [overall, *(rate for found in groups.values() for rate in found.values())]
    most = shares(max((rate.share("fail").high for rate in rates if rate.assessable), default=1.0))[-1]
    return Shown(
        mark=_mark(place),
        criterion=card.criterion,
        overall=overall,
        fail=percent(fail) if overall.assessable else "",
        passed=percent(overall.share("pass")) if overall.assessable else "",
        parts=_parts(overall),
        groups={
            by: tuple(_line(group, rate, most) for group, rate in found.items())
            for by, found in groups.items()
            if by not in unknown
        },
        unknown=unknown,
        middle=round(100 * fail.estimate / most, 1) if overall.assessable else 0.0,
        most=f"{most:.0%}",
        charts={group: drawing(chart) for group, chart in card.charts.items()},
        weeks=card.course.points,
    )


def _mark(place: int) -> str:
    return f"criterion-{place}"


def _line(group: str, rate: Rate, most: float) -> Line:
    share = rate.share("fail")
    if not rate.assessable:
        return Line(group, rate, "not assessable", None)
    return Line(group, rate, percent(share), bar(share, most))


def _parts(rate: Rate) -> dict[Outcome, tuple[float, float]]:
    parts: dict[Outcome, tuple[float, float]] = {}
    start = 0.0
    for outcome in SHOWN if rate.assessable else ():
        width = 100 * rate.counts.get(outcome, 0) / rate.assessable
        parts[outcome] = round(start, 2), round(width, 2)
        start += width
    return parts
