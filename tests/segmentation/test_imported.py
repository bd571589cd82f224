"""The source network here is written from the description of the checkpoint, not from ours."""

import pickle

import numpy as np
import onnxruntime
import pytest
import torch
from torch import nn
from torch.nn import functional

from mammoscope.errors import WeightsError
from mammoscope.segmentation.imported import import_checkpoint, read_checkpoint


class Double(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(),
            nn.Conv2d(outputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(),
        )  # fmt: skip

    def forward(self, x):
        return self.net(x)


class Contract(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.net = nn.Sequential(nn.MaxPool2d(2), Double(inputs, outputs))

    def forward(self, x):
        return self.net(x)


class Expand(nn.Module):
    def __init__(self, inputs):
        super().__init__()
        doubled = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
        self.upsample = nn.Sequential(doubled, nn.Conv2d(inputs, inputs // 2, 1))
        self.conv = Double(inputs, inputs // 2)

    def forward(self, x, skip):
        return self.conv(torch.cat((skip, self.upsample(x)), 1))


class Source(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(
            [Double(1, 64)]
            + [Contract(64 * 2**i, 128 * 2**i) for i in range(4)]
            + [Expand(1024 // 2**i) for i in range(4)]
            + [nn.Sequential(nn.Conv2d(64, 3, 1))]
        )

    def forward(self, x):
        xs = [self.layers[0](x)]
        for layer in self.layers[1:5]:
            xs.append(layer(xs[-1]))
        y = xs[-1]
        for i, layer in enumerate(self.layers[5:9]):
            y = layer(y, xs[3 - i])
        return self.layers[9](y)


@pytest.fixture(scope="module")
def source():
    torch.manual_seed(7)
    network = Source()
    for module in network.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.2)
            module.running_var.uniform_(0.5, 2)
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0, 0.1)
    return network.eval()


@pytest.fixture(scope="module")
def image():
    return torch.rand(1, 1, 64, 96, generator=torch.Generator().manual_seed(1))


def save(state, path, prefix=""):
    renamed = {prefix + key: value for key, value in state.items()}
    torch.save({"state_dict": renamed, "epoch": 3, "pytorch-lightning_version": "2.0.0"}, path)
    return path


@pytest.mark.parametrize("prefix", ["", "model.unet."])
def test_our_network_reproduces_the_source(tmp_path, source, image, prefix):
    ours = read_checkpoint(save(source.state_dict(), tmp_path / "a.ckpt", prefix))
    with torch.no_grad():
        torch.testing.assert_close(ours(image), source(image), rtol=0, atol=1e-4)


def test_the_exported_file_reproduces_the_source(tmp_path, source, image):
    path = import_checkpoint(save(source.state_dict(), tmp_path / "a.ckpt"), tmp_path / "weights")
    with torch.no_grad():
        expected = functional.softmax(source(image), 1).numpy()
    (output,) = onnxruntime.InferenceSession(path).run(None, {"image": image.numpy()})
    np.testing.assert_allclose(output, expected, atol=1e-4)
    assert path.with_suffix(".json").is_file()


@pytest.fixture
def flat(source):
    """The same parameters, all zero and stored as one number each: small files."""
    return {key: torch.zeros(()).expand(value.shape) for key, value in source.state_dict().items()}


def test_parts_of_the_training_beside_the_network_are_left_behind(tmp_path, flat):
    state = {f"model.{key}": value for key, value in flat.items()}
    read_checkpoint(save({**state, "loss.weight": torch.ones(3)}, tmp_path / "a.ckpt"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"layers.3.net.1.net.0.bias": None}, "missing layers.3.net.1.net.0.bias"),
        ({"layers.10.weight": torch.ones(1)}, "unexpected layers.10.weight"),
        ({"layers.9.0.weight": torch.ones(4, 64, 1, 1)}, r"\(3, 64, 1, 1\).*\(4, 64, 1, 1\)"),
        ({"layers.9.0.bias": torch.full((3,), torch.nan)}, "NaN"),
    ],
)
def test_another_network_is_refused_by_name(tmp_path, flat, change, message):
    state = {**flat, **change}
    state = {key: value for key, value in state.items() if value is not None}
    with pytest.raises(WeightsError, match=message):
        read_checkpoint(save(state, tmp_path / "a.ckpt"))


class Hostile:
    def __reduce__(self):
        return (exec, ("raise SystemExit('it ran')",))


@pytest.mark.parametrize("written", ["torch", "pickle", "text", "bare"])
def test_what_is_no_checkpoint_is_refused_and_does_not_run(tmp_path, written):
    path = tmp_path / "a.ckpt"
    if written == "torch":
        torch.save({"state_dict": {}, "extra": Hostile()}, path)
    elif written == "pickle":
        path.write_bytes(pickle.dumps(Hostile()))
    elif written == "text":
        path.write_text("version https://git-lfs.github.com/spec/v1")
    else:
        torch.save([1, 2], path)
    with pytest.raises(WeightsError, match="checkpoint"):
        read_checkpoint(path)
