"""``mammoscope scorecard``: rates of each criterion by unit, device, operator and week."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mammoscope.errors import UsageError
from mammoscope.faces.progress import bar
from mammoscope.faces.words import say, tell
from mammoscope.report.scorecard import (
    DIMENSIONS,
    PAGE,
    Dimension,
    Scorecard,
    load,
    read_rows,
    scorecard,
    scorecard_document,
    write_scorecard,
)
from mammoscope.report.scorecard.rates import Card

PARTIAL: Final = 4


@dataclass(frozen=True)
class Request:
    """One call of ``mammoscope scorecard``.

    Attributes:
        results: Folders and files that the user named.
        out: Where the page and the tables go.
        by: Dimensions, joined by commas.
        chart_per: Also a control chart for each group of this.
        profile: Name of the thresholds, where runs used several.
        table: What overrides and fills unit, device, operator and week.
        as_json: Print the scorecard as JSON.
    """

    results: tuple[Path, ...]
    out: Path
    by: str = ",".join(DIMENSIONS)
    chart_per: Dimension | None = None
    profile: str | None = None
    table: Path | None = None
    as_json: bool = False


def run(request: Request) -> int:
    """Count, write, and print what matters most.

    Returns:
        0, or 4 where a file could not be read.

    Raises:
        UsageError: If profiles would be mixed, or the table or a dimension cannot be understood.
        InputError: If nothing could be read, or nothing was judged.
        OutputError: If the folder cannot be written.
    """
    by = dimensions(request.by)
    rows = read_rows(request.table) if request.table else ()
    with bar("reading results", None) as advance:
        loaded = load(request.results, advance)
    for problem in loaded.problems:
        tell(f"mammoscope: {problem}")
    card = scorecard(loaded, by, request.chart_per, request.profile, rows)
    if card.unfit:
        tell(f"mammoscope: {card.unfit} of {len(rows)} rows of the table fit no image")
    write_scorecard(request.out, card)
    if request.as_json:
        say(json.dumps(scorecard_document(card), ensure_ascii=True))
    else:
        for line in _lines(card):
            say(line)
        say(f"scorecard: {request.out / PAGE}")
    return PARTIAL if loaded.problems else 0


def dimensions(words: str) -> tuple[Dimension, ...]:
    """``unit,week`` as what to group by.

    Raises:
        UsageError: If a word is none of them.
    """
    said = [word.strip() for word in words.split(",")]
    if unknown := [word for word in said if word not in DIMENSIONS]:
        raise UsageError(f"--by takes {', '.join(DIMENSIONS)} joined by commas, got {unknown[0]!r}")
    return tuple(dimension for dimension in DIMENSIONS if dimension in said)


def _lines(card: Scorecard) -> Iterator[str]:
    yield f"exams: {card.exams}, images: {card.images}, profile: {card.profile}"
    if card.repeated:
        yield f"{card.repeated} results left out: a later run has the exam"
    if card.otherwise:
        yield f"{card.otherwise} results left out: another profile judged them"
    width = max(len(one.criterion.name) for one in card.cards)
    for one in card.cards:
        yield f"{one.criterion.name:<{width}}  {one.criterion.level:<6}  {_failed(one)}{_alarms(one)}"


def _failed(card: Card) -> str:
    if not card.overall.assessable:
        return "not assessable"
    share = card.overall.share("fail")
    return (
        f"fail {share.estimate:6.1%} ({share.low:.1%} to {share.high:.1%}) of {card.overall.assessable}"
    )


def _alarms(card: Card) -> str:
    weeks = [f"{point.label} {point.signal}" for point in card.course.signals]
    return f"  signals: {', '.join(weeks)}" if weeks else ""
