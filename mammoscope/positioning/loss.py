"""Wing loss and landmark-aware wing loss (section 3.2, Eq. 1 and 2).

The paper does not say in what unit y is. Here it is a pixel of the frame. In the code that its
authors published coordinates are fractions of the frame, so that no error reaches w = 3 and the
linear branch is never taken.
"""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Wing:
    """The numbers of both equations.

    Attributes:
        width: w, where the logarithm ends, in pixels of the frame. Paper: 3 (section 3.5).
        curvature: ε. Paper: 1.5.
        weights: α, β and γ, of the lower end, the upper end and the nipple; the paper does not say
            which is whose, the code that its authors published does. Paper: 1, 1, 1.
    """

    width: float = 3.0
    curvature: float = 1.5
    weights: tuple[float, float, float] = (1.0, 1.0, 1.0)


def wing(errors: Float[Tensor, "*any"], width: float, curvature: float) -> Float[Tensor, "*any"]:
    """Eq. 1 of each error: w log(1 + |y| / ε) where |y| < w, else |y| - C.

    C = w - w log(1 + w / ε) joins the two.

    Example:
        >>> [round(float(loss), 4) for loss in wing(torch.tensor([1.5, -3.0, 5.0]), 3.0, 1.5)]
        [2.0794, 3.2958, 5.2958]
    """
    size = errors.abs()
    joint = width - width * math.log(1 + width / curvature)
    return torch.where(size < width, width * torch.log1p(size / curvature), size - joint)


def landmark_aware_wing(
    said: Float[Tensor, "batch 6"], true: Float[Tensor, "batch 6"], settings: Wing
) -> Float[Tensor, ""]:
    """Eq. 2: the weighted sum over the landmarks of the mean of x and y, averaged over a batch.

    Args:
        said: In the order of `mammoscope.positioning.preprocess.OUTPUTS`.
        true: In the same.
        settings: w, ε, α, β, γ.
    """
    each = wing(said - true, settings.width, settings.curvature)
    landmarks = each.reshape(-1, 3, 2).mean(dim=(0, 2))
    return (landmarks * landmarks.new_tensor(settings.weights)).sum()
