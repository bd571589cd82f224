"""Figures of masses found in women that a network never saw: FROC by group, two views, calibration."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
from findings_held_out import Seen
from findings_scored import (
    KIND,
    Fold,
    Scored,
    counted,
    names,
    of_both_views,
    once_a_breast,
    plain,
)
from folds import fold_of

from mammoscope.findings.measured import Case, groups
from mammoscope.io.cbis import DATASET as FILM
from mammoscope.io.cesm import DATASET as DIGITAL
from mammoscope.scores.calibration import brier, expected_error, reliability
from mammoscope.scores.froc import RATES, gain, interval, once, threshold
from mammoscope.scores.intervals import Interval
from mammoscope.scores.table import Table

GROUPED: Final = (0.5, 1.0, 2.0)
"""False positives an image at which groups are told."""
Line = dict[str, Any]


def froc_lines(images: Sequence[Scored], folds: Mapping[int, Fold]) -> list[Line]:
    """Sensitivities, film and digital apart: of single views, of both, a lesion once a breast."""
    lines = []
    for name in (FILM, DIGITAL):
        chosen = [one for one in images if one.seen.image.dataset == name]
        if not chosen:
            continue
        women = [one.woman for one in chosen]
        told, both = (
            [way(one, folds[fold_of(one.woman)]) for one in chosen] for way in (plain, of_both_views)
        )
        single, double = counted(chosen, told), counted(chosen, both)
        lesions = [key for one in chosen for key in names(one)]
        for rate in RATES:
            for figure, of in (
                ("sensitivity", single),
                ("sensitivity, two-view scores", double),
                ("sensitivity, lesions once a breast", once(single, lesions)),
                ("sensitivity, two-view scores, lesions once a breast", once(double, lesions)),
                ("sensitivity, two-view scores, lesions and marks once", once_a_breast(chosen, both)),
            ):
                lines.append(_line(name, figure, rate, len(of.found), interval(of, rate, women)))
            added = gain(single, double, rate, women)
            lines.append(_line(name, "gain by two-view scores", rate, len(single.found), added))
    return lines


def group_lines(images: Sequence[Scored], folds: Mapping[int, Fold]) -> list[Line]:
    """Sensitivities of groups of film lesions, at the thresholds of all film."""
    chosen = [one for one in images if one.seen.image.dataset == FILM]
    of = counted(chosen, [plain(one, folds[fold_of(one.woman)]) for one in chosen])
    women = [one.woman for one in chosen]
    lines = []
    for name, held in groups([_case(one.seen) for one in chosen], KIND).items():
        for rate in GROUPED:
            found = interval(of, rate, women, held)
            line = _line(FILM, "sensitivity", rate, int(held.sum()), found)
            lines.append({**line, "group": name})
    return lines


def windowed_lines(images: Sequence[Scored], alone: Sequence[Scored]) -> list[Line]:
    """Sensitivities at once and window by window, on the same images, with what the latter adds.

    Args:
        images: All, looked at at once.
        alone: Some of them, looked at window by window.
    """
    known = {one.seen.image.image: one for one in images}
    same = [known[one.seen.image.image] for one in alone]
    women = [one.woman for one in alone]
    dense, windows = (counted(some, [one.scores for one in some]) for some in (same, alone))
    lines = []
    for rate in RATES:
        for figure, found in (
            ("sensitivity, at once", interval(dense, rate, women)),
            ("sensitivity, window by window", interval(windows, rate, women)),
            ("gain by windows", gain(dense, windows, rate, women)),
        ):
            lines.append(_line(f"{len(alone)} images", figure, rate, len(dense.found), found))
    return lines


def calibration_lines(images: Sequence[Scored], folds: Mapping[int, Fold]) -> list[Line]:
    """How far probabilities hold that other women calibrated."""
    lines = []
    for name in (FILM, DIGITAL):
        chosen = [one for one in images if one.seen.image.dataset == name]
        if not chosen:
            continue
        said, right = _pooled(chosen, folds)
        about = {"set": name, "detections": len(said)}
        lines.append({**about, "figure": "Brier score", "estimate": round(brier(said, right), 4)})
        error = expected_error(said, right)
        lines.append({**about, "figure": "expected calibration error", "estimate": round(error, 4)})
    return lines


def calibration_table(images: Sequence[Scored], folds: Mapping[int, Fold]) -> Table:
    """The reliability curve of film."""
    said, right = _pooled([one for one in images if one.seen.image.dataset == FILM], folds)
    rows = tuple(
        (f"{part.said:.3f}", f"{part.found:.3f}", str(part.answers))
        for part in reliability(said, right)
    )
    return Table("Reliability, film: ten bins of equal counts", ("said", "true", "detections"), rows)


def froc_table(lines: Sequence[Line], title: str, key: str) -> Table:
    """Sensitivities with their intervals: a row a figure or group, a column a rate."""
    rates = sorted({line["rate"] for line in lines})
    cells: dict[tuple[str, str], dict[float, str]] = {}
    for line in lines:
        text = "{estimate:.3f} ({low:.3f}–{high:.3f})".format(**line)
        cells.setdefault((f"{line['set']}: {line[key]}", str(line["lesions"])), {})[line["rate"]] = text
    head = ("", "lesions", *(f"{rate:g} FP an image" for rate in rates))
    rows = tuple((*name, *(of.get(rate, "") for rate in rates)) for name, of in cells.items())
    return Table(title, head, rows)


def operating_points(images: Sequence[Scored], fold: Fold) -> dict[str, float]:
    """Scores above which film has so many false positives an image, for the card.

    Of single views, and of breasts whose views were laid on each other, marks of both counted once.
    """
    chosen = [one for one in images if one.seen.image.dataset == FILM]
    laid = [one for one in chosen if one.both]
    of = counted(chosen, [plain(one, fold) for one in chosen])
    matched = once_a_breast(laid, [of_both_views(one, fold) for one in laid])
    return {
        f"{name}threshold_{rate:g}": round(max(threshold(some, rate), 0.0), 4)
        for name, some in (("", of), ("matched_", matched))
        for rate in RATES
    }


def _pooled(images: Sequence[Scored], folds: Mapping[int, Fold]) -> tuple[np.ndarray, np.ndarray]:
    said = np.concatenate([plain(one, folds[fold_of(one.woman)]) for one in images])
    return said, np.concatenate([one.right for one in images])


def _line(name: str, figure: str, rate: float, lesions: int, found: Interval) -> Line:
    rounded = {key: round(value, 4) for key, value in found._asdict().items()}
    return {"set": name, "figure": figure, "rate": rate, "lesions": lesions, **rounded}


def _case(seen: Seen) -> Case:
    found = seen.findings
    return Case(seen.image, found.findings, len(found.shown), (KIND,), seen.image.spacing)
