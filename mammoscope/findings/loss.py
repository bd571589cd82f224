"""The paper's focal loss, one sigmoid a kind of finding."""

from jaxtyping import Float
from torch import Tensor

from mammoscope.learn.focal import soft_focal


def focal_loss(
    scores: Float[Tensor, "batch kinds"], truth: Float[Tensor, "batch kinds"], gamma: float
) -> Float[Tensor, ""]:
    """Mean over patches and kinds of -(1 - p_t)^gamma log p_t.

    p_t is the probability that is said of the truth: p where a kind is there, 1 - p elsewhere. The
    paper does not say how kinds and patches are put together: we take the mean.

    Args:
        scores: Before the sigmoid.
        truth: 1 where a kind is there, else 0.
        gamma: 0 or more; the paper prints no value.

    Source:
        Lin et al., Focal loss for dense object detection, ICCV (2017), Eq. 4, without α.
    """
    return soft_focal(scores, truth, gamma).mean()
