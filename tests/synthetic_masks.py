"""Images with masks that never were, for training."""

from pathlib import Path

import cv2
import numpy as np

from tests.synthetic import breast_pixels

SMALL = {
    "network.channels": "[2,4]",
    "optimisation.epochs": "1",
    "optimisation.batch": "2",
    "spacing_mm": "2.0",
    "augmentation.geometry.crop": "[32,32]",
}
"""Settings of a training that takes seconds."""


def images_with_masks(folder: Path, women: int = 5) -> Path:
    """Synthetic oblique views as PNG, each with its mask beside it."""
    folder.mkdir(parents=True)
    for woman in range(women):
        picture = breast_pixels("MLO", "L", (120, 90), bits=8)
        mask = (picture > 0).astype(np.uint8) + (picture > 180).astype(np.uint8)
        stem = str(folder / f"synthetic{woman}_L_MLO")
        cv2.imwrite(f"{stem}.png", picture)
        cv2.imwrite(f"{stem}_mask.png", mask)
    return folder
