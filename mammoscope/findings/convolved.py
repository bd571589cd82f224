"""The paper's classifier as one convolution: every window of a whole image at once.

The first layer of its MLP, which sees the flattened map of 8 × 8 places, is a convolution of that size
over the map of the whole image; the second is one of 1 × 1. With a stride of 32 the windows are the
paper's. What is said is not quite the same: within a window the backbone pads with zeros where the
whole image goes on, and squeeze-and-excitation averages over all that the network sees. How far
apart both are is measured in docs/models/findings-dense.md.
"""

from typing import cast

from jaxtyping import Float
from torch import Tensor, nn
from torch.nn.functional import conv2d

from mammoscope.errors import UsageError
from mammoscope.findings.network import BACKBONES, STRIDE, Network


def convolved(
    network: Network, images: Float[Tensor, "batch 3 rows columns"]
) -> Float[Tensor, "batch kinds down across"]:
    """Scores of every window before the sigmoid: (i, j) is that of first pixel (32 i, 32 j).

    Args:
        network: One of the paper's classifiers.
        images: In 0–1; rows and columns are multiples of 32, a window at least.

    Raises:
        UsageError: If the backbone takes windows of one size only, as Swin does, or an image is
            smaller than a window or no multiple.
    """
    settings = network.settings
    if BACKBONES[settings.backbone].sized:
        raise UsageError(
            f"a convolutional backbone was expected, got {settings.backbone}, which cuts its input "
            "into a fixed number of parts: slide windows instead (mammoscope.findings.windows)"
        )
    shape = images.shape[2:]
    if min(shape) < settings.size or any(length % STRIDE for length in shape):
        raise UsageError(
            f"rows and columns were expected to be multiples of {STRIDE}, {settings.size} or more, got "
            f"{shape[0]} x {shape[1]}: pad with zeros"
        )
    first, last = (cast(nn.Linear, network.mlp[place]) for place in (0, 2))
    kernel = first.weight.view(settings.hidden, -1, settings.places, settings.places)
    hidden = conv2d(network.features(images), kernel, first.bias).relu()
    return conv2d(hidden, last.weight[..., None, None], last.bias)
