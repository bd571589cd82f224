"""The words that people and data sets use for sides and views."""

from typing import Final

from mammoscope.core import Laterality, View

SIDES: Final[dict[str, Laterality]] = {
    "L": "L", "LT": "L", "LEFT": "L", "R": "R", "RT": "R", "RIGHT": "R",
}  # fmt: skip
VIEWS: Final[dict[str, View]] = {
    "CC": "CC", "MLO": "MLO", "ML": "ML", "LM": "LM", "LMO": "LMO", "XCC": "XCC", "XCCL": "XCCL",
    "XCCM": "XCCM", "FB": "FB", "SIO": "SIO", "ISO": "ISO", "AT": "AT", "CV": "CV",
}  # fmt: skip
