"""A miniature of several data sets: synthetic half discs with a bright corner, as PNG."""

from pathlib import Path

import cv2
import numpy as np
import torch

from mammoscope.core.settings import with_settings
from mammoscope.io.annotations import SegmentationRecord
from mammoscope.segmentation.recipe import Recipe

torch.set_num_threads(1)  # networks this small only wait for each other's threads

SHAPE = (64, 48)
SPACING_MM = 0.4


def tiny() -> Recipe:
    """The paper's recipe with a network and crops that train in seconds."""
    changes = {
        "network.channels": "[4, 8]",
        "network.dropout": "0",
        "augmentation.geometry.crop": "[48, 48]",
        "augmentation.geometry.outside": "4",
        "augmentation.geometry.elastic_affine": "2",
        "augmentation.noise": "[0.01, 0.01]",
        "optimisation.epochs": "2",
        "optimisation.batch": "4",
        "optimisation.learning_rate": "0.01",
    }
    return with_settings(Recipe.paper(), changes)


def labels(seed: int, muscle: bool) -> np.ndarray:
    rng = np.random.default_rng(seed)
    mask = np.zeros(SHAPE, np.uint8)
    centre = (0, int(rng.integers(28, 36)))
    cv2.ellipse(mask, centre, (int(rng.integers(28, 40)), int(rng.integers(22, 28))), 0, 0, 360, 1, -1)
    if muscle:
        corner = np.array([[0, 0], [int(rng.integers(8, 14)), 0], [0, int(rng.integers(20, 30))]])
        cv2.fillPoly(mask, [corner], 2)
    return mask


def picture(mask: np.ndarray, seed: int) -> np.ndarray:
    grey = np.array([0.0, 0.45, 0.8])[mask]
    noise = np.random.default_rng(seed + 1000).normal(0, 0.02, mask.shape)
    return (np.clip(grey + noise, 0, 1) * 255).astype(np.uint8)


def write(folder: Path, datasets=("Fuji", "GE"), women=6, raw=()) -> list[SegmentationRecord]:
    """CC and MLO of each woman; raw images, which repeat the processed ones inverted, of some sets."""
    records = []
    for number, dataset in enumerate(datasets):
        for woman in range(women):
            for view in ("CC", "MLO"):
                seed = 100 * number + 2 * woman + (view == "MLO")
                mask = labels(seed, view == "MLO")
                stem = f"synthetic_{dataset}_{woman}_{view}".replace(" ", "")
                truth = _save(folder / "masks" / f"{stem}.png", mask)
                about = (truth, f"{dataset} {woman}", dataset, view)
                image = _save(folder / "images" / f"{stem}.png", picture(mask, seed))
                records.append(SegmentationRecord(image, *about, "processed", SPACING_MM))
                if dataset in raw:
                    image = _save(folder / "images" / f"{stem}_raw.png", 255 - picture(mask, seed))
                    records.append(SegmentationRecord(image, *about, "raw", SPACING_MM))
    return records


def _save(path: Path, pixels: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), pixels)
    return path
