"""A breast that never was in both views with landmarks, as the guided network takes it."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from mammoscope.core import About, Frame, Landmark, Landmarks, Mammogram, Sourced, Spacing
from mammoscope.io.pairs import Pair, PairedLesion
from mammoscope.registration.evaluate import Seen, Views

SHAPE = (230, 160)
NONE = Landmark(None, ((0.0, 0.0), (0.0, 0.0)), 0.0)
NIPPLE = (120.0, 110.0)
PLACES = {"CC": (90.0, 60.0), "MLO": (110.0, 58.0)}
SIZES = {"CC": (18.0, 14.0), "MLO": (16.0, 20.0)}
ENDS = {
    "CC": {"chest wall upper": (20.0, 2.0), "chest wall lower": (220.0, 2.0)},
    "MLO": {"pectoral upper": (10.0, 42.0), "pectoral lower": (120.0, 2.0)},
}


def mammogram(view, spacing=1.0, place=None):
    """A half ellipse with a bright lesion, the chest wall on the left."""
    down, across = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]].astype(np.float32)
    inside = ((down - 120) / 90) ** 2 + (across / 112) ** 2 < 1
    image = np.where(inside, 0.35 + 0.1 * np.sin(across / 11) * np.cos(down / 9), 0.0)
    row, column = place or PLACES[view]
    height, width = SIZES[view]
    lesion = (((down - row) / height) ** 2 + ((across - column) / width) ** 2) < 0.25
    image = cv2.GaussianBlur((image + 0.5 * lesion).clip(0, 1).astype(np.float32), (0, 0), 1.0)
    known = Spacing(spacing, spacing, "test") if spacing else None
    about = About("synthetic", SHAPE, view=Sourced(view, "test"), spacing=known)
    return Mammogram(image, about, Frame.of(SHAPE))


def landmarks(view, chest_wall="left", nipple=NIPPLE):
    points = dict.fromkeys(
        ("nipple", "pectoral upper", "pectoral lower", "inframammary fold", "chest wall upper",
         "chest wall lower"), NONE,
    )  # fmt: skip
    for name, point in {"nipple": nipple, **ENDS[view]}.items():
        points[name] = NONE if point is None else Landmark(point, ((4.0, 0.0), (0.0, 4.0)), 0.9)
    return Landmarks(points, None, chest_wall, "spacing", "marks 0")


def box(view):
    (row, column), (height, width) = PLACES[view], SIZES[view]
    return row - height / 2, column - width / 2, row + height / 2, column + width / 2


def pair(*, certain=True):
    lesion = PairedLesion("1", box("CC"), box("MLO"), "mass", certain)
    image = Path("synthetic.png")
    return Pair("woman", "L", "synthetic", image, image, (lesion,), 1)


def views():
    return Views(*(Seen(mammogram(view), landmarks(view)) for view in ("CC", "MLO")))


def mirrored(view):
    """The same image and marks mirrored left to right."""
    one, marks = mammogram(view), landmarks(view, "right")
    last = SHAPE[1] - 1
    points = {
        name: mark if mark.point is None else replace(mark, point=(mark.point[0], last - mark.point[1]))
        for name, mark in marks.points.items()
    }
    pixels = np.ascontiguousarray(one.pixels[:, ::-1])
    return replace(one, pixels=pixels), replace(marks, points=points)
