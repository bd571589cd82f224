"""A scorecard as JSON types, and as two tables."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from mammoscope.report.document import NOTICE
from mammoscope.report.files import Document
from mammoscope.report.scorecard.rates import Card, Rate
from mammoscope.report.scorecard.results import Dimension
from mammoscope.report.summary import defused
from mammoscope.scores.control import Chart
from mammoscope.scores.intervals import Interval

SCHEMA: Final = "mammoscope/scorecard-1"
RATES: Final = (
    "level", "criterion", "threshold", "by", "group", "assessable", "pass", "borderline", "fail",
    "not_assessable", "fail_rate", "fail_low", "fail_high", "pass_rate", "pass_low", "pass_high",
    "reasons",
)  # fmt: skip
WEEKS: Final = (
    "level", "criterion", "threshold", "chart", "week", "fail", "assessable", "fail_rate", "centre",
    "low", "high", "signal",
)  # fmt: skip


@dataclass(frozen=True)
class Scorecard:
    """What a scorecard says.

    Attributes:
        profile: Name of the thresholds; empty where nothing was judged.
        by: What rates are grouped by.
        exams: How many exams count.
        images: How many of their images count.
        set_aside: How many do not: spot views, repeats.
        silent: How many images that count have no verdict, by the reason.
        repeated: How many results were left out, as a later run has the exam.
        otherwise: How many results were left out, as another profile judged them.
        unfit: How many rows of the user's table fit no image.
        unread: How many files could not be read.
        cards: One a criterion.
    """

    profile: str
    by: tuple[Dimension, ...]
    exams: int
    images: int
    set_aside: int
    silent: Mapping[str, int]
    repeated: int
    otherwise: int
    unfit: int
    unread: int
    cards: tuple[Card, ...]


def scorecard_document(card: Scorecard) -> Document:
    """The scorecard as plain JSON types; a rate of nothing is null."""
    return {
        "schema": SCHEMA,
        "notice": NOTICE,
        "mammoscope": version("mammoscope"),
        "profile": card.profile,
        "exams": card.exams,
        "images": card.images,
        "set_aside": card.set_aside,
        "without_verdict": dict(card.silent),
        "repeated": card.repeated,
        "other_profile": card.otherwise,
        "unfit_rows": card.unfit,
        "unread": card.unread,
        "criteria": [_criterion(one) for one in card.cards],
    }


def rates_csv(cards: Iterable[Card]) -> str:
    """One row for each criterion over all, and for each of its groups."""
    return _csv(RATES, (row for card in cards for row in _rate_rows(card)))


def weeks_csv(cards: Iterable[Card]) -> str:
    """One row for each criterion, chart and week: the points of the control charts."""
    return _csv(WEEKS, (row for card in cards for row in _week_rows(card)))


def _criterion(card: Card) -> dict[str, Any]:
    return {
        **card.criterion._asdict(),
        "overall": _rate(card.overall),
        "by": {
            dimension: [{"group": group, **_rate(rate)} for group, rate in groups.items()]
            for dimension, groups in card.groups.items()
        },
        "charts": [{"of": group or "all", **_chart(chart)} for group, chart in card.charts.items()],
    }


def _rate(rate: Rate) -> dict[str, Any]:
    return {
        "assessable": rate.assessable,
        "pass": rate.counts.get("pass", 0),
        "borderline": rate.counts.get("borderline", 0),
        "fail": rate.counts.get("fail", 0),
        "not_assessable": rate.counts.get("not assessable", 0),
        "fail_rate": _interval(rate.share("fail")) if rate.assessable else None,
        "pass_rate": _interval(rate.share("pass")) if rate.assessable else None,
        "reasons": dict(rate.reasons),
    }


def _interval(interval: Interval) -> dict[str, float]:
    return {name: round(value, 4) for name, value in interval._asdict().items()}


def _chart(chart: Chart) -> dict[str, Any]:
    return {
        "centre": round(chart.centre, 4) if chart.points else None,
        "points": [
            {
                "week": point.label,
                "fail": point.events,
                "assessable": point.total,
                "fail_rate": round(point.rate, 4),
                "low": round(point.low, 4),
                "high": round(point.high, 4),
                "signal": point.signal,
            }
            for point in chart.points
        ],
    }


def _rate_rows(card: Card) -> Iterator[dict[str, Any]]:
    named: Sequence[tuple[str, str, Rate]] = [
        ("all", "", card.overall),
        *((by, group, rate) for by, groups in card.groups.items() for group, rate in groups.items()),
    ]
    for by, group, rate in named:
        row = _rate(rate)
        reasons = "; ".join(f"{reason}: {count}" for reason, count in row.pop("reasons").items())
        for outcome in ("fail", "pass"):
            share = row[f"{outcome}_rate"] or dict.fromkeys(Interval._fields, "")
            row[f"{outcome}_rate"] = share["estimate"]
            row |= {f"{outcome}_low": share["low"], f"{outcome}_high": share["high"]}
        yield {**_named(card), "by": by, "group": group, **row, "reasons": reasons}


def _week_rows(card: Card) -> Iterator[dict[str, Any]]:
    for group, chart in card.charts.items():
        told = _chart(chart)
        for point in told["points"]:
            yield {**_named(card), "chart": group or "all", "centre": told["centre"], **point}


def _named(card: Card) -> dict[str, str]:
    level, name, threshold = card.criterion
    return {"level": level, "criterion": name, "threshold": threshold}


def _csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> str:
    text = io.StringIO()
    table = csv.DictWriter(text, columns, lineterminator="\r\n")
    table.writeheader()
    for row in rows:
        table.writerow({column: defused(cell) for column, cell in row.items()})
    return text.getvalue()
