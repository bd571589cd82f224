"""What a checkpoint of ours holds: the recipe, and the weights that were validated."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from mammoscope.errors import WeightsError


class Checkpoint(NamedTuple):
    """A recipe as plain values, and a network's state: the running mean where one was kept."""

    record: Mapping[str, Any]
    state: Mapping[str, Tensor]


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint that `mammoscope.learn.fit.fit` or `save_half` wrote.

    Raises:
        WeightsError: If the file is no such checkpoint.
    """
    content = torch.load(path, map_location="cpu", weights_only=True)
    if "record" not in content:
        raise WeightsError(f"{path.name} is no checkpoint of mammoscope: it holds no recipe")
    held = content["state_dict"]
    prefix = "averaged." if any(key.startswith("averaged.") for key in held) else "network."
    state = {key.removeprefix(prefix): held[key] for key in held if key.startswith(prefix)}
    return Checkpoint(content["record"], state)


def save_half(path: Path, network: nn.Module, record: Mapping[str, Any]) -> None:
    """Write a network at half precision, without what training would go on from.

    `read_checkpoint` reads it, and what it holds loads into a network at full precision.
    """
    state = {
        f"network.{name}": one.half() if one.is_floating_point() else one
        for name, one in network.state_dict().items()
    }
    torch.save({"record": dict(record), "state_dict": state}, path)


def validation_loss(path: Path) -> float:
    """The lowest validation loss of a training, from its best checkpoint.

    Raises:
        WeightsError: If the file is no checkpoint that `mammoscope.learn.fit.fit` wrote.
    """
    content = torch.load(path, map_location="cpu", weights_only=True)
    states = content.get("callbacks", {}).values()
    scores = [score for state in states if (score := state.get("best_model_score")) is not None]
    if not scores:
        raise WeightsError(f"{path.name} is no checkpoint of mammoscope: it holds no validation loss")
    return float(min(scores))
