"""Values of interest to brightness: windows and lookup tables (DICOM PS3.3 C.11).

Every function maps float64 values of any shape and knows nothing of files.
"""

from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float64, UInt16

from mammoscope.errors import RejectedInput

Values = Float64[np.ndarray, "*any"]
FUNCTIONS: Final = ("LINEAR", "LINEAR_EXACT", "SIGMOID")


class Window(NamedTuple):
    """A window: the value in the middle, how many values it spans, and its function."""

    centre: float
    width: float
    function: str = "LINEAR"

    @property
    def usable(self) -> bool:
        """Whether the standard gives it a meaning: widths under 1 (LINEAR) or at 0 have none."""
        least = self.width >= 1 if self.function == "LINEAR" else self.width > 0
        return bool(np.isfinite(self.centre) and np.isfinite(self.width) and least)


class Table(NamedTuple):
    """A lookup table: what it gives for the values from `first` on, as numbers of `bits` bits."""

    first: int
    bits: int
    entries: UInt16[np.ndarray, " entries"]


def linear(values: Values, centre: float, width: float) -> Values:
    """Map values to 0–1 through a LINEAR window (PS3.3 C.11.2.1.2.1).

    Below ``c - 0.5 - (w - 1) / 2`` black, above ``c - 0.5 + (w - 1) / 2`` white, between
    them ``(x - (c - 0.5)) / (w - 1) + 0.5``. With a width of 1 it is a step at ``c - 0.5``.

    Example:
        >>> linear(np.array([0.0, 127.5, 255.0]), 128.0, 256.0)
        array([0. , 0.5, 1. ])
    """
    if width == 1:
        return np.where(values <= centre - 0.5, 0.0, 1.0)
    return np.clip((values - (centre - 0.5)) / (width - 1) + 0.5, 0, 1)


def linear_exact(values: Values, centre: float, width: float) -> Values:
    """Map values to 0–1 through a LINEAR_EXACT window (PS3.3 C.11.2.1.3.2).

    ``(x - c) / w + 0.5`` between ``c - w / 2`` and ``c + w / 2``.

    Example:
        >>> linear_exact(np.array([0.0, 128.0, 256.0]), 128.0, 256.0)
        array([0. , 0.5, 1. ])
    """
    return np.clip((values - centre) / width + 0.5, 0, 1)


def sigmoid(values: Values, centre: float, width: float) -> Values:
    """Map values to 0–1 through a SIGMOID (PS3.3 C.11.2.1.3.1): ``1 / (1 + exp(-4 (x - c) / w))``.

    It is written with tanh, which does not overflow.

    Example:
        >>> sigmoid(np.array([2048.0]), 2048.0, 1000.0)
        array([0.5])
    """
    return 0.5 + 0.5 * np.tanh(2 * (values - centre) / width)


def apply_window(values: Values, window: Window) -> Values:
    """Map values to 0–1 through a usable window.

    Raises:
        RejectedInput: 43 if the function is none of the standard's.
    """
    functions = dict(zip(FUNCTIONS, (linear, linear_exact, sigmoid), strict=True))
    if window.function not in functions:
        raise RejectedInput(f"expected a VOI LUT function of {', '.join(FUNCTIONS)}, got another", 43)
    return functions[window.function](values, window.centre, window.width)


def look_up(values: Values, table: Table) -> Values:
    """Map values through a table (PS3.3 C.11.1.1, C.11.2.1.1).

    Values before the first entry get the first, values after the last get the last.

    Example:
        >>> look_up(np.array([-1.0, 10.0, 11.0, 99.0]), Table(10, 8, np.array([5, 7], np.uint16)))
        array([5., 5., 7., 7.])
    """
    index = np.clip(np.rint(values - table.first), 0, len(table.entries) - 1)
    return table.entries[index.astype(np.int64)].astype(np.float64)


def full_range(values: Values, lowest: float, highest: float) -> Values:
    """Map values to 0–1 from the lowest to the highest; all 0 where these are the same."""
    if highest <= lowest:
        return np.zeros_like(values)
    return np.clip((values - lowest) / (highest - lowest), 0, 1)
