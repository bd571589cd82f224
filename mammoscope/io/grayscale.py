"""What a header says of the way from stored values to brightness, read and judged.

Sources: DICOM PS3.3 C.7.6.3.1 (image pixel), C.7.5.1.1.2 (padding), C.11.1 (Modality LUT),
C.11.2 (VOI LUT), C.8.11.3.1.2 (PresentationLUTShape).
"""

import math
from collections.abc import Sequence
from typing import Any, Final, Literal, NamedTuple

import numpy as np
from pydicom import uid
from pydicom.dataset import Dataset

from mammoscope.core import Note
from mammoscope.errors import RejectedInput
from mammoscope.io.values import upper, whole
from mammoscope.io.voi import FUNCTIONS, Table, Window

PREFERRED: Final = "NORMAL"


class Cell(NamedTuple):
    """How a stored value lies in its cell: bits allocated, bits stored, whether it has a sign."""

    allocated: int
    stored: int
    signed: bool


def cell(dataset: Dataset) -> Cell:
    """Read and judge BitsAllocated, BitsStored, HighBit and PixelRepresentation.

    Only HighBit may be absent, as it is in public sets that keep few attributes: it repeats BitsStored.

    Raises:
        RejectedInput: 36 if they contradict each other, or another is absent.
    """
    allocated, stored = whole(dataset, "BitsAllocated") or 0, whole(dataset, "BitsStored") or 0
    high, sign = whole(dataset, "HighBit"), whole(dataset, "PixelRepresentation")
    sound = allocated in (8, 16) and 1 <= stored <= allocated
    if not sound or high not in (None, stored - 1) or sign not in (0, 1):
        got = f"{stored} stored in {allocated}, high bit {high}, representation {sign}"
        raise RejectedInput(f"expected bits stored within 8 or 16, high bit one less, got {got}", 36)
    return Cell(allocated, stored, sign == 1)


def padding_range(dataset: Dataset) -> tuple[int, int] | None:
    """The lowest and the highest stored value that mean padding; None where there is none."""
    first = dataset.get("PixelPaddingValue")
    if not isinstance(first, int):
        return None
    signed = dataset.get("PixelRepresentation") == 1
    limit = dataset.get("PixelPaddingRangeLimit")
    last = limit if isinstance(limit, int) else first
    low, high = sorted((_word(first, signed), _word(last, signed)))
    return low, high


def rescale(dataset: Dataset) -> tuple[float, float]:
    """RescaleSlope and RescaleIntercept; 1 and 0 where absent.

    Raises:
        RejectedInput: 48 if one is not a finite number, or the slope is 0.
    """
    slope, intercept = (
        numbers(dataset, name) or (default,)
        for name, default in (("RescaleSlope", 1.0), ("RescaleIntercept", 0.0))
    )
    values = (*slope, *intercept)
    if len(values) != 2 or not all(map(math.isfinite, values)) or slope[0] == 0:
        raise RejectedInput(f"expected a finite rescale slope and intercept, got {values}", 48)
    return slope[0], intercept[0]


def chosen_table(
    dataset: Dataset, keyword: Literal["ModalityLUTSequence", "VOILUTSequence"], signed: bool
) -> Table | None:
    """The table explained as NORMAL, else the first; None where the sequence is absent or empty.

    Args:
        dataset: The image.
        keyword: Which sequence.
        signed: Whether the values that go in can be negative: the first value mapped is then read so.

    Raises:
        RejectedInput: 44 if the descriptor does not fit the data.
    """
    items = list(dataset.get(keyword) or ())
    if not items:
        return None
    explained = [str(item.get("LUTExplanation", "")) for item in items]
    big = dataset.file_meta.TransferSyntaxUID == uid.ExplicitVRBigEndian
    return _table(items[preferred(explained)], signed, big)


def chosen_window(dataset: Dataset) -> Window | None:
    """The window explained as NORMAL, else the first; None where there is none.

    Raises:
        RejectedInput: 43 if VOILUTFunction is none of the standard's.
    """
    function = upper(dataset, "VOILUTFunction") or "LINEAR"
    if function not in FUNCTIONS:
        raise RejectedInput(f"expected a VOI LUT function of {', '.join(FUNCTIONS)}, got another", 43)
    pairs = list(zip(numbers(dataset, "WindowCenter"), numbers(dataset, "WindowWidth"), strict=False))
    if not pairs:
        return None
    return Window(*pairs[preferred(explanations(dataset)[: len(pairs)])], function)


def explanations(dataset: Dataset) -> list[str]:
    """What the header calls each window; empty where it does not say."""
    said = [str(text) for text in _several(dataset.get("WindowCenterWidthExplanation"))]
    return said + [""] * (len(numbers(dataset, "WindowCenter")) - len(said))


def preferred(explained: Sequence[str]) -> int:
    """Which of several tables or windows is explained as NORMAL, else the first."""
    names = [name.strip().upper() for name in explained]
    return names.index(PREFERRED) if PREFERRED in names else 0


def inverted(dataset: Dataset) -> tuple[bool, tuple[Note, ...]]:
    """Whether low values are bright, by PhotometricInterpretation.

    PresentationLUTShape repeats it (INVERSE with MONOCHROME1, IDENTITY with MONOCHROME2);
    it never inverts a second time, and a contradiction is noted.
    """
    inverse = dataset.get("PhotometricInterpretation") == "MONOCHROME1"
    shape = dataset.get("PresentationLUTShape")
    if shape in ("INVERSE", "IDENTITY") and (shape == "INVERSE") != inverse:
        said = f"PresentationLUTShape says {shape}, the photometric interpretation was followed"
        return inverse, (Note("inversion contradicted", said),)
    return inverse, ()


def numbers(dataset: Dataset, keyword: str) -> tuple[float, ...]:
    """Values of a decimal string; what is no number comes out as NaN."""
    return tuple(map(_number, _several(dataset.get(keyword))))


def _table(item: Dataset, signed: bool, big: bool) -> Table:
    descriptor = _several(item.get("LUTDescriptor"))
    if len(descriptor) != 3 or not all(isinstance(word, int) for word in descriptor):
        raise RejectedInput("expected a lookup table descriptor of three numbers, got another", 44)
    count, bits = (descriptor[0] & 0xFFFF) or 65536, int(descriptor[2])
    entries = _entries(item.get("LUTData"), count, big)
    if not 8 <= bits <= 16 or len(entries) != count or int(entries.max()) >> bits:
        got = f"{len(entries)} entries up to {int(entries.max(initial=0))}"
        raise RejectedInput(f"expected a lookup table of {count} entries of {bits} bits, got {got}", 44)
    return Table(_word(descriptor[1], signed), bits, entries)


def _entries(data: Any, count: int, big: bool) -> np.ndarray:
    """Entries of a table, from words or from the bytes of an OW, one or two to an entry."""
    if not isinstance(data, bytes):
        return np.array([int(word) & 0xFFFF for word in _several(data)], np.uint16)
    if len(data) == 2 * count:
        return np.frombuffer(data, ">u2" if big else "<u2").astype(np.uint16)
    even = count + count % 2
    return np.frombuffer(data, np.uint8)[: count if len(data) == even else None].astype(np.uint16)


def _word(value: int, signed: bool) -> int:
    """A 16-bit word, with its sign where the values it is compared with have one."""
    return value - 0x10000 if signed and value >= 0x8000 else value


def _several(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else [value]


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return math.nan
