"""Images of CBIS-DDSM with their truth: one is of cancer where any of its lesions is malignant.

The published tables name no digitiser; the table of lesions may, and then it is the image's machine.
A digitiser gives the pathology away: films of DBA 21 are all malignant, those whose digitiser nobody
names are all benign, and within LUMISYS and HOWTEK 55 % and 39 % of the masses are malignant. A
network that tells digitisers apart looks as if it told cancers apart, and an auxiliary head for the
machine teaches it to: figures within LUMISYS and within HOWTEK say what is left.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from mammoscope.core import Laterality
from mammoscope.errors import UsageError
from mammoscope.io.cbis import (
    DATASET,
    PATHOLOGIES,
    SIDES,
    VIEWS,
    Boxed,
    density_of,
    graded,
    read_boxes,
)
from mammoscope.io.cbis_dicom import DENSITY, CaseRow, case_rows, dicoms, folders_of
from mammoscope.io.cbis_findings import same_films
from mammoscope.io.cells import CellError, Row, within
from mammoscope.io.screening import LETTERS, FoundScreening, ScreeningImage
from mammoscope.io.tables import read_rows

FILM: Final = "image file path"
WOMAN: Final = "patient_id"
DIGITISER: Final = "digitizer"
NO_FILM: Final = "lesions whose film has no folder"
TRAINED: Final = "lesions of women who are in a training table"


class _Lesion(NamedTuple):
    """What a row says of the image that shows it."""

    image: Path
    woman: str
    laterality: Laterality
    view: str
    malignant: bool
    density: int | None
    assessment: int | None
    spacing: tuple[float, float] | None = None
    machine: str | None = None


def read_cbis_screening(
    folder: Path, advance: Callable[[], None] = lambda: None, *, tests: bool = False
) -> FoundScreening:
    """Every film of the published tables; a film of two tables, told by its pixels, is one image.

    Args:
        folder: Holds tables and image folders, at any depth.
        advance: Called after each row.
        tests: Whether only films of the test tables are taken, of women in no training table.

    Raises:
        UsageError: If no table is there, a cell has no meaning, lesions of a film disagree about it,
            or no film is there.
        RejectedInput: If a DICOM file is broken.
    """
    rows, folders = list(case_rows(folder)), folders_of(folder)
    trained = {row.cells[WOMAN] for row in rows if row.part == "training"} if tests else set()
    taken = [row for row in rows if row.cells[WOMAN] not in trained]
    lesions: list[_Lesion] = []
    for row in taken:
        lesions += _case(row, folders)
        advance()
    if not lesions:
        raise UsageError(
            f"none of the films of {len(taken)} lesions in the tables of {folder} is there: put tables "
            "and image folders such as Mass-Training_P_00001_LEFT_CC there"
        )
    same = same_films({one.image for one in lesions})
    left_out = {NO_FILM: len(taken) - len(lesions), TRAINED: len(rows) - len(taken)}
    return FoundScreening(
        _images(one._replace(image=same[one.image]) for one in lesions),
        {why: count for why, count in left_out.items() if count},
    )


def read_lesion_screening(table: Path) -> list[ScreeningImage]:
    """Every image of a table with the columns of `mammoscope.io.cbis.LESION_COLUMNS`.

    Raises:
        UsageError: If the table cannot be read, a cell has no meaning, rows of an image disagree about
            it, or an image is absent.
    """
    rows = zip(read_boxes(table), read_rows(table, ()), strict=True)
    return _images(within(table, line, partial(_boxed, box), row) for box, (line, row) in rows)


def _images(lesions: Iterable[_Lesion]) -> list[ScreeningImage]:
    """One record an image, in the order of women, sides and views."""
    by_image: dict[Path, list[_Lesion]] = defaultdict(list)
    for lesion in lesions:
        by_image[lesion.image].append(lesion)
    images = [_image(rows) for rows in by_image.values()]
    return sorted(images, key=lambda one: (one.woman, one.laterality, one.view, str(one.image)))


def _image(rows: Sequence[_Lesion]) -> ScreeningImage:
    """The category is that of all lesions: of those that differ none is the image's."""
    first = rows[0]
    about = {(row.woman, row.laterality, row.view, row.machine) for row in rows}
    if len(about) > 1:
        raise UsageError(
            "one woman, side, view and digitiser an image were expected, the table names "
            f"{len(about)} for one image: correct it"
        )
    grades = {row.assessment for row in rows}
    density = next((row.density for row in rows if row.density), None)
    return ScreeningImage(
        first.image, first.woman, DATASET, first.laterality, first.view,
        any(row.malignant for row in rows), "film", first.spacing,
        birads=grades.pop() if len(grades) == 1 else None,
        density=LETTERS[density - 1] if density else None, machine=first.machine,
    )  # fmt: skip


def _case(row: CaseRow, folders: Mapping[str, Path]) -> list[_Lesion]:
    """A lesion of the published tables; none where its film is absent."""

    def read(cells: Row) -> list[_Lesion]:
        place = folders.get(row.folder(FILM))
        density = next((cells[name] for name in DENSITY if name in cells), "")
        _, assessment = graded("", cells.get("assessment", ""))
        side, view = SIDES[cells["left or right breast"].upper()], VIEWS[cells["image view"].upper()]
        malignant, graded_density = _malignant(cells["pathology"]), density_of(density)
        return [
            _Lesion(film, cells[WOMAN], side, view, malignant, graded_density, assessment)
            for film in (dicoms(place)[:1] if place else ())
        ]

    return within(row.table, row.line, read, row.cells)


def _boxed(box: Boxed, cells: Row) -> _Lesion:
    return _Lesion(
        box.image, box.woman, box.laterality, box.view, _malignant(box.pathology), box.density,
        box.assessment, box.spacing, cells.get(DIGITISER, "").strip() or None,
    )  # fmt: skip


def _malignant(cell: str) -> bool:
    if (word := cell.strip().upper()) not in PATHOLOGIES:
        raise CellError(f"pathology should be {', '.join(PATHOLOGIES)}")
    return PATHOLOGIES[word] == "malignant"
