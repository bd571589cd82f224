"""The paper's yardstick: patches classified one by one, counted class by class."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float32

from mammoscope.core.findings import FINDINGS, FindingKind
from mammoscope.findings.prepare import NORMAL, Example
from mammoscope.findings.recipe import Recipe

THRESHOLD: Final = 0.5
"""A kind is said where its probability is above this. The paper is silent: ours."""
CLASSES: Final[tuple[str, ...]] = (NORMAL, *FINDINGS)
MERGED: Final[tuple[FindingKind, ...]] = ("asymmetry", "focal asymmetry", "global asymmetry")
"""What the first table calls Asymmetries."""
Flags = Bool[np.ndarray, " patches"]
Classify = Callable[[np.ndarray], np.ndarray]
"""From patches (batch, 3, size, size) to probabilities (batch, kinds)."""


@dataclass(frozen=True, eq=False)
class Said:
    """What a classifier says of patches, beside what they show.

    Attributes:
        probabilities: One column a kind.
        kinds: What the columns stand for.
        truth: What each patch shows; nothing where it is normal.
        women: Whose patch it is, for intervals.
    """

    probabilities: Float32[np.ndarray, "patches kinds"]
    kinds: tuple[FindingKind, ...]
    truth: tuple[tuple[FindingKind, ...], ...]
    women: tuple[str, ...]

    def shows(self, *kinds: str) -> Flags:
        """Whether a patch shows one of these kinds; `NORMAL`: none of any."""
        return np.array([
            any(kind in true for kind in kinds) or (NORMAL in kinds and not true) for true in self.truth
        ], bool)  # fmt: skip

    def says(self, *kinds: str) -> Flags:
        """Whether one of these kinds is said of a patch; `NORMAL`: none of all is."""
        above = self.probabilities > THRESHOLD
        asked = np.isin(self.kinds, kinds)
        silent = ~above.any(axis=1) if NORMAL in kinds else np.zeros(len(above), bool)
        return np.asarray(above[:, asked].any(axis=1) | silent)


class Figures(NamedTuple):
    """One row of the second table.

    Attributes:
        accuracy: Share of patches told right about this class.
        precision: Of those it is said of, the share that shows it; 0 where it is never said.
        recall: Of those that show it, the share it is said of; 0 where none does.
        f1: Harmonic mean of both; 0 where both are.
        support: How many patches show it.
    """

    accuracy: float
    precision: float
    recall: float
    f1: float
    support: int


def figures(says: Flags, shows: Flags) -> Figures:
    """Count one class.

    Example:
        >>> figures(np.array([True, True, False, False]), np.array([True, False, True, False]))
        Figures(accuracy=0.5, precision=0.5, recall=0.5, f1=0.5, support=2)
    """
    hits, said, shown = int((says & shows).sum()), int(says.sum()), int(shows.sum())
    precision, recall = hits / max(said, 1), hits / max(shown, 1)
    f1 = 2 * hits / max(said + shown, 1)
    return Figures(float((says == shows).mean()), precision, recall, f1, shown)


def by_class(said: Said) -> Mapping[str, Figures]:
    """No Finding and every kind that the classifier knows, in `CLASSES`' order."""
    known = [name for name in CLASSES if name == NORMAL or name in said.kinds]
    return {name: figures(said.says(name), said.shows(name)) for name in known}


def merged(said: Said) -> Figures:
    """The three asymmetries as one class, as in the first table."""
    return figures(said.says(*MERGED), said.shows(*MERGED))


def weighted(rows: Sequence[Figures]) -> Figures:
    """Means over classes, each weighing as many patches as show it, and how many these are.

    Example:
        >>> rows = Figures(1.0, 1.0, 1.0, 1.0, 3), Figures(0.0, 0.0, 0.0, 0.0, 1)
        >>> weighted(rows).f1, weighted(rows).support
        (0.75, 4)
    """
    supports = [row.support for row in rows]
    total = sum(supports)
    shares = np.array([row[:4] for row in rows]).reshape(-1, 4)
    accuracy, precision, recall, f1 = (np.array(supports) @ shares / max(total, 1)).tolist()
    return Figures(accuracy, precision, recall, f1, total)


def classified(
    classify: Classify,
    examples: Sequence[Example],
    recipe: Recipe,
    batch: int = 16,
    advance: Callable[[], None] = lambda: None,
) -> Said:
    """Classify one patch of every example, always the same.

    Args:
        classify: A classifier of the recipe's kinds.
        examples: Of women that it never saw.
        recipe: How patches are made.
        batch: Patches at once.
        advance: Called after each batch.
    """
    parts = []
    for first in range(0, len(examples), batch):
        some = examples[first : first + batch]
        patches = [one.patch(recipe, np.random.default_rng(one.seed)) for one in some]
        parts.append(classify(np.stack(patches)))
        advance()
    return Said(
        np.concatenate(parts).astype(np.float32), recipe.network.kinds,
        tuple(one.kinds for one in examples), tuple(one.image.record.woman for one in examples),
    )  # fmt: skip
