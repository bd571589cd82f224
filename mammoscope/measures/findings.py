"""Findings of both views of a breast, each counted once and scored by what both views show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from jaxtyping import Float

from mammoscope.core import (
    FINDINGS,
    About,
    AlignedPair,
    BreastFinding,
    BreastFindings,
    ExamFindings,
    Failed,
    Findings,
    ImageResult,
    Landmarks,
    Laterality,
    NotAssessed,
    Note,
    PairView,
    Positioning,
)
from mammoscope.measures.comparisons import Images, standard_images
from mammoscope.measures.location import in_words
from mammoscope.measures.matching import Match, match
from mammoscope.measures.registration import PAIR, SIDES, none_assessed, why_none
from mammoscope.scores.calibration import logit, sigmoid

LISTED_APART: Final = Note(
    "views not matched", "what both views show is listed twice: they were not laid on each other"
)


@dataclass(frozen=True)
class Rescoring:
    """What a score becomes where both views of a breast were looked at: logistic in the logits.

    Attributes:
        offset: Added where the other view has a partner.
        own: Share of its own logit that stays.
        partner: Share of the partner's logit that is added.
        fit: Added for each unit of `Match.score`.
        alone: Added where the other view was looked at and has no partner.
    """

    offset: float
    own: float
    partner: float
    fit: float
    alone: float

    def with_partner(self, score: float, partner: float, fit: float) -> float:
        """The score of a finding with a partner in the other view; never lower than before.

        Args:
            score: Its own.
            partner: Its partner's.
            fit: `Match.score` of the two.
        """
        changed = self.offset + self.own * logit(score) + self.partner * logit(partner)
        return max(score, float(sigmoid(changed + self.fit * fit)))

    def without(self, score: float) -> float:
        """The score of a finding that has none."""
        return float(sigmoid(self.alone + logit(score)))


RESCORING: Final = Rescoring(offset=0.922, own=0.907, partner=0.408, fit=-0.029, alone=-0.839)
"""Of calibrated scores, fitted by scripts/measure_findings.py on 363 breasts with both views."""


def located(findings: Findings, landmarks: Landmarks | None, about: About) -> Findings:
    """Findings of an image with words of where in the breast each lies.

    Args:
        findings: Of a view.
        landmarks: Of the same; without them, or on another view than CC and MLO, there are no words.
        about: Of the same.
    """
    if landmarks is None or about.view is None or about.view.value not in PAIR:
        return findings
    placed = tuple(
        replace(one, location=in_words(one.centre, landmarks, about)) for one in findings.findings
    )
    return replace(findings, findings=placed)


def assess_exam(
    images: Sequence[ImageResult],
    pairs: Mapping[Laterality, AlignedPair],
    rescoring: Rescoring = RESCORING,
) -> ExamFindings | NotAssessed | Failed:
    """The findings of each breast, those of both views counted once.

    Args:
        images: Of one exam; those that are set aside do not count.
        pairs: Both views of a breast on each other, where they could be laid so.
        rescoring: What a partner in the other view does to a score.

    Returns:
        Without a result for any breast one answer that says why.
    """
    standard = standard_images(images)
    sides = [side for side in SIDES if any((side, view) in standard for view in PAIR)]
    breasts = {side: _breast(standard, side, pairs.get(side), rescoring) for side in sides}
    if any(isinstance(one, BreastFindings) for one in breasts.values()):
        return ExamFindings(breasts)
    return none_assessed(breasts)


def once(
    findings: Mapping[PairView, Findings],
    matches: Sequence[Match],
    rescoring: Rescoring = RESCORING,
) -> tuple[BreastFinding, ...]:
    """Each finding of a breast once, by falling score.

    Args:
        findings: Of both views.
        matches: Which of them are the same.
        rescoring: What a partner in the other view does to a score.
    """
    found = []
    for one in matches:
        indices: dict[PairView, int | None] = {"CC": one.cc, "MLO": one.mlo}
        shown = [findings[view].findings[index] for view, index in indices.items() if index is not None]
        scores = rescored([finding.score for finding in shown], one.score, rescoring)
        found.append(BreastFinding(shown[0].kind, one.cc, one.mlo, max(scores), one.location.words))
    return _falling(found)


def rescored(
    scores: Sequence[float], fit: float | None, rescoring: Rescoring = RESCORING
) -> tuple[float, ...]:
    """The scores of one finding on the views that show it, after a look at both views.

    Args:
        scores: On each view that shows it.
        fit: `Match.score`; None: one view shows it.
        rescoring: What a partner does.
    """
    if fit is None:
        return tuple(rescoring.without(score) for score in scores)
    one, other = scores
    return rescoring.with_partner(one, other, fit), rescoring.with_partner(other, one, fit)


def matched(
    findings: Mapping[PairView, Findings],
    pair: AlignedPair,
    views: Mapping[PairView, tuple[Landmarks, About]],
) -> tuple[Match, ...]:
    """Which findings of both views are the same; those of different kinds never are.

    Args:
        findings: Of both views.
        pair: Both views on each other.
        views: What is known of each, for the location.

    Returns:
        With places among all findings of each view.
    """
    found: list[Match] = []
    for kind in FINDINGS:
        places = {
            view: [index for index, one in enumerate(of_view.findings) if one.kind == kind]
            for view, of_view in findings.items()
        }
        boxes = {view: _boxes(of_view, places[view]) for view, of_view in findings.items()}
        if any(map(len, places.values())):
            found += [
                replace(
                    one,
                    cc=None if one.cc is None else places["CC"][one.cc],
                    mlo=None if one.mlo is None else places["MLO"][one.mlo],
                )
                for one in match(pair, boxes, views)
            ]
    return tuple(found)


def _breast(
    standard: Images, side: Laterality, pair: AlignedPair | None, rescoring: Rescoring
) -> BreastFindings | NotAssessed | Failed:
    images = {view: standard[side, view] for view in PAIR if (side, view) in standard}
    answers = {view: image.answers.get("findings") for view, image in images.items()}
    findings = {view: one for view, one in answers.items() if isinstance(one, Findings)}
    if not findings:
        return why_none(answers)
    names = {view: images[view].about.name for view in findings}
    views = _views(images)
    both = pair is not None and len(findings) == len(views) == len(PAIR)
    if pair is not None and both:
        found = once(findings, matched(findings, pair, views), rescoring)
    else:
        found = _falling([one for view, shown in findings.items() for one in _alone(shown, view)])
    notes = (LISTED_APART,) if len(findings) == len(PAIR) and not both else ()
    return BreastFindings(found, names.get("CC"), names.get("MLO"), both, notes)


def _views(images: Mapping[PairView, ImageResult]) -> dict[PairView, tuple[Landmarks, About]]:
    positions = {view: image.answers.get("positioning") for view, image in images.items()}
    return {
        view: (one.landmarks, images[view].about)
        for view, one in positions.items()
        if isinstance(one, Positioning)
    }


def _alone(findings: Findings, view: PairView) -> list[BreastFinding]:
    """Findings of a view by itself, with its own scores and words."""
    return [
        BreastFinding(
            one.kind,
            index if view == "CC" else None,
            index if view == "MLO" else None,
            one.score,
            one.location,
        )
        for index, one in enumerate(findings.findings)
    ]


def _falling(found: Sequence[BreastFinding]) -> tuple[BreastFinding, ...]:
    return tuple(sorted(found, key=lambda one: -one.score))


def _boxes(findings: Findings, places: Sequence[int]) -> Float[np.ndarray, "n 4"]:
    return np.array([findings.findings[index].box for index in places], float).reshape(-1, 4)
