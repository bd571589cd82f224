"""From a seed to a recipe. Numpy only."""

from typing import Final

import numpy as np

from mammoscope.core import Laterality
from mammoscope.phantom.lesion_plans import lesions
from mammoscope.phantom.plates import outline
from mammoscope.phantom.recipe import (
    FORMATS,
    GLAND,
    MUSCLE_END,
    NIPPLE_DISTANCE,
    NIPPLE_HEIGHT,
    PECTORAL_ANGLE,
    BreastPlan,
    Format,
    LesionPlan,
    Normal,
    Range,
    Recipe,
    Settings,
    ViewPlan,
)
from mammoscope.phantom.truth import Density, PhantomViewName, PositioningError

DENSITIES: Final[dict[Density, float]] = {"A": 0.1, "B": 0.4, "C": 0.4, "D": 0.1}
"""How common each category is: R. E. Sprague Kelly et al. and others find about 10, 40, 40, 10 %."""
LARGE: Final = 0.85
"""Share of women taken on the large detector."""
OBLIQUE: Final = Normal(48.0, 5.0, 40.0, 60.0)
SKIN: Final = Normal(1.45, 0.25, 1.0, 2.0)
HANGING: Final = Normal(0.2, 0.07, 0.05, 0.4)
"""How far the breast's front lies below its base on an MLO view, mm a mm of depth."""
MLO_ONLY: Final[frozenset[PositioningError]] = frozenset({"too little pectoral", "sagging"})
STEEPER: Final = 0.29
"""How the muscle's end rises with its angle: their correlation in the same labels."""
THINNING_DEG: Final = 2.0
"""How much flatter the muscle's front is than the line where it is thick enough to be seen."""
OUT_MM: Final = 3.5
"""How far the nipple's middle lies before the skin."""
MAGNIFIED: Final = 1.07
TOP_SEED: Final = 2**62


def draw(seed: int, settings: Settings | None = None) -> Recipe:
    """Every number of an exam.

    Args:
        seed: Not negative.
        settings: What the caller chooses; None: the defaults.
    """
    settings = settings or Settings()
    rng = np.random.default_rng(seed)
    distance = NIPPLE_DISTANCE.draw(rng)
    density = settings.density or _density(rng)
    gland = float(rng.uniform(*GLAND[density]))
    wide = 68 + 0.35 * (distance - NIPPLE_DISTANCE.mean) + float(rng.normal(0, 5))
    large: Format = "24 x 30" if rng.random() < LARGE or wide > 76 else "18 x 24"
    planned = lesions(settings, rng)
    breasts = [
        _breast(side, settings, density, gland, (distance, wide), large, planned[side], rng)
        for side in settings.sides
    ]
    return Recipe(seed, settings, tuple(breasts))


def _density(rng: np.random.Generator) -> Density:
    names: tuple[Density, ...] = tuple(DENSITIES)
    return names[int(rng.choice(len(names), p=list(DENSITIES.values())))]


def _breast(
    side: Laterality,
    settings: Settings,
    density: Density,
    gland: float,
    size: Range,
    large: Format,
    planned: tuple[LesionPlan, ...],
    rng: np.random.Generator,
) -> BreastPlan:
    """One breast of a woman; `size` is its nipple's distance on the MLO view and its base's radius."""
    distance = size[0] + float(rng.normal(0, 3))
    base = float(np.clip(size[1] * (1 + rng.normal(0, 0.03)), 54, 95))
    muscle = (float(rng.uniform(5, 9)), float(rng.uniform(25, 45)), float(rng.uniform(35, 70)))
    height = float(np.clip(51 + 0.5 * (base - 68) + rng.normal(0, 6), 28, min(76, 1.3 * base)))
    edge = float(rng.uniform(1, 4))
    behind = muscle[0] * np.sqrt(2 * base / height) + OUT_MM
    depth = _depth(base, height, distance / MAGNIFIED - behind + edge)
    mlo = _mlo(settings, height, edge, large, rng)
    cc = _cc(settings, height * float(rng.uniform(0.9, 1.02)), large, rng)
    return BreastPlan(
        side, density, gland, base, depth, SKIN.draw(rng), muscle,
        (float(rng.uniform(4, 6)), float(rng.uniform(5, 8))),
        float(rng.uniform(0.05, 0.25)), float(rng.uniform(0.05, 0.25)),
        int(rng.integers(TOP_SEED)), planned, (cc, mlo),
    )  # fmt: skip


