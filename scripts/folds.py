"""Women dealt to folds, the same for every network."""

import hashlib
from pathlib import Path
from typing import Final

FOLDS: Final = 3


def fold_of(woman: str) -> int:
    """Women are dealt by a hash of their pseudonym."""
    return int(hashlib.sha256(woman.encode()).hexdigest(), 16) % FOLDS


def weights_of(work: Path, part: str) -> Path:
    """Where the weights of a part of a training go; those of the last ship."""
    return work / "weights" / part
