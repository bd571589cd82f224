"""How malignant the mass of a breast and of an exam looks, by the scores of its images."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np

from mammoscope.core import (
    BreastMalignancy,
    ExamMalignancy,
    Failed,
    ImageResult,
    Laterality,
    Malignancy,
    NotAssessed,
    PairView,
)
from mammoscope.errors import UsageError
from mammoscope.measures.registration import PAIR, SIDES, none_assessed, why_none
from mammoscope.scores.calibration import logit, sigmoid

Scores = Sequence[float]
Rule = Callable[[Scores], float]


def mean_log_odds(scores: Scores) -> float:
    """The score whose log odds are the mean of all.

    Example:
        >>> round(mean_log_odds([0.5, 0.9]), 4)
        0.75
    """
    return float(sigmoid(float(np.mean(logit(np.asarray(scores, float))))))


def mean(scores: Scores) -> float:
    """The mean.

    Example:
        >>> round(mean([0.5, 0.9]), 4)
        0.7
    """
    return float(np.mean(scores))


def noisy_or(scores: Scores) -> float:
    """The probability that one of several is true, if each is so by itself.

    Example:
        >>> round(noisy_or([0.5, 0.9]), 4)
        0.95

    Source:
        Pearl, Probabilistic Reasoning in Intelligent Systems, Morgan Kaufmann (1988), section 4.3.2.
    """
    return float(1 - np.prod(1 - np.asarray(scores, float)))


RULES: Final[Mapping[str, Rule]] = {
    "mean of log odds": mean_log_odds,
    "mean": mean,
    "max": max,
    "noisy-or": noisy_or,
}
"""What may make one score of several."""
OF_VIEWS: Final = "mean of log odds"
"""The rule for the views of a breast."""
OF_BREASTS: Final = "max"
"""The rule for both breasts: an exam is as malignant as the breast that looks worse."""


def of_breast(views: Mapping[str, Scores], rule: str = OF_VIEWS) -> float:
    """The score of a breast.

    Images of one view count as one, whose log odds are the mean of theirs; a view that is missing
    does not count.

    Args:
        views: The scores of the images of each view, 0–1.
        rule: One of `RULES`.

    Raises:
        UsageError: If there is no score.

    Example:
        >>> round(of_breast({"CC": [0.9, 0.9, 0.9], "MLO": [0.5]}, "mean"), 4)
        0.7
    """
    return _by(rule, [mean_log_odds(scores) for scores in views.values() if scores])


def of_exam(breasts: Mapping[Laterality, float], rule: str = OF_BREASTS) -> float:
    """The score of an exam.

    Args:
        breasts: The score of each breast that has one, 0–1.
        rule: One of `RULES`.

    Raises:
        UsageError: If there is no score.
    """
    return _by(rule, list(breasts.values()))


def assess_exam(
    images: Sequence[ImageResult], threshold: float | None = None, rule: str = OF_VIEWS
) -> ExamMalignancy | NotAssessed | Failed:
    """The malignancy of each breast and of the exam.

    Args:
        images: Of one exam; those that are set aside do not count.
        threshold: The score from which it is called high, where the weights have one.
        rule: What makes the score of a breast: one of `RULES`.

    Returns:
        Without a result for any breast one answer that says why.
    """
    standard = {side: _views(images, side) for side in SIDES}
    breasts = {side: _breast(views, rule) for side, views in standard.items() if views}
    scored = {side: one for side, one in breasts.items() if isinstance(one, BreastMalignancy)}
    if not scored:
        return none_assessed(breasts)
    score = of_exam({side: one.score for side, one in scored.items()})
    return ExamMalignancy(score, scored, threshold)


def _by(rule: str, scores: Scores) -> float:
    if not scores:
        raise UsageError("the score of at least one view was expected, got none")
    return float(RULES[rule](scores))


def _views(images: Sequence[ImageResult], side: Laterality) -> dict[PairView, list[ImageResult]]:
    """The images of a breast that count, by view; without the views that it has none of."""
    views: dict[PairView, list[ImageResult]] = {}
    for view in PAIR:
        for image in images:
            said = image.about
            shown = said.laterality and said.laterality.value, said.view and said.view.value
            if image.standard and shown == (side, view):
                views.setdefault(view, []).append(image)
    return views


def _breast(
    views: Mapping[PairView, Sequence[ImageResult]], rule: str
) -> BreastMalignancy | NotAssessed | Failed:
    answers: dict[PairView, dict[str, Malignancy]] = {view: {} for view in views}
    for view, images in views.items():
        for image in images:
            answer = image.answers.get("screening")
            if isinstance(answer, Malignancy):
                answers[view][image.about.name] = answer
    every = {name: one for of_view in answers.values() for name, one in of_view.items()}
    if not every:
        return why_none({view: images[0].answers.get("screening") for view, images in views.items()})
    return BreastMalignancy(
        of_breast(
            {view: [one.score for one in of_view.values()] for view, of_view in answers.items()}, rule
        ),
        tuple(every),
        any(one.marked for one in every.values()),
    )
