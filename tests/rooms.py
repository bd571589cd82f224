"""What the checks over all rooms need of a room."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from mammoscope.core import Mammogram
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
        source: A mammogram that was learnt, or one like it.
        changed: The same mammogram cropped, mirrored and at another spacing.
        answer: What the room says of a mammogram, in source pixels.
        agrees: Raises where an answer is far from the truth, or from the answer to `source`.
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
    source: Callable[[], Mammogram]
    changed: Mapping[str, Callable[[], Mammogram]]
    answer: Callable[[Session, Mammogram], np.ndarray]
    agrees: Callable[[np.ndarray, np.ndarray], None]
