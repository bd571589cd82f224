"""The nouns: images, frames, masks, results. Numpy only."""

from mammoscope.core.exam import STANDARD, Exam, reading_order
from mammoscope.core.frame import Frame
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
from mammoscope.core.results import (
    SYSTEMS,
    Answer,
    ExamResult,
    Failed,
    ImageResult,
    InputRecord,
    NotAssessed,
    Segmentation,
)

__all__ = [
    "BACKGROUND", "BREAST", "CLASSES", "PECTORAL", "STANDARD", "SYSTEMS", "About", "Answer", "Exam",
    "ExamResult", "Failed", "Frame", "ImageResult", "InputRecord", "Kind", "Laterality",
    "Mammogram", "Mask", "Modifier", "NotAssessed", "Note", "Origin", "Segmentation", "Side",
    "Sourced", "Spacing", "View", "reading_order",
]  # fmt: skip
