"""Training, validation and test pairs: by woman, never by image."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from mammoscope.errors import UsageError
from mammoscope.io.pairs import Pair, certain, uncertain

TEST: Final = 122 / (985 + 122)
"""Share of the women that test where the data name no test set: as many as the paper's cases."""
Pairs = tuple[Pair, ...]


@dataclass(frozen=True)
class Sets:
    """Pairs of different women in each set, with lesions whose matching is certain.

    Attributes:
        training: What is learnt from.
        validation: What chooses the weights.
        test: What is measured.
        uncertain: Pairs of the women who test, with those lesions alone whose matching is assumed.
        left_out: Development pairs of women who also test.
    """

    training: Pairs
    validation: Pairs
    test: Pairs
    uncertain: Pairs
    left_out: int

    @property
    def development(self) -> Pairs:
        """Training and validation together."""
        return self.training + self.validation


def split(pairs: Sequence[Pair], validation: float, seed: int = 0) -> Sets:
    """The data set's own test set, and a share of the other women that validate (section 4).

    Where the data name no test set, women are drawn for one. The same women give the same split in
    any order.

    Args:
        pairs: Of one data set or several.
        validation: Share of the women of the development set.
        seed: Of the draw.

    Raises:
        UsageError: If some pairs name a set and others do not, or a set is empty.
    """
    if len({pair.part is None for pair in pairs}) > 1:
        raise UsageError("a test set named for all pairs or for none was expected: split them apart")
    order = sorted({pair.woman for pair in pairs})
    np.random.default_rng(seed).shuffle(order)
    testing = {pair.woman for pair in pairs if pair.part == "test"}
    if pairs and pairs[0].part is None:
        testing = set(order[: round(TEST * len(order))])
    others = [woman for woman in order if woman not in testing]
    validating = set(others[: round(validation * len(others))])
    known = certain(pairs)
    sets = Sets(
        tuple(pair for pair in known if pair.woman not in testing | validating),
        tuple(pair for pair in known if pair.woman in validating),
        tuple(pair for pair in known if pair.woman in testing and pair.part != "training"),
        tuple(pair for pair in uncertain(pairs) if pair.woman in testing and pair.part != "training"),
        sum(pair.woman in testing and pair.part == "training" for pair in pairs),
    )
    for name in ("training", "validation", "test"):
        if not getattr(sets, name):
            raise UsageError(
                f"the {name} set of {len(pairs)} pairs is empty: training and evaluation need pairs of "
                "both views with the same lesion in each set"
            )
    return sets
