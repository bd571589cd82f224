"""The RSNA screening mammography set of 2022/2023, as the competition publishes its training images.

``train.csv`` has a row an image; the image is ``train_images/<patient_id>/<image_id>.dcm``. A cell of
BIRADS, density, age and the other auxiliary columns may be empty. Screening is read in CC and MLO:
images of other views, such as AT, LM and ML, are left out and counted.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from mammoscope.errors import UsageError
from mammoscope.io.annotations import by_key
from mammoscope.io.cells import CellError, Row, broken, number, within
from mammoscope.io.screening import LETTERS, FoundScreening, ScreeningImage
from mammoscope.io.tables import read_rows
from mammoscope.io.words import SIDES, VIEWS

DATASET: Final = "RSNA"
TABLE: Final = "train"
COLUMNS: Final = (
    "site_id", "patient_id", "image_id", "laterality", "view", "age", "cancer", "biopsy", "invasive",
    "BIRADS", "implant", "density", "machine_id", "difficult_negative_case",
)  # fmt: skip
NEEDED: Final = ("patient_id", "image_id", "laterality", "view", "cancer")
"""Columns of which no cell is empty."""
SCREENING: Final = ("CC", "MLO")
WORDS: Final[Mapping[str, bool | None]] = {
    "": None, "0": False, "1": True, "0.0": False, "1.0": True, "false": False, "true": True,
}  # fmt: skip
OLDEST: Final = 120


def read_rsna(folder: Path) -> FoundScreening:
    """Every image of ``train.csv`` in the table's order, but those of odd views.

    Args:
        folder: Holds ``train.csv`` and ``train_images/<patient_id>/<image_id>.dcm``, at any depth.

    Raises:
        UsageError: If the table is absent, lacks a column, has a cell without meaning or an image
            twice, or an image is absent. Messages name lines of the table, never an image.
    """
    tables = by_key(folder, (".csv",), lambda path: path.stem.lower())
    if TABLE not in tables:
        raise UsageError(f"no {TABLE}.csv in {folder}: add the table of the RSNA screening set")
    table, files = tables[TABLE], by_key(folder, (".dcm",), _place)
    rows = [(line, row, within(table, line, _view, row)) for line, row in _rows(table)]
    taken = [(line, row) for line, row, view in rows if view in SCREENING]
    if not taken:
        raise UsageError(f"{table.name} has no image of a CC or MLO view: take the published table")
    if absent := [line for line, row in taken if _key(row) not in files]:
        raise UsageError(
            f"expected train_images/<patient_id>/<image_id>.dcm below {folder} for {len(taken)} images "
            f"of {table.name}, {len(absent)} are missing (the first: line {absent[0]}): add them, or "
            "take their lines out of the table"
        )

    def read(row: Row) -> ScreeningImage:
        return _image(files[_key(row)], row)

    odd = Counter(f"images of the view {view}" for *_, view in rows if view not in SCREENING)
    return FoundScreening([within(table, line, read, row) for line, row in taken], dict(odd))


def _rows(table: Path) -> Iterator[tuple[int, Row]]:
    """Stripped cells; every row is of another image and says what it must."""
    lines: dict[str, int] = {}
    for line, cells in read_rows(table, COLUMNS):
        row = {column: cells[column].strip() for column in COLUMNS}
        if empty := [column for column in NEEDED if not row[column]]:
            raise broken(table, line, f"cells are empty or missing: {', '.join(empty)}")
        if (first := lines.setdefault(_key(row), line)) != line:
            raise broken(table, line, f"the image of line {first} again")
        yield line, row


def _key(row: Row) -> str:
    return f"{row['patient_id']}/{row['image_id']}".lower()


def _place(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}".lower()


def _view(row: Row) -> str:
    view = row["view"].upper()
    if view not in VIEWS:
        raise CellError(f"view should be {', '.join(VIEWS)}")
    return view


def _image(file: Path, row: Row) -> ScreeningImage:
    return ScreeningImage(
        file, f"rsna {row['patient_id']}", DATASET, SIDES[row["laterality"].upper()],
        _view(row), _flag(row, "cancer"), site=row["site_id"] or None,
        implant=_flag(row, "implant"), biopsy=_flag(row, "biopsy"), invasive=_flag(row, "invasive"),
        birads=_birads(row["BIRADS"]), density=_density(row["density"].upper()),
        difficult_negative=_flag(row, "difficult_negative_case"),
        machine=row["machine_id"] or None, age=_age(row["age"]),
    )  # fmt: skip


def _flag(row: Row, column: str) -> bool | None:
    word = row[column].lower()
    if word not in WORDS:
        raise CellError(f"{column} should be 0 or 1, False or True")
    return WORDS[word]


def _birads(cell: str) -> int | None:
    """The published table has 0 for follow-up, 1 for negative and 2 for normal, as decimals."""
    if not cell:
        return None
    category = number(cell)
    if category not in range(7):
        raise CellError("BIRADS should be 0 to 6, or empty")
    return int(category)


def _density(cell: str) -> str | None:
    if cell and cell not in LETTERS:
        raise CellError("density should be A to D, or empty")
    return cell or None


def _age(cell: str) -> float | None:
    if not cell:
        return None
    if not 0 < (age := number(cell)) < OLDEST:
        raise CellError(f"age should be years below {OLDEST}, or empty")
    return age
