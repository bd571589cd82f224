"""Export in general; that it equals torch is checked for every room in tests/test_rooms.py."""

import hashlib
import json
from pathlib import Path

import onnx
import pytest
import torch
from torch import nn

from mammoscope.core.card import Card, CardInput
from mammoscope.errors import WeightsError
from mammoscope.learn.export import About, card_for, to_onnx, write


class Small(nn.Module):
    def __init__(self, scale=1.0):
        super().__init__()
        self.net = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2), nn.MaxPool2d(2))
        self.scale = scale

    def forward(self, image):
        return self.net(image) * self.scale


ABOUT = About("small", "0.0", "segmentation", CardInput(1.0, 1, 2), {}, {}, ("a", "b"))


@pytest.fixture(scope="module")
def exported():
    torch.manual_seed(0)
    return to_onnx(Small(), multiple=2)


def test_batch_norms_are_folded_and_shapes_are_free(exported):
    graph = onnx.load_from_string(exported).graph
    assert {node.op_type for node in graph.node} == {"Conv", "MaxPool"} | {
        node.op_type for node in graph.node if node.op_type == "Mul"
    }
    sizes = [dimension.dim_value for dimension in graph.input[0].type.tensor_type.shape.dim]
    assert sizes == [1, 1, 0, 0]


def test_no_path_of_the_machine_that_exported_is_left(exported):
    assert str(Path(__file__).parents[2]).encode() not in exported
    assert b"stack_trace" not in exported


def test_the_card_belongs_to_the_file(exported, tmp_path):
    path = write(tmp_path / "weights", exported, card_for(exported, ABOUT))
    card = Card.from_dict(json.loads(path.with_suffix(".json").read_text()))
    assert card.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert card.probe.shape == (1, 1, 8, 8)
    assert {file.name for file in path.parent.iterdir()} == {"small.onnx", "small.json"}


def test_a_network_that_says_nan_gets_no_card():
    with pytest.raises(WeightsError, match="finite"):
        card_for(to_onnx(Small(float("nan")), multiple=2), ABOUT)
