"""Figures of masses found in women that a network never saw: FROC by group, two views, calibration."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

import numpy as np
from findings_held_out import Breast, Seen
from folds import FOLDS, fold_of
from scipy.optimize import brentq

from mammoscope.findings.measured import Case, groups
from mammoscope.io.cbis import DATASET as FILM
from mammoscope.io.cesm import DATASET as DIGITAL
from mammoscope.io.findings import BoxedFinding
from mammoscope.measures.findings import Rescoring, rescored
from mammoscope.scores.calibration import (
    brier,
    calibrated,
    calibration,
    expected_error,
    logistic,
    logit,
    reliability,
    sigmoid,
)
from mammoscope.scores.froc import (
    RATES,
    Counted,
    Marked,
    count,
    gain,
    hits,
    interval,
    once,
    threshold,
)
from mammoscope.scores.intervals import Interval
from mammoscope.scores.table import Table

KIND: Final = "mass"
GROUPED: Final = (0.5, 1.0, 2.0)
"""False positives an image at which groups are told."""
Line = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Scored:
    """The masses marked on one image.

    Attributes:
        seen: The image.
        boxes: Of the detections; those on a finding of another kind are left out.
        scores: As the network says them.
        partners: Score of each one's partner in the other view; NaN where it has none.
        fits: `Match.score` of the two; NaN where it has none.
        both: Whether both views were laid on each other.
        lesions: Masses, in the order of their boxes.
    """

    seen: Seen
    boxes: np.ndarray
    scores: np.ndarray
    partners: np.ndarray
    fits: np.ndarray
    both: bool
    lesions: tuple[BoxedFinding, ...]

    @property
    def woman(self) -> str:
        """Whose it is."""
        return self.seen.image.woman

    @property
    def truth(self) -> np.ndarray:
        """Boxes of the masses."""
        return _boxes([one.box for one in self.lesions])

    @property
    def right(self) -> np.ndarray:
        """Which detection hits a mass."""
        return hits(self.boxes, self.truth).any(axis=1)


class Fold(NamedTuple):
    """What the women of the other folds say of scores."""

    calibration: Mapping[str, float]
    rescoring: Rescoring


def all_scored(breasts: Sequence[Breast]) -> list[Scored]:
    """Every image of every breast."""
    return [one for breast in breasts for one in _scored(breast)]


def fitted(images: Sequence[Scored]) -> Fold:
    """Calibration, then what a partner does, on images."""
    held = calibration(
        np.concatenate([one.scores for one in images]), np.concatenate([one.right for one in images])
    )
    return Fold(held, _rescoring([one for one in images if one.both], held))


def cross_fitted(images: Sequence[Scored]) -> dict[int, Fold]:
    """For each fold what the others say."""
    return {
        fold: fitted([one for one in images if fold_of(one.woman) != fold]) for fold in range(FOLDS)
    }


def plain(one: Scored, fold: Fold) -> np.ndarray:
    """Calibrated scores of single views."""
    return calibrated(one.scores, fold.calibration)


def of_both_views(one: Scored, fold: Fold) -> np.ndarray:
    """Calibrated scores after a look at the other view, where it could be laid on this one."""
    own, partners = plain(one, fold), calibrated(np.nan_to_num(one.partners), fold.calibration)
    if not one.both:
        return own
    return np.array([
        rescored([score], None, fold.rescoring)[0] if np.isnan(fit)
        else rescored([score, partner], fit, fold.rescoring)[0]
        for score, partner, fit in zip(own.tolist(), partners.tolist(), one.fits.tolist(), strict=True)
    ])  # fmt: skip


def counted(images: Sequence[Scored], scores: Sequence[np.ndarray]) -> Counted:
    """Masses and false positives."""
    pairs = zip(images, scores, strict=True)
    return count(Marked(one.boxes, said, one.truth) for one, said in pairs)


def froc_lines(images: Sequence[Scored], folds: Mapping[int, Fold]) -> list[Line]:
    """Sensitivities, film and digital apart: of single views, of both, a lesion once a breast."""
    lines = []
    for name in (FILM, DIGITAL):
        chosen = [one for one in images if one.seen.image.dataset == name]
        if not chosen:
            continue
        women = [one.woman for one in chosen]
        single, double = (
            counted(chosen, [way(one, folds[fold_of(one.woman)]) for one in chosen])
            for way in (plain, of_both_views)
        )
        names = [key for one in chosen for key in _names(one)]
        for rate in RATES:
            for figure, of in (
                ("sensitivity", single),
                ("sensitivity, lesion once over both views", once(single, names)),
                ("sensitivity, two-view scores", double),
                ("sensitivity, two-view scores, lesion once", once(double, names)),
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
    """Scores above which film has so many false positives an image, for the card."""
    chosen = [one for one in images if one.seen.image.dataset == FILM]
    of = counted(chosen, [plain(one, fold) for one in chosen])
    return {f"threshold_{rate:g}": round(max(threshold(of, rate), 0.0), 4) for rate in RATES}


def _scored(breast: Breast) -> list[Scored]:
    partners = {view: np.full(len(one.findings.findings), np.nan) for view, one in breast.views.items()}
    fits = {view: of.copy() for view, of in partners.items()}
    for match in breast.matches or ():
        if match.cc is None or match.mlo is None:
            continue
        partners["CC"][match.cc] = breast.views["MLO"].findings.findings[match.mlo].score
        partners["MLO"][match.mlo] = breast.views["CC"].findings.findings[match.cc].score
        fits["CC"][match.cc] = fits["MLO"][match.mlo] = match.score
    found = []
    for view, seen in breast.views.items():
        lesions = tuple(one for one in seen.image.findings if KIND in one.kinds)
        others = _boxes([one.box for one in seen.image.findings if KIND not in one.kinds])
        boxes = _boxes([one.box for one in seen.findings.findings])
        counts = hits(boxes, _boxes([one.box for one in lesions])).any(axis=1)
        kept = counts | ~hits(boxes, others).any(axis=1)
        kept &= np.array([one.kind == KIND for one in seen.findings.findings], bool)
        scores = np.array([one.score for one in seen.findings.findings], float)
        found.append(
            Scored(
                seen,
                boxes[kept],
                scores[kept],
                partners[view][kept],
                fits[view][kept],
                breast.matches is not None,
                lesions,
            )
        )
    return found


def _rescoring(images: Sequence[Scored], held: Mapping[str, float]) -> Rescoring:
    own, partners = (
        logit(calibrated(np.concatenate(values), held))
        for values in ([one.scores for one in images], [np.nan_to_num(one.partners) for one in images])
    )
    fits = np.concatenate([one.fits for one in images])
    right = np.concatenate([one.right for one in images])
    paired = np.isfinite(fits)
    features = np.column_stack([own, partners, np.nan_to_num(fits)])[paired]
    offset, of_own, of_partner, of_fit = logistic(features, right[paired]).round(3).tolist()
    alone, found = own[~paired], right[~paired].mean()
    shift = brentq(lambda moved: float(sigmoid(alone + moved).mean() - found), -10, 10)
    return Rescoring(offset, of_own, of_partner, of_fit, round(float(shift), 3))


def _names(one: Scored) -> list[Hashable]:
    """What tells a lesion from others, the same on both views: its number, or that it is alone."""
    image = one.seen.image
    alone = len(image.findings) == 1
    return [
        (image.woman, image.laterality, lesion.lesion or ("alone" if alone else (image.view, place)))
        for place, lesion in enumerate(one.lesions)
    ]


def _pooled(images: Sequence[Scored], folds: Mapping[int, Fold]) -> tuple[np.ndarray, np.ndarray]:
    said = np.concatenate([plain(one, folds[fold_of(one.woman)]) for one in images])
    return said, np.concatenate([one.right for one in images])


def _line(name: str, figure: str, rate: float, lesions: int, found: Interval) -> Line:
    rounded = {key: round(value, 4) for key, value in found._asdict().items()}
    return {"set": name, "figure": figure, "rate": rate, "lesions": lesions, **rounded}


def _case(seen: Seen) -> Case:
    found = seen.findings
    return Case(seen.image, found.findings, len(found.shown), (KIND,), seen.image.spacing)


def _boxes(found: Sequence[tuple[float, float, float, float]]) -> np.ndarray:
    return np.array(found, float).reshape(-1, 4)
