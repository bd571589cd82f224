"""A validation as a page."""

from dataclasses import dataclass
from typing import Final

from mammoscope.measures.validation.figures import Figures
from mammoscope.measures.validation.summary import Group, Validation
from mammoscope.report.page import page
from mammoscope.report.validation.plots import (
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    Plot,
    decision_plot,
    reliability_plot,
    roc_plot,
    scores_plot,
)
from mammoscope.scores.intervals import Interval

STYLES: Final = ("page.css", "scorecard.css", "validation.css")
FEATURES: Final = 8
"""Of the inputs, those that moved furthest are shown at once."""


@dataclass(frozen=True)
class Row:
    """One group in a table.

    Attributes:
        group: The group.
        images: AUC of images in words; a dash where outcomes are unknown or all alike.
        breasts: The same of breasts.
        bar: Its AUC's interval on a scale of 0 to 100; None without one.
        unlike: Share unlike the training images in words.
    """

    group: Group
    images: str
    breasts: str
    bar: Interval | None
    unlike: str


def validation_page(found: Validation) -> str:
    """A page that needs no other file and no network."""
    return page(
        "validation.html.j2",
        styles=STYLES,
        found=found,
        levels=[(one, auc(one)) for one in found.levels],
        asked=found.asked,
        plots=plots(found),
        groups={by: [_row(one) for one in members] for by, members in found.groups.items()},
        inputs=found.drift.inputs[:FEATURES],
        others=found.drift.inputs[FEATURES:],
        judged=any(one.auc for one in found.levels),
        width=WIDTH, height=HEIGHT, left=LEFT, right=WIDTH - RIGHT, top=TOP,
        interval=interval,
    )  # fmt: skip


def plots(found: Validation) -> list[tuple[str, Plot]]:
    """What can be drawn, each with its caption."""
    images = found.levels[0]
    drawn: list[tuple[str, Plot]] = []
    if images.auc is not None:
        points = {
            one.name: (1 - one.achieved.specificity.estimate, one.achieved.sensitivity.estimate)
            for one in images.points if not one.here
        }  # fmt: skip
        told = ": points are the card’s operating points" if points else ""
        drawn += [
            (f"ROC of images{told}", roc_plot(images.roc, points)),
            ("Reliability of images: ten parts of equal counts, 95 % intervals",
             reliability_plot(images.bins)),
            ("Decision curve of images: acting on the score (95 %), on all (dashed), on nobody (0)",
             decision_plot(images.curve)),
        ]  # fmt: skip
    told = "; points: the card" if found.before else ""
    scores = [one.score for one in found.rows if one.score == one.score]
    drawn.append((f"Scores of images{told}", scores_plot(scores, found.before)))
    return drawn


def auc(one: Figures) -> str:
    """The area in words, or why there is none."""
    return one.why if one.auc is None else interval(one.auc)


def interval(found: Interval | None) -> str:
    """A figure with its limits in words.

    Example:
        >>> interval(Interval(0.8123, 0.75, 0.87)), interval(None)
        ('0.812 (0.750–0.870)', '–')
    """
    if found is None or found.estimate != found.estimate:
        return "–"
    return f"{found.estimate:.3f} ({found.low:.3f}–{found.high:.3f})"


def _row(one: Group) -> Row:
    found = one.image.auc
    bar = None if found is None else Interval(*(round(100 * value, 1) for value in found))
    share = "–" if one.unlike is None else f"{one.unlike / max(one.images, 1):.0%}"
    return Row(one, interval(one.image.auc), interval(one.breast.auc), bar, share)
