"""Warnings of the training libraries that say nothing to whoever trains here."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

NOISE: Final = (
    r"Checkpoint directory .* exists and is not empty",  # going on with a run is meant
    r"Found \d+ module\(s\) in eval mode",  # the average of the weights is meant to be
    r".*isinstance\(treespec, LeafSpec\)",  # lightning and torch.export, of torch's own change
)


@contextmanager
def quiet() -> Iterator[None]:
    """Leave out the warnings of `NOISE`, and no others."""
    with warnings.catch_warnings():
        for message in NOISE:
            warnings.filterwarnings("ignore", message)
        yield
