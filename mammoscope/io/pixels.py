"""What stored values mean, once and in the right order (DICOM PS3.3 C.7.6.3, C.11; PS3.4 N.2).

The whole chain is evaluated once for each of the 256 or 65,536 words that a cell can hold, and
the image goes through the resulting curve in a single pass:

1. bits above BitsStored are masked (old overlays lie there), the sign is extended;
2. padding is found: PixelPaddingValue up to PixelPaddingRangeLimit;
3. the Modality LUT Sequence, else RescaleSlope and RescaleIntercept;
4. the values of interest, by the first of these that there is:

   - VOI LUT Sequence: the maker's own curve, of which a window is an approximation;
   - a window, with VOILUTFunction (LINEAR where it is absent);
   - the lowest to the highest value that a pixel of this image has, padding left out;

   of several tables or windows the one explained as ``NORMAL`` (the others are the reader's
   alternatives, such as harder or softer), else the first;
5. MONOCHROME1 is inverted, once; padding is black.

An image for processing keeps its stored values, linearly from its lowest to its highest: a
window in it is meant for another image. Steps 3 and 4 are left out, MONOCHROME1 is inverted.
"""

import cv2
import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64, UInt8, UInt16
from pydicom.dataset import Dataset

from mammoscope.core import Note
from mammoscope.errors import RejectedInput
from mammoscope.io import codecs, grayscale, suitability
from mammoscope.io.voi import apply_window, full_range, look_up

Cells = UInt8[np.ndarray, "rows columns"] | UInt16[np.ndarray, "rows columns"]
Pixels = Float32[np.ndarray, "rows columns"]
Valid = Bool[np.ndarray, "rows columns"]
Words = Int64[np.ndarray, " words"]
Values = Float64[np.ndarray, " words"]
Present = Bool[np.ndarray, " words"]


def stored_to_display(stored: Cells, dataset: Dataset) -> tuple[Pixels, Valid | None, tuple[Note, ...]]:
    """Turn pixel cells into brightness.

    Args:
        stored: What `mammoscope.io.codecs.decode` returned, shape (rows, columns).
        dataset: The image's attributes.

    Returns:
        Pixels in 0–1; which of them are not padding, None where all are; warnings.

    Raises:
        RejectedInput: 36 impossible bits, 43 unknown VOI function, 44 a bad table, 48 a bad rescale.
    """
    values = stored_values(grayscale.cell(dataset))
    padding = is_padding(values, grayscale.padding_range(dataset))
    present = words_present(stored)
    bright, doubts = brightness(values, present & ~padding, dataset)
    inverse, contradiction = grayscale.inverted(dataset)
    curve = np.where(padding, 0, 1 - bright if inverse else bright).astype(np.float32)
    valid = None
    if (present & padding).any():
        valid = cv2.LUT(stored, (~padding).view(np.uint8)).view(bool)
    return cv2.LUT(stored, curve), valid, doubts + contradiction + codecs.notes(dataset)


def stored_values(cell: grayscale.Cell) -> Words:
    """The stored value that each word of a cell means: bits above BitsStored masked, sign extended.

    Example:
        >>> stored_values(grayscale.Cell(allocated=8, stored=2, signed=True))[:6]
        array([ 0,  1, -2, -1,  0,  1])
    """
    values = np.arange(1 << cell.allocated) & ((1 << cell.stored) - 1)
    negative = values >> (cell.stored - 1) if cell.signed else 0
    return values - (negative << cell.stored)


def brightness(values: Words, present: Present, dataset: Dataset) -> tuple[Values, tuple[Note, ...]]:
    """Stored values to 0–1, low values dark: steps 3 and 4 of the module, or raw as it is.

    Raises:
        RejectedInput: 43, 44 or 48, see `values_of_interest` and `to_modality`.
    """
    modality = to_modality(values, dataset)
    if suitability.kind(dataset) == "for processing":
        return over_present(values.astype(np.float64), present), ()
    return values_of_interest(modality, present, dataset)


def is_padding(values: Words, limits: tuple[int, int] | None) -> Present:
    """Which stored values mean padding, both limits included (PS3.3 C.7.5.1.1.2)."""
    if limits is None:
        return np.zeros(values.shape, bool)
    return (values >= limits[0]) & (values <= limits[1])


def to_modality(values: Words, dataset: Dataset) -> Values:
    """Stored values to the modality's own: through its table, else its straight line (PS3.3 C.11.1).

    Raises:
        RejectedInput: 44 a bad table, 48 a slope or intercept that is not finite, or a slope of 0.
    """
    slope, intercept = grayscale.rescale(dataset)
    given = values.astype(np.float64)
    table = grayscale.chosen_table(dataset, "ModalityLUTSequence", signed=bool(values.min() < 0))
    if table:
        return look_up(given, table)
    with np.errstate(over="ignore"):
        rescaled = given * slope + intercept
    if not np.isfinite(rescaled).all():
        raise RejectedInput(f"expected a rescale with finite results, got slope {slope}", 48)
    return rescaled


def values_of_interest(
    values: Values, present: Present, dataset: Dataset
) -> tuple[Values, tuple[Note, ...]]:
    """Modality values to 0–1, see the module for what is preferred to what (PS3.3 C.11.2).

    Raises:
        RejectedInput: 43 unknown function, 44 a bad table.
    """
    window = grayscale.chosen_window(dataset)
    table = grayscale.chosen_table(dataset, "VOILUTSequence", signed=bool(values.min() < 0))
    if table:
        return look_up(values, table) / ((1 << table.bits) - 1), ()
    if window is None:
        return over_present(values, present), ()
    if not window.usable:
        text = f"a window of width {window.width:g} has no meaning: the full range is shown"
        return over_present(values, present), (Note("window unusable", text),)
    return apply_window(values, window), ()


def over_present(values: Values, present: Present) -> Values:
    """Map to 0–1 from the lowest to the highest value that the image has."""
    if not present.any():
        return np.zeros_like(values)
    return full_range(values, values[present].min(), values[present].max())


def words_present(stored: Cells) -> Present:
    """Which of the words that a cell can hold occur in the image."""
    words = 1 << (8 * stored.itemsize)
    return cv2.calcHist([stored], [0], None, [words], [0, words]).ravel() > 0
