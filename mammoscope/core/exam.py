"""Images that belong together."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from mammoscope.core.mammogram import About, Laterality, Note, View

Item = TypeVar("Item")

STANDARD: tuple[tuple[Laterality, View], ...] = (
    ("R", "CC"),
    ("L", "CC"),
    ("R", "MLO"),
    ("L", "MLO"),
)
"""The four views of screening, in the order of the hanging protocol."""


@dataclass(frozen=True)
class Exam(Generic[Item]):
    """One study of one woman: any number of views, repeats and partial views.

    Attributes:
        key: Safe folder name without identity: a hash of the study, or a file's stem.
        study: Study Instance UID, the parsed patient, or the folder of raster files.
        items: What was grouped (sources with their `About`), standard views first.
        notes: Missing views, repeated views, two patient IDs in one study.
    """

    key: str
    study: str
    items: tuple[Item, ...]
    notes: tuple[Note, ...] = ()


def reading_order(about: About) -> tuple[int, str, str, str]:
    """Sort key: R CC, L CC, R MLO, L MLO, then the others by name."""
    laterality = about.laterality.value if about.laterality else ""
    view = about.view.value if about.view else ""
    pairs = [pair for pair in STANDARD if pair == (laterality, view)]
    rank = STANDARD.index(pairs[0]) if pairs else len(STANDARD)
    return rank, view, laterality, about.name
