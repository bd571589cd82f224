"""Outlines and pictures that never were, for the measures that look at pixels. Synthetic."""

import numpy as np

from mammoscope.core import (
    LANDMARKS,
    About,
    Frame,
    Landmark,
    LandmarkName,
    Landmarks,
    Mask,
    Point,
    Segmentation,
    Side,
    Sourced,
    Spacing,
    View,
)

NOT_SHOWN = Landmark(None, ((1.0, 0.0), (0.0, 1.0)), 0.0)


def segmentation(labels: np.ndarray) -> Segmentation:
    frame = Frame.of((labels.shape[0], labels.shape[1]))
    mask = Mask(labels.astype(np.uint8), frame)
    return Segmentation(mask, 1.0, np.zeros((0, 2)), 0, 0, None, None, "spacing", "synthetic")


def landmarks(wall: Side = "left", **points: Point) -> Landmarks:
    """Landmarks by name, underscores for blanks: ``pectoral_upper=(0.0, 50.0)``."""
    shown: dict[LandmarkName, Landmark] = dict.fromkeys(LANDMARKS, NOT_SHOWN)
    for name in LANDMARKS:
        if name.replace(" ", "_") in points:
            shown[name] = Landmark(points[name.replace(" ", "_")], ((1.0, 0.0), (0.0, 1.0)), 1.0)
    return Landmarks(shown, None, wall, "spacing", "synthetic")


def about(
    shape: tuple[int, ...], spacing: tuple[float, float] | None = (1.0, 1.0), view: View | None = "MLO"
) -> About:
    return About(
        "synthetic",
        (shape[0], shape[1]),
        view=Sourced(view, "test") if view else None,
        spacing=Spacing(*spacing, "test") if spacing else None,
    )


def mirrored(of: Landmarks, columns: int) -> Landmarks:
    points = {
        name: Landmark((each.point[0], columns - 1 - each.point[1]), each.covariance, each.shown)
        if each.point
        else each
        for name, each in of.points.items()
    }
    side: Side = "right" if of.chest_wall == "left" else "left"
    return Landmarks(points, of.in_profile, side, of.scale, of.weights)


def flipped(image: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(image[:, ::-1])
