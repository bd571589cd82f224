"""Where windows, cells and answers of the dense network lie. No torch."""

from typing import Final

WINDOW: Final = 256
"""Side of a window, in pixels; the paper's."""
STRIDE: Final = 32
"""From window to window; the paper's. A window answers for the square of this side in its middle."""
CELL: Final = 8
"""Side of a cell of the answer, in pixels."""
MARGIN: Final = (WINDOW - STRIDE) // 2
"""What a window sees beyond that square on each side, in pixels."""
BOX: Final = ("down", "across", "height", "width")
"""Of each cell after the scores: from its middle to the box's, in cells; logarithms of the box's sides
in cells."""
