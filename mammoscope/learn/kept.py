"""Records to examples that are kept in files: made once, opened when asked for."""

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt16

from mammoscope.core import Mammogram
from mammoscope.io import Reader


@dataclass(frozen=True)
class Kept(Sequence[Any]):
    """Examples in files, opened when asked for: thousands would be more than a system keeps open."""

    paths: tuple[Path, ...]
    load: Callable[[Path], Any]

    def __len__(self) -> int:
        return len(self.paths)

    def __getitem__(self, index: Any) -> Any:
        """One example, or for a slice several."""
        found = self.paths[index]
        return Kept(found, self.load) if isinstance(index, slice) else self.load(found)


@dataclass(frozen=True)
class Keeping:
    """How a room keeps its examples.

    Attributes:
        key: From a record to a name that changes with all that its example is made of.
        make: Writes a record's example to files that begin with a path.
        load: Opens them.
        last: Suffix of the file that appears last, and whole: where it is, the example is.
    """

    key: Callable[[Any], str]
    make: Callable[[Path, Any, Reader], None]
    load: Callable[[Path], Any]
    last: str


def keep(
    records: Sequence[Any],
    how: Keeping,
    folder: Path,
    advance: Callable[[], None] = lambda: None,
    workers: int = 1,
) -> Kept:
    """Examples of records in their order, kept in a folder and read from it where they are kept.

    Args:
        records: What to read.
        how: What is made of them.
        folder: Where prepared arrays are kept.
        advance: Called after each image.
        workers: Processes that read.

    Raises:
        InputError: If an image cannot be read.
    """
    folder.mkdir(parents=True, exist_ok=True)

    def part(first: int) -> list[Path]:
        return _paths(records[first::workers], how, folder, advance)

    with ThreadPoolExecutor(workers) as pool:
        parts = list(pool.map(part, range(workers)))
    paths = tuple(parts[place % workers][place // workers] for place in range(len(records)))
    return Kept(paths, how.load)


def _paths(
    records: Sequence[Any], how: Keeping, folder: Path, advance: Callable[[], None]
) -> list[Path]:
    """Where each example lies, with one reader."""
    paths = []
    with Reader() as reader:
        for record in records:
            path = folder / how.key(record)
            if not path.with_suffix(how.last).is_file():
                how.make(path, record, reader)
            paths.append(path)
            advance()
    return paths


def levels(mammogram: Mammogram) -> UInt16[np.ndarray, "rows columns"]:
    """Pixels in 0–1 as 16 bits."""
    most = np.iinfo(np.uint16).max
    return np.rint(np.clip(mammogram.pixels, 0, 1) * most).astype(np.uint16)


def key_of(files: Sequence[Path], *how: object) -> str:
    """A name that changes with the files and with what is made of them."""
    stamps = [(str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return hashlib.sha256(repr((stamps, *how)).encode()).hexdigest()[:24]
