"""VinDr-Mammo with the positioning labels that Tanyel et al. published for 2,000 of its images.

The table has two rows an image: the box of the nipple and the line of the pectoral muscle. Its
points are x to the right and y down; they are taken as (row, column) without a shift, as in the paper.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple, TypeVar

from mammoscope.core import Laterality, Point, Side
from mammoscope.errors import UsageError
from mammoscope.io.marks import MarkedImage
from mammoscope.io.tables import read_rows

DATASET: Final = "VinDr-Mammo"
COLUMNS: Final = (
    "StudyInstanceUID", "SOPInstanceUID", "labelName", "data", "qualitativeLabel", "height", "width",
    "SeriesDescription", "ImagerPixelSpacing", "ManufacturerModelName", "Split",
)  # fmt: skip
OF_THE_IMAGE: Final = tuple(name for name in COLUMNS if name not in ("labelName", "data"))
SUFFIXES: Final = (".dicom", ".dcm")
VERDICTS: Final[Mapping[str, Literal["good", "poor"]]] = {"Good": "good", "Bad": "poor"}
SPLITS: Final = ("train", "validation", "test")
SERIES: Final[Mapping[str, Laterality]] = {"L-MLO": "L", "R-MLO": "R"}
MOST_LETTERS: Final = 4096
MOST_PIXELS: Final = 100_000
LARGEST_MM: Final = 5.0

Row = Mapping[str, str]
Said = TypeVar("Said")


class _Label(NamedTuple):
    line: int
    row: Row


def read_positioning_labels(table: Path, images: Path | None = None) -> list[MarkedImage]:
    """The images of the published ``positioning_labels.csv``.

    The nipple is the middle of its box; the pectoral line runs from the topmost to the bottommost
    vertex; the chest wall is the side of the line that the nipple is not on.

    Args:
        table: The labels; columns beside `COLUMNS` are ignored.
        images: VinDr-Mammo's folder: ``images/<study>/<image>.dicom``, found at any depth. None:
            pixels are not needed, and no image is looked for.

    Raises:
        UsageError: If the table cannot be read, a row is broken, or an image is absent. Messages
            name lines of the table, never an image.
    """
    found = {} if images is None else _files(images)
    pairs = _pairs(table)
    records = [_record(table, *pair) for pair in pairs]
    if images is None:
        return records
    absent = [nipple.line for nipple, _ in pairs if _key(nipple.row) not in found]
    if absent:
        raise UsageError(
            f"expected images/<study>/<image>.dicom below {images} for {len(records)} images of "
            f"{table.name}, {len(absent)} are missing (the first: line {absent[0]}): add them"
        )
    return [
        MarkedImage(**vars(record) | {"image": found[_key(nipple.row)]})
        for record, (nipple, _) in zip(records, pairs, strict=True)
    ]


def _files(images: Path) -> dict[str, Path]:
    if not images.is_dir():
        raise UsageError(f"no folder {images}: name the folder that holds VinDr-Mammo's images")
    paths = sorted(images.rglob("*"), reverse=True)
    return {path.stem.lower(): path for path in paths if path.suffix.lower() in SUFFIXES}


def _key(row: Row) -> str:
    return row["SOPInstanceUID"].lower()


def _pairs(table: Path) -> list[tuple[_Label, _Label]]:
    """Nipple and line of each image, in the order of their first rows."""
    by_image: dict[str, dict[str, _Label]] = {}
    for label in _labels(table):
        of_image = by_image.setdefault(_key(label.row), {})
        name = label.row["labelName"]
        if name not in ("Nipple", "Pectoralis"):
            raise _broken(table, label.line, "labelName should be Nipple or Pectoralis")
        if name in of_image:
            raise _broken(
                table, label.line, f"a second {name} of one image (line {of_image[name].line})"
            )
        of_image[name] = label
        differing = _differing(label.row, (other.row for other in of_image.values()))
        if differing:
            raise _broken(table, label.line, f"{differing} differs from the image's other row")
    for of_image in by_image.values():
        if len(of_image) < 2:
            ((name, label),) = of_image.items()
            raise _broken(table, label.line, f"the image has a row for {name} alone")
    return [(of_image["Nipple"], of_image["Pectoralis"]) for of_image in by_image.values()]


def _differing(row: Row, others: Iterable[Row]) -> str:
    pairs = ((name, other) for other in others for name in OF_THE_IMAGE)
    return next((name for name, other in pairs if other[name] != row[name]), "")


def _labels(table: Path) -> Iterator[_Label]:
    for line, row in read_rows(table, COLUMNS):
        if empty := [column for column in COLUMNS if not row[column]]:
            raise _broken(table, line, f"cells are empty or missing: {', '.join(empty)}")
        yield _Label(line, row)


def _record(table: Path, nipple: _Label, line: _Label) -> MarkedImage:
    middle = _within(table, nipple, _middle)
    upper, lower = _within(table, line, _ends)
    row = nipple.row
    about = _within(table, nipple, _about)
    return MarkedImage(
        image=table.parent / "images" / row["StudyInstanceUID"] / f"{row['SOPInstanceUID']}.dicom",
        woman=hashlib.sha256(row["StudyInstanceUID"].encode()).hexdigest()[:16],
        dataset=DATASET,
        view="MLO",
        kind="processed",
        points={"nipple": middle, "pectoral upper": upper, "pectoral lower": lower},
        chest_wall=_chest_wall(middle, upper, lower),
        device=row["ManufacturerModelName"],
        **about,
    )


def _within(table: Path, label: _Label, read: Callable[[Row], Said]) -> Said:
    """What a row says; an error names the line."""
    try:
        return read(label.row)
    except (KeyError, TypeError, ValueError, ArithmeticError, RecursionError) as error:
        said = error.args[0] if isinstance(error, _CellError) else "a cell without meaning"
        raise _broken(table, label.line, said) from None


class _CellError(ValueError):
    """A cell that says something else than its column means."""


def _broken(table: Path, line: int, why: str) -> UsageError:
    return UsageError(f"{table.name}, line {line}: {why}; correct it or take the published table")


def _about(row: Row) -> dict[str, Any]:
    steps = [_number(text) for text in re.split(r"\\+", row["ImagerPixelSpacing"])]
    if len(steps) != 2 or not all(0 < step < LARGEST_MM for step in steps):
        raise _CellError("ImagerPixelSpacing should be two sizes in mm")
    if row["SeriesDescription"] not in SERIES or row["qualitativeLabel"] not in VERDICTS:
        raise _CellError("SeriesDescription should be L-MLO or R-MLO, qualitativeLabel Good or Bad")
    if row["Split"].lower() not in SPLITS:
        raise _CellError("Split should be Train, Validation or Test")
    return {
        "shape": (_pixels(row["height"]), _pixels(row["width"])),
        "spacing_mm": tuple(steps),
        "laterality": SERIES[row["SeriesDescription"]],
        "verdict": VERDICTS[row["qualitativeLabel"]],
        "split": row["Split"].lower(),
    }


def _pixels(text: str) -> int:
    count = _number(text)
    if count != int(count) or not 0 < count <= MOST_PIXELS:
        raise _CellError("height and width should be whole numbers of pixels")
    return int(count)


def _middle(row: Row) -> Point:
    said = _data(row)
    x, y, width, height = (_number(said[key]) for key in ("x", "y", "width", "height"))
    return y + height / 2, x + width / 2


def _ends(row: Row) -> tuple[Point, Point]:
    points = [(_number(y), _number(x)) for x, y in _data(row)["vertices"]]
    upper, lower = min(points, default=None), max(points, default=None)
    if upper is None or lower is None or upper == lower:
        raise _CellError("a pectoral line needs two different vertices")
    return upper, lower


def _data(row: Row) -> Mapping[str, Any]:
    """A dict of numbers as Python writes it: JSON but for its quotes; nothing is evaluated."""
    text = row["data"]
    if len(text) > MOST_LETTERS:
        raise _CellError(f"data of more than {MOST_LETTERS} letters")
    try:
        said = json.loads(text.replace("'", '"'))
    except (ValueError, RecursionError):
        raise _CellError("data should be a box or vertices in braces") from None
    if not isinstance(said, dict):
        raise _CellError("data should be a box or vertices in braces")
    return said


def _number(value: str | int | float) -> float:
    number = math.nan if isinstance(value, bool) else float(value)
    if not math.isfinite(number):
        raise _CellError("a number was expected")
    return number


def _chest_wall(nipple: Point, upper: Point, lower: Point) -> Side:
    """The nipple lies before the muscle, at whatever height."""
    return "left" if nipple[1] > (upper[1] + lower[1]) / 2 else "right"
