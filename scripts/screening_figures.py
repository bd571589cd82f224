"""The lines of the card of the screening weights: areas, gains, calibration, operating points."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np
from folds import PARTS, fifth_of, part_of
from screening_held_out import Looked

from mammoscope.measures.registration import SIDES
from mammoscope.measures.screening import OF_BREASTS, OF_VIEWS, RULES, of_breast, of_exam
from mammoscope.scores.calibration import brier, expected_error
from mammoscope.scores.intervals import Interval, Weights, weighted_bootstrap
from mammoscope.scores.operating import (
    OperatingPoint,
    achieved,
    by_f1,
    by_recall_rate,
    by_sensitivity,
)
from mammoscope.scores.roc import auc_gain, auc_interval, auc_of_draws

FEW: Final = 20
"""Groups of fewer of either kind are not told."""
CHOICES: Final = (by_f1, partial(by_sensitivity, 0.9), partial(by_recall_rate, 0.5))
"""What chooses the operating points of the card."""
Line = dict[str, Any]
Scores = np.ndarray


@dataclass(frozen=True)
class Breasts:
    """The breasts of films.

    Attributes:
        places: Of the films of each.
        women: Whose each is.
        true: Whether one of its masses is malignant.
    """

    places: tuple[tuple[int, ...], ...]
    women: tuple[str, ...]
    true: np.ndarray


def breasts_of(films: Sequence[Looked]) -> Breasts:
    """Each breast once."""
    places: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(films):
        places.setdefault((one.image.woman, one.image.laterality), []).append(place)
    true = np.array([any(films[place].true for place in each) for each in places.values()])
    women = tuple(woman for woman, _ in places)
    return Breasts(tuple(map(tuple, places.values())), women, true)


def of_breasts(breasts: Breasts, films: Sequence[Looked], scores: Scores, rule: str) -> Scores:
    """The score of each breast, as the pipeline makes it."""

    def one(places: Sequence[int]) -> float:
        views: dict[str, list[float]] = {}
        for place in places:
            views.setdefault(films[place].image.view, []).append(float(scores[place]))
        return of_breast(views, rule)

    return np.array([one(places) for places in breasts.places])


def image_lines(films: Sequence[Looked], scores: Scores, plain: Scores, signs: Scores) -> list[Line]:
    """Areas under the ROC curve of single images, by group; what findings add.

    Args:
        films: That are judged.
        scores: Of each, with findings.
        plain: By the network alone.
        signs: What the signs of marked masses tell.
    """
    women, true = [one.image.woman for one in films], np.array([one.true for one in films])
    found = np.array([one.likeliest for one in films])
    count, gain = len(films), auc_gain(plain, scores, true, women)
    lines = [
        line("image", "AUC", "within parts", count, within_parts(scores, true, women)),
        line("image", "AUC", "all parts", count, auc_interval(scores, true, women)),
        line("image", "AUC", "network alone, within parts", count, within_parts(plain, true, women)),
        line("image", "AUC", "signs alone, within parts", count, within_parts(signs, true, women)),
        line("image", "AUC", "score of findings alone", count, auc_interval(found, true, women)),
        line("image", "gain", "by findings: where they look, and signs", count, gain),
    ]
    lines += [
        line("image", "AUC", f"part {part}", int(here.sum()),
             auc_interval(scores[here], true[here], _only(women, here)))
        for part in PARTS if (here := np.array([part_of(woman) == part for woman in women])).any()
    ]  # fmt: skip
    for name, of in GROUPS.items():
        values = [of(one) for one in films]
        for value in sorted(set(values)):
            here = np.array([one == value for one in values])
            if min(true[here].sum(), (~true[here]).sum()) < FEW:
                continue
            some = _only(women, here)
            area = within_parts(scores[here], true[here], some)
            lines.append(line("image", "AUC", f"{name} {value}, within parts", len(some), area))
    return lines


def within_parts(scores: Scores, true: np.ndarray, women: Sequence[str]) -> Interval:
    """The area over pairs of which one network judged both: what ships is one network, never five."""
    parts = np.array([part_of(woman) for woman in women])
    pairs = {
        part: float(true[parts == part].sum() * (~true)[parts == part].sum())
        for part in sorted(set(parts.tolist()))
    }
    pairs = {part: count for part, count in pairs.items() if count}

    def area(weights: Weights) -> np.ndarray:
        areas = [
            auc_of_draws(scores[parts == part], true[parts == part], weights[:, parts == part])
            for part in pairs
        ]
        return np.average(areas, axis=0, weights=list(pairs.values()))[:, None]

    return weighted_bootstrap(area, women)[0]


def breast_lines(films: Sequence[Looked], scores: Scores) -> list[Line]:
    """Areas of breasts by each rule, what the rule that ships adds to others, and a second view."""
    breasts = breasts_of(films)
    said = {rule: of_breasts(breasts, films, scores, rule) for rule in RULES}
    both = np.array([len(places) > 1 for places in breasts.places])
    within = within_parts(said[OF_VIEWS], breasts.true, breasts.women)
    lines = [
        line("breast", "AUC", f"{OF_VIEWS}, within parts", len(breasts.women), within),
        *rule_lines("breast", said, OF_VIEWS, breasts.true, breasts.women),
    ]
    some = _only(breasts.women, both)
    area = within_parts(said[OF_VIEWS][both], breasts.true[both], some)
    lines.append(line("breast", "AUC", "with both views, within parts", len(some), area))
    for view in ("CC", "MLO"):
        single = np.array([_of_view(places, films, scores, view) for places in breasts.places])
        here = both & np.isfinite(single)
        some = _only(breasts.women, here)
        added = auc_gain(single[here], said[OF_VIEWS][here], breasts.true[here], some)
        lines.append(line("breast", "gain", f"of both views over {view}", len(some), added))
    return lines


def exam_lines(films: Sequence[Looked], scores: Scores) -> list[Line]:
    """The same of women by the rules for both breasts, all women and those with masses in both."""
    breasts = breasts_of(films)
    said = of_breasts(breasts, films, scores, OF_VIEWS)
    women: dict[str, list[int]] = {}
    for place, woman in enumerate(breasts.women):
        women.setdefault(woman, []).append(place)
    true = np.array([breasts.true[places].any() for places in women.values()])
    exams = {
        rule: np.array([_of_exam(said[places], rule) for places in women.values()]) for rule in RULES
    }
    lines = rule_lines("exam", exams, OF_BREASTS, true, tuple(women))
    both = np.array([len(places) > 1 for places in women.values()])
    if min(true[both].sum(), (~true[both]).sum()) < FEW:
        return lines
    some = {rule: values[both] for rule, values in exams.items()}
    return lines + rule_lines(
        "exam", some, OF_BREASTS, true[both], _only(tuple(women), both), "masses in both breasts, "
    )


def rule_lines(
    unit: str, said: Mapping[str, Scores], ours: str, true: np.ndarray, women: Sequence[str],
    group: str = "",
) -> list[Line]:  # fmt: skip
    """The area by each rule, and what ours adds to each other one."""
    count = len(true)
    return [
        line(unit, "AUC", f"{group}{rule}", count, auc_interval(values, true, women))
        for rule, values in said.items()
    ] + [
        line(unit, "gain", f"{group}of {ours} over {rule}", count,
             auc_gain(values, said[ours], true, women))
        for rule, values in said.items() if rule != ours
    ]  # fmt: skip


def points(films: Sequence[Looked], scores: Scores) -> list[OperatingPoint]:
    """Where a breast's score may be called high, and what that does to women who did not choose it.

    The threshold is that of all women. What it achieves is told of decisions in each fifth at
    the threshold that the women of the other fifths choose in the same way.
    """
    breasts = breasts_of(films)
    said = of_breasts(breasts, films, scores, OF_VIEWS)
    return [_judged(choose, said, breasts) for choose in CHOICES]


def point_lines(found: Sequence[OperatingPoint], count: int) -> list[Line]:
    """What each operating point achieves."""
    return [
        line("breast", name.replace("_", " "), f"{one.name} {one.threshold.estimate:.2f}", count, value)
        for one in found
        for name, value in vars(one.achieved).items()
        if isinstance(value, Interval)
    ]


def calibration_lines(scores: np.ndarray, true: np.ndarray) -> list[Line]:
    """How far probabilities hold that other women calibrated."""
    return [
        {
            "unit": "image",
            "figure": name,
            "group": "all",
            "count": len(scores),
            "estimate": round(value, 4),
        }
        for name, value in (
            ("Brier score", brier(scores, true)),
            ("expected calibration error", expected_error(scores, true)),
        )
    ]


GROUPS: Final[Mapping[str, Callable[[Looked], str]]] = {
    "digitiser": lambda one: one.digitiser or "not named",
    "view": lambda one: one.image.view,
    "density": lambda one: str(one.image.density),
    "largest subtlety": lambda one: str(max((each.subtlety or 0) for each in one.image.findings)),
}


def line(unit: str, figure: str, group: str, count: int, found: Interval) -> Line:
    """A line of the card's figures."""
    rounded = {key: round(value, 4) for key, value in found._asdict().items()}
    return {"unit": unit, "figure": figure, "group": group, "count": count, **rounded}


def _judged(choose: Callable[..., OperatingPoint], said: Scores, breasts: Breasts) -> OperatingPoint:
    point = choose(said, breasts.true, breasts.women)
    fifths = np.array([fifth_of(woman) for woman in breasts.women])
    thresholds = np.empty(len(said))
    for fifth in sorted(set(fifths.tolist())):
        others = fifths != fifth
        chosen = choose(said[others], breasts.true[others], _only(breasts.women, others), repeats=1)
        thresholds[~others] = chosen.threshold.estimate
    done = achieved(0.0, said - thresholds, breasts.true, breasts.women)
    return replace(point, achieved=replace(done, threshold=point.threshold.estimate))


def _of_view(places: Sequence[int], films: Sequence[Looked], scores: Scores, view: str) -> float:
    shown = [float(scores[place]) for place in places if films[place].image.view == view]
    return of_breast({view: shown}) if shown else float("nan")


def _of_exam(scores: Scores, rule: str) -> float:
    return of_exam(dict(zip(SIDES, scores.tolist(), strict=False)), rule)


def _only(women: Sequence[str], here: np.ndarray) -> list[str]:
    return [woman for woman, inside in zip(women, here.tolist(), strict=True) if inside]
