"""Which lesions a woman has. Numpy only."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np

from mammoscope.core import Laterality
from mammoscope.phantom.recipe import LesionPlan, Place, Settings
from mammoscope.phantom.truth import LESION_KINDS, LesionKind

TOP_SEED: Final = 2**62
COMMON: Final[Mapping[LesionKind, float]] = {
    "mass": 0.38, "calcifications": 0.26, "lymph node": 0.14, "asymmetry": 0.1,
    "architectural distortion": 0.08, "skin retraction": 0.02, "nipple retraction": 0.02,
}  # fmt: skip
"""How often each kind is drawn: ours."""
HEALTHY: Final = 0.4
"""Share of breasts without any."""
MASSES: Final[Mapping[str, tuple[str, ...]]] = {
    "round": ("circumscribed", "obscured"),
    "oval": ("circumscribed", "obscured"),
    "lobulated": ("circumscribed", "obscured", "microlobulated"),
    "irregular": ("ill-defined", "obscured"),
    "spiculated": ("spiculated",),
}
CALCIFICATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "clustered": ("punctate", "amorphous", "pleomorphic"),
    "linear": ("fine linear branching", "pleomorphic"),
    "regional": ("punctate", "amorphous"),
    "single": ("coarse", "lucent-centred"),
}

Detail = tuple[str, str, float, Place]
"""Shape, margins, diameter in mm, place."""


def lesions(settings: Settings, rng: np.random.Generator) -> dict[Laterality, tuple[LesionPlan, ...]]:
    """The lesions of each breast: those that were asked for, one after the other, or drawn ones."""
    kinds: dict[Laterality, list[LesionKind]] = {side: [] for side in settings.sides}
    if settings.findings is not None:
        for number, kind in enumerate(settings.findings):
            kinds[settings.sides[number % len(settings.sides)]].append(kind)
    else:
        for held in kinds.values():
            if rng.random() > HEALTHY:
                count = int(rng.choice([1, 2], p=[0.75, 0.25]))
                names = rng.choice(len(COMMON), size=count, replace=False, p=list(COMMON.values()))
                held.extend(tuple(COMMON)[name] for name in names)
    return {
        side: tuple(_lesion(kind, number, rng) for number, kind in enumerate(held, start=1))
        for side, held in kinds.items()
    }


def _lesion(kind: LesionKind, identifier: int, rng: np.random.Generator) -> LesionPlan:
    shape, margins, diameter, place = DETAILS[kind](rng)
    return LesionPlan(kind, shape, margins, identifier, diameter, place, int(rng.integers(TOP_SEED)))


def _mass(rng: np.random.Generator) -> Detail:
    shape, margins = _words(MASSES, rng)
    return shape, margins, float(np.clip(rng.lognormal(np.log(13), 0.4), 5, 35)), _inside(rng)


def _calcifications(rng: np.random.Generator) -> Detail:
    shape, margins = _words(CALCIFICATIONS, rng)
    wide = {"clustered": (5, 14), "linear": (8, 25), "regional": (22, 40), "single": (1.5, 5)}[shape]
    return shape, margins, float(rng.uniform(*wide)), _inside(rng)


def _distortion(rng: np.random.Generator) -> Detail:
    return "", "", float(rng.uniform(15, 32)), _inside(rng)


def _asymmetry(rng: np.random.Generator) -> Detail:
    return "", "", float(rng.uniform(15, 35)), _inside(rng)


def _node(rng: np.random.Generator) -> Detail:
    far, aside = rng.uniform(0.45, 0.72), rng.normal(0, 0.12)
    place = ((far - aside) * 0.7071, (far + aside) * 0.7071, rng.uniform(-0.05, 0.25))
    return "oval", "circumscribed", float(rng.uniform(6, 16)), _plain(place)


def _skin(rng: np.random.Generator) -> Detail:
    lean, turn = rng.uniform(0.3, 0.55), rng.uniform(0, 2 * np.pi)
    place = (lean * np.cos(turn), lean * np.sin(turn), np.sqrt(1 - lean**2))
    return "", "", float(rng.uniform(12, 24)), _plain(place)


def _nipple(rng: np.random.Generator) -> Detail:
    return "", "", float(rng.uniform(14, 22)), (0.0, 0.0, 1.0)


DETAILS: Final[Mapping[LesionKind, Callable[[np.random.Generator], Detail]]] = dict(
    zip(
        LESION_KINDS,
        (_mass, _calcifications, _distortion, _asymmetry, _node, _skin, _nipple),
        strict=True,
    )
)


def _words(words: Mapping[str, tuple[str, ...]], rng: np.random.Generator) -> tuple[str, str]:
    shape = tuple(words)[int(rng.integers(len(words)))]
    return shape, words[shape][int(rng.integers(len(words[shape])))]


def _inside(rng: np.random.Generator) -> Place:
    """Somewhere in the breast, more often in its upper outer quarter, away from skin and muscle."""
    while True:
        x, y, z = rng.uniform((-0.7, -0.7, 0.08), (0.7, 0.7, 0.8))
        favoured = 0.55 + 0.45 * (x + y > 0)
        if x * x + y * y + z * z < 0.72**2 and rng.random() < favoured:
            return _plain((x, y, z))


def _plain(place: tuple[float, float, float]) -> Place:
    x, y, z = place
    return float(x), float(y), float(z)
