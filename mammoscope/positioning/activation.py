"""Where the classifier looks: class activation maps of ResNeXt50 (Fig. 2)."""

import numpy as np
import torch
from jaxtyping import Float32
from torch import Tensor

from mammoscope.errors import UsageError
from mammoscope.image.resample import values_to_source
from mammoscope.positioning.network import Network
from mammoscope.positioning.prepare import Example
from mammoscope.positioning.preprocess import QUALITY


@torch.no_grad()
def activation_map(
    network: Network, example: Example, class_name: str = "poor"
) -> Float32[np.ndarray, "source_rows source_columns"]:
    """How much each place speaks for a class: its features, weighted by the class's last layer.

    The mean of the map over the frame, with the class's bias, is the class's score. The paper
    does not name its method; with global average pooling before one linear layer, class activation
    mapping is exact.

    Args:
        network: A trained ResNeXt50 classifier, in evaluation mode.
        example: The frame; its pixels are looked at.
        class_name: One of `QUALITY`.

    Returns:
        In source pixels, interpolated linearly; 0 where the frame does not reach.

    Raises:
        UsageError: If the network is not the classifier, or the class is unknown.

    Source:
        Zhou et al., Learning deep features for discriminative localization, CVPR (2016), Eq. 2.
    """
    if not network.settings.classifies:
        raise UsageError(f"activation maps are of resnext50, got {network.settings.model}")
    if class_name not in QUALITY:
        raise UsageError(f"a class is one of {', '.join(QUALITY)}, got {class_name!r}")
    features = _features(network, example)
    weights = network.body.get_classifier().weight[QUALITY.index(class_name)]
    values = torch.einsum("c,crs->rs", weights, features).cpu().numpy()
    rows, columns = values.shape
    return values_to_source(values, example.frame.resize((rows, columns)))


def _features(network: Network, example: Example) -> Tensor:
    device = next(network.parameters()).device
    image = torch.from_numpy(example.pixels())[None, None].to(device)
    features: Tensor = network.body.forward_features(image)
    return features[0]
