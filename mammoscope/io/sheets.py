"""Tables that others publish as a sheet of Excel; the same rows saved as CSV serve as well."""

from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final
from zipfile import BadZipFile

from mammoscope.errors import ExtraError, UsageError
from mammoscope.io.tables import MOST_BYTES, read_rows

EXCEL: Final = ".xlsx"


def read_sheet(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows below the heading of the first sheet that has the columns, with their numbers.

    Args:
        path: ``.xlsx``, or CSV in UTF-8 with commas.
        needed: Columns that must be there; further ones may be.

    Raises:
        UsageError: For a file that cannot be read and missing columns.
        ExtraError: If the file is ``.xlsx`` and openpyxl is not installed.
    """
    if path.suffix.lower() != EXCEL:
        yield from read_rows(path, needed)
        return
    for sheet in _sheets(path):
        heading, *rows = sheet or [()]
        if set(needed) <= set(heading):
            for number, cells in enumerate(rows, start=2):
                if any(cells):
                    yield number, dict(zip(heading, cells, strict=True))
            return
    raise UsageError(f"no sheet of {path.name} has the columns {', '.join(needed)}: add them")


def _sheets(path: Path) -> Iterator[list[tuple[str, ...]]]:
    if find_spec("openpyxl") is None:
        raise ExtraError(
            f"{path.name} needs openpyxl: install it with pip install 'mammoscope[train]', or save its "
            "first sheet as CSV"
        )
    if path.stat().st_size > MOST_BYTES:
        raise UsageError(f"{path.name} is larger than {MOST_BYTES >> 20} MiB: no table of labels")
    openpyxl = import_module("openpyxl")
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for sheet in book.worksheets:
            yield [tuple(map(_text, cells)) for cells in sheet.iter_rows(values_only=True)]
    except (OSError, KeyError, ValueError, BadZipFile) as error:
        raise UsageError(
            f"expected a sheet of Excel, cannot read {path.name}: {type(error).__name__}: save its "
            "first sheet as CSV"
        ) from None


def _text(cell: Any) -> str:
    """As a CSV file would have it."""
    if cell is None:
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
