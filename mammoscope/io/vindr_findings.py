"""VinDr-Mammo 1.0.0 with the boxes of its findings, as its authors publish it.

``finding_annotations.csv`` has a row a finding, or one row without a box for an image that has none;
``breast-level_annotations.csv`` repeats what is known of each image, ``metadata.csv`` holds header
fields. Edges of boxes count from the image's outer edge, x to the right and y down.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal, NamedTuple

from mammoscope.core import Laterality
from mammoscope.core.findings import FINDINGS, FindingKind
from mammoscope.errors import UsageError
from mammoscope.io.annotations import by_key
from mammoscope.io.cells import CellError, Row, broken, literal, number, within
from mammoscope.io.findings import BoxedFinding, FindingsImage
from mammoscope.io.tables import read_rows
from mammoscope.io.vindr import DATASET, images_of, pseudonym, spacing_of
from mammoscope.scores.boxes import Box

FINDINGS_TABLE: Final = "finding_annotations"
BREASTS_TABLE: Final = "breast-level_annotations"
METADATA_TABLE: Final = "metadata"
OF_THE_IMAGE: Final = (
    "study_id", "image_id", "laterality", "view_position", "height", "width", "breast_density", "split",
)  # fmt: skip
EDGES: Final = ("xmin", "ymin", "xmax", "ymax")
COLUMNS: Final = (*OF_THE_IMAGE, "finding_categories", "finding_birads", *EDGES)
NO_FINDING: Final = "no finding"
KINDS: Final[Mapping[str, FindingKind]] = {kind: kind for kind in FINDINGS}
VIEWS: Final[Mapping[str, Literal["CC", "MLO"]]] = {"CC": "CC", "MLO": "MLO"}
SIDES: Final[Mapping[str, Laterality]] = {"L": "L", "R": "R"}
PARTS: Final[Mapping[str, Literal["training", "test"]]] = {"training": "training", "test": "test"}
DENSITIES: Final = {f"DENSITY {letter}": grade for grade, letter in enumerate("ABCD", start=1)}
SPACING: Final = "imagerpixelspacing"
MAGNIFICATION: Final = "estimatedradiographicmagnificationfactor"
UID: Final = "sopinstanceuid"
MOST_MAGNIFICATION: Final = 3.0


class _Line(NamedTuple):
    line: int
    row: Row


def read_vindr_findings(folder: Path) -> list[FindingsImage]:
    """Every image in the table's order, with its findings; none where the table says No Finding.

    Spacing is that of ``metadata.csv``, over the magnification factor where that has one; None where
    there is no such table, and the image's header says it.

    Args:
        folder: Holds the tables and ``images/<study>/<image>.dicom``, at any depth.

    Raises:
        UsageError: If a table is absent or broken, tables contradict each other, or an image is
            absent. Messages name lines of a table, never an image.
    """
    tables = by_key(folder, (".csv",), lambda path: path.stem.lower())
    if FINDINGS_TABLE not in tables:
        raise UsageError(f"no {FINDINGS_TABLE}.csv in {folder}: add the table of VinDr-Mammo 1.0.0")
    table = tables[FINDINGS_TABLE]
    images = _by_image(table)
    if BREASTS_TABLE in tables:
        _check_breasts(tables[BREASTS_TABLE], images)
    found = images_of(folder)
    absent = [lines[0].line for image, lines in images.items() if image not in found]
    if absent:
        raise UsageError(
            f"expected images/<study>/<image>.dicom below {folder} for {len(images)} images of "
            f"{table.name}, {len(absent)} are missing (the first: line {absent[0]}): add them"
        )
    steps = _spacings(tables[METADATA_TABLE]) if METADATA_TABLE in tables else {}
    return [_image(table, lines, found[image], steps.get(image)) for image, lines in images.items()]


def categories(text: str) -> tuple[FindingKind, ...]:
    """A cell of ``finding_categories``; nothing for No Finding.

    Raises:
        CellError: If it is no list of VinDr-Mammo's words.

    Example:
        >>> categories("['Suspicious Lymph Node', 'Mass']")
        ('suspicious lymph node', 'mass')
    """
    words = literal(text, "finding_categories, a list of words in brackets")
    if not isinstance(words, list) or not words or not all(isinstance(one, str) for one in words):
        raise CellError("finding_categories should be a list of words in brackets")
    said = [word.strip().lower() for word in words]
    if said == [NO_FINDING]:
        return ()
    if odd := [word for word in said if word not in KINDS]:
        raise CellError(
            f"finding_categories are {', '.join(FINDINGS)}, or No Finding alone; got {odd[0][:40]!r}"
        )
    if len(set(said)) < len(said):
        raise CellError("finding_categories names one twice")
    return tuple(KINDS[word] for word in said)


def _by_image(table: Path) -> dict[str, list[_Line]]:
    images: dict[str, list[_Line]] = {}
    for line, row in read_rows(table, COLUMNS):
        if empty := [column for column in (*OF_THE_IMAGE, "finding_categories") if not row[column]]:
            raise broken(table, line, f"cells are empty or missing: {', '.join(empty)}")
        lines = images.setdefault(row["image_id"].lower(), [])
        differing = [name for name in OF_THE_IMAGE if lines and lines[0].row[name] != row[name]]
        if differing:
            raise broken(table, line, f"{differing[0]} differs from line {lines[0].line}, same image")
        lines.append(_Line(line, row))
    return images


def _check_breasts(table: Path, images: Mapping[str, Sequence[_Line]]) -> None:
    """Both tables name the same images and say the same of them."""
    named = set()
    for line, row in read_rows(table, OF_THE_IMAGE):
        image = row["image_id"].lower()
        named.add(image)
        if image not in images:
            raise broken(table, line, f"its image has no row in {FINDINGS_TABLE}.csv")
        other = images[image][0]
        if differing := [name for name in OF_THE_IMAGE if row[name] != other.row[name]]:
            raise broken(
                table, line, f"{differing[0]} differs from {FINDINGS_TABLE}.csv, line {other.line}"
            )
    if unnamed := len(set(images) - named):
        raise UsageError(
            f"{table.name} lacks {unnamed} of {len(images)} images of {FINDINGS_TABLE}.csv: take both "
            "tables of one version"
        )


def _image(
    table: Path, lines: Sequence[_Line], image: Path, spacing: tuple[float, float] | None
) -> FindingsImage:
    first = lines[0]
    findings = [within(table, line.line, _finding, line.row) for line in lines]
    if None in findings and len(findings) > 1:
        raise broken(table, first.line, "No Finding, and another row of the same image")
    boxed = tuple(finding for finding in findings if finding is not None)

    def read(row: Row) -> FindingsImage:
        return FindingsImage(
            image, pseudonym(row["study_id"]), DATASET, SIDES[row["laterality"]],
            VIEWS[row["view_position"]], "processed", boxed, spacing,
            DENSITIES[row["breast_density"].strip().upper()], PARTS[row["split"].lower()],
        )  # fmt: skip

    return within(table, first.line, read, first.row)


def _finding(row: Row) -> BoxedFinding | None:
    """A row's finding; None for No Finding."""
    kinds = categories(row["finding_categories"])
    stated = [row[edge] for edge in EDGES if row[edge]]
    if bool(kinds) != bool(stated):
        raise CellError("a finding has a box, No Finding has none")
    return BoxedFinding(kinds, _box(row), assessment=_birads(row["finding_birads"])) if kinds else None


