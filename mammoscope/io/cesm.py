"""CDD-CESM: low-energy images of contrast mammography, as published or with masks made of its outlines.

Which finding an outline is of the words for the image must tell (`mammoscope.io.cesm_words`); images
of which they cannot are left out and counted. No image has a spacing.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

from mammoscope.core import Laterality
from mammoscope.errors import UsageError
from mammoscope.io.annotations import by_key, read_mask
from mammoscope.io.cells import CellError, Row, broken, number, within
from mammoscope.io.cesm_outlines import Outline, parts, read_regions
from mammoscope.io.cesm_words import said, told
from mammoscope.io.findings import BoxedFinding, FindingsImage, FoundImages
from mammoscope.io.sheets import read_sheet
from mammoscope.io.tables import read_rows

DATASET: Final = "CDD-CESM"
PUBLISHED: Final[Mapping[str, str]] = {
    "woman": "Patient_ID", "side": "Side", "view": "View", "density": "Breast density (ACR)",
    "birads": "BIRADS", "findings": "Findings", "tags": "Tags",
    "pathology": "Pathology Classification/ Follow up", "age": "Age", "machine": "Machine",
}  # fmt: skip
"""Columns of the published sheet."""
MASKED: Final[Mapping[str, str]] = {
    "woman": "patient", "side": "laterality", "view": "view", "density": "density",
    "birads": "birads", "findings": "findings", "tags": "tags", "pathology": "pathology",
    "age": "age", "machine": "machine",
}  # fmt: skip
"""Columns of a table of images with masks."""
OPTIONAL: Final = ("age", "machine")
"""What a table need not have."""
SHEET: Final = "Radiology-manual-annotations"
OUTLINES: Final = "Radiology_hand_drawn_segmentations_v2"
LOW_ENERGY: Final = "DM"
SUFFIXES: Final = (".jpg", ".jpeg", ".png")
POINT: Final = "images with a point for an outline"
VIEWS: Final[Mapping[str, Literal["CC", "MLO"]]] = {"CC": "CC", "MLO": "MLO"}
SIDES: Final[Mapping[str, Laterality]] = {"L": "L", "R": "R"}
DENSITIES: Final[Mapping[str, int | None]] = {"": None, "A": 1, "B": 2, "C": 3, "D": 4}
PATHOLOGIES: Final[Mapping[str, Literal["benign", "malignant"] | None]] = {
    "normal": None, "benign": "benign", "malignant": "malignant",
}  # fmt: skip


class About(NamedTuple):
    """What a table says of an image.

    Attributes:
        woman: A pseudonym.
        laterality: Which breast.
        view: CC or MLO.
        density: BI-RADS density 1–4; None where the cell is empty.
        assessment: BI-RADS category 0–6; None where the cell is empty or has several.
        pathology: None where the image is normal.
        words: Of its findings, and its tags.
        age: Of the woman, in years; None where nobody says.
        machine: Number of the machine; empty where nobody says.
    """

    woman: str
    laterality: Laterality
    view: Literal["CC", "MLO"]
    density: int | None
    assessment: int | None
    pathology: Literal["benign", "malignant"] | None
    words: tuple[str, str]
    age: float | None
    machine: str


class Listed(NamedTuple):
    """An image that a table names.

    Attributes:
        image: Its file.
        outlines: The file of its mask; in the published layout, its name in the table of outlines.
        about: What the table says.
    """

    image: Path
    outlines: Path | str
    about: About


def read_masked(folder: Path) -> FoundImages:
    """The images of ``images.csv``, each with a mask of its outlines: columns image, mask and `MASKED`.

    Raises:
        UsageError: If the table cannot be read, a cell has no meaning, or a file is absent.
    """
    return _found((one, list(parts(read_mask(Path(one.outlines))))) for one in masked_images(folder))


def read_cesm(folder: Path) -> FoundImages:
    """The low-energy images of the published layout.

    Args:
        folder: Holds ``Radiology-manual-annotations.xlsx``, or its sheet of all images as .csv,
            ``Radiology_hand_drawn_segmentations_v2.csv`` and the images, at any depth.

    Raises:
        UsageError: If a table is absent or broken, or an image is absent.
        ExtraError: If the sheet is .xlsx and openpyxl is not installed.
    """
    outlines = _outlines(folder)
    return _found((one, outlines.get(str(one.outlines), [])) for one in low_energy_images(folder))


def masked_images(folder: Path) -> Iterator[Listed]:
    """What ``images.csv`` names, in its order.

    Raises:
        UsageError: If the table cannot be read, a cell has no meaning, or a file is absent.
    """
    table = folder / "images.csv"
    for line, row in read_rows(table, ("image", "mask", *_needed(MASKED))):
        image, mask = (folder / row[column] for column in ("image", "mask"))
        if not (image.is_file() and mask.is_file()):
            raise broken(table, line, "its image or its mask is no file")
        yield Listed(image, mask, within(table, line, lambda cells: _about(cells, MASKED), row))


def low_energy_images(folder: Path) -> list[Listed]:
    """Low-energy images that the published sheet names, in its order.

    Raises:
        UsageError: If the sheet is absent or broken, or an image is absent.
        ExtraError: If the sheet is .xlsx and openpyxl is not installed.
    """
    table = _table(folder, SHEET, (".csv", ".xlsx"))
    files = by_key(folder, SUFFIXES, lambda path: _key(path.name))
    images: list[Listed] = []
    absent: list[int] = []
    line = 0
    for line, row in read_sheet(table, ("Image_name", "Type", *_needed(PUBLISHED))):
        if row["Type"].strip().upper() != LOW_ENERGY:
            continue
        about = within(table, line, lambda cells: _about(cells, PUBLISHED), row)
        key = _key(row["Image_name"])
        if key in files:
            images.append(Listed(files[key], key, about))
        else:
            absent.append(line)
    if absent or not line:
        raise UsageError(
            f"expected the low-energy images of {table.name} below {folder}, {len(absent)} are missing "
            f"(the first: line {min(absent, default=1)}): add them"
        )
    return images


def _outlines(folder: Path) -> dict[str, list[Outline | None]]:
    outlines: dict[str, list[Outline | None]] = defaultdict(list)
    for name, outline in read_regions(_table(folder, OUTLINES, (".csv",))):
        outlines[_key(name)].append(outline)
    return outlines


def _found(listed: Iterable[tuple[Listed, Sequence[Outline | None]]]) -> FoundImages:
    images: list[FindingsImage] = []
    left_out = Counter[str]()
    for one, outlines in listed:
        taken = _image(one.image, one.about, outlines)
        if isinstance(taken, str):
            left_out[taken] += 1
        else:
            images.append(taken)
    return FoundImages(images, dict(left_out))


def _image(image: Path, about: About, outlines: Sequence[Outline | None]) -> FindingsImage | str:
    """An image with its findings, or why it is left out."""
    drawn = [one for one in outlines if one is not None]
    if len(drawn) < len(outlines):
        return POINT
    found = told(said(*about.words), drawn)
    if isinstance(found, str):
        return found
    kinds, boxes = found
    return FindingsImage(
        image, about.woman, DATASET, about.laterality, about.view, "processed",
        tuple(
            BoxedFinding(kinds, box, pathology=about.pathology, assessment=about.assessment)
            for box in boxes
        ), None, about.density,
    )  # fmt: skip


def _about(row: Row, columns: Mapping[str, str]) -> About:
    cells = {name: row.get(column, "").strip() for name, column in columns.items()}
    return About(
        f"cesm {int(number(cells['woman']))}", SIDES[cells["side"].upper()],
        VIEWS[cells["view"].upper()], DENSITIES[cells["density"].upper()], _birads(cells["birads"]),
        PATHOLOGIES[cells["pathology"].lower()], (cells["findings"], cells["tags"]),
        number(cells["age"]) if cells["age"] else None, cells["machine"],
    )  # fmt: skip


def _needed(columns: Mapping[str, str]) -> list[str]:
    return [column for name, column in columns.items() if name not in OPTIONAL]


def _birads(cell: str) -> int | None:
    """A category; None where the cell has one for each of several findings."""
    if not cell or "$" in cell:
        return None
    category = number(cell)
    if category not in range(7):
        raise CellError("BIRADS should be 0 to 6")
    return int(category)


def _table(folder: Path, name: str, suffixes: tuple[str, ...]) -> Path:
    """A table by the letters of its name, which copies of the set write with other signs between."""
    tables = by_key(folder, suffixes, lambda path: _letters(path.stem) + path.suffix.lower())
    for suffix in suffixes:
        for stem in (_letters(name), _letters(name).rstrip("v")):
            if stem + suffix in tables:
                return tables[stem + suffix]
    raise UsageError(f"no {name} ({' or '.join(suffixes)}) in {folder}: add the table of CDD-CESM")


def _letters(name: str) -> str:
    return re.sub("[^a-z]", "", name.lower())


def _key(name: str) -> str:
    """A file's name without folders, suffix and the blanks that some have before it."""
    stem = Path(name.strip()).name.lower()
    for suffix in SUFFIXES:
        stem = stem.removesuffix(suffix)
    return stem.strip()
