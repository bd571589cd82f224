"""How large a source pixel is in the breast, and which attribute says so. Never a guess."""

import math
from typing import Final, NamedTuple

from pydicom.dataset import Dataset

from mammoscope.core import Note, Spacing
from mammoscope.io.claims import no_spacing
from mammoscope.io.values import number, numbers, text

SMALLEST_MM: Final = 0.005
LARGEST_MM: Final = 5.0
LARGEST_MAGNIFICATION: Final = 3.0
"""Stands magnify up to about 2; a larger factor is not believed."""

UNCORRECTED: Final = Note(
    "spacing uncorrected",
    "only the spacing at the detector is known, without a magnification factor: lengths in the "
    "breast come out a few per cent too long",
)
UNCALIBRATED: Final = Note(
    "spacing uncalibrated", "PixelSpacing stands alone and does not say how it was calibrated"
)
_SAME = 0.002
_CONFLICT = 0.02


class _Pair(NamedTuple):
    row: float
    column: float


class _Said(NamedTuple):
    """What the header says, as far as it can be believed."""

    pixel: _Pair | None
    imager: _Pair | None
    nominal: _Pair | None
    factor: float | None
    calibration: str


def spacing(dataset: Dataset, stated: Spacing | None = None) -> tuple[Spacing | None, tuple[Note, ...]]:
    """The spacing in the breast by the first of these that speaks, and warnings.

    1. The user's word (`stated`). 2. PixelSpacing with PixelSpacingCalibrationType.
    3. PixelSpacing that differs from ImagerPixelSpacing. 4. ImagerPixelSpacing over
    EstimatedRadiographicMagnificationFactor. 5. ImagerPixelSpacing uncorrected, with a warning.
    6. NominalScannedPixelSpacing (film). 7. PixelSpacing alone, with a warning.

    Source:
        PS3.3 10.7.1 (calibration), C.8.11.4 (ImagerPixelSpacing), C.8.11.7 (magnification).
    """
    said, ignored = _read(dataset)
    found, doubts = _by_precedence(said)
    conflicts = _conflicts(said)
    if stated is None:
        return found, ignored + doubts + conflicts
    if found and _apart(_Pair(found.row, found.column), _Pair(stated.row, stated.column)) > _CONFLICT:
        told = f"the header says {found.row:.4g} mm ({found.source})"
        sentence = f"{told}; {stated.row:.4g} mm is {stated.source} and used"
        conflicts += (Note("spacings conflict", sentence),)
    return stated, ignored + conflicts


def _read(dataset: Dataset) -> tuple[_Said, tuple[Note, ...]]:
    pixel, notes_pixel = _pair(dataset, "PixelSpacing")
    imager, notes_imager = _pair(dataset, "ImagerPixelSpacing")
    nominal, notes_nominal = _pair(dataset, "NominalScannedPixelSpacing")
    factor, notes_factor = _magnification(dataset)
    calibration = text(dataset, "PixelSpacingCalibrationType").lower()[:16]
    notes = notes_pixel + notes_imager + notes_nominal + notes_factor
    return _Said(pixel, imager, nominal, factor, calibration), notes


def _by_precedence(said: _Said) -> tuple[Spacing | None, tuple[Note, ...]]:
    pixel, imager, nominal, factor, calibration = said
    if pixel and calibration:
        return Spacing(*pixel, f"PixelSpacing, calibrated ({calibration})"), ()
    if pixel and imager and _apart(pixel, imager) > _SAME:
        return Spacing(*pixel, "PixelSpacing, differing from ImagerPixelSpacing"), ()
    if imager and factor:
        source = "ImagerPixelSpacing over EstimatedRadiographicMagnificationFactor"
        return Spacing(imager.row / factor, imager.column / factor, source, factor), ()
    if imager:
        return Spacing(*imager, "ImagerPixelSpacing, uncorrected"), (UNCORRECTED,)
    if nominal:
        return Spacing(*nominal, "NominalScannedPixelSpacing"), ()
    if pixel:
        return Spacing(*pixel, "PixelSpacing alone"), (UNCALIBRATED,)
    return None, (no_spacing(),)


def _pair(dataset: Dataset, keyword: str) -> tuple[_Pair | None, tuple[Note, ...]]:
    found = numbers(dataset, keyword)
    if not found:
        return None, ()
    if len(found) == 2 and all(SMALLEST_MM <= step <= LARGEST_MM for step in found):
        return _Pair(*found), ()
    expected = f"two numbers of {SMALLEST_MM} to {LARGEST_MM} mm"
    received = " x ".join(f"{step:.4g}" for step in found[:3])
    return None, (Note("spacing ignored", f"{keyword} should be {expected}, is {received}: ignored"),)


def _magnification(dataset: Dataset) -> tuple[float | None, tuple[Note, ...]]:
    factor = number(dataset, "EstimatedRadiographicMagnificationFactor")
    if factor is None or 1 <= factor <= LARGEST_MAGNIFICATION:
        return factor, ()
    text_ = f"magnification should be 1 to {LARGEST_MAGNIFICATION:g}, is {factor:.4g}: ignored"
    return None, (Note("magnification ignored", text_),)


def _conflicts(said: _Said) -> tuple[Note, ...]:
    pixel, imager, nominal, factor, _ = said
    found: list[str] = []
    for name, pair in (("PixelSpacing", pixel), ("ImagerPixelSpacing", imager)):
        if pair and abs(math.log(pair.row / pair.column)) > _CONFLICT:
            found.append(f"{name} has rows of {pair.row:.4g} and columns of {pair.column:.4g} mm")
    if pixel and imager and not _explained(pixel, imager, factor):
        found.append(_disagree(pixel, "ImagerPixelSpacing", imager))
    if pixel and nominal and _apart(pixel, nominal) > _CONFLICT:
        found.append(_disagree(pixel, "NominalScannedPixelSpacing", nominal))
    return tuple(Note("spacings conflict", sentence) for sentence in found)


def _disagree(pixel: _Pair, name: str, other: _Pair) -> str:
    return f"PixelSpacing says {pixel.row:.4g} mm, {name} {other.row:.4g} mm"


def _explained(pixel: _Pair, imager: _Pair, factor: float | None) -> bool:
    """Whether the two agree, or differ by the magnification, or by a plausible unknown one."""
    if _apart(pixel, imager) <= _SAME:
        return True
    if factor:
        return _apart(pixel, _Pair(imager.row / factor, imager.column / factor)) <= _CONFLICT
    return all(1 <= large / small <= 2 for large, small in zip(imager, pixel, strict=True))


def _apart(one: _Pair, other: _Pair) -> float:
    return max(abs(math.log(a / b)) for a, b in zip(one, other, strict=True))
