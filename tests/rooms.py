"""What the checks over all rooms need of a room."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from mammoscope.runtime import Session

CHANGES = ("crop", "flip", "respacing")


@dataclass(frozen=True)
class Room:
    """One kind of network, small.

    Attributes:
        name: Of the network.
        recipes: Those that the room offers.
        tiny: A recipe that trains in a moment.
        examples: Four or more, all but the first three of which validate.
        whole: From a recipe to the way from an example to input and truth.
        module: From a recipe to what is trained.
        train: From examples to a network.
        taught: From a folder to what was exported after learning the examples, and to its file.
        shapes: Rows and columns that the network takes.
        source: A mammogram that was learnt, or one like it; for registration a pair.
        changed: The same cropped, mirrored and at another spacing.
        answer: What the room says of it, in source pixels.
        agrees: Raises where an answer is far from the truth, or from the answer to `source`.
        channels: Of the image that the network takes.
        rate: Learning rate of one plain step that lowers the loss.
    """

    name: str
    recipes: Sequence[Any]
    tiny: Callable[[], Any]
    examples: Callable[[], Sequence[Any]]
    whole: Callable[[Any], Callable[[Any], Any]]
    module: Callable[[Any], Any]
    train: Callable[..., Any]
    taught: Callable[[Path], tuple[nn.Module, Path]]
    shapes: Sequence[tuple[int, int]]
    source: Callable[[], Any]
    changed: Mapping[str, Callable[[], Any]]
    answer: Callable[[Session, Any], np.ndarray]
    agrees: Callable[[np.ndarray, np.ndarray], None]
    channels: int = 1
    rate: float = 1e-5
