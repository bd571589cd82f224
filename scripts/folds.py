"""Women dealt to folds, the same for every network."""

import hashlib
from pathlib import Path
from typing import Final

FOLDS: Final = 3
PARTS: Final = ("0a", "0b", "1a", "1b", "2")


def fold_of(woman: str) -> int:
    """Women are dealt by a hash of their pseudonym."""
    return int(hashlib.sha256(woman.encode()).hexdigest(), 16) % FOLDS


def part_of(woman: str) -> str:
    """One of `PARTS`: a fold, or a half of one, so that five are learnt and each is within a fold.

    What begins with the weights of a fold's network never saw the women of its parts.
    """
    fold = fold_of(woman)
    if fold == FOLDS - 1:
        return str(fold)
    other = hashlib.sha256(f"half {woman}".encode()).digest()[0] % 2
    return f"{fold}{'ab'[other]}"


def fifth_of(woman: str) -> int:
    """One of five, across parts: what is fitted on the scores of four fifths is judged on the other."""
    return hashlib.sha256(f"fifth {woman}".encode()).digest()[0] % 5


def weights_of(work: Path, part: str) -> Path:
    """Where the weights of a part of a training go; those of the last ship."""
    return work / "weights" / part
