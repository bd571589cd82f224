"""Landmarks of breasts that never were."""

from collections.abc import Mapping

import numpy as np

from mammoscope.core import (
    LANDMARKS,
    About,
    Covariance,
    Frame,
    Landmark,
    Landmarks,
    Laterality,
    Mask,
    Point,
    Segmentation,
    Side,
    Sourced,
    Spacing,
    View,
)

OBLIQUE: dict[str, Point] = {
    "nipple": (500.0, 500.0),
    "pectoral upper": (0.0, 300.0),
    "pectoral lower": (200.0, 150.0),
    "inframammary fold": (800.0, 20.0),
    "chest wall upper": (0.0, 0.0),
    "chest wall lower": (899.0, 0.0),
}
FROM_ABOVE: dict[str, Point] = {
    "nipple": (460.0, 400.0),
    "chest wall upper": (100.0, 0.0),
    "chest wall lower": (800.0, 0.0),
}
SHAPE = (900, 600)


def marks(
    points: Mapping[str, Point],
    sd: float = 0.0,
    side: Side = "left",
    in_profile: float | None = 0.99,
    shown: Mapping[str, float] | None = None,
) -> Landmarks:
    """Landmarks with round ellipses of a standard deviation in pixels."""
    round_one: Covariance = ((sd**2, 0.0), (0.0, sd**2))
    sure = {name: 0.99 if name in points else 0.01 for name in LANDMARKS} | dict(shown or {})
    each = {name: Landmark(points.get(name), round_one, sure[name]) for name in LANDMARKS}
    return Landmarks(each, in_profile, side, "spacing", "synthetic")


def about(
    view: View | None = "MLO",
    laterality: Laterality | None = "L",
    spacing: tuple[float, float] | None = (0.2, 0.2),
    shape: tuple[int, int] = SHAPE,
) -> About:
    """What is known of a synthetic image."""
    return About(
        "synthetic",
        shape,
        view=Sourced(view, "test") if view else None,
        laterality=Sourced(laterality, "test") if laterality else None,
        spacing=Spacing(*spacing, "test") if spacing else None,
    )


def outlined(labels: np.ndarray, spacing: tuple[float, float] | None = (0.2, 0.2)) -> Segmentation:
    """A segmentation with these labels."""
    breast, muscle = int((labels == 1).sum()), int((labels == 2).sum())
    area = spacing[0] * spacing[1] if spacing else None
    return Segmentation(
        Mask(labels.astype(np.uint8), Frame.of(labels.shape)),
        0.9,
        np.zeros((0, 2)),
        breast,
        muscle,
        breast * area if area else None,
        muscle * area if area else None,
        "spacing" if area else "nominal",
        "synthetic",
    )


def breast(top: int = 100, bottom: int = 800, width: int = 400) -> np.ndarray:
    """Labels of a box of breast on the left of an image of `SHAPE`."""
    labels = np.zeros(SHAPE, np.uint8)
    labels[top:bottom, :width] = 1
    return labels


def preview() -> np.ndarray:
    """A picture of nothing."""
    return np.zeros(SHAPE, np.uint8)
