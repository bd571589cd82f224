"""Calcifications: grains of mineral, drawn onto the detector one by one."""

from collections.abc import Mapping
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float, Float32

from mammoscope.phantom.recipe import LesionPlan

FINEST: Final = 3
"""Samples across a grain's radius."""


class Morphology(NamedTuple):
    """What grains of one kind are like.

    Attributes:
        number: Fewest and most.
        radius_mm: Smallest and largest.
        longest: How many times longer than wide a grain may be.
        density: Share of the grain that is mineral.
    """

    number: tuple[int, int]
    radius_mm: tuple[float, float]
    longest: float
    density: float


MORPHOLOGIES: Final[Mapping[str, Morphology]] = {
    "punctate": Morphology((6, 30), (0.1, 0.2), 1.3, 0.6),
    "amorphous": Morphology((25, 70), (0.08, 0.16), 1.6, 0.4),
    "pleomorphic": Morphology((10, 40), (0.08, 0.24), 2.2, 0.6),
    "fine linear branching": Morphology((15, 45), (0.07, 0.12), 6.0, 0.6),
    "coarse": Morphology((1, 3), (0.8, 1.8), 1.6, 0.7),
    "lucent-centred": Morphology((1, 3), (0.6, 1.4), 1.1, 0.8),
}
OXALATE: Final = frozenset({"amorphous"})
"""Morphologies that are of calcium oxalate; the others are of hydroxyapatite."""


class Grain(NamedTuple):
    """One grain.

    Attributes:
        place: Of its middle from the cluster's, mm: x, y, z.
        radius: Half of its width, mm.
        longer: How many times longer than wide.
        turn: Direction of its length in the image, radians.
        hollow: Radius of an empty middle as a share of its own.
    """

    place: tuple[float, float, float]
    radius: float
    longer: float
    turn: float
    hollow: float


def grains(plan: LesionPlan) -> list[Grain]:
    """The grains of a cluster."""
    rng = np.random.default_rng(plan.seed)
    kind = MORPHOLOGIES[plan.margins]
    count = int(rng.integers(kind.number[0], kind.number[1] + 1))
    spread = np.full(3, plan.diameter_mm / 5)
    axes = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    if plan.shape == "linear":
        spread *= (1.6, 0.25, 0.25)
    if plan.shape == "single":
        spread *= 0.3
    found = []
    for _ in range(count):
        x, y, z = axes @ (rng.normal(0, 1, 3).clip(-2.2, 2.2) * spread)
        radius = float(rng.uniform(*kind.radius_mm))
        hollow = 0.65 if plan.margins == "lucent-centred" else 0.0
        turn = float(np.arctan2(axes[0, 0], axes[2, 0]) + rng.normal(0, 0.4 if kind.longest > 4 else 2))
        found.append(
            Grain(
                (float(x), float(y), float(z)),
                radius,
                float(rng.uniform(1, kind.longest)),
                turn,
                hollow,
            )
        )
    return found


def draw_grain(
    image: Float32[np.ndarray, "rows columns"],
    grain: Grain,
    middle: Float[np.ndarray, "2"],
    pixel_mm: float,
    density: float,
) -> None:
    """Add the mm of mineral in the way of each pixel's ray, on average over the pixel.

    Args:
        image: Changed in place.
        grain: What is drawn.
        middle: (row, column) of its middle.
        pixel_mm: The pixel's size where the grain lies.
        density: Share of the grain that is mineral.
    """
    long = grain.radius * grain.longer
    reach = int(np.ceil(long / pixel_mm)) + 1
    row, column = np.rint(middle).astype(int)
    top, left = max(0, row - reach), max(0, column - reach)
    bottom, right = min(image.shape[0], row + reach + 1), min(image.shape[1], column + reach + 1)
    if top >= bottom or left >= right:
        return
    parts = int(np.clip(np.ceil(FINEST * pixel_mm / grain.radius), 2, 24))
    down = (np.arange((bottom - top) * parts) + 0.5) / parts - 0.5 + top - middle[0]
    across = (np.arange((right - left) * parts) + 0.5) / parts - 0.5 + left - middle[1]
    down, across = np.meshgrid(down * pixel_mm, across * pixel_mm, indexing="ij")
    along = (down * np.cos(grain.turn) + across * np.sin(grain.turn)) / long
    aside = (down * np.sin(grain.turn) - across * np.cos(grain.turn)) / grain.radius
    far = along**2 + aside**2
    length = np.sqrt(np.maximum(1 - far, 0)) - np.sqrt(np.maximum(grain.hollow**2 - far, 0))
    mean = length.reshape(bottom - top, parts, right - left, parts).mean(axis=(1, 3))
    image[top:bottom, left:right] += (2 * grain.radius * density * mean).astype(np.float32)
