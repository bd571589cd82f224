"""A source's bytes, read once and whole, from a file that holds still."""

import os
import stat
from functools import lru_cache
from pathlib import Path
from typing import Final

from mammoscope.errors import RejectedInput, SkippedInput
from mammoscope.io import archives
from mammoscope.io.limits import Limits
from mammoscope.io.sources import HEAD, Source

_IRREGULAR: Final = "expected a file, received a folder, pipe, device or socket"
_OPEN: Final = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_bytes(source: Source, limits: Limits) -> bytes:
    """Read all of a source.

    Raises:
        SkippedInput: If it is a pipe, a device or a socket (16).
        RejectedInput: If it cannot be read, is too large, or changes while it is read (19).
    """
    if source.member is None:
        return _read_file(source.path, limits)
    before = _mark(source.path)
    data = archives.read_member(_archive(source.path, before), source.member, limits)
    if _mark(source.path) != before:
        raise RejectedInput("the zip file changed while it was read: try again when it is whole", 19)
    return data


def read_head(path: Path) -> bytes:
    """The first bytes of a regular file, enough to tell its format.

    Raises:
        SkippedInput: If it is a pipe, a device or a socket (16).
        OSError: If it cannot be opened.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise SkippedInput(_IRREGULAR, 16)
    handle = os.open(path, _OPEN)
    try:
        return os.read(handle, HEAD)
    finally:
        os.close(handle)


def _read_file(path: Path, limits: Limits) -> bytes:
    try:
        with open(os.open(path, _OPEN), "rb", buffering=0) as file:  # noqa: PTH123
            before = os.fstat(file.fileno())
            if not stat.S_ISREG(before.st_mode):
                raise SkippedInput(_IRREGULAR, 16)
            if before.st_size > limits.file_bytes:
                raise RejectedInput(_too_large(before.st_size, limits))
            data = _take(file.fileno(), before.st_size)
            after = os.fstat(file.fileno())
    except OSError as error:
        raise RejectedInput(f"cannot be read: {error.strerror}") from None
    if _still(before) != _still(after) or len(data) != after.st_size:
        raise RejectedInput("the file changed while it was read: try again when it is whole", 19)
    return data


def _take(handle: int, size: int) -> bytes:
    """At most one byte more than expected: a file that grows is found without following it."""
    pieces: list[bytes] = []
    left = size + 1
    while left and (piece := os.read(handle, left)):
        pieces.append(piece)
        left -= len(piece)
    return pieces[0] if len(pieces) == 1 else b"".join(pieces)


def _too_large(size: int, limits: Limits) -> str:
    return f"a file of {size >> 20} MiB: at most {limits.file_bytes >> 20} MiB are read"


def _still(info: os.stat_result) -> tuple[int, int, int]:
    return info.st_size, info.st_mtime_ns, info.st_ino


def _mark(path: Path) -> tuple[int, int, int]:
    try:
        return _still(path.stat())
    except OSError as error:
        raise RejectedInput(f"cannot be read: {error.strerror}") from None


@lru_cache(maxsize=1)
def _archive(path: Path, _mark: tuple[int, int, int]) -> archives.ZipFile:
    return archives.open_archive(path)
