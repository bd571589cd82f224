"""Tables 4 to 9 as the paper prints them, to stand beside ours.

Source: Verboom et al., section 3. Keys are the paper's row names.
"""

from collections.abc import Mapping
from typing import Final

from mammoscope.scores.table import Rows

TABLE_4: Final[Rows] = {
    "Cross-entropy loss 1.0": ("0.94 ± 0.07", "0.56 ± 0.32"),
    "Cross-entropy loss 1.5": ("0.93 ± 0.05", "0.58 ± 0.27"),
    "Cross-entropy loss 2.0": ("0.93 ± 0.05", "0.63 ± 0.26"),
    "Cross-entropy loss 2.5": ("0.94 ± 0.06", "0.60 ± 0.29"),
    "Focal loss 1.0": ("0.92 ± 0.08", "0.23 ± 0.29"),
    "Focal loss 1.5": ("0.96 ± 0.05", "0.60 ± 0.34"),
    "Focal loss 2.0": ("0.93 ± 0.10", "0.59 ± 0.31"),
    "Focal loss 2.5": ("0.93 ± 0.07", "0.45 ± 0.26"),
}
"""Breast, pectoral: validation images."""

TABLE_5: Final[Rows] = {
    "MLO": ("456", "0.96 ± 0.04", "0.83 ± 0.20 (451)", "0.94 ± 0.07"),
    "CC": ("356", "0.98 ± 0.02", "0.50 ± 0.35 (93)", "0.98 ± 0.02"),
    "All": ("812", "0.97 ± 0.03", "0.78 ± 0.26 (544)", "0.96 ± 0.06"),
}
"""n, breast, pectoral (n), overall: test images by view."""

TABLE_6: Final[Rows] = {
    "MLO": ("456", "98.9% (451/456)", "21.1% ± 13.6%", "0.0% (0/451)", "100.0% (5/5)", "", ""),
    "CC": (
        "356", "26.1% (93/356)", "4.1% ± 3.2%", "26.9% (25/93)", "44.5% (117/263)", "",
        "10.6% (28/263)",
    ),
}  # fmt: skip
"""n, present, size, false negatives and positives, then both at 1 % of the breast (section 3.1)."""

FOUND: Final[Mapping[str, str]] = {"CC": "; the paper's: 0.68 ± 0.21 (n = 68)"}
"""Section 3.1."""

TABLE_7: Final[Rows] = {
    "Hologic": ("100", "0.98 ± 0.01", "0.81 ± 0.30 (68)", "0.98 ± 0.02"),
    "IMS Giotto": ("102", "0.98 ± 0.02", "0.79 ± 0.31 (64)", "0.97 ± 0.04"),
    "Fuji": ("100", "0.98 ± 0.02", "0.87 ± 0.17 (58)", "0.98 ± 0.03"),
    "GE": ("100", "0.97 ± 0.02", "0.81 ± 0.29 (65)", "0.97 ± 0.03"),
    "INbreast": ("106", "0.99 ± 0.01", "0.81 ± 0.24 (57)", "0.98 ± 0.02"),
    "mini-MIAS": ("100", "0.91 ± 0.05", "0.55 ± 0.15 (97)", "0.86 ± 0.09"),
    "Siemens": ("104", "0.97 ± 0.02", "0.83 ± 0.22 (76)", "0.96 ± 0.03"),
    "PlanMed": ("100", "0.97 ± 0.02", "0.87 ± 0.21 (59)", "0.97 ± 0.05"),
    "All": ("812", "0.97 ± 0.03", "0.78 ± 0.26 (544)", "0.96 ± 0.06"),
    "All DM": ("712", "0.98 ± 0.02", "0.83 ± 0.26 (447)", "0.97 ± 0.03"),
}
"""n, breast, pectoral (n), overall: test images by data set."""

TABLE_8: Final[Rows] = {
    "Hologic": ("100", "0.98 ± 0.02", "0.46 ± 0.14", "0.97 ± 0.03", "0.95 ± 0.04"),
    "IMS Giotto": ("102", "0.97 ± 0.04", "0.59 ± 0.27", "0.96 ± 0.05", "0.95 ± 0.07"),
    "Fuji": ("100", "0.98 ± 0.03", "", "0.97 ± 0.03", ""),
    "GE": ("100", "0.97 ± 0.03", "0.90 ± 0.08", "0.96 ± 0.04", "0.96 ± 0.03"),
    "INbreast": ("106", "0.98 ± 0.02", "", "0.96 ± 0.04", ""),
    "mini-MIAS": ("100", "0.86 ± 0.09", "", "0.90 ± 0.08", ""),
    "Siemens": ("104", "0.96 ± 0.03", "0.76 ± 0.21", "0.96 ± 0.05", "0.96 ± 0.04"),
    "PlanMed": ("100", "0.97 ± 0.05", "", "0.96 ± 0.06", ""),
    "All": ("812", "0.96 ± 0.06", "", "0.95 ± 0.05", ""),
    "With raw images": ("406", "0.97 ± 0.03", "0.68 ± 0.25", "0.96 ± 0.04", "0.95 ± 0.05"),
}
"""n, then processed and raw images of a model of processed images, and of one of both."""

TABLE_9: Final[Rows] = {
    "Hologic": ("2284", "0.95 ± 0.07", "712", "0.95 ± 0.03", "932", "+0.00", "0.202"),
    "IMS Giotto": ("2478", "0.95 ± 0.07", "710", "0.88 ± 0.15", "740", "-0.07*", "<0.001"),
    "Fuji": ("2540", "0.94 ± 0.07", "712", "0.97 ± 0.03", "676", "+0.02*", "<0.001"),
    "GE": ("2576", "0.94 ± 0.07", "712", "0.89 ± 0.10", "640", "-0.04*", "<0.001"),
    "INbreast": ("2892", "0.95 ± 0.06", "706", "0.95 ± 0.07", "330", "+0.00", "0.701"),
    "mini-MIAS": ("2974", "0.97 ± 0.05", "712", "0.74 ± 0.13", "242", "-0.23*", "<0.001"),
    "Siemens": ("3036", "0.96 ± 0.05", "708", "0.97 ± 0.04", "184", "+0.01*", "<0.001"),
    "PlanMed": ("3032", "0.94 ± 0.07", "712", "0.97 ± 0.04", "184", "+0.02*", "<0.001"),
}
"""Training images, included Dice and n, excluded Dice and n, difference, p; * at 0.05 / 8.

As printed: where 0.88 stands beside 0.95, the third decimals are lost.
"""

P_VIEWS: Final = "; the paper's: p < 0.001"
"""MLO against CC, each figure of Table 5 (section 3.1)."""

P_RAW: Final[Mapping[str, str]] = {
    "processed": "; the paper's: p = 0.11", "raw": "; the paper's: p < 0.001",
}  # fmt: skip
"""Trained with raw images against without (section 3.2)."""

P_DATASETS: Final[Mapping[str, str]] = {
    "overall": "; the paper's: p < 0.001, mini-MIAS and each other (p < 0.001), "
    "Siemens and INbreast (p = 0.017)",
}
"""Analysis of variance and Tukey's test of Table 7 (section 3.1)."""

P_VOLPARA: Final = "; the paper's: p < 0.001"
"""External masks against either of ours (section 3.4)."""

VOLPARA: Final = "0.98 ± 0.03"
"""Overall Dice of the external masks of section 3.4, on raw images."""
