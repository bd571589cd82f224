import numpy as np
import torch

from mammoscope.phantom.curve import sampled


def test_linear_between_and_beyond():
    curve = sampled(1.0, 3.0, np.array([0.0, 10.0, 30.0]))

    found = curve(torch.tensor([[1.5, 2.5], [0.0, 4.0]], dtype=torch.float64))

    assert found.tolist() == [[5.0, 20.0], [-10.0, 50.0]]
