"""What a reader should look at: findings of an image, of a breast, and the heatmap behind them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

import numpy as np
from jaxtyping import Float32

from mammoscope.core.frame import Frame
from mammoscope.core.mammogram import Note

FindingKind = Literal[
    "mass", "suspicious calcification", "asymmetry", "focal asymmetry", "global asymmetry",
    "architectural distortion", "suspicious lymph node", "skin thickening", "skin retraction",
    "nipple retraction",
]  # fmt: skip
FINDINGS: Final[tuple[FindingKind, ...]] = get_args(FindingKind)
"""The ten classes of VinDr-Mammo, in the order of the paper's output units (ours)."""


@dataclass(frozen=True)
class Finding:
    """One finding of one image.

    Attributes:
        kind: What it looks like.
        box: Top, left, bottom, right in source pixels, edges as points.
        score: 0–1: the share of true findings among those so marked, see the weights' card.
        level: The pyramid level at which it fired: size of that level's pixel over the finest's.
        size_mm: Height and width; None where the spacing is unknown.
        location: Where in the breast it lies, in words; empty where nobody can tell.
    """

    kind: FindingKind
    box: tuple[float, float, float, float]
    score: float
    level: float = 1.0
    size_mm: tuple[float, float] | None = None
    location: str = ""

    @property
    def centre(self) -> tuple[float, float]:
        """Row and column of the box's middle."""
        top, left, bottom, right = self.box
        return (top + bottom) / 2, (left + right) / 2


@dataclass(frozen=True, eq=False)
class Findings:
    """The findings of one image.

    Attributes:
        findings: By falling score.
        heat: For each kind that was looked for the score at every cell, 0–1, of the whole breast.
        frame: From cells of `heat` to source pixels.
        not_assessed: Why the other kinds were not looked for.
        scale: What the network's scale came from: ``spacing`` or ``nominal`` (never a millimetre).
        weights: Name and SHA-256 of the weights.
        threshold: The score from which a finding is shown to a reader: an operating point of the
            weights' card.
        matched_threshold: The same of a finding of a breast whose views were laid on each other, its
            score being of both; None: no other.
        notes: Warnings.
    """

    findings: tuple[Finding, ...]
    heat: Mapping[FindingKind, Float32[np.ndarray, "rows columns"]]
    frame: Frame
    not_assessed: Mapping[FindingKind, str]
    scale: Literal["spacing", "nominal"]
    weights: str
    threshold: float = 0.0
    matched_threshold: float | None = None
    notes: tuple[Note, ...] = ()

    @property
    def shown(self) -> tuple[Finding, ...]:
        """Those that a reader is shown."""
        return tuple(one for one in self.findings if one.score >= self.threshold)


@dataclass(frozen=True)
class BreastFinding:
    """One finding of a breast, counted once though both views may show it.

    Attributes:
        kind: What it looks like.
        cc: Its place among the findings of the CC view; None where that does not show it.
        mlo: The same of the MLO view.
        score: 0–1, of both views together.
        location: Where in the breast it lies, in words.
    """

    kind: FindingKind
    cc: int | None
    mlo: int | None
    score: float
    location: str = ""


@dataclass(frozen=True)
class BreastFindings:
    """The findings of one breast, by falling score, and of which of the exam's images they are.

    Attributes:
        findings: Each counted once.
        cc: Name of the CC image; None where there is none.
        mlo: The same of the MLO image.
        matched: Whether both views were laid on each other, so that partners could be found.
        notes: Warnings.
    """

    findings: tuple[BreastFinding, ...]
    cc: str | None
    mlo: str | None
    matched: bool
    notes: tuple[Note, ...] = field(default=())
