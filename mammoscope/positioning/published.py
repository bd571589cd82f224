"""The paper's figures, to stand beside ours. Keys are the paper's row names, in its order."""

from typing import Final

from mammoscope.scores.table import Rows

SPLIT: Final[Rows] = {
    "train": ("967", "633"),
    "validation": ("108", "92"),
    "test": ("123", "77"),
}
"""Good, poor (section 2.1)."""

TABLE_1: Final[Rows] = {
    "R-ResNeXt50": (
        "7.13 ± 4.23 (6.49)", "7.33 ± 6.01 (5.24)", "7.93 ± 7.00 (6.20)", "4.63 ± 1.99 (4.45)",
        "2.71 ± 2.44 (1.96)",
    ),
    "UNet": (
        "9.62 ± 7.86 (8.03)", "8.19 ± 6.89 (6.01)", "14.01 ± 14.01 (10.90)", "6.80 ± 5.25 (5.72)",
        "3.52 ± 3.15 (2.66)",
    ),
    "Attention UNet": (
        "5.12 ± 5.04 (3.56)", "6.01 ± 5.87 (4.03)", "6.94 ± 8.25 (3.95)", "2.98 ± 2.40 (2.52)",
        "2.58 ± 2.73 (1.81)",
    ),
    "CoordAtt UNet": (
        "4.99 ± 4.88 (3.82)", "5.62 ± 5.29 (4.14)", "6.49 ± 7.37 (4.26)", "2.97 ± 2.46 (2.45)",
        "2.42 ± 2.56 (1.75)",
    ),
}  # fmt: skip
"""Perpendicular foot, lower end, upper end, nipple in mm, angle in degrees: mean ± SD (median)."""

TABLE_2: Final[Rows] = {
    "ResNeXt50": ("73.70 ± 3.35", "76.91 ± 6.26", "68.57 ± 11.41"),
    "R-ResNeXt50": ("82.30 ± 5.03", "81.42 ± 12.34", "83.38 ± 10.49"),
    "UNet": ("70.63 ± 1.49", "78.46 ± 1.56", "58.12 ± 2.68"),
    "Attention UNet": ("88.20 ± 2.51", "88.62 ± 4.11", "87.53 ± 3.51"),
    "CoordAtt UNet": ("88.63 ± 2.84", "90.25 ± 4.04", "86.04 ± 3.41"),
}
"""Accuracy, specificity, sensitivity in %, mean ± SD of five runs; poor is positive."""