def _box(row: Row) -> Box:
    """Edges as points, cut at the image's edges."""
    left, top, right, bottom = (number(row[edge]) for edge in EDGES)
    if not (left < right and top < bottom):
        raise CellError("xmin < xmax and ymin < ymax were expected")
    height, width = number(row["height"]), number(row["width"])
    top, bottom = max(top, 0.0), min(bottom, height)
    left, right = max(left, 0.0), min(right, width)
    if not (left < right and top < bottom):
        raise CellError("the box lies outside the image")
    return top - 0.5, left - 0.5, bottom - 0.5, right - 0.5


def _birads(text: str) -> int | None:
    if not text:
        return None
    match = re.fullmatch(r"BI-RADS ([0-6])", text.strip().upper())
    if match is None:
        raise CellError("finding_birads should be BI-RADS 0 to 6, or empty")
    return int(match.group(1))


def _spacings(table: Path) -> dict[str, tuple[float, float]]:
    """By image, where the header told it."""
    found = {}
    for line, row in _header_fields(table):
        if row.get(SPACING):
            found[row[UID].lower()] = within(table, line, _spacing, row)
    return found


def _header_fields(table: Path) -> Iterator[tuple[int, Row]]:
    """Rows by the keywords of their columns: the names of attributes in small letters alone."""
    for line, row in read_rows(table, ()):
        fields = {re.sub("[^a-z]", "", name.lower()): cell or "" for name, cell in row.items() if name}
        if UID not in fields:
            raise UsageError(f"{table.name} lacks the column SOP Instance UID: add it")
        yield line, fields


def _spacing(row: Row) -> tuple[float, float]:
    rows, columns = spacing_of(row[SPACING])
    factor = number(row[MAGNIFICATION]) if row.get(MAGNIFICATION) else 1.0
    if not 1 <= factor <= MOST_MAGNIFICATION:
        raise CellError(f"a magnification should be 1 to {MOST_MAGNIFICATION:g}")
    return rows / factor, columns / factor
