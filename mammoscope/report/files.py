"""Files that are whole or absent."""

import json
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from mammoscope.errors import OutputError

Document = Mapping[str, Any]
"""A plain JSON document: what a schema of report/schema describes."""

POINT: Final = re.compile(r"\[\n *([-+.e\d]+),\n *([-+.e\d]+)\n *\]")
"""Two numbers over four lines of JSON; inside a string no line breaks."""


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file beside its final name, then move it there.

    Raises:
        OutputError: If the disk, the rights or the folder forbid it. Nothing is left behind.
    """
    part = path.with_name(f".part-{os.getpid()}-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as error:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise OutputError(
            f"cannot write {path.name}: {error.strerror}; free the disk or name another folder"
        ) from error


def write_text(path: Path, text: str) -> None:
    """Write UTF-8; what a file name holds that is not text is written as an escape."""
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def write_json(path: Path, document: Document) -> None:
    """Write a document: UTF-8, keys as they stand, no NaN, a newline at the end.

    Raises:
        OutputError: If a number is not finite, or the file cannot be written.
    """
    try:
        text = json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False)
    except ValueError as error:
        raise OutputError(f"{path.name}: a number is not finite, JSON has none such") from error
    write_text(path, POINT.sub(r"[\1, \2]", text) + "\n")


def read_json(path: Path) -> Document:
    """Read a document back, for a run that is resumed.

    Raises:
        OutputError: If the file is not there or is not JSON.
    """
    try:
        document: Document = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise OutputError(f"{path.name} of an earlier run cannot be read; remove its folder") from error
    return document
