"""The authors' published checkpoint as weights of ours.

Source: https://github.com/radboud-axti/maseg (the paper's "Code and data availability"): a
Lightning checkpoint whose ``state_dict`` holds ``layers.N.…``, behind a prefix or not.
"""

import pickle
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor

from mammoscope.core.card import TrainingData
from mammoscope.errors import WeightsError
from mammoscope.segmentation.network import Network
from mammoscope.segmentation.recipe import Recipe
from mammoscope.segmentation.train import export

FIRST: Final = "layers.0.net.0.weight"
COUNTER: Final = "num_batches_tracked"
REMEDY: Final = "expected is the Lightning checkpoint that the paper's authors published"
DATA: Final = TrainingData(
    name="Eight data sets of 1,077 women: mini-MIAS, INbreast and six vendors (Table 1 of the paper)",
    licence="see https://github.com/radboud-axti/maseg",
    citation="Verboom et al., Deep learning-based breast region segmentation in raw and processed "
    "digital mammograms: generalization across views and vendors",
    changes="the published weights, converted; nothing was trained",
)


def import_checkpoint(path: Path, folder: Path) -> Path:
    """Convert a published checkpoint; write ``segmentation.onnx`` and its card.

    Returns:
        The path of the ONNX file.

    Raises:
        WeightsError: If the file is not that checkpoint.
    """
    return export(read_checkpoint(path), Recipe.paper(), folder, training_data=(DATA,))


def read_checkpoint(path: Path) -> Network:
    """The paper's network with a checkpoint's weights, in evaluation mode.

    Parameters of other parts of the training (a loss, a metric), which stand beside the network's
    prefix, are left behind. Nothing that the file holds is run: tensors and plain values
    are read, anything else is refused (docs/bad-inputs.md, 78).

    Raises:
        WeightsError: If the file cannot be read, or parameters are missing, unexpected or of
            another shape.
    """
    state = _network_state(_state_dict(path))
    network = Network(Recipe.paper().network)
    own = network.state_dict()
    for key in own:
        if key.endswith(COUNTER):
            state.setdefault(key, torch.tensor(0))
    _check_keys(set(own), set(state))
    for key, value in own.items():
        if state[key].shape != value.shape:
            raise WeightsError(
                f"{key} has the shape {tuple(value.shape)} in the paper's network, "
                f"got {tuple(state[key].shape)}: {REMEDY}"
            )
        if not torch.isfinite(state[key]).all():
            raise WeightsError(f"{key} holds NaN or infinity: get the checkpoint again")
    network.load_state_dict(state)
    return network.eval()


def _state_dict(path: Path) -> Mapping[str, Any]:
    try:
        content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        raise WeightsError(
            f"{path.name} holds objects that would run code when read, or is no checkpoint: {REMEDY}"
        ) from error
    except (OSError, RuntimeError, EOFError, ValueError, KeyError) as error:
        raise WeightsError(f"{path.name} cannot be read as a checkpoint: {REMEDY}") from error
    state = content.get("state_dict") if isinstance(content, Mapping) else None
    if not isinstance(state, Mapping):
        raise WeightsError(f"{path.name} has no state_dict: {REMEDY}")
    return state


def _network_state(state: Mapping[str, Any]) -> dict[str, Tensor]:
    """The parameters behind the prefix of the first convolution, without the prefix."""
    prefixes = [key.removesuffix(FIRST) for key in state if key.endswith(FIRST)]
    if len(prefixes) != 1:
        raise WeightsError(
            f"one {FIRST} was expected among the {len(state)} entries of state_dict, "
            f"got {len(prefixes)}: {REMEDY}"
        )
    prefix = prefixes[0]
    found = {key.removeprefix(prefix): value for key, value in state.items() if key.startswith(prefix)}
    odd = [key for key, value in found.items() if not isinstance(value, Tensor)]
    if odd:
        raise WeightsError(f"{odd[0]} is no tensor: {REMEDY}")
    return found


def _check_keys(expected: set[str], received: set[str]) -> None:
    complaints = [
        f"{what} {', '.join(sorted(keys)[:3])}" + (f" and {len(keys) - 3} more" * (len(keys) > 3))
        for what, keys in (("missing", expected - received), ("unexpected", received - expected))
        if keys
    ]
    if complaints:
        raise WeightsError(f"the checkpoint is of another network: {'; '.join(complaints)}; {REMEDY}")
