"""Rooms that do as they are told, and what they are asked."""

import numpy as np

from mammoscope.core import (
    LANDMARKS,
    Frame,
    Landmark,
    Landmarks,
    Mask,
    Segmentation,
)
from mammoscope.image import chest_wall_side
from mammoscope.io import find
from mammoscope.pipeline import Plan, analyze

VIEWS = (("R", "CC"), ("L", "CC"), ("R", "MLO"), ("L", "MLO"))


def bright(mammogram):
    """A room that takes everything bright for breast."""
    labels = (mammogram.pixels > 0.1).astype(np.uint8)
    area = int(labels.sum())
    return Segmentation(
        Mask(labels, Frame.of(mammogram.pixels.shape)), 1.0, np.zeros((0, 2)), area, 0, None, None,
        "nominal", "bright 000000000000",
    )  # fmt: skip


def located(mammogram):
    """A room that finds every landmark at its place in a square of a hundred pixels a side."""
    down = {"nipple": 50, "inframammary fold": 90, "pectoral lower": 70, "chest wall lower": 95}
    across = {"nipple": 90, "pectoral upper": 40, "inframammary fold": 15}
    side = chest_wall_side(mammogram.pixels, mammogram.pixels > 0.1)
    rows, columns = (size / 100 for size in mammogram.pixels.shape)

    def place(name):
        column = across.get(name, 2)
        column = column if side == "left" else 99 - column
        return down.get(name, 5) * rows, column * columns

    points = {name: Landmark(place(name), ((4.0, 0.0), (0.0, 4.0)), 0.99) for name in LANDMARKS}
    return Landmarks(points, 0.9, side, "nominal", "located 000000000000")


OUTLINES = Plan({"segmentation": bright})
BOTH = Plan({"segmentation": bright, "positioning": located})


def run(reader, *paths, plan=OUTLINES):
    records = []
    return list(analyze(find(paths), reader, plan, records.append)), records
