"""Torch networks to ONNX files with their cards."""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import onnxruntime
import torch
from torch import Tensor, nn

from mammoscope.core.card import Card, CardInput, Probe, TrainingData
from mammoscope.errors import WeightsError
from mammoscope.learn.quiet import quiet

OPSET: Final = 18
LARGEST: Final = 16_384


class Probabilities(nn.Module):
    """A network that ends in its softmax over the channels: what is exported."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, image: Tensor) -> Tensor:
        """Class probabilities."""
        return torch.softmax(self.network(image), dim=1)


@dataclass(frozen=True)
class About:
    """What a card says that the network itself does not know; see `mammoscope.core.card.Card`."""

    name: str
    version: str
    system: str
    input: CardInput
    settings: Mapping[str, Any]
    recipe: Mapping[str, Any]
    classes: tuple[str, ...]
    training_data: Sequence[TrainingData] = ()
    figures: Sequence[Mapping[str, Any]] = ()
    not_for: Sequence[str] = ()
    calibration: Mapping[str, float] = field(default_factory=dict)


Shape = tuple[int, int]


def to_onnx(
    network: nn.Module,
    multiple: int,
    channels: int = 1,
    shape: Shape | None = None,
    least: int = 1,
) -> bytes:
    """A network as ONNX, for one image of any multiple of a size; batch norms are folded.

    Args:
        network: In any mode, anywhere; it is left in evaluation mode on the CPU.
        multiple: Rows and columns are multiples of this.
        channels: Of the input image.
        shape: Rows and columns of the only images that the network takes; None: any multiple.
        least: Of so many multiples rows and columns are at least.
    """
    network.cpu().eval()
    example = torch.zeros(1, channels, *(shape or ((least + 1) * multiple, (least + 2) * multiple)))
    with quiet():
        program = torch.onnx.export(
            network, (example,), dynamo=True, verbose=False, opset_version=OPSET,
            input_names=["image"], output_names=["output"],
            dynamic_shapes=None if shape else _dynamic(multiple, least),
        )  # fmt: skip
    if program is None:
        raise WeightsError("torch.onnx.export gave no program: this torch cannot export the network")
    return without_origin(program.model_proto)


def _dynamic(multiple: int, least: int) -> tuple[dict[int, Any], ...]:
    most = LARGEST // multiple
    rows, columns = (torch.export.Dim(name, min=least, max=most) for name in ("rows", "columns"))
    return ({2: multiple * rows, 3: multiple * columns},)


def without_origin(model: onnx.ModelProto) -> bytes:
    """A model without the exporter's notes, which hold the paths of the machine that made it."""
    for part in (model, model.graph, *model.graph.node):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    content: bytes = model.SerializeToString()
    return content


def card_for(content: bytes, about: About, shape: Shape | None = None, tolerance: float = 1e-3) -> Card:
    """The card of an exported network, with its hash and its answer to a probe.

    Args:
        content: The ONNX file.
        about: What is to be said of it.
        shape: Rows and columns of the probe; None: four multiples each.
        tolerance: Largest difference that rounding may make to its answer.

    Raises:
        WeightsError: If the network's answer is not finite.
    """
    engine = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])

    def run(image: np.ndarray) -> np.ndarray:
        return np.asarray(engine.run(None, {"image": image})[0])

    size = shape or (4 * about.input.multiple,) * 2
    return Card(
        name=about.name, version=about.version, sha256=hashlib.sha256(content).hexdigest(),
        system=about.system, input=about.input, settings=about.settings, recipe=about.recipe,
        classes=about.classes, training_data=tuple(about.training_data),
        figures=tuple(about.figures), not_for=tuple(about.not_for),
        probe=Probe.of(run, (1, about.input.channels, *size), tolerance=tolerance),
        calibration=about.calibration,
    )  # fmt: skip


def write(folder: Path, content: bytes, card: Card) -> Path:
    """Write ``<name>.onnx`` and ``<name>.json``; each appears whole or not at all.

    Returns:
        The path of the ONNX file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    document = json.dumps(card.to_dict(), indent=2) + "\n"
    _replace(folder / f"{card.name}.json", document.encode())
    return _replace(folder / f"{card.name}.onnx", content)


def _replace(path: Path, content: bytes) -> Path:
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    partial.write_bytes(content)
    partial.replace(path)
    return path
