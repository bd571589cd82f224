"""Rates of each criterion, over all and by group, and their course by week."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from mammoscope.core import Outcome
from mammoscope.errors import UsageError
from mammoscope.report.scorecard.results import Dimension, Exam, Facts, Image, Judged
from mammoscope.scores.control import Chart, p_chart
from mammoscope.scores.intervals import Interval, wilson

Level = Literal["image", "breast", "woman"]
LEVELS: Final[tuple[Level, ...]] = ("image", "breast", "woman")
NOBODY_SAYS: Final = "not stated"
SEVERAL: Final = "several"
NO_CHART: Final = p_chart({})


class Verdict(NamedTuple):
    """One criterion, judged once; ``view`` is empty for a breast and a woman."""

    level: Level
    view: str
    judged: Judged
    facts: Facts


class Criterion(NamedTuple):
    """What is counted together."""

    level: Level
    name: str
    threshold: str


@dataclass(frozen=True)
class Rate:
    """How often a criterion was met.

    Attributes:
        counts: Verdicts by outcome.
        reasons: Why those that are not assessable are not, most frequent first.
    """

    counts: Mapping[Outcome, int]
    reasons: Mapping[str, int]

    @property
    def assessable(self) -> int:
        """How many passed, failed, or lie too near the threshold to tell."""
        return sum(self.counts.values()) - self.counts.get("not assessable", 0)

    def share(self, outcome: Outcome) -> Interval:
        """The share of those assessable with Wilson's 95 % interval; NaN without any."""
        return wilson(self.counts.get(outcome, 0), self.assessable)


@dataclass(frozen=True)
class Card:
    """One criterion: its rates and its course.

    Attributes:
        criterion: Which.
        overall: Its rate over all.
        groups: Its rates by dimension and group, groups in alphabetical order.
        charts: Course by week of the rate of failure: ``""`` over all, else by group; none where
            nobody asked for weeks.
    """

    criterion: Criterion
    overall: Rate
    groups: Mapping[Dimension, Mapping[str, Rate]]
    charts: Mapping[str, Chart]

    @property
    def course(self) -> Chart:
        """That over all; empty where nobody asked for weeks."""
        return self.charts.get("", NO_CHART)


def verdicts(exams: Iterable[Exam]) -> Iterator[Verdict]:
    """Every verdict with its facts; images set aside have none to give."""
    for exam in exams:
        counting = [image for image in exam.images if not image.set_aside]
        for image in counting:
            yield from (Verdict("image", image.view, one, image.facts) for one in image.criteria)
        for side, criteria in exam.breasts.items():
            facts = _common([image for image in counting if image.side == side])
            yield from (Verdict("breast", "", one, facts) for one in criteria)
        facts = _common(counting)
        yield from (Verdict("woman", "", one, facts) for one in exam.woman)


def cards(
    found: Iterable[Verdict], by: Sequence[Dimension], chart_per: Dimension | None = None
) -> tuple[Card, ...]:
    """Rates and courses of every criterion, images' first, then in the order met.

    Args:
        found: From `verdicts`.
        by: What to group by.
        chart_per: Also a chart for each group of this.

    Raises:
        UsageError: If a criterion of one view was judged by two thresholds.
    """
    found = tuple(found)
    _check_thresholds(found)
    sorted_out: dict[Criterion, list[Verdict]] = {}
    for verdict in found:
        key = Criterion(verdict.level, verdict.judged.name, verdict.judged.threshold)
        sorted_out.setdefault(key, []).append(verdict)
    ordered = sorted(sorted_out, key=lambda criterion: LEVELS.index(criterion.level))
    return tuple(_card(criterion, sorted_out[criterion], by, chart_per) for criterion in ordered)


def rate(found: Iterable[Verdict]) -> Rate:
    """Count verdicts."""
    judged = [verdict.judged for verdict in found]
    reasons = Counter(
        one.reason or "no reason given" for one in judged if one.outcome == "not assessable"
    )
    return Rate(Counter(one.outcome for one in judged), dict(reasons.most_common()))


def chart(found: Iterable[Verdict]) -> Chart:
    """The course by week of the rate of failure; verdicts without a week are left out."""
    weeks = _grouped(found, "week")
    counts = {week: rate(members) for week, members in weeks.items() if week[:1].isdecimal()}
    return p_chart({week: (one.counts.get("fail", 0), one.assessable) for week, one in counts.items()})


def _card(
    criterion: Criterion, found: Sequence[Verdict], by: Sequence[Dimension], chart_per: Dimension | None
) -> Card:
    groups = {
        dimension: {group: rate(members) for group, members in _grouped(found, dimension).items()}
        for dimension in by
    }
    charts = {"": chart(found)} if "week" in by or chart_per else {}
    if chart_per is not None:
        charts |= {group: chart(members) for group, members in _grouped(found, chart_per).items()}
    return Card(criterion, rate(found), groups, charts)


def _grouped(found: Iterable[Verdict], dimension: Dimension) -> dict[str, list[Verdict]]:
    groups: dict[str, list[Verdict]] = {}
    for verdict in found:
        groups.setdefault(verdict.facts.get(dimension) or NOBODY_SAYS, []).append(verdict)
    return {
        group: groups[group] for group in sorted(groups, key=lambda name: (name == NOBODY_SAYS, name))
    }


def _common(images: Sequence[Image]) -> Facts:
    """What holds of all images; ``several`` where they differ, for nobody is told from another."""
    said: dict[Dimension, set[str]] = {}
    for image in images:
        for dimension, value in image.facts.items():
            if value:
                said.setdefault(dimension, set()).add(value)
    return {
        dimension: values.pop() if len(values) == 1 else SEVERAL for dimension, values in said.items()
    }


def _check_thresholds(found: Iterable[Verdict]) -> None:
    known: dict[tuple[Level, str, str], str] = {}
    for level, view, judged, _ in found:
        said = known.setdefault((level, view, judged.name), judged.threshold)
        if said != judged.threshold:
            raise UsageError(
                f"{judged.name} was judged by {said!r} and by {judged.threshold!r}: the profile "
                "changed between the runs; analyse again with one, or make a scorecard of each"
            )
