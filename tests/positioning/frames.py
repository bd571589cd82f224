"""Synthetic frames with landmarks, and recipes small enough to train in a test."""

from dataclasses import replace

import cv2
import numpy as np

from mammoscope.core import About, Frame, Mammogram, Spacing
from mammoscope.positioning.network import Settings
from mammoscope.positioning.prepare import Example
from mammoscope.positioning.recipe import Recipe

SIDE = 64


def breast(seed=0, shape=(120, 90), side="left", spacing=None):
    """A synthetic MLO view, no patient: a bright half ellipse at the chest wall."""
    rng = np.random.default_rng(seed)
    pixels = np.zeros(shape, np.float32)
    rows, columns = shape
    across = 0 if side == "left" else columns - 1
    axes = (int(columns * rng.uniform(0.5, 0.7)), int(rows * rng.uniform(0.35, 0.42)))
    cv2.ellipse(pixels, (across, rows // 2), axes, 0, 0, 360, 0.6, -1)
    known = None if spacing is None else Spacing(*spacing, "synthetic")
    return Mammogram(pixels, About("synthetic", shape, spacing=known), Frame.of(shape))


def example(seed=0, poor=None):
    """A frame in which landmarks follow a blob's place, so that there is something to learn."""
    rng = np.random.default_rng(seed)
    row, column = rng.uniform(20, 44, 2)
    image = np.zeros((SIDE, SIDE), np.uint8)
    cv2.circle(image, (round(column), round(row)), 9, 255, -1)
    points = np.array([[row + 12, column - 6], [row - 12, column + 6], [row, column]])
    poor = bool(seed % 2) if poor is None else poor
    return Example(image, points, poor, Frame.of((SIDE, SIDE)), f"synthetic {seed}")


def examples(count=4):
    return [example(seed) for seed in range(count)]


def tiny(model="coordatt u-net", **changes):
    """A recipe that trains in a moment."""
    recipe = Recipe.paper(model)
    optimisation = replace(recipe.optimisation, epochs=2, batch=2, **changes)
    cycle = replace(optimisation.cycle, lowest=1e-4, highest=5e-3, up=3, down=2)
    return replace(
        recipe,
        pretrained=False,
        network=Settings(model, (4, 6, 8, 10, 12), SIDE),
        optimisation=replace(optimisation, cycle=cycle),
    )


def mlo():
    """A synthetic MLO view, no patient: a half ellipse, a bright corner for the muscle, a nipple."""
    down, across = np.indices((120, 90))
    body = ((down - 66) / 52) ** 2 + (across / 58) ** 2 < 1
    muscle = across < 38 - down / 2
    pixels = np.where(body | muscle, 0.45, 0.0) + np.where(muscle, 0.4, 0.0)
    cv2.circle(pixels, (58, 66), 3, 0.7, -1)
    return Mammogram.of(
        pixels.astype(np.float32), About("synthetic", (120, 90), spacing=Spacing(1.0, 1.0, "synthetic"))
    )
