"""Where sliding windows lie, and the cells of an image for which they answer together."""

from typing import Final

WINDOW: Final = 256
"""Side of a window, in pixels: the findings paper's."""
STRIDE: Final = 32
"""From window to window: the findings paper's. A window answers for the square of this side in its
middle."""
CELL: Final = 8
"""Side of a cell of the answer, in pixels."""
MARGIN: Final = (WINDOW - STRIDE) // 2
"""What a window sees beyond that square on each side, in pixels."""
