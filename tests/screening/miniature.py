"""Small breasts: bright ones with a mass that is smooth (benign) or rough (malignant)."""

from dataclasses import replace

import numpy as np

from mammoscope.core import About, Frame, Mammogram
from mammoscope.learn import boxed
from mammoscope.learn.module import Optimisation
from mammoscope.learn.varied import Variation
from mammoscope.screening.pooled.examples import Example
from mammoscope.screening.pooled.network import Settings
from mammoscope.screening.pooled.questions import of_image, of_mass
from mammoscope.screening.pooled.recipe import Recipe

SHAPE = (190, 150)
CENTRE = (110.0, 60.0)
HALF = 22.0
SPACING = 0.3


def picture(malignant, centre=CENTRE):
    """A breast on the left, 0–1; a malignant mass is striped."""
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]].astype(float)
    breast = ((rows - 95) / 85) ** 2 + (columns / 130) ** 2 < 1
    mass = (rows - centre[0]) ** 2 + (columns - centre[1]) ** 2 < HALF**2
    stripes = 0.25 * np.sign(np.sin(columns * np.pi / 6)) if malignant else 0.0
    return (breast * 0.35 + mass * (0.35 + stripes)).astype(np.float32)


def mammogram(malignant=True):
    about = About("synthetic", SHAPE)
    return Mammogram(picture(malignant), about, Frame.of(SHAPE))


def example(malignant, centre=CENTRE, woman="1"):
    row, column = centre
    box = np.array([[row - HALF, column - HALF, row + HALF, column + HALF]])
    image = np.rint(picture(malignant, centre) * 255).astype(np.uint8)
    words = ("SPICULATED", "IRREGULAR", 5) if malignant else ("CIRCUMSCRIBED", "OVAL", 2)
    return Example(
        boxed.Example(image, box, np.zeros(1, int), f"film/{woman}_LEFT_CC", woman),
        of_mass(malignant, *words, 4)[None],
        of_image(2, False, False),
    )


def examples(count=4):
    """Malignant and benign in turn, each elsewhere."""
    places = [(110.0, 60.0), (80.0, 50.0), (95.0, 75.0), (120.0, 45.0)]
    return [example(n % 2 == 0, places[n // 2 % 4], str(n)) for n in range(count)]


def tiny():
    return Recipe(
        crop=(384, 352),
        network=Settings((8, 8, 8, 8), fused=8, hidden=8, dropout=0.0),
        variation=Variation(5.0, 0.0, 0.0, 8.0, 0.0, 0.0, 0.0, 0.0, 0.0),
        optimisation=Optimisation(learning_rate=1e-2, batch=2, epochs=2),
    )


def longer(recipe, epochs, steps, batch=4, rate=1e-2):
    cycle = replace(
        recipe.optimisation, learning_rate=rate, schedule="one cycle", batch=batch, epochs=epochs,
        patience=epochs, steps=steps,
    )  # fmt: skip
    return replace(recipe, optimisation=cycle)
