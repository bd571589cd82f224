"""A network that never learnt: thresholds instead of weights, as ONNX with card and manifest."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from mammoscope.core import CLASSES
from mammoscope.core.card import Card, CardInput, Probe, TrainingData
from mammoscope.runtime.weights import register


def threshold_network(weight: float = 30.0, opset: int = 17) -> bytes:
    """Softmax over three 1 × 1 convolutions: background dark, breast bright, muscle never."""
    kernel = np.array([-weight, weight, 0.0], np.float32).reshape(3, 1, 1, 1)
    bias = np.array([0.1 * weight, -0.1 * weight, -weight], np.float32)
    nodes = [
        helper.make_node("Conv", ["image", "kernel", "bias"], ["logits"]),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "threshold",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 1, "rows", "columns"])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [1, 3, "rows", "columns"])],
        [numpy_helper.from_array(kernel, "kernel"), numpy_helper.from_array(bias, "bias")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=9)
    return model.SerializeToString()


def card_of(data: bytes, name: str = "segmentation", **changes: Any) -> Card:
    """A card whose hash and probe are those of the network."""
    engine = onnxruntime.InferenceSession(data)
    probe = Probe.of(lambda image: engine.run(None, {"image": image})[0], (1, 1, 32, 32))
    plain = {
        "name": name,
        "version": "0.1.0",
        "sha256": hashlib.sha256(data).hexdigest(),
        "system": "segmentation",
        "input": CardInput(0.4, 1, 16),
        "settings": {},
        "recipe": {},
        "classes": CLASSES,
        "training_data": (TrainingData("none", "CC0", "none", "no image trained this"),),
        "figures": (),
        "not_for": ("anything but tests",),
        "probe": probe,
    }
    return Card(**(plain | changes))


def write(folder: Path, data: bytes, card: Card, name: str = "segmentation") -> Path:
    """Put a network and its card into a folder and list them in its manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.onnx").write_bytes(data)
    (folder / f"{name}.json").write_text(json.dumps(card.to_dict()))
    register(folder, name, f"{name}.onnx", f"{name}.json")
    return folder


def synthetic_weights(folder: Path, name: str = "segmentation", weight: float = 30.0) -> Path:
    """A folder of weights that passes every check."""
    data = threshold_network(weight)
    return write(folder, data, card_of(data, name), name)


def edit_card(folder: Path, name: str = "segmentation", **changes: Any) -> None:
    """Change the JSON of a card without a word to the manifest."""
    path = folder / f"{name}.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def with_nan(data: bytes) -> bytes:
    """The same network with one weight that is no number."""
    model = onnx.load_from_string(data)
    kernel = numpy_helper.to_array(model.graph.initializer[0]).copy()
    kernel[0] = np.nan
    model.graph.initializer[0].CopyFrom(numpy_helper.from_array(kernel, "kernel"))
    return model.SerializeToString()
