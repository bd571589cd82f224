import numpy as np
import pytest
import torch

from mammoscope.core import Frame
from mammoscope.errors import UsageError
from mammoscope.positioning.activation import activation_map
from mammoscope.positioning.network import Network
from mammoscope.positioning.prepare import Example
from tests.positioning import frames


@pytest.fixture(scope="module")
def classifier():
    torch.manual_seed(0)
    return Network(frames.tiny("resnext50").network).eval()


def test_the_mean_of_a_map_and_the_bias_are_the_class_score(classifier):
    example = frames.example()
    values = activation_map(classifier, example, "poor")
    with torch.no_grad():
        scores = classifier(torch.from_numpy(example.pixels())[None, None])[0]
    bias = classifier.body.get_classifier().bias[1].item()
    assert values.mean() + bias == pytest.approx(scores[1].item(), abs=1e-4)


def test_a_map_lies_where_the_frame_lies_in_the_source(classifier):
    # the frame is the lower right quarter of its source, at half the resolution
    placed = Frame.of((256, 256)).crop(128, 128, 128, 128).resize((64, 64))
    example = frames.example()
    values = activation_map(classifier, Example(example.image, example.points, True, placed))
    assert values.shape == (256, 256)
    assert not values[:128].any()
    assert not values[:, :128].any()
    alone = activation_map(classifier, example)
    np.testing.assert_allclose(values[128::127, 128::127], alone[::63, ::63], atol=1e-5)


def test_only_the_classifier_has_maps_and_only_of_its_classes(classifier):
    with pytest.raises(UsageError, match="u-net"):
        activation_map(Network(frames.tiny("u-net").network), frames.example())
    with pytest.raises(UsageError, match="good, poor"):
        activation_map(classifier, frames.example(), "bad")