def _depth(base: float, height: float, before: float) -> float:
    """The depth of a breast whose nipple comes to lie `before` its base when it is compressed."""
    depth = before / 1.4
    for _ in range(8):
        depth = float(np.clip(before / sum(outline(base, depth, height / 2)), 22, 85))
    return depth


def _common(
    view: PhantomViewName, settings: Settings, rng: np.random.Generator
) -> tuple[Range, float, float, tuple[Range, Range], tuple[PositioningError, ...]]:
    """Slide, roll, tilt, waves and the errors that a view makes."""
    errors = tuple(error for error in settings.errors if view == "MLO" or error not in MLO_ONLY)
    sense = float(rng.choice([-1, 1]))
    ahead = (
        sense * float(rng.uniform(0.5, 0.8))
        if "nipple not in profile" in errors
        else rng.normal(0, 0.05)
    )
    turned = sense * float(rng.uniform(15, 25)) if "rotation" in errors else rng.normal(0, 4)
    tilt = sense * float(rng.uniform(0.2, 0.35)) if "rotation" in errors else rng.normal(0, 0.05)
    waves = (
        (float(rng.normal(0, 1.2)), float(rng.uniform(0, 2 * np.pi))),
        (float(rng.normal(0, 1.2)), float(rng.uniform(0, 2 * np.pi))),
    )
    return (float(rng.normal(0, 0.06)), float(ahead)), float(turned), float(tilt), waves, errors


def _cc(settings: Settings, height: float, large: Format, rng: np.random.Generator) -> ViewPlan:
    slide, roll, tilt, waves, errors = _common("CC", settings, rng)
    return ViewPlan(
        "CC", large, 0.0, height, FORMATS[large][0] / 2 + float(rng.normal(0, 6)),
        float(rng.normal(5, 4)), 0.0, 0.0, roll, slide, tilt, 0.0, waves, False,
        _kvp(height), int(rng.integers(TOP_SEED)), errors,
    )  # fmt: skip


def _mlo(
    settings: Settings, height: float, edge: float, large: Format, rng: np.random.Generator
) -> ViewPlan:
    slide, roll, tilt, waves, errors = _common("MLO", settings, rng)
    angle = PECTORAL_ANGLE.draw(rng) - THINNING_DEG
    steeper = STEEPER * MUSCLE_END.sd * (angle + THINNING_DEG - PECTORAL_ANGLE.mean) / PECTORAL_ANGLE.sd
    end = (MUSCLE_END.draw(rng) + steeper) / MAGNIFIED
    row = NIPPLE_HEIGHT.draw(rng)
    tilt -= HANGING.draw(rng)
    if "too little pectoral" in errors:
        angle, end = float(rng.uniform(6, 12)), float(rng.uniform(70, 95))
    sag = float(rng.uniform(0.35, 0.55)) if "sagging" in errors else float(abs(rng.normal(0, 0.06)))
    fold = bool(rng.random() < 0.7) and "sagging" not in errors
    if large == "18 x 24":
        row = min(row, 190.0)
    return ViewPlan(
        "MLO", large, OBLIQUE.draw(rng), height, row, edge, angle, end, roll, slide, tilt, sag, waves,
        fold, _kvp(height), int(rng.integers(TOP_SEED)), errors,
    )  # fmt: skip


def _kvp(height: float) -> int:
    """What automatic exposure takes for a height, W/Rh."""
    return int(np.clip(round(26 + (height - 30) / 8), 26, 32))
