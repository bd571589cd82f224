"""Backbones of timm, and ImageNet weights where a user has them: nothing is downloaded."""

from collections.abc import Mapping
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from safetensors import SafetensorError
from torch import Tensor, nn

from mammoscope.errors import WeightsError
from mammoscope.learn.engine import make_importable

make_importable()

import timm  # noqa: E402
from huggingface_hub import try_to_load_from_cache  # noqa: E402
from timm.models import get_pretrained_cfg, load_state_dict  # noqa: E402
from timm.models.vision_transformer import VisionTransformer, checkpoint_filter_fn  # noqa: E402

FILES = ("model.safetensors", "pytorch_model.bin")
COUNTERS = "num_batches_tracked"


def backbone(
    name: str, channels: int, outputs: int, parts: Mapping[str, Any] | None = None
) -> nn.Module:
    """A network of timm with weights drawn at random.

    Args:
        name: What timm calls it: ``resnext50_32x4d``.
        channels: Of the input.
        outputs: Numbers that it answers.
        parts: Of its make, where they are not timm's: ``layers``, ``channels``, ``norm_layer``.
    """
    made: nn.Module = timm.create_model(name, in_chans=channels, num_classes=outputs, **(parts or {}))
    return made


def sized(name: str) -> bool:
    """Whether timm's network of this name takes images of one size only, which it is told."""
    known = get_pretrained_cfg(name)
    return bool(known and known.fixed_input_size)


def load_imagenet(network: Any, file: Path | None = None) -> None:
    """Give a backbone its ImageNet weights; its last layer stays as it was drawn.

    Filters of the first layer are summed over the colours where the input has one channel; where a
    vision transformer was made for another size of images its positions are interpolated.

    Args:
        network: What `backbone` returned.
        file: The weights as timm or torchvision publishes them; None: those in timm's cache.

    Raises:
        WeightsError: If they are not there, or another network's.
    """
    about = network.pretrained_cfg
    path = file or _cached(about["hf_hub_id"])
    if not path.is_file():
        raise WeightsError(f"ImageNet weights were expected in {path.name}: there is no such file")
    wanted, held = network.state_dict(), _held(path)
    first, last = f"{about['first_conv']}.weight", f"{about['classifier']}."
    if first in held and wanted[first].shape[1] == 1:
        held[first] = held[first].sum(dim=1, keepdim=True)
    if isinstance(network, VisionTransformer):
        held = checkpoint_filter_fn(held, network, adapt_layer_scale=True)
    needed = {key for key in wanted if not key.startswith(last) and not key.endswith(COUNTERS)}
    fitting = {key for key in needed & held.keys() if held[key].shape == wanted[key].shape}
    if fitting != needed:
        raise WeightsError(
            f"ImageNet weights of {about['architecture']} were expected in {path.name}: "
            f"{len(needed - fitting)} of {len(needed)} parts are not there"
        )
    network.load_state_dict({key: held[key] for key in needed}, strict=False)


def _held(path: Path) -> dict[str, Tensor]:
    try:
        return dict(load_state_dict(str(path), weights_only=True))
    except (OSError, RuntimeError, ValueError, UnpicklingError, SafetensorError) as error:
        raise WeightsError(f"{path.name} cannot be read as weights: fetch it again") from error


def _cached(where: str) -> Path:
    for file in FILES:
        found = try_to_load_from_cache(where, file)
        if isinstance(found, str):
            return Path(found)
    raise WeightsError(
        f"no ImageNet weights of {where} in timm's cache, and nothing is downloaded: fetch them with "
        "timm and name the file, or train from random weights with pretrained=false"
    )
