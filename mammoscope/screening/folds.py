"""Women who test, and the folds of the others: no woman stands on two sides."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from mammoscope.errors import UsageError


class Fold(NamedTuple):
    """Places of images in the sequence that was split.

    Attributes:
        training: What is learnt from.
        validation: What chooses the weights and the threshold.
    """

    training: tuple[int, ...]
    validation: tuple[int, ...]


@dataclass(frozen=True)
class Split:
    """Places of images in the sequence that was split; each woman on one side of every line.

    Attributes:
        test: What is measured.
        folds: Of all others; each validates once.
    """

    test: tuple[int, ...]
    folds: tuple[Fold, ...]


def split(
    women: Sequence[Hashable], cancer: Sequence[bool], test: float, folds: int, seed: int = 0
) -> Split:
    """A test set, then folds of the others: by woman, stratified by whether she has a cancer.

    Which women test is drawn before the folds. The same women give the same split in any order of
    images.

    Args:
        women: Of each image.
        cancer: Whether it shows one.
        test: Share of the women who test.
        folds: How many.
        seed: Of the draws.

    Raises:
        UsageError: If a set would have no woman with cancer, or none without.
    """
    ill = {woman for woman, there in zip(women, cancer, strict=True) if there}
    testing, dealt = set[Hashable](), dict[Hashable, int]()
    for stratum in (ill, set(women) - ill):
        order = sorted(stratum, key=repr)
        np.random.default_rng((seed, len(order))).shuffle(order)
        tested = round(test * len(order))
        if not tested or len(order) - tested < folds:
            raise UsageError(
                f"a test set and {folds} folds need {folds + 1} women or more with cancer and as many "
                f"without, got {len(ill)} and {len(set(women) - ill)}, {test:g} of them to test: "
                "add data, let a larger share test, or take fewer folds"
            )
        testing |= set(order[:tested])
        dealt |= {woman: place % folds for place, woman in enumerate(order[tested:])}
    return Split(
        tuple(place for place, woman in enumerate(women) if woman in testing),
        tuple(_fold(women, dealt, number) for number in range(folds)),
    )


def _fold(women: Sequence[Hashable], dealt: dict[Hashable, int], number: int) -> Fold:
    learning = [place for place, woman in enumerate(women) if dealt.get(woman, number) != number]
    validating = [place for place, woman in enumerate(women) if dealt.get(woman) == number]
    return Fold(tuple(learning), tuple(validating))
