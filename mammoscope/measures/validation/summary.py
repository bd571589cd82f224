"""All that a validation tells."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from mammoscope.core.card import Card
from mammoscope.core.reference import LEVELS as SHARES
from mammoscope.measures.validation.drifted import Drifted, drifted
from mammoscope.measures.validation.figures import (
    USUAL,
    Asked,
    Figures,
    figures,
    operating_points,
    with_curves,
)
from mammoscope.measures.validation.groups import groups
from mammoscope.measures.validation.levels import LEVELS, Level, units
from mammoscope.measures.validation.scored import Scored
from mammoscope.measures.validation.words import advice
from mammoscope.scores.intervals import Interval


@dataclass(frozen=True)
class Group:
    """Images that something known of them joins.

    Attributes:
        name: What they have in common.
        images: How many have a score.
        women: How many women.
        median: Of their scores.
        unlike: How many are unlike the training images; None where nobody knows.
        image: Figures of images.
        breast: Figures of breasts, from these images alone.
    """

    name: str
    images: int
    women: int
    median: float
    unlike: int | None
    image: Figures
    breast: Figures


@dataclass(frozen=True)
class Validation:
    """What weights do on a site's images.

    Attributes:
        weights: Their name and the first digits of their hash.
        scored_by: Hashes of them and of what guided them, each with its calibration.
        asked: What operating points chosen here must do.
        learnt_from: Data that trained them.
        not_for: What they must not be used for.
        images: How many images there are.
        scored: How many have a score.
        women: How many women the scored are of.
        datasets: Names of the data sets.
        failed: Why images have no score, and how many.
        left_out: What was never tried, by reason.
        levels: Figures of images, breasts and women.
        groups: By what is known of images.
        drift: Inputs and scores against the card.
        advice: What that means, in sentences.
        before: Scores and the shares of images below them, as the card tells.
        rows: Every image.
    """

    weights: str
    scored_by: tuple[str, ...]
    asked: Asked
    learnt_from: tuple[str, ...]
    not_for: tuple[str, ...]
    images: int
    scored: int
    women: int
    datasets: tuple[str, ...]
    failed: Mapping[str, int]
    left_out: Mapping[str, int]
    levels: tuple[Figures, ...]
    groups: Mapping[str, tuple[Group, ...]]
    drift: Drifted
    advice: tuple[str, ...]
    before: tuple[tuple[float, float], ...]
    rows: tuple[Scored, ...]


def validation(
    images: Sequence[Scored], card: Card, left_out: Mapping[str, int], asked: Asked = USUAL,
    guides: Sequence[Card] = (),
) -> Validation:  # fmt: skip
    """Count, judge and compare.

    Args:
        images: All that were tried.
        card: Of the weights that scored them.
        left_out: What was never tried, by reason.
        asked: What operating points chosen here must do.
        guides: Of the weights that guided them: findings.
    """
    counted = [one for one in images if one.score == one.score]
    moved, points = drifted(counted, card.reference), operating_points(card.calibration)
    quantiles = card.reference.scores if card.reference else ()
    return Validation(
        weights=f"{card.name} {card.sha256[:12]}",
        scored_by=tuple(one.calibrated_by(points=False) for one in (card, *guides)),
        asked=asked,
        learnt_from=tuple(one.name for one in card.training_data),
        not_for=card.not_for,
        images=len(images),
        scored=len(counted),
        women=_women(counted),
        datasets=tuple(sorted({one.dataset for one in images})),
        failed=dict(Counter(one.failed for one in images if one.failed).most_common()),
        left_out=left_out,
        levels=tuple(_level(counted, level, points, asked) for level in LEVELS),
        groups={
            by: tuple(_group(name, members) for name, members in found.items())
            for by, found in groups(counted).items()
        },
        drift=moved,
        advice=advice(moved),
        before=tuple(zip(quantiles, SHARES if quantiles else (), strict=True)),
        rows=tuple(images),
    )


def _level(
    images: Sequence[Scored], level: Level, points: Mapping[str, Interval], asked: Asked
) -> Figures:
    members = units(images, level)
    return with_curves(figures(members, level), members, points, asked)


def _group(name: str, members: Sequence[Scored]) -> Group:
    judged = [one.unlike > 1 for one in members if one.unlike == one.unlike]
    return Group(
        name, len(members), _women(members), median(one.score for one in members),
        sum(judged) if judged else None,
        figures(units(members, "image"), "image"), figures(units(members, "breast"), "breast"),
    )  # fmt: skip


def _women(images: Sequence[Scored]) -> int:
    return len({(one.dataset, one.woman) for one in images})
