"""What sources say of an image: the first that speaks is believed, contradictions are noted."""

from collections.abc import Iterable
from typing import Final, TypeVar

from mammoscope.core import Laterality, Note, Side, Sourced, Spacing

Value = TypeVar("Value")
LARGEST_FIELD_MM: Final = 600.0
"""The largest films and detectors measure 240 × 300 mm, mosaics and borders included with room."""


def settle(
    claims: Iterable[Sourced[Value]], what: str
) -> tuple[Sourced[Value] | None, tuple[Note, ...]]:
    """The first claim, and a warning for each later one that contradicts it.

    Example:
        >>> found, notes = settle([Sourced("CC", "ViewPosition"), Sourced("MLO", "file name")], "view")
        >>> found.source, notes[0].code
        ('ViewPosition', 'view sources disagree')
    """
    first: Sourced[Value] | None = None
    notes: list[Note] = []
    for claim in claims:
        if first is None:
            first = claim
        elif claim.value != first.value:
            said = f"{first.source} says {first.value}, {claim.source} says {claim.value}"
            notes.append(Note(f"{what} sources disagree", f"{said}; the first is used"))
    return first, tuple(notes)


def conventional_wall(laterality: Sourced[Laterality] | None) -> Sourced[Side] | None:
    """Where the chest wall lies as mammograms are commonly stored: left breast left, right right."""
    if laterality is None:
        return None
    side: Side = "left" if laterality.value == "L" else "right"
    return Sourced(side, f"convention for {laterality.value}")


def no_laterality() -> Note:
    """The warning of an image of which nobody says which breast it shows."""
    return Note("no laterality", "neither header, table nor file name says which breast this is")


def no_view() -> Note:
    """The warning of an image of which nobody says from where it was taken."""
    return Note("no view", "neither header, table nor file name says which view this is")


def no_spacing() -> Note:
    """The warning of an image whose scale nobody states."""
    return Note(
        "no spacing", "the size of a pixel is unknown: nothing is given in mm; --spacing states it"
    )


def believable(
    spacing: Spacing | None, shape: tuple[int, int]
) -> tuple[Spacing | None, tuple[Note, ...]]:
    """The spacing, unless the image would be larger with it than any detector or film.

    Args:
        spacing: What header, table or user say.
        shape: Rows and columns of the source image.
    """
    if spacing is None:
        return None, ()
    height, width = shape[0] * spacing.row, shape[1] * spacing.column
    if max(height, width) <= LARGEST_FIELD_MM:
        return spacing, ()
    text = (
        f"with pixels of {spacing.row:.4g} mm ({spacing.source}) the image would be {height:.0f} x "
        f"{width:.0f} mm, larger than {LARGEST_FIELD_MM:.0f} mm: ignored"
    )
    return None, (Note("spacing ignored", text), no_spacing())
