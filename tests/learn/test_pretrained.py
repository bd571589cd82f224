"""ImageNet weights; those of the positioning room's recipes are in tests/positioning/test_train.py."""

import pytest
import torch
from safetensors.torch import save_file

from mammoscope.errors import WeightsError
from mammoscope.learn import pretrained
from mammoscope.learn.pretrained import backbone, load_imagenet

NAME = "resnext50_32x4d"


@pytest.fixture(scope="module")
def imagenet():
    """Weights like ImageNet's, drawn at random: three colours, 1,000 classes."""
    torch.manual_seed(7)
    return backbone(NAME, 3, 1000).state_dict()


@pytest.mark.parametrize("suffix", ["safetensors", "pth"])
def test_weights_of_a_file_are_taken_but_for_the_last_layer(tmp_path, imagenet, suffix):
    path = tmp_path / f"weights.{suffix}"
    (save_file if suffix == "safetensors" else torch.save)(imagenet, path)
    network = backbone(NAME, 1, 6)
    last = network.fc.weight.clone()
    load_imagenet(network, path)
    torch.testing.assert_close(network.layer4[2].conv3.weight, imagenet["layer4.2.conv3.weight"])
    summed = imagenet["conv1.weight"].sum(dim=1, keepdim=True)
    torch.testing.assert_close(network.conv1.weight, summed)
    torch.testing.assert_close(network.fc.weight, last)


def test_weights_in_the_cache_are_found(tmp_path, imagenet, monkeypatch):
    path = tmp_path / "model.safetensors"
    save_file(imagenet, path)
    asked = []

    def cache(where, file):
        asked.append((where, file))
        return str(path)

    monkeypatch.setattr(pretrained, "try_to_load_from_cache", cache)
    network = backbone(NAME, 3, 2)
    load_imagenet(network)
    torch.testing.assert_close(network.conv1.weight, imagenet["conv1.weight"])
    assert asked[0][0].startswith("timm/resnext50_32x4d")


@pytest.mark.parametrize("held", [{"a": torch.zeros(1)}, {"conv1.weight": torch.zeros(64, 3, 3, 3)}])
def test_a_file_of_other_weights_is_refused(tmp_path, held):
    save_file(held, tmp_path / "other.safetensors")
    with pytest.raises(WeightsError, match=r"other\.safetensors: \d+ of \d+ parts"):
        load_imagenet(backbone(NAME, 1, 2), tmp_path / "other.safetensors")


@pytest.mark.parametrize("suffix", ["safetensors", "pth"])
def test_a_broken_file_of_weights_is_refused(tmp_path, suffix):
    path = tmp_path / f"broken.{suffix}"
    path.write_bytes(b"no weights at all")
    with pytest.raises(WeightsError, match="cannot be read"):
        load_imagenet(backbone(NAME, 1, 2), path)
