"""What a system says of an image, a breast or an exam. Nothing is silently missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
from jaxtyping import Float, UInt8

from mammoscope.core.criteria import ExamPositioning, Positioning
from mammoscope.core.findings import BreastFindings, Findings
from mammoscope.core.mammogram import About, Laterality, Note, Side, Sourced
from mammoscope.core.mask import Mask
from mammoscope.core.registration import Registration
from mammoscope.core.screening import ExamMalignancy, Malignancy

SYSTEMS: Final = ("segmentation", "positioning", "registration", "findings", "screening")


@dataclass(frozen=True)
class NotAssessed:
    """No result, and why: wrong view, no weights, raw image, no reason to ask."""

    reason: str


@dataclass(frozen=True)
class Failed:
    """A system that should have answered and could not."""

    error: str


@dataclass(frozen=True, eq=False)
class Segmentation:
    """Breast and pectoral muscle of one image, in source pixels.

    Attributes:
        mask: Labels at the source's resolution.
        confidence: 0–1: how sure the network is of its outline, see docs/models/segmentation.md.
        skin_line: Points (n, 2) along the skin from top to bottom, not along the image's edge.
        breast_px: Area of the breast without the muscle, in source pixels.
        pectoral_px: Area of the muscle.
        breast_mm2: The same in mm²; None where the spacing is unknown.
        pectoral_mm2: The same in mm²; None where the spacing is unknown.
        scale: What the network's scale came from: ``spacing`` or ``nominal`` (never a millimetre).
        weights: Name and SHA-256 of the weights.
        notes: Warnings: a correction that changed much, a low confidence.
    """

    mask: Mask
    confidence: float
    skin_line: Float[np.ndarray, "n 2"]
    breast_px: int
    pectoral_px: int
    breast_mm2: float | None
    pectoral_mm2: float | None
    scale: Literal["spacing", "nominal"]
    weights: str
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, eq=False)
class ExamRegistration:
    """The CC and the MLO view of each breast on each other.

    Attributes:
        breasts: For each breast that has an image which counts; one of them at least has a result.
        notes: Warnings.
    """

    breasts: Mapping[Laterality, Registration | NotAssessed | Failed]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, eq=False)
class ExamFindings:
    """The findings of each breast, those of both views counted once.

    Attributes:
        breasts: For each breast that has an image which counts; one of them at least has a result.
        notes: Warnings.
    """

    breasts: Mapping[Laterality, BreastFindings | NotAssessed | Failed]
    notes: tuple[Note, ...] = ()


Answer = (
    Segmentation | Positioning | ExamPositioning | ExamRegistration | Findings | ExamFindings
    | Malignancy | ExamMalignancy | NotAssessed | Failed
)  # fmt: skip
"""One system's answer. A room that is added adds its result here."""


@dataclass(frozen=True, eq=False)
class ImageResult:
    """Everything said of one image.

    Attributes:
        about: What the image is.
        chest_wall: The image side on which the chest wall lies, by the pixels.
        answers: One answer for each of SYSTEMS that speaks of images.
        preview: Uint8 display picture, at most 1,600 rows, for the report.
        set_aside: Empty, or why it is kept out of exam-level results: spot, implant displaced.
    """

    about: About
    chest_wall: Sourced[Side] | None
    answers: Mapping[str, Answer]
    preview: UInt8[np.ndarray, "rows columns"]
    set_aside: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def standard(self) -> bool:
        """Whether it counts for results of the whole exam."""
        return not self.set_aside


@dataclass(frozen=True)
class InputRecord:
    """What became of one input that gave no result.

    Attributes:
        name: What the user calls it.
        outcome: ``rejected``, ``skipped``, ``duplicate``.
        reason: One sentence.
        number: Entry of docs/bad-inputs.md, where there is one.
        digest: SHA-256 of the file's bytes; empty where they could not be read.
    """

    name: str
    outcome: Literal["rejected", "skipped", "duplicate"]
    reason: str
    number: int | None = None
    digest: str = ""


@dataclass(frozen=True, eq=False)
class ExamResult:
    """Everything said of one exam.

    Attributes:
        key: Folder name: safe, free of identity.
        study: Study Instance UID, or what stands for it.
        images: In reading order: R CC, L CC, R MLO, L MLO, then the others.
        answers: One answer for each of SYSTEMS that speaks of breasts or exams.
        notes: Warnings about the exam: missing or repeated views, two patients in one study.
    """

    key: str
    study: str
    images: tuple[ImageResult, ...]
    answers: Mapping[str, Answer] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
