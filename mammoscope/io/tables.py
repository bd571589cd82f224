"""The user's table of images: path, study, view, laterality, spacing_mm."""

import csv
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final

from mammoscope.core import Laterality, View
from mammoscope.errors import UsageError
from mammoscope.io.words import SIDES, VIEWS

COLUMNS: Final = ("path", "study", "view", "laterality", "spacing_mm")
MOST_BYTES: Final = 256 << 20


@dataclass(frozen=True)
class TableRow:
    """What the table says of one image; an empty cell says nothing.

    Attributes:
        path: Absolute, relative, or a bare file name, as the table has it.
        study: Images with the same text are one exam.
        view: Where it was taken from.
        laterality: Which breast.
        spacing_mm: Size of a pixel in the breast in mm.
    """

    path: str
    study: str = ""
    view: View | None = None
    laterality: Laterality | None = None
    spacing_mm: float | None = None


class Table:
    """Rows by path. A row belongs to one file: its path ends as the file's does.

    Args:
        rows: The rows; no two with the same path.

    Raises:
        UsageError: If two rows have the same path.
    """

    def __init__(self, rows: Iterable[TableRow]) -> None:
        self._rows: dict[str, list[TableRow]] = defaultdict(list)
        self._taken: dict[str, str] = {}
        for row in rows:
            alike = self._rows[_parts(row.path)[-1]]
            if any(_parts(other.path) == _parts(row.path) for other in alike):
                raise UsageError(f"the table names {row.path} twice: keep one row for each image")
            alike.append(row)

    def __len__(self) -> int:
        return sum(map(len, self._rows.values()))

    def row(self, name: str) -> TableRow | None:
        """The row of one file, by its path or the end of it; None where the table is silent.

        Raises:
            UsageError: If several rows fit the file, or a row fits several files.
        """
        parts = _parts(name)
        fitting = [row for row in self._rows.get(parts[-1], ()) if _same_end(parts, _parts(row.path))]
        exact = [row for row in fitting if _parts(row.path) == parts]
        fitting = exact or fitting
        if not fitting:
            return None
        if len(fitting) > 1:
            raise UsageError(f"{len(fitting)} rows of the table fit {name}: write longer paths in it")
        (row,) = fitting
        if self._taken.setdefault(row.path, name) != name:
            raise UsageError(f"the table's {row.path} fits several files: write its whole path")
        return row


def read_table(path: Path) -> Table:
    """Read a CSV file with a heading; commas or semicolons.

    Raises:
        UsageError: With line and column, for what cannot be understood.
    """
    rows = [_row(cells, line) for line, cells in read_cells(path, COLUMNS, ("path",))]
    return Table(rows)


def read_cells(
    path: Path, known: Sequence[str], needed: Sequence[str] = ()
) -> Iterator[tuple[int, dict[str, str]]]:
    """The lines of a CSV file that hold something: number, and stripped cells by column.

    Args:
        path: The file, in UTF-8; commas or semicolons.
        known: The columns that may be there.
        needed: Those that must be.

    Raises:
        UsageError: For a file that cannot be read, an unknown, missing or repeated column, and a
            line with more or fewer cells than the heading.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from None
    heading = text.partition("\n")[0]
    delimiter = ";" if ";" in heading and "," not in heading else ","
    lines = csv.reader(text.splitlines(), delimiter=delimiter)
    columns = [column.strip().lower() for column in next(lines, [])]
    _check_columns(columns, known, needed)
    for cells in lines:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(columns):
            raise UsageError(
                f"table line {lines.line_num}: expected {len(columns)} cells, received {len(cells)}"
            )
        yield lines.line_num, dict(zip(columns, map(str.strip, cells), strict=True))


def read_rows(path: Path, needed: Sequence[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file of others, with the number of their line; further columns may be there.

    Args:
        path: The file, in UTF-8, with commas.
        needed: The columns that must be there; the cells of a row that is cut off are empty.

    Raises:
        UsageError: For a file that cannot be read and a missing column.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path.name} is larger than {MOST_BYTES >> 20} MiB: no table of labels")
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = csv.DictReader(file, restval="")
            missing = [column for column in needed if column not in (rows.fieldnames or ())]
            if missing:
                raise UsageError(f"{path.name} lacks the columns {', '.join(missing)}: add them")
            for row in rows:
                yield rows.line_num, row
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> UsageError:
    name = path.name or str(path)
    if isinstance(error, FileNotFoundError):
        return UsageError(f"no file {name}: name a table that is there")
    if isinstance(error, IsADirectoryError):
        return UsageError(f"{name} is a folder: name the table in it")
    return UsageError(
        f"expected a table in UTF-8, cannot read {name}: {type(error).__name__}: save it as UTF-8 CSV"
    )


def _check_columns(columns: list[str], known: Sequence[str], needed: Sequence[str]) -> None:
    names = ", ".join(known)
    if unknown := [column for column in columns if column not in known]:
        raise UsageError(f"table line 1: unknown columns {', '.join(unknown)}; known are {names}")
    if not columns or not set(needed) <= set(columns) or len(set(columns)) != len(columns):
        wanted = f"a column {' and '.join(needed)} and " if needed else ""
        raise UsageError(f"table line 1: expected {wanted}each column once, of {names}")


def _row(said: dict[str, str], line: int) -> TableRow:
    if not said["path"]:
        raise UsageError(f"table line {line}, column path: expected a path, received an empty cell")
    view, side = said.get("view", "").upper(), said.get("laterality", "").upper()
    if view and view not in VIEWS:
        raise UsageError(
            f"table line {line}, column view: expected {', '.join(VIEWS)}, received {view}"
        )
    if side and side not in SIDES:
        raise UsageError(f"table line {line}, column laterality: expected L or R, received {side}")
    return TableRow(
        said["path"],
        said.get("study", ""),
        VIEWS[view] if view else None,
        SIDES[side] if side else None,
        _spacing(said.get("spacing_mm", ""), line),
    )


def _spacing(cell: str, line: int) -> float | None:
    if not cell:
        return None
    try:
        spacing = float(cell)
    except ValueError:
        spacing = math.nan
    if not 0 < spacing < math.inf:
        raise UsageError(f"table line {line}, column spacing_mm: expected mm, received {cell}")
    return spacing


def _parts(path: str) -> tuple[str, ...]:
    return PurePosixPath(path.replace("\\", "/")).parts or ("",)


def _same_end(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shorter = min(len(one), len(other))
    return one[-shorter:] == other[-shorter:]
