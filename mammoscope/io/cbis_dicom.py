"""CBIS-DDSM as its source publishes it: four tables, and one folder of DICOM files an image or lesion.

``Mass-Training_P_00001_LEFT_CC`` holds the film, ``Mass-Training_P_00001_LEFT_CC_1`` the crop and the
mask of abnormality 1, in either order; below them lie folders named by UIDs that later downloads
replaced, so only the first level of a path in the tables is looked for. The mask is what holds two
values and is as large as the film. Where none is, the lesion is left out and counted.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool
from pydicom.dataset import Dataset

from mammoscope.errors import RejectedInput, UsageError
from mammoscope.io import codecs
from mammoscope.io.annotations import by_key
from mammoscope.io.cbis import SIDES, VIEWS, Boxed, Found, density_of, graded, paired
from mammoscope.io.container import open_dicom
from mammoscope.io.limits import Limits
from mammoscope.io.pairs import LesionKind, PairSet
from mammoscope.io.tables import read_rows
from mammoscope.scores.boxes import Box

TABLES: Final[Mapping[str, tuple[LesionKind, PairSet]]] = {
    "mass_case_description_train_set": ("mass", "training"),
    "mass_case_description_test_set": ("mass", "test"),
    "calc_case_description_train_set": ("calcification", "training"),
    "calc_case_description_test_set": ("calcification", "test"),
}
COLUMNS: Final = (
    "patient_id", "left or right breast", "image view", "abnormality id", "pathology",
    "image file path", "ROI mask file path",
)  # fmt: skip
DENSITY: Final = ("breast_density", "breast density")
"""In the tables of masses and of calcifications."""
FOLDER: Final = re.compile(r"(Mass|Calc)-(Training|Test)_P_\d+_(LEFT|RIGHT)_(CC|MLO)(_\d+)?", re.I)
SUFFIX: Final = ".dcm"
NO_FOLDER: Final = "no folder of its crop and mask"
NO_MASK: Final = "no mask as large as the film"
NO_FILM: Final = "no folder of its film"


@dataclass(frozen=True)
class CaseRow:
    """One lesion on one view, as a published table names it.

    Attributes:
        table: Where it stands.
        line: On which line.
        cells: By column.
        kind: Mass or calcification: which of the tables.
        part: Training or test: which of the tables.
    """

    table: Path
    line: int
    cells: Mapping[str, str]
    kind: LesionKind
    part: PairSet

    def folder(self, column: str) -> str:
        """The first level of a path, in small letters: what later downloads kept."""
        return PurePosixPath(self.cells[column].strip()).parts[0].lower()


class Boxes(NamedTuple):
    """Every lesion with a box, and what has none.

    Attributes:
        boxes: In the order of the tables.
        left_out: How many have none, by reason.
        incomplete: Films on which a lesion has none: what looks like a false finding there may be it.
    """

    boxes: list[Boxed]
    left_out: Mapping[str, int]
    incomplete: frozenset[Path]


def read_cbis(folder: Path, advance: Callable[[], None] = lambda: None) -> Found:
    """Pairs of every table that is there, boxes from the masks.

    Args:
        folder: Holds tables and image folders, at any depth.
        advance: Called after each row.

    Raises:
        UsageError: If no table is there, a cell has no meaning, or no film of any table.
        RejectedInput: If a DICOM file is broken.
    """
    read = read_boxes(folder, advance)
    found = paired(read.boxes, ordered=True)
    return Found(found.pairs, {**read.left_out, **found.left_out})


def read_boxes(folder: Path, advance: Callable[[], None] = lambda: None) -> Boxes:
    """Every lesion of every table that is there, its box from its mask.

    Args:
        folder: Holds tables and image folders, at any depth.
        advance: Called after each row.

    Raises:
        UsageError: If no table is there, a cell has no meaning, or no film of any table.
        RejectedInput: If a DICOM file is broken.
    """
    folders = folders_of(folder)
    boxes, left_out, incomplete = [], Counter[str](), set[Path]()
    for row in case_rows(folder):
        film, box = _read(row, folders)
        if isinstance(box, Boxed):
            boxes.append(box)
        else:
            left_out[box] += 1
            incomplete |= {film} if film else set()
        advance()
    if not boxes:
        raise UsageError(
            f"none of {sum(left_out.values())} lesions in the tables of {folder} could be boxed "
            f"({', '.join(left_out)}): put the image folders such as Mass-Training_P_00001_LEFT_CC "
            "there"
        )
    return Boxes(boxes, left_out, frozenset(incomplete))


def box_of(mask: Bool[np.ndarray, "rows columns"]) -> Box:
    """The smallest box around what is set, its edges at the pixels' outer edges.

    Raises:
        UsageError: If nothing is set.

    Example:
        >>> mask = np.zeros((5, 6), bool)
        >>> mask[1:3, 2:6] = True
        >>> box_of(mask)
        (0.5, 1.5, 2.5, 5.5)
    """
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        raise UsageError("a mask with a lesion was expected, got an empty one: fetch it again")
    edges = rows[0] - 0.5, columns[0] - 0.5, rows[-1] + 0.5, columns[-1] + 0.5
    top, left, bottom, right = map(float, edges)
    return top, left, bottom, right


def pixels_of(film: Path) -> bytes:
    """A film's pixels as they are stored.

    Raises:
        RejectedInput: If the file is broken.
    """
    return bytes(_opened(film).PixelData)


def folders_of(folder: Path) -> dict[str, Path]:
    """Folders of films and lesions at any depth, by their names in small letters."""
    return {
        path.name.lower(): path for path in sorted(folder.rglob("*")) if FOLDER.fullmatch(path.name)
    }


def case_rows(folder: Path) -> Iterator[CaseRow]:
    """Rows of every table that is there.

    Raises:
        UsageError: If none is, or one lacks a column.
    """
    tables = by_key(folder, (".csv",), lambda path: path.stem.lower())
    known = {name: tables[name] for name in TABLES if name in tables}
    if not known:
        raise UsageError(f"no table of CBIS-DDSM in {folder}: expected {', '.join(TABLES)} as .csv")
    for name, table in known.items():
        for line, cells in read_rows(table, COLUMNS):
            yield CaseRow(table, line, cells, *TABLES[name])


def dicoms(folder: Path) -> list[Path]:
    """DICOM files of a folder at any depth, in order."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() == SUFFIX)


