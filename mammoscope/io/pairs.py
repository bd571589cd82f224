"""Both views of one breast with the same lesions boxed in each: typed records of any data set."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from mammoscope.core import Laterality
from mammoscope.scores.boxes import Box

LesionKind = Literal["mass", "calcification"]
PairSet = Literal["training", "test"]


@dataclass(frozen=True)
class PairedLesion:
    """One lesion that both views show.

    Attributes:
        identifier: The data set's own number of it, unique within the breast.
        cc: Its box on the CC view, in source pixels; edges are points, so a box that holds the
            first pixel alone is (-0.5, -0.5, 0.5, 0.5).
        mlo: Its box on the MLO view.
        kind: Mass or calcification.
        certain: Whether the data say that both boxes are of one lesion; False where it is assumed.
    """

    identifier: str
    cc: Box
    mlo: Box
    kind: LesionKind
    certain: bool = True


@dataclass(frozen=True)
class Pair:
    """Both views of one breast.

    Attributes:
        woman: A pseudonym: sets are split by her.
        laterality: Which breast.
        dataset: Name of the data set.
        cc: The CC image.
        mlo: The MLO image.
        lesions: Those boxed in both views.
        most: Lesions boxed in the view that has more of them.
        cc_spacing: Rows and columns of a pixel of the CC image in mm; None where unknown.
        mlo_spacing: The same of the MLO image.
        density: BI-RADS density 1–4; None where nobody says.
        part: The data set's own split; None where it has none.
    """

    woman: str
    laterality: Laterality
    dataset: str
    cc: Path
    mlo: Path
    lesions: tuple[PairedLesion, ...]
    most: int
    cc_spacing: tuple[float, float] | None = None
    mlo_spacing: tuple[float, float] | None = None
    density: int | None = None
    part: PairSet | None = None

    @property
    def single(self) -> bool:
        """Whether each view shows one lesion alone, the same."""
        return self.most == 1 and len(self.lesions) == 1


def certain(pairs: Sequence[Pair]) -> list[Pair]:
    """Pairs with the lesions whose matching is certain, without those that have none."""
    return _with(pairs, sure=True)


def uncertain(pairs: Sequence[Pair]) -> list[Pair]:
    """Pairs with the lesions whose matching is assumed, without those that have none."""
    return _with(pairs, sure=False)


def _with(pairs: Sequence[Pair], *, sure: bool) -> list[Pair]:
    kept = [
        replace(pair, lesions=tuple(one for one in pair.lesions if one.certain == sure))
        for pair in pairs
    ]
    return [pair for pair in kept if pair.lesions]
