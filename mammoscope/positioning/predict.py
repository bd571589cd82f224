"""What a trained network of the paper says of examples, and how far off it is."""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float

from mammoscope.positioning.network import Network
from mammoscope.positioning.prepare import Example
from mammoscope.positioning.preprocess import ORDER, to_numbers, to_points


@torch.no_grad()
def predict(network: Network, examples: Sequence[Example]) -> Float[np.ndarray, "images outputs"]:
    """What a network says of each example, one by one: six numbers in pixels, or probabilities."""
    network.eval()
    device = next(network.parameters()).device
    said = []
    for example in examples:
        answer = network(torch.from_numpy(example.pixels())[None, None].to(device))[0]
        said.append(answer.softmax(dim=0) if network.settings.classifies else answer)
    return torch.stack(said).cpu().numpy().astype(np.float64)


def in_source(
    said: Float[np.ndarray, "images 6"], examples: Sequence[Example]
) -> Float[np.ndarray, "images 3 2"]:
    """Six numbers of each frame as points (row, column) of its source, in the order of `ORDER`."""
    pairs = zip(to_points(said), examples, strict=True)
    return np.stack([example.frame.to_source(points) for points, example in pairs])


def deviations(said: Float[np.ndarray, "images 6"], examples: Sequence[Example]) -> dict[str, float]:
    """A card's calibration: by landmark, how far its coordinates are off, in pixels of the frame.

    The square root of the mean of the squared errors of row and column.
    """
    true = np.stack([to_numbers(example.points) for example in examples])
    squared = ((said - true) ** 2).reshape(-1, len(ORDER), 2).mean(axis=(0, 2))
    return {f"{name} sd": float(np.sqrt(one)) for name, one in zip(ORDER, squared, strict=True)}