def _read(row: CaseRow, folders: Mapping[str, Path]) -> tuple[Path | None, Boxed | str]:
    """A lesion's film, and the lesion with its box or why it has none."""
    try:
        film, lesion = (folders.get(row.folder(column)) for column in COLUMNS[-2:])
        if film is None or not (images := dicoms(film)):
            return None, NO_FILM
        return images[0], _boxed(row, images[0], lesion)
    except (KeyError, ValueError, IndexError) as error:
        raise UsageError(
            f"{row.table.name}, line {row.line}: a cell without meaning: {error}"
        ) from error


def _boxed(row: CaseRow, film: Path, lesion: Path | None) -> Boxed | str:
    if lesion is None:
        return NO_FOLDER
    shape = _shape(_opened(film))
    mask = next(filter(None, (_box_in(path, shape) for path in dicoms(lesion))), None)
    if mask is None:
        return NO_MASK
    cells = row.cells
    density = next((cells[name] for name in DENSITY if name in cells), "")
    return Boxed(
        film, cells["patient_id"], SIDES[cells["left or right breast"].upper()],
        VIEWS[cells["image view"].upper()], cells["abnormality id"], mask, row.kind,
        cells["pathology"], density_of(density), None, row.part, cells.get("mass shape", ""),
        *graded(cells.get("subtlety", ""), cells.get("assessment", "")),
    )  # fmt: skip


def _box_in(path: Path, shape: tuple[int, int]) -> Box | None:
    """The box of a mask of a shape; None where the file is something else."""
    dataset = _opened(path)
    if _shape(dataset) != shape:
        return None
    values = codecs.decode(dataset)
    low, high = values.min(), values.max()
    if low == high or ((values != low) & (values != high)).any():
        return None
    return box_of(values == high)


def _opened(path: Path) -> Dataset:
    try:
        return open_dicom(path.read_bytes(), Limits()).dataset
    except RejectedInput as error:
        raise RejectedInput(f"{path.name} of {path.parents[1].name}: {error}", error.number) from error


def _shape(dataset: Dataset) -> tuple[int, int]:
    return int(dataset.Rows), int(dataset.Columns)
