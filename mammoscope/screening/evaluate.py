"""The paper's yardstick: what is called cancer, counted against the truth (5.5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from mammoscope.scores.calibration import isotonic
from mammoscope.scores.intervals import Interval, bootstrap
from mammoscope.screening.threshold import HALF, Validation, best_threshold

Flags = Bool[np.ndarray, " images"]
Probabilities = Float[np.ndarray, " images"]


class Figures(NamedTuple):
    """What Table 3 has of one set of images.

    Attributes:
        f1: Harmonic mean of recall and precision; 0 where both are.
        recall: Of the cancers, the share that is called one.
        precision: Of what is called cancer, the share that is; 0 where nothing is.
        accuracy: Share of all that is called right.
    """

    f1: float
    recall: float
    precision: float
    accuracy: float


def figures(called: Flags, cancer: Flags) -> Figures:
    """Count.

    Example:
        >>> figures(np.array([True, True, False, False]), np.array([True, False, True, False]))
        Figures(f1=0.5, recall=0.5, precision=0.5, accuracy=0.5)
    """
    hits, said, there = int((called & cancer).sum()), int(called.sum()), int(cancer.sum())
    return Figures(
        2 * hits / max(said + there, 1), hits / max(there, 1), hits / max(said, 1),
        float((called == cancer).mean()),
    )  # fmt: skip


class Decision(NamedTuple):
    """How the networks of all folds decide together.

    Attributes:
        thresholds: Of each fold's network, from its own validation images.
        probabilities: Of each test image, the mean of the networks'.
        called: Which test images are called cancer: those whose mean is the mean threshold or more.
    """

    thresholds: tuple[float, ...]
    probabilities: Probabilities
    called: Flags


def decide(
    validation: Sequence[Validation], test: Float[np.ndarray, "folds images"], *, searched: bool
) -> Decision:
    """From validation images, and from what is said of test images, to what the test images are called.

    What the test images are is not among the arguments. How five networks decide together is ours:
    the paper is silent. Its recalls are of 231 test cancers, so one answer an image was counted.

    Args:
        validation: Of each fold.
        test: What each fold's network says of the test images.
        searched: Whether thresholds are searched (5.6), else a half.
    """
    found = tuple(best_threshold(one) if searched else HALF for one in validation)
    mean = test.mean(axis=0)
    return Decision(found, mean, mean >= np.mean(found))


@dataclass(frozen=True, eq=False)
class Outcome:
    """One row of Table 3, ours.

    Attributes:
        validation: Each development image by the network that did not learn it, with its truth.
        called: Which of these are called cancer, each at the threshold of its network.
        decision: On the test images.
        cancer: What the test images are.
        women: Of the validation images, and of the test images.
        sides: Which breast each test image shows; empty where unknown.
    """

    validation: Validation
    called: Bool[np.ndarray, " validating"]
    decision: Decision
    cancer: Bool[np.ndarray, " testing"]
    women: tuple[tuple[str, ...], tuple[str, ...]]
    sides: tuple[str, ...]

    @property
    def evaluation(self) -> Figures:
        """Of the validation images, all folds pooled."""
        return figures(self.called, self.validation.cancer)

    @property
    def test(self) -> Figures:
        """Of the test images."""
        return figures(self.decision.called, self.cancer)

    @property
    def calibrated(self) -> Probabilities:
        """Of the test images: by isotonic steps that are fitted to the validation images."""
        known = self.validation
        return isotonic(known.probabilities, known.cancer)(self.decision.probabilities)


def outcome(
    validation: Sequence[Validation],
    decision: Decision,
    cancer: Flags,
    women: tuple[tuple[str, ...], tuple[str, ...]],
    sides: tuple[str, ...],
) -> Outcome:
    """Folds pooled; the decision, which is made, meets the truth of the test images."""
    called = [
        one.probabilities >= threshold
        for one, threshold in zip(validation, decision.thresholds, strict=True)
    ]
    pooled = Validation(
        np.concatenate([one.probabilities for one in validation]),
        np.concatenate([one.cancer for one in validation]),
    )
    return Outcome(pooled, np.concatenate(called), decision, cancer, women, sides)


def gain(before: Outcome, after: Outcome, repeats: int = 1000) -> Interval:
    """What a step adds to the F1 of the same test images, with a 95 % interval, women drawn."""
    places = np.arange(len(after.cancer), dtype=float)

    def difference(sample: np.ndarray) -> float:
        drawn = sample.astype(int)
        cancer = after.cancer[drawn]
        pair = [figures(one.decision.called[drawn], cancer).f1 for one in (before, after)]
        return pair[1] - pair[0]

    return bootstrap(places, after.women[1], difference, repeats=repeats)
