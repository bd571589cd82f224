"""A breast with a bright square, and a detector that needs no learning: bright is a mass."""

from dataclasses import replace

import cv2
import numpy as np

from mammoscope.core import About, Mammogram, Sourced, Spacing
from mammoscope.core.card import Card, CardInput, Probe
from mammoscope.core.settings import to_plain
from mammoscope.findings.dense.recipe import Recipe
from mammoscope.image.windows import CELL, MARGIN
from mammoscope.runtime import Session

SPACING = 0.3
SHAPE = (448, 300)
SIDE = 33
"""Of the square, in pixels of 0.3 mm."""
BRIGHT = 0.9
REACH = 5 * CELL
"""Side of the square whose bright pixels make a box."""


def breast(top=200, left=80, spacing=SPACING, side=SIDE, shape=SHAPE):
    """A half ellipse at the left edge, grey, with a square whose first pixel is told."""
    rows, columns = np.mgrid[: shape[0], : shape[1]]
    far = ((rows - shape[0] / 2) / (0.45 * shape[0])) ** 2 + (columns / (0.8 * shape[1])) ** 2
    pixels = np.where(far < 1, 0.4, 0.02).astype(np.float32)
    if side:
        pixels[top : top + side, left : left + side] = BRIGHT
    about = About("breast", shape, view=Sourced("CC", "tag"), laterality=Sourced("L", "tag"))
    if spacing:
        about = replace(about, spacing=Spacing(spacing, spacing, "annotations"))
    return Mammogram.of(pixels, about)


def card(levels=(1.0,), classes=("mass",), calibration=()):
    """Of `Bright`."""
    recipe = to_plain(replace(Recipe.default(), levels=levels, classes=classes))
    return Card(
        "findings", "0", "0" * 64, "findings", CardInput(SPACING, 3, 32), {}, recipe, classes, (), (),
        (), Probe(0, (1, 3, 288, 288), (0.0,), 1.0), dict(calibration),
    )  # fmt: skip


class Bright(Session):
    """Scores the brightness of each cell; its box is that of the bright pixels around."""

    def __init__(self, of=None):
        self.card, self.identity, self.asked = of or card(), "bright 000000000000", []

    def run(self, image):
        self.asked.append(image.shape)
        bright = (image[0, 0] > 0.95).astype(np.float32)
        places = np.mgrid[: bright.shape[0], : bright.shape[1]].astype(np.float32)
        middles = np.ix_(*(np.arange(MARGIN, size - MARGIN, CELL) + CELL // 2 for size in bright.shape))
        own = averaged(bright, CELL)[middles]
        share = np.maximum(averaged(bright, REACH)[middles], 1e-6)
        box = [
            (averaged(bright * place, REACH)[middles] / share - (middle - 0.5)) / CELL
            for place, middle in zip(places, middles, strict=True)
        ]
        side = np.log(np.sqrt(share) * REACH / CELL)
        heads = [own] * len(self.card.classes)
        return np.stack([*heads, *box, side, side]).astype(np.float32)[None]


def averaged(image, side):
    """Mean over the square of an even side whose middle is half a pixel before each pixel."""
    return cv2.blur(image, (side, side), anchor=(side // 2, side // 2), borderType=cv2.BORDER_CONSTANT)
