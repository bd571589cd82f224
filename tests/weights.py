"""Networks that never learnt: thresholds and fixed places, as ONNX with card and manifest."""

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
from mammoscope.image.windows import CELL
from mammoscope.positioning.heatmaps.layout import CHANNELS, PROFILE
from mammoscope.registration.guided.layout import CLASSES as REGISTRATION
from mammoscope.runtime.weights import register
from mammoscope.screening.pooled.questions import CLASSES as SCREENING


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


PLACES = {
    "nipple": (0.5, 0.85), "inframammary fold": (0.9, 0.15), "chest wall upper": (0.02, 0.02),
    "chest wall lower": (0.98, 0.02), "pectoral line 0": (0.03, 0.4),
    "pectoral line 0.25": (0.2, 0.31), "pectoral line 0.5": (0.37, 0.22),
    "pectoral line 0.75": (0.53, 0.13), "pectoral line 1": (0.7, 0.04), PROFILE: (0.0, 0.0),
}  # fmt: skip
"""Shares of the height and width of what the network sees."""


def places_network() -> bytes:
    """Every landmark at its share of the image's height and width, 3 pixels sure, shown."""
    share = np.array([PLACES[name] for name in (*CHANNELS, PROFILE)], np.float32)[None]
    rest = np.tile(np.array([9.0, 0.0, 9.0, 0.99], np.float32), (1, len(PLACES), 1))
    nodes = [
        helper.make_node("Shape", ["image"], ["whole"], start=2),
        helper.make_node("Cast", ["whole"], ["size"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["share", "size"], ["points"]),
        helper.make_node("Concat", ["points", "rest"], ["numbers"], axis=2),
    ]
    graph = helper.make_graph(
        nodes,
        "places",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 1, "rows", "columns"])],
        [helper.make_tensor_value_info("numbers", TensorProto.FLOAT, [1, len(PLACES), 6])],
        [numpy_helper.from_array(share, "share"), numpy_helper.from_array(rest, "rest")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return model.SerializeToString()


def cells_network(malignant: float = 0.8) -> bytes:
    """Attention where the image is bright, and everywhere the same malignancy."""
    numbers = {
        "axes": np.array([1, 2, 3]), "channels": np.array([1]), "none": np.array(0, np.float32),
        "said": np.array(malignant, np.float32),
    }  # fmt: skip
    nodes = [
        helper.make_node("ReduceSum", ["image", "channels"], ["grey"], keepdims=1),
        helper.make_node(
            "AveragePool", ["grey"], ["bright"], kernel_shape=[CELL] * 2, strides=[CELL] * 2
        ),
        helper.make_node("ReduceSum", ["bright", "axes"], ["all"], keepdims=1),
        helper.make_node("Div", ["bright", "all"], ["attention"]),
        helper.make_node("Mul", ["bright", "none"], ["nothing"]),
        helper.make_node("Add", ["nothing", "said"], ["malignant"]),
        helper.make_node("Concat", ["attention", "malignant"], ["answers"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "cells",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, [1, 3, "rows", "columns"])],
        [helper.make_tensor_value_info("answers", TensorProto.FLOAT, [1, 2, "down", "across"])],
        [numpy_helper.from_array(value, name) for name, value in numbers.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    return model.SerializeToString()


def card_of(
    data: bytes,
    name: str = "segmentation",
    probed: tuple[int, ...] = (1, 1, 32, 32),
    **changes: Any,
) -> Card:
    """A card whose hash and probe, noise of that shape, are those of the network."""
    engine = onnxruntime.InferenceSession(data)
    probe = Probe.of(lambda image: engine.run(None, {"image": image})[0], probed)
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


def synthetic_landmarks(folder: Path) -> Path:
    """The same for positioning; other networks of the folder stay listed."""
    data = places_network()
    changes = {"system": "positioning", "classes": (*CHANNELS, PROFILE), "input": CardInput(1.0, 1, 32)}
    return write(folder, data, card_of(data, "positioning", **changes), "positioning")


def synthetic_registration(folder: Path) -> Path:
    """The same for registration, by its card: no answer of its network is asked for."""
    data = threshold_network()
    changes = {"system": "registration", "classes": REGISTRATION}
    return write(folder, data, card_of(data, "registration", **changes), "registration")


def synthetic_findings(folder: Path) -> Path:
    """The same for findings, by its card."""
    data = threshold_network()
    changes = {"system": "findings", "classes": ("mass",), "recipe": {"levels": [1.0]}}
    return write(folder, data, card_of(data, "findings", **changes), "findings")


def synthetic_screening(folder: Path, **calibration: float) -> Path:
    """The same for screening: every image has a score of 0.8."""
    data = cells_network()
    changes = {
        "system": "screening", "classes": SCREENING, "calibration": calibration,
        "input": CardInput(0.8, 3, CELL),
    }  # fmt: skip
    card = card_of(data, "screening", (1, 3, 256, 256), **changes)
    return write(folder, data, card, "screening")


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
