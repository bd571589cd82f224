"""Masses marked on women that a network never saw: scores that hold, and what both views share."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from findings_held_out import Breast, Seen
from folds import FOLDS, fold_of
from scipy.optimize import brentq

from mammoscope.core import Finding
from mammoscope.io.findings import BoxedFinding
from mammoscope.measures.findings import Rescoring, rescored
from mammoscope.scores.calibration import calibrated, calibration, logistic, logit, sigmoid
from mammoscope.scores.froc import Counted, Marked, count, hits

KIND: Final = "mass"


@dataclass(frozen=True, eq=False)
class Scored:
    """The masses marked on one image.

    Attributes:
        seen: The image.
        boxes: Of the detections; those on a finding of another kind are left out.
        scores: As the network says them.
        partners: Score of each one's partner in the other view; NaN where it has none.
        fits: `Match.score` of the two; NaN where it has none.
        marks: What tells each finding of the breast from others: the same on both views.
        breast: Its number.
        both: Whether both views were laid on each other.
        lesions: Masses, in the order of their boxes.
    """

    seen: Seen
    boxes: np.ndarray
    scores: np.ndarray
    partners: np.ndarray
    fits: np.ndarray
    marks: np.ndarray
    breast: int
    both: bool
    lesions: tuple[BoxedFinding, ...]

    @property
    def woman(self) -> str:
        """Whose it is."""
        return self.seen.image.woman

    @property
    def truth(self) -> np.ndarray:
        """Boxes of the masses."""
        return boxes_of(self.lesions)

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
    return [one for number, breast in enumerate(breasts) for one in _scored(breast, number)]


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


def once_a_breast(images: Sequence[Scored], scores: Sequence[np.ndarray]) -> Counted:
    """Marks and masses once over both views, by the better score of either; at the first image."""
    marks: dict[tuple[int, str], tuple[float, int, frozenset[Hashable]]] = {}
    lesions: dict[Hashable, tuple[float, int]] = {}
    for place, (one, said) in enumerate(zip(images, scores, strict=True)):
        of_lesions, hit = names(one), hits(one.boxes, one.truth)
        for name in of_lesions:
            lesions.setdefault(name, (-np.inf, place))
        for mark, score, on in zip(one.marks.tolist(), said.tolist(), hit.tolist(), strict=True):
            held = frozenset(name for name, right in zip(of_lesions, on, strict=True) if right)
            best, first, before = marks.get((one.breast, mark), (-np.inf, place, frozenset()))
            marks[one.breast, mark] = max(best, score), first, before | held
    for score, _, held in marks.values():
        for name in held:
            lesions[name] = max(lesions[name][0], score), lesions[name][1]
    wrong = sorted(((score, first) for score, first, held in marks.values() if not held), reverse=True)
    found, false = np.array([*lesions.values()], float), np.array(wrong, float).reshape(-1, 2)
    return Counted(
        found[:, 0], found[:, 1].astype(int), false[:, 0], false[:, 1].astype(int), len(images)
    )


def names(one: Scored) -> list[Hashable]:
    """What tells a lesion from others, the same on both views: its number, or that it is alone."""
    image = one.seen.image
    alone = len(image.findings) == 1
    return [
        (image.woman, image.laterality, lesion.lesion or ("alone" if alone else (image.view, place)))
        for place, lesion in enumerate(one.lesions)
    ]


def boxes_of(found: Sequence[Finding | BoxedFinding]) -> np.ndarray:
    """Boxes, one a row."""
    return np.array([one.box for one in found], float).reshape(-1, 4)


def _scored(breast: Breast, number: int) -> list[Scored]:
    partners = {view: np.full(len(one.findings.findings), np.nan) for view, one in breast.views.items()}
    fits = {view: of.copy() for view, of in partners.items()}
    marks = {view: _unpaired(view, len(of)) for view, of in partners.items()}
    for place, match in enumerate(breast.matches or ()):
        if match.cc is None or match.mlo is None:
            continue
        partners["CC"][match.cc] = breast.views["MLO"].findings.findings[match.mlo].score
        partners["MLO"][match.mlo] = breast.views["CC"].findings.findings[match.cc].score
        fits["CC"][match.cc] = fits["MLO"][match.mlo] = match.score
        marks["CC"][match.cc] = marks["MLO"][match.mlo] = f"both {place}"
    found = []
    for view, seen in breast.views.items():
        lesions = tuple(one for one in seen.image.findings if KIND in one.kinds)
        boxes = boxes_of(seen.findings.findings)
        others = boxes_of([one for one in seen.image.findings if KIND not in one.kinds])
        kept = hits(boxes, boxes_of(lesions)).any(axis=1) | ~hits(boxes, others).any(axis=1)
        kept &= np.array([one.kind == KIND for one in seen.findings.findings], bool)
        scores = np.array([one.score for one in seen.findings.findings], float)
        found.append(
            Scored(
                seen,
                boxes[kept],
                scores[kept],
                partners[view][kept],
                fits[view][kept],
                marks[view][kept],
                number,
                breast.matches is not None,
                lesions,
            )
        )
    return found


def _unpaired(view: str, number: int) -> np.ndarray:
    return np.array([f"{view} {place}" for place in range(number)], object)


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
