"""Values of a DICOM data set, read so that a damaged one is an absent one."""

import math
import re
import warnings
from typing import Any

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_LONGEST = 128


def texts(dataset: Dataset, keyword: str) -> tuple[str, ...]:
    """All values of an attribute as stripped text; empty where absent or unreadable."""
    value = _value(dataset, keyword)
    if value is None or isinstance(value, Sequence):
        return ()
    parts = value if isinstance(value, (MultiValue, list, tuple)) else [value]
    return tuple(str(part).strip(" \0") for part in parts)


def text(dataset: Dataset, keyword: str) -> str:
    """The first value of an attribute as stripped text; empty where absent or unreadable."""
    return next(iter(texts(dataset, keyword)), "")


def upper(dataset: Dataset, keyword: str) -> str:
    """A code string: its first value in upper case."""
    return text(dataset, keyword).upper()


def numbers(dataset: Dataset, keyword: str) -> tuple[float, ...]:
    """All values of an attribute as numbers; one that is none is not a number (NaN)."""
    return tuple(_number(part) for part in texts(dataset, keyword))


def number(dataset: Dataset, keyword: str) -> float | None:
    """The first value as a number; None where absent, NaN where it is no number."""
    return next(iter(numbers(dataset, keyword)), None)


def whole(dataset: Dataset, keyword: str) -> int | None:
    """The first value as a whole number; None where absent or not whole."""
    value = number(dataset, keyword)
    return int(value) if value is not None and math.isfinite(value) and value == int(value) else None


def items(dataset: Dataset, keyword: str) -> tuple[Dataset, ...]:
    """The items of a sequence; empty where absent or unreadable."""
    value = _value(dataset, keyword)
    return tuple(value) if isinstance(value, Sequence) else ()


def printable(value: str) -> str:
    """Free text for people: control characters become spaces, the length is bounded."""
    return _CONTROL.sub(" ", value).strip()[:_LONGEST]


def _value(dataset: Dataset, keyword: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return dataset.get(keyword)
        except Exception:
            # pydicom converts on reading: whatever a damaged value raises, it says nothing.
            return None


def _number(part: str) -> float:
    try:
        return float(part)
    except ValueError:
        return math.nan
