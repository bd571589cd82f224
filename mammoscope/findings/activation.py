"""Where a classifier looks in a window: the paper's figure of feature activations.

The paper names no method. Its classifier flattens the feature map, so a class has no weights of its
own for a channel, as class activation maps take; here each feature is weighted by the score's
derivative. The two layers behind the features are linear in pieces: but for what their biases add,
the places of a map sum up to the score.
"""

import cv2
import numpy as np
import torch
from jaxtyping import Float32, UInt8

from mammoscope.core.findings import FindingKind
from mammoscope.errors import UsageError
from mammoscope.findings.network import Network
from mammoscope.image.intensity import to_grey
from mammoscope.image.overlay import overlay

Window = Float32[np.ndarray, "3 size size"]


def activation_map(
    network: Network, window: Window, kind: FindingKind
) -> Float32[np.ndarray, "places places"]:
    """How much each place of the last feature map speaks for a kind of finding.

    Args:
        network: One of the paper's classifiers, in evaluation mode.
        window: What it sees, in 0–1.
        kind: One that it knows.

    Raises:
        UsageError: If the network does not know the kind.

    Source:
        Draelos and Carin, HiResCAM (2020), Eq. 4.
    """
    kinds = network.settings.kinds
    if kind not in kinds:
        raise UsageError(f"a kind is one of {', '.join(kinds)}, got {kind!r}")
    device = next(network.parameters()).device
    with torch.no_grad():
        features = network.features(torch.from_numpy(window)[None].to(device))
    features = features.requires_grad_()
    score = network.mlp(features.flatten(1))[0, kinds.index(kind)]
    (slope,) = torch.autograd.grad(score, features)
    return (slope * features).sum(dim=1)[0].detach().cpu().numpy()


def picture(network: Network, window: Window, kind: FindingKind) -> UInt8[np.ndarray, "size size 3"]:
    """The window with its map in colours; blue, green, red, as OpenCV writes it."""
    values = activation_map(network, window, kind)
    size = window.shape[1]
    smooth = cv2.resize(values, (size, size), interpolation=cv2.INTER_LINEAR)
    return overlay(to_grey(window[0]), smooth)
