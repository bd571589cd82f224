import math

import pytest
import torch
from torch import nn

from mammoscope.errors import SettingsError
from mammoscope.positioning.network import CoordConv, Gate, GatedUp, Network, Settings, with_coordinates
from tests.positioning.frames import SIDE

UNETS = ("u-net", "attention u-net", "coordatt u-net")


def tiny(model):
    return Settings(model, (4, 6, 8, 10, 12), SIDE)


def test_the_papers_frame_and_scales():
    assert Settings().size == 512
    assert Settings().channels == (64, 128, 256, 512, 1024)


def test_coordinates_run_from_zero_to_one_across_and_down():
    image = torch.full((2, 1, 3, 5), 7.0)
    channels = with_coordinates(image)[1]
    assert channels[0].eq(7).all()
    # x_j = j / (W - 1), y_i = i / (H - 1)
    torch.testing.assert_close(channels[1], torch.tensor([[0.0, 0.25, 0.5, 0.75, 1.0]] * 3))
    torch.testing.assert_close(channels[2], torch.tensor([[0.0] * 5, [0.5] * 5, [1.0] * 5]))


def test_coordconv_is_convolution_of_image_and_coordinates_then_norm_then_relu():
    layer = CoordConv(1, 1).eval()
    with torch.no_grad():
        layer.conv.weight.zero_()
        layer.conv.weight[0, :, 1, 1] = torch.tensor([2.0, 10.0, -100.0])
        layer.conv.bias.fill_(1.0)
    layer.norm.eps = 0.0
    said = layer(torch.full((1, 1, 2, 3), 3.0))
    # 2 * 3 + 10 x - 100 y + 1; the lower row is below zero
    torch.testing.assert_close(said, torch.tensor([[[[7.0, 12.0, 17.0], [0.0, 0.0, 0.0]]]]))


def set_gate(gate, of_gate, of_features):
    with torch.no_grad():
        for conv, (weight, bias) in ((gate.of_gate, of_gate), (gate.of_features, of_features)):
            conv.weight.fill_(weight)
            conv.bias.fill_(bias)


@pytest.mark.parametrize(
    ("asked", "feature", "psi"),
    [
        # 2 * 1 + 0.5 + 3 * -1 + 1 = 0.5
        (1.0, -1.0, 1 / (1 + math.exp(-0.5))),
        # 2 * -4 + 0.5 + 3 * 1 + 1 = -3.5: rectified, so that a half passes
        (-4.0, 1.0, 0.5),
    ],
)
def test_the_gate_is_the_formula_of_section_3_3(asked, feature, psi):
    gate = Gate(1)
    set_gate(gate, (2.0, 0.5), (3.0, 1.0))
    said = gate(torch.full((1, 1, 1, 1), asked), torch.full((1, 1, 1, 1), feature))
    assert said.item() == pytest.approx(feature * psi, abs=1e-6)


def test_the_decoder_asks_through_every_gate_but_the_finest():
    body = Network(tiny("attention u-net")).body
    assert [isinstance(up, GatedUp) for up in body.ups] == [True, True, True, False]
    assert not any(isinstance(up, GatedUp) for up in Network(tiny("u-net")).body.ups)


def test_only_coordatt_begins_with_coordinates():
    assert isinstance(Network(tiny("coordatt u-net")).body.first, CoordConv)
    assert not isinstance(Network(tiny("attention u-net")).body.first, CoordConv)


@pytest.mark.parametrize("model", UNETS)
def test_a_u_net_says_six_numbers(model):
    assert Network(tiny(model)).eval()(torch.rand(2, 1, SIDE, SIDE)).shape == (2, 6)


def test_numbers_are_fractions_of_the_frame():
    network = Network(tiny("u-net")).eval()
    with torch.no_grad():
        network.body.linear.weight.zero_()
        network.body.linear.bias.copy_(torch.tensor([0.0, 0.25, 0.5, 0.75, 1.0, -0.5]))
        said = network(torch.rand(1, 1, SIDE, SIDE))
    torch.testing.assert_close(said, torch.tensor([[0.0, 16.0, 32.0, 48.0, 64.0, -32.0]]))


@pytest.mark.parametrize(("model", "outputs"), [("r-resnext50", 6), ("resnext50", 2)])
def test_resnext_is_50_layers_of_cardinality_32_for_one_channel(model, outputs):
    body = Network(Settings(model)).body
    assert body.conv1.weight.shape == (64, 1, 7, 7)
    assert body.layer1[0].conv2.groups == 32
    convolutions = [name for name, part in body.named_modules() if isinstance(part, nn.Conv2d)]
    assert len([name for name in convolutions if "downsample" not in name]) + 1 == 50
    # torchvision's count for 1,000 classes and three colours, less what this model lacks
    count = sum(parameter.numel() for parameter in body.parameters())
    assert count == 25_028_904 - 2 * 64 * 49 - (2048 + 1) * (1000 - outputs)


def test_parameters_of_the_u_nets():
    def convolution(inputs, outputs, size=3):
        return size * size * inputs * outputs + outputs

    def double(inputs, outputs):
        return convolution(inputs, outputs) + convolution(outputs, outputs) + 4 * outputs

    steps = [(4, 6), (6, 8), (8, 10), (10, 12)]
    down = sum(double(fine, coarse) for fine, coarse in steps)
    up = sum(convolution(coarse, fine, 1) + double(2 * fine, fine) for fine, coarse in steps)
    head = convolution(4, 6, 1) + 6 * (6 * 16 * 16) + 6
    gates = sum(2 * convolution(channels, channels, 1) for channels in (6, 8, 10))
    expected = {
        "u-net": double(1, 4) + down + up + head,
        "attention u-net": double(1, 4) + down + up + head + gates,
        "coordatt u-net": convolution(3, 4) + 2 * 4 + down + up + head + gates,
    }
    for model, count in expected.items():
        assert sum(part.numel() for part in Network(tiny(model)).parameters()) == count, model


@pytest.mark.parametrize(
    "wrong", [{"channels": (8,)}, {"channels": (0, 2)}, {"size": 500}, {"size": 16}]
)
def test_impossible_settings_are_refused(wrong):
    with pytest.raises(SettingsError, match=r"two scales|multiple of"):
        Settings(**wrong)
