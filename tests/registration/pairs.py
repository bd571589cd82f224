"""Breasts that never were, in two views: the MLO view is the CC view turned."""

import cv2
import numpy as np

from mammoscope.core import About, Frame, Mammogram
from mammoscope.io.pairs import PairedLesion
from mammoscope.registration.affine import in_square, to_mlo, turning
from mammoscope.registration.examples import example
from mammoscope.scores.boxes import corners, rectified

SHAPE = (120, 90)
TILT = 20.0
"""Degrees by which the MLO view is turned clockwise on the screen, about the film's centre."""
BOX = (44.0, 32.0, 60.0, 46.0)
"""Of the lesion on the CC view."""
THETA = np.array(turning(TILT))


def mammogram(pixels):
    shape = pixels.shape
    return Mammogram(pixels.astype(np.float32), About("synthetic", shape), Frame.of(shape))


def cc_pixels(seed=0):
    """A half ellipse at the left edge, a lesion, some grain."""
    down, across = np.mgrid[0 : SHAPE[0], 0 : SHAPE[1]].astype(np.float32)
    inside = ((down - 60) / 42) ** 2 + (across / 66) ** 2 < 1
    image = np.where(inside, 0.4 + 0.2 * np.sin(across / 9) * np.cos(down / 7), 0.0)
    top, left, bottom, right = BOX
    lesion = ((down > top) & (down < bottom) & (across > left) & (across < right)).astype(np.float32)
    grain = 0.01 * np.random.default_rng(seed).standard_normal(SHAPE)
    return np.clip(image + 0.35 * lesion + grain * inside, 0, 1)


def cc(seed=0):
    return mammogram(cc_pixels(seed))


def mlo(seed=0, theta=THETA):
    """What the CC view shows at θ of each place."""
    size = max(SHAPE)
    frame = square_frame(SHAPE, size)
    ends = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    places = to_mlo(theta, frame, frame)(ends)
    matrix = cv2.getAffineTransform(
        ends[:, ::-1].astype(np.float32), np.ascontiguousarray(places[:, ::-1]).astype(np.float32)
    )
    return mammogram(cv2.warpAffine(cc_pixels(seed), matrix, SHAPE[::-1]).clip(0, 1))


def mlo_box(theta=THETA):
    frame = square_frame(SHAPE, max(SHAPE))
    return tuple(rectified(to_mlo(theta, frame, frame)(corners(np.array(BOX)))).tolist())


def square_frame(shape, size):
    rows, columns = shape
    return Frame.of(shape).crop(-((size - rows) // 2), -((size - columns) // 2), size, size)


def lesion():
    return PairedLesion("1", BOX, mlo_box(), "mass")


def small_example(size, seed=0):
    return example(cc(seed), mlo(seed), [lesion()], size)


def pixel_of(xy, size):
    """A point (x, y) of the square as whole (row, column)."""
    return tuple(np.rint(in_square(np.array(xy, float), size)).astype(int).tolist())
