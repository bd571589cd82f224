"""The names of all measurements: what a profile may set thresholds for."""

from collections.abc import Mapping
from typing import Final

OF_IMAGES: Final[Mapping[str, str]] = {
    "nipple in profile": "",
    "posterior nipple line": "mm",
    "foot inside image": "mm",
    "pectoral gap": "mm",
    "pectoral level": "mm",
    "pectoral length": "mm",
    "pectoral angle": "°",
    "pectoral width": "mm",
    "nipple angle": "°",
    "nipple centring": "mm",
    "inframammary fold": "",
    "pectoral muscle seen": "",
    "pectoral shape": "",
    "retroglandular fat": "mm",
    "skin folds": "mm",
    "motion blur": "%",
    "clipped pixels": "%",
}
"""Units by measurement of an image; empty for a word or a bare number."""

OF_PIXELS: Final = (
    "pectoral shape", "retroglandular fat", "skin folds", "motion blur", "clipped pixels",
)  # fmt: skip
"""Those that need the outline of the breast."""

OF_EXAMS: Final[Mapping[str, str]] = {
    "posterior nipple line difference": "mm",
    "CC posterior nipple line symmetry": "mm",
    "MLO posterior nipple line symmetry": "mm",
    "pectoral angle symmetry": "°",
    "pectoral level symmetry": "mm",
    "CC breast area symmetry": "%",
    "MLO breast area symmetry": "%",
}
"""Units by measurement of a breast or a woman."""

UNITS: Final[Mapping[str, str]] = {**OF_IMAGES, **OF_EXAMS}
WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "nipple in profile": ("in profile", "uncertain", "not in profile"),
    "inframammary fold": ("shown", "uncertain", "not shown"),
    "pectoral muscle seen": ("seen", "not seen"),
    "pectoral shape": ("straight", "convex", "concave"),
}
"""What those measurements may say that are words."""
