"""How far a breast spreads between two plates. Numpy only."""

from typing import Final

import numpy as np

RIM: Final = 0.55
"""The rim's width as a share of half of the plate's height; a circle would have 1."""


def outline(base_mm: float, depth_mm: float, half_mm: float) -> tuple[float, float]:
    """Where the flat part of a compressed breast ends, and how wide its round rim is beyond.

    Half of a spheroid keeps its volume: half (flat² / 2 + π rim flat / 4 + rim² / 3) = base / 3.

    Args:
        base_mm: Radius of the uncompressed breast's base.
        depth_mm: Its depth.
        half_mm: Half of the compressed height.

    Returns:
        Both as shares of the half axes of the base and the depth.
    """
    rim = RIM * half_mm / np.sqrt(base_mm * depth_mm)
    held = 2 * base_mm / (3 * half_mm) - 2 * rim**2 / 3
    return float(np.sqrt(np.pi**2 * rim**2 / 16 + held) - np.pi * rim / 4), float(rim)
