"""What the answer of the dense network holds. No torch."""

from typing import Final

from mammoscope.image.windows import CELL, MARGIN, STRIDE, WINDOW

__all__ = ["BOX", "CELL", "MARGIN", "STRIDE", "WINDOW"]
BOX: Final = ("down", "across", "height", "width")
"""Of each cell after the scores: from its middle to the box's, in cells; logarithms of the box's sides
in cells."""
