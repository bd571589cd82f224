"""How well a unit positions: rates of each criterion, and their course by week.

`scorecard` counts the verdicts in the documents of exams; `write_scorecard` writes them as a page
and two tables.
"""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from mammoscope.errors import InputError
from mammoscope.report.files import write_text
from mammoscope.report.scorecard.document import (
    Scorecard,
    rates_csv,
    scorecard_document,
    weeks_csv,
)
from mammoscope.report.scorecard.page import scorecard_page
from mammoscope.report.scorecard.rates import cards, verdicts
from mammoscope.report.scorecard.results import (
    DIMENSIONS,
    Dimension,
    Exam,
    Loaded,
    load,
    of_profile,
    once,
    profiles,
)
from mammoscope.report.scorecard.table import Row, read_rows, told

__all__ = [
    "DIMENSIONS", "Dimension", "Exam", "Loaded", "Row", "Scorecard", "load", "read_rows", "scorecard",
    "scorecard_document", "write_scorecard",
]  # fmt: skip

PAGE, RATES, WEEKS = "scorecard.html", "scorecard.csv", "control.csv"


def scorecard(
    loaded: Loaded,
    by: Sequence[Dimension] = DIMENSIONS,
    chart_per: Dimension | None = None,
    profile: str | None = None,
    rows: Sequence[Row] = (),
) -> Scorecard:
    """Count the verdicts of exams, each exam once, of one profile.

    Args:
        loaded: From `load`.
        by: What to group rates by.
        chart_per: Also a control chart for each group of this.
        profile: Name of the thresholds; None: there must be one only.
        rows: What a table says of exams and images.

    Raises:
        UsageError: If verdicts of several profiles or thresholds would be mixed, or a row of the
            table fits several exams.
        InputError: If no image has a verdict.
    """
    exams, repeated = once(of_profile(loaded.exams, profile))
    exams, unfit = told(exams, rows)
    found = tuple(verdicts(exams))
    if not found:
        raise InputError(
            f"no verdict on positioning in {len(exams)} exams: analyse them with the positioning "
            "network installed, see mammoscope doctor"
        )
    counting = [image for exam in exams for image in exam.images if not image.set_aside]
    return Scorecard(
        profile=", ".join(profiles(exams)),
        by=tuple(by),
        exams=len(exams),
        images=len(counting),
        set_aside=sum(len(exam.images) for exam in exams) - len(counting),
        silent=dict(Counter(image.silent for image in counting if image.silent).most_common()),
        repeated=repeated,
        otherwise=len(loaded.exams) - len(exams) - repeated,
        unfit=unfit,
        unread=len(loaded.problems),
        cards=cards(found, by, chart_per),
    )


def write_scorecard(out: Path, card: Scorecard) -> None:
    """Write scorecard.html, scorecard.csv and control.csv.

    Raises:
        OutputError: If a file cannot be written.
    """
    write_text(out / RATES, rates_csv(card.cards))
    write_text(out / WEEKS, weeks_csv(card.cards))
    write_text(out / PAGE, scorecard_page(card))
