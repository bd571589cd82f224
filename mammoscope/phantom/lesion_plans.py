"""Which lesions a woman has. Numpy only."""

import numpy as np

from mammoscope.core import Laterality
from mammoscope.phantom.recipe import LesionPlan, Settings


def lesions(settings: Settings, rng: np.random.Generator) -> dict[Laterality, tuple[LesionPlan, ...]]:
    """None yet."""
    return dict.fromkeys(settings.sides, ())
