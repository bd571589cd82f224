"""The nouns: images, frames, masks, results. Numpy only."""

from mammoscope.core.criteria import (
    OUTCOMES,
    Criterion,
    ExamPositioning,
    Line,
    Measurement,
    Outcome,
    Positioning,
)
from mammoscope.core.exam import STANDARD, Exam, reading_order
from mammoscope.core.findings import (
    FINDINGS,
    BreastFinding,
    BreastFindings,
    Finding,
    FindingKind,
    Findings,
)
from mammoscope.core.frame import Frame
from mammoscope.core.landmarks import (
    LANDMARKS,
    Covariance,
    Landmark,
    LandmarkName,
    Landmarks,
    Point,
)
from mammoscope.core.mammogram import (
    About,
    Kind,
    Laterality,
    Mammogram,
    Modifier,
    Note,
    Origin,
    Side,
    Sourced,
    Spacing,
    View,
)
from mammoscope.core.mask import BACKGROUND, BREAST, CLASSES, PECTORAL, Mask
from mammoscope.core.registration import (
    OTHER,
    AlignedPair,
    PairView,
    Registration,
    SearchRegion,
    Warp,
)
from mammoscope.core.results import (
    SYSTEMS,
    Answer,
    ExamFindings,
    ExamRegistration,
    ExamResult,
    Failed,
    ImageResult,
    InputRecord,
    NotAssessed,
    Segmentation,
)
from mammoscope.core.screening import Malignancy

__all__ = [
    "BACKGROUND", "BREAST", "CLASSES", "FINDINGS", "LANDMARKS", "OTHER", "OUTCOMES", "PECTORAL",
    "STANDARD", "SYSTEMS", "About", "AlignedPair", "Answer", "BreastFinding", "BreastFindings",
    "Covariance", "Criterion", "Exam", "ExamFindings", "ExamPositioning", "ExamRegistration",
    "ExamResult", "Failed", "Finding", "FindingKind", "Findings", "Frame", "ImageResult",
    "InputRecord", "Kind", "Landmark", "LandmarkName", "Landmarks", "Laterality", "Line",
    "Malignancy", "Mammogram", "Mask", "Measurement", "Modifier", "NotAssessed", "Note", "Origin",
    "Outcome", "PairView", "Point", "Positioning", "Registration", "SearchRegion", "Segmentation",
    "Side", "Sourced", "Spacing", "View", "Warp", "reading_order",
]  # fmt: skip
