"""Augmentation of a picture with its mask: the paper's Table 3, and looks of our own."""

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float32, UInt8

from mammoscope.learn.looks import LEVELS, Looks, random_look, through_table
from mammoscope.learn.warp import Geometry, random_warp


@dataclass(frozen=True)
class Augmentation:
    """What happens to a training image, in this order.

    Attributes:
        window: Largest relative change of the window's centre and width. Paper: 0.05 (Table 3).
        geometry: Flip, rotation, elastic deformation and crop.
        looks: Displays, films and detectors beyond the paper.
        gamma: Least and greatest exponent. Paper: 0.5 and 1.5.
        noise: Least and greatest deviation of Gaussian noise, of the image's range. Paper: 0.05.
    """

    window: float = 0.05
    geometry: Geometry = field(default_factory=Geometry)
    looks: Looks = field(default_factory=Looks)
    gamma: tuple[float, float] = (0.5, 1.5)
    noise: tuple[float, float] = (0.05, 0.05)


def augment(
    image: Float32[np.ndarray, "rows columns"],
    mask: UInt8[np.ndarray, "rows columns"],
    settings: Augmentation,
    rng: np.random.Generator,
) -> tuple[Float32[np.ndarray, "crop_rows crop_columns"], UInt8[np.ndarray, "crop_rows crop_columns"]]:
    """One training view of an image in 0–1 and its mask, both of the crop's shape.

    The window's jitter and the gamma are one look-up table each; which of the header's windows and
    tables shows the image was drawn before (`mammoscope.learn.data.TrainingViews`).
    """
    image = through_table(image, _window(settings.window, rng))
    image, mask = random_warp(image, mask, settings.geometry, rng)
    return decorated(image, mask, settings, rng)


def decorated(
    image: Float32[np.ndarray, "rows columns"],
    mask: UInt8[np.ndarray, "rows columns"],
    settings: Augmentation,
    rng: np.random.Generator,
) -> tuple[Float32[np.ndarray, "rows columns"], UInt8[np.ndarray, "rows columns"]]:
    """Another look, gamma and noise of an image that stays where it is."""
    image, mask = random_look(image, mask, settings.looks, rng)
    image = through_table(image, np.linspace(0, 1, LEVELS) ** rng.uniform(*settings.gamma))
    deviation = np.float32(rng.uniform(*settings.noise))
    noise = rng.standard_normal(image.shape, dtype=np.float32)
    return np.clip(image + deviation * noise, 0, 1), mask


def _window(jitter: float, rng: np.random.Generator) -> np.ndarray:
    centre = 0.5 * (1 + rng.uniform(-jitter, jitter))
    width = 1 + rng.uniform(-jitter, jitter)
    return np.clip((np.linspace(0, 1, LEVELS) - centre) / width + 0.5, 0, 1)
