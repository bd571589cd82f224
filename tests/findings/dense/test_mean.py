"""Networks that answer together, and about the mirror image too."""

import pytest
import torch

from mammoscope.findings.dense.network import Network, Settings
from mammoscope.findings.dense.train import Mean
from mammoscope.image.windows import WINDOW

SMALL = Settings((4, 4, 4, 4), fused=4, hidden=6, dropout=0.0)


class Says(Network):
    """One cell: a score before the sigmoid, and a box."""

    def __init__(self, score, box):
        super().__init__(SMALL)
        self.answer = torch.tensor([score, *box]).reshape(1, 5, 1, 1)

    def forward(self, image):
        return self.answer


def test_scores_are_averaged_and_boxes_weighed_by_them():
    quarter, half = torch.logit(torch.tensor([0.25, 0.5])).tolist()
    both = Mean([Says(quarter, [0.0, 1.0, 0.0, 0.0]), Says(half, [0.0, 4.0, 0.0, 3.0])])
    said = both(torch.zeros(1, 3, WINDOW, WINDOW)).flatten().tolist()
    assert said == pytest.approx([0.375, 0.0, 3.0, 0.0, 2.0], abs=5e-3)


@torch.no_grad()
def test_a_mirrored_image_gets_the_mirrored_answer():
    torch.manual_seed(3)
    asked = Mean([Network(SMALL)], mirrored=True).eval()
    image = torch.rand(1, 3, WINDOW, WINDOW + 32)
    said, turned = asked(image), asked(image.flip(-1)).flip(-1)
    turned[:, 2] *= -1
    torch.testing.assert_close(turned, said, atol=1e-5, rtol=1e-4)
    assert not torch.allclose(said, Mean([Network(SMALL)]).eval()(image))
