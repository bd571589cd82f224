"""Cells of others' tables: read without trust, and an error that names the line, never the image."""

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from mammoscope.errors import UsageError

Row = Mapping[str, str]
Said = TypeVar("Said")
MOST_LETTERS: Final = 4096


class CellError(ValueError):
    """A cell that says something else than its column means."""


def within(table: Path, line: int, read: Callable[[Row], Said], row: Row) -> Said:
    """What a row says.

    Raises:
        UsageError: If a cell has no meaning, naming the line.
    """
    try:
        return read(row)
    except (LookupError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        said = error.args[0] if isinstance(error, CellError) else "a cell without meaning"
        raise broken(table, line, said) from None


def broken(table: Path, line: int, why: str) -> UsageError:
    """The error of one line of a published table."""
    return UsageError(f"{table.name}, line {line}: {why}; correct it or take the published table")


def number(value: str | int | float) -> float:
    """A finite number.

    Raises:
        CellError: If it is none.
    """
    try:
        found = math.nan if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        found = math.nan
    if not math.isfinite(found):
        raise CellError("a number was expected")
    return found


def literal(text: str, what: str, most: int = MOST_LETTERS) -> Any:
    """A list or dict of words and numbers as Python writes it: JSON but for its quotes.

    Nothing is evaluated.

    Args:
        text: The cell.
        what: What it should be, for the message.
        most: Letters.

    Raises:
        CellError: If it is longer, or neither.
    """
    if len(text) > most:
        raise CellError(f"{what} of more than {most} letters")
    try:
        return json.loads(text.replace("'", '"'))
    except (ValueError, RecursionError):
        raise CellError(f"expected {what}") from None
