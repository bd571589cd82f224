"""Backbones of timm, and ImageNet weights where a user has them: nothing is downloaded."""

from pathlib import Path
from typing import Any

from torch import nn

from mammoscope.errors import WeightsError
from mammoscope.learn.engine import make_importable

make_importable()

import timm  # noqa: E402
from huggingface_hub import try_to_load_from_cache  # noqa: E402
from timm.models import load_pretrained  # noqa: E402

FILES = ("model.safetensors", "pytorch_model.bin")


def backbone(name: str, channels: int, outputs: int) -> nn.Module:
    """A network of timm with weights drawn at random.

    Args:
        name: What timm calls it: ``resnext50_32x4d``.
        channels: Of the input.
        outputs: Numbers that it answers.
    """
    made: nn.Module = timm.create_model(name, in_chans=channels, num_classes=outputs)
    return made


def load_imagenet(network: Any, channels: int, outputs: int, file: Path | None = None) -> None:
    """Give a backbone its ImageNet weights; its last layer stays as it was drawn.

    Filters of the first layer are summed over the colours where the input has one channel.

    Args:
        network: What `backbone` returned.
        channels: Of its input.
        outputs: Numbers that it answers.
        file: The weights as timm publishes them; None: those in timm's cache.

    Raises:
        WeightsError: If they are not there, or another network's.
    """
    path = file or _cached(network)
    if not path.is_file():
        raise WeightsError(f"ImageNet weights were expected in {path.name}: there is no such file")
    settings = {**network.pretrained_cfg, "file": str(path)}
    try:
        load_pretrained(network, settings, num_classes=outputs, in_chans=channels)
    except (RuntimeError, KeyError, ValueError) as error:
        name = network.pretrained_cfg["architecture"]
        raise WeightsError(f"{path.name} does not hold ImageNet weights of {name}") from error


def _cached(network: Any) -> Path:
    where = network.pretrained_cfg["hf_hub_id"]
    for file in FILES:
        found = try_to_load_from_cache(where, file)
        if isinstance(found, str):
            return Path(found)
    raise WeightsError(
        f"no ImageNet weights of {where} in timm's cache, and nothing is downloaded: fetch them with "
        "timm and name the file, or train from random weights with pretrained=false"
    )
