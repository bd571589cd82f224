"""The frame in which both views of a breast lie on each other. No torch."""

from typing import Final

ROWS: Final = 224
COLUMNS: Final = 160
NIPPLE: Final = (124.0, 148.0)
"""Where the nipple lies in the frame: row and column, in mm and pixels alike."""
CELL: Final = 4
"""Size of a cell of the network's answer, in pixels of the frame."""
MARGIN: Final = 16
"""By how many pixels a prepared training image is wider than the frame on each side."""
WIDE: Final = 3.0
RARE: Final = 0.05
"""One partner in twenty is looked for within a spread three times as wide."""
