"""Scores of examples by torch, for figures while training; `infer` says the same of images."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import torch
from jaxtyping import Float

from mammoscope.image.windows import network_image
from mammoscope.screening.pooled.examples import Example
from mammoscope.screening.pooled.loss import log_pooled
from mammoscope.screening.pooled.network import Network

Look = tuple[float, bool]
"""Size over the network's own, and whether mirrored."""


@torch.no_grad()
def logits(
    network: Network, examples: Sequence[Example], looks: Sequence[Look], device: torch.device
) -> Float[np.ndarray, "examples looks"]:
    """Log odds of malignancy of each example in each look.

    Args:
        network: Trained.
        examples: Of women it never saw.
        looks: In which each is shown.
        device: Where it runs.
    """
    network = network.to(device).eval()
    found = np.zeros((len(examples), len(looks)))
    with ThreadPoolExecutor() as pool:
        for column, (size, mirrored) in enumerate(looks):
            shown = pool.map(lambda one: _shown(one.breast.image, size, mirrored), examples)  # noqa: B023
            for row, image in enumerate(shown):
                yes, no = log_pooled(network(torch.from_numpy(image).to(device)))
                found[row, column] = float(yes[0] - no[0])
    return found


def _shown(image: np.ndarray, size: float, mirrored: bool) -> np.ndarray:
    if size != 1:
        image = cv2.resize(image, None, fx=size, fy=size, interpolation=cv2.INTER_AREA)
    pixels = image[:, ::-1] if mirrored else image
    return network_image(np.ascontiguousarray(pixels, np.float32) / np.float32(255))
