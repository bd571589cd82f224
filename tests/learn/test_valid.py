"""Convolutions without padding."""

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from mammoscope.image.windows import MARGIN
from mammoscope.learn.valid import Encoder, Unsurrounded, initialise


@pytest.mark.parametrize("shape", [(32, 32), (64, 288), (320, 192)])
def test_what_lies_around_an_image_need_not_be_convolved(shape):
    """The same features as those of the image within a margin of zeros, whatever nothing looks like."""
    torch.manual_seed(0)
    encoder = Encoder(3, (4, 6, 8, 10), 12).apply(initialise)
    for norm in (one for one in encoder.modules() if isinstance(one, nn.BatchNorm2d)):
        nn.init.normal_(norm.bias)
        nn.init.uniform_(norm.running_var, 0.5, 2.0)
    images = torch.rand(2, 3, *shape)
    with torch.no_grad():
        wide = encoder.eval()(F.pad(images, [MARGIN] * 4))
        alone = Unsurrounded(encoder)(images)
    assert wide.std() > 0.1
    torch.testing.assert_close(alone, wide, rtol=1e-4, atol=1e-4)
