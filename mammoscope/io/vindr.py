"""VinDr-Mammo with the positioning labels that Tanyel et al. published for 2,000 of its images.

The table has two rows an image: the box of the nipple and the line of the pectoral muscle. Its
points are x to the right and y down; they are taken as (row, column) without a shift, as in the paper.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from mammoscope.core import Laterality, Point, Side
from mammoscope.errors import UsageError
from mammoscope.io.cells import CellError, Row, broken, literal, number, within
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
MOST_PIXELS: Final = 100_000
LARGEST_MM: Final = 5.0


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
    found = {} if images is None else images_of(images)
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


def images_of(images: Path) -> dict[str, Path]:
    """VinDr-Mammo's images of a folder at any depth, by their name in small letters.

    Raises:
        UsageError: If there is no such folder.
    """
    if not images.is_dir():
        raise UsageError(f"no folder {images}: name the folder that holds VinDr-Mammo's images")
    paths = sorted(images.rglob("*"), reverse=True)
    return {path.stem.lower(): path for path in paths if path.suffix.lower() in SUFFIXES}


def pseudonym(study: str) -> str:
    """Of the woman of a study: in VinDr-Mammo every study is another woman."""
    return hashlib.sha256(study.encode()).hexdigest()[:16]


def _key(row: Row) -> str:
    return row["SOPInstanceUID"].lower()


def _pairs(table: Path) -> list[tuple[_Label, _Label]]:
    """Nipple and line of each image, in the order of their first rows."""
    by_image: dict[str, dict[str, _Label]] = {}
    for label in _labels(table):
        of_image = by_image.setdefault(_key(label.row), {})
        name = label.row["labelName"]
        if name not in ("Nipple", "Pectoralis"):
            raise broken(table, label.line, "labelName should be Nipple or Pectoralis")
        if name in of_image:
            raise broken(
                table, label.line, f"a second {name} of one image (line {of_image[name].line})"
            )
        of_image[name] = label
        differing = _differing(label.row, (other.row for other in of_image.values()))
        if differing:
            raise broken(table, label.line, f"{differing} differs from the image's other row")
    for of_image in by_image.values():
        if len(of_image) < 2:
            ((name, label),) = of_image.items()
            raise broken(table, label.line, f"the image has a row for {name} alone")
    return [(of_image["Nipple"], of_image["Pectoralis"]) for of_image in by_image.values()]


def _differing(row: Row, others: Iterable[Row]) -> str:
    pairs = ((name, other) for other in others for name in OF_THE_IMAGE)
    return next((name for name, other in pairs if other[name] != row[name]), "")


def _labels(table: Path) -> Iterator[_Label]:
    for line, row in read_rows(table, COLUMNS):
        if empty := [column for column in COLUMNS if not row[column]]:
            raise broken(table, line, f"cells are empty or missing: {', '.join(empty)}")
        yield _Label(line, row)


def _record(table: Path, nipple: _Label, line: _Label) -> MarkedImage:
    row = nipple.row
    middle = within(table, nipple.line, _middle, row)
    upper, lower = within(table, line.line, _ends, line.row)
    about = within(table, nipple.line, _about, row)
    return MarkedImage(
        image=table.parent / "images" / row["StudyInstanceUID"] / f"{row['SOPInstanceUID']}.dicom",
        woman=pseudonym(row["StudyInstanceUID"]),
        dataset=DATASET,
        view="MLO",
        kind="processed",
        points={"nipple": middle, "pectoral upper": upper, "pectoral lower": lower},
        chest_wall=_chest_wall(middle, upper, lower),
        device=row["ManufacturerModelName"],
        **about,
    )


def _about(row: Row) -> dict[str, Any]:
    steps = spacing_of(row["ImagerPixelSpacing"])
    if row["SeriesDescription"] not in SERIES or row["qualitativeLabel"] not in VERDICTS:
        raise CellError("SeriesDescription should be L-MLO or R-MLO, qualitativeLabel Good or Bad")
    if row["Split"].lower() not in SPLITS:
        raise CellError("Split should be Train, Validation or Test")
    return {
        "shape": (_pixels(row["height"]), _pixels(row["width"])),
        "spacing_mm": steps,
        "laterality": SERIES[row["SeriesDescription"]],
        "verdict": VERDICTS[row["qualitativeLabel"]],
        "split": row["Split"].lower(),
    }


def spacing_of(text: str) -> tuple[float, float]:
    """ImagerPixelSpacing as tables write it: behind a backslash, escaped or not, or as a list.

    Raises:
        CellError: If it is not two sizes in mm.
    """
    steps = [number(part) for part in re.findall(r"[^\s\[\]',\\]+", text)]
    if len(steps) != 2 or not all(0 < step < LARGEST_MM for step in steps):
        raise CellError("ImagerPixelSpacing should be two sizes in mm")
    return steps[0], steps[1]


def _pixels(text: str) -> int:
    count = number(text)
    if count != int(count) or not 0 < count <= MOST_PIXELS:
        raise CellError("height and width should be whole numbers of pixels")
    return int(count)


def _middle(row: Row) -> Point:
    said = _data(row)
    x, y, width, height = (number(said[key]) for key in ("x", "y", "width", "height"))
    return y + height / 2, x + width / 2


def _ends(row: Row) -> tuple[Point, Point]:
    points = [(number(y), number(x)) for x, y in _data(row)["vertices"]]
    upper, lower = min(points, default=None), max(points, default=None)
    if upper is None or lower is None or upper == lower:
        raise CellError("a pectoral line needs two different vertices")
    return upper, lower


def _data(row: Row) -> Mapping[str, Any]:
    said = literal(row["data"], "a box or vertices in braces")
    if not isinstance(said, dict):
        raise CellError("expected a box or vertices in braces")
    return said


def _chest_wall(nipple: Point, upper: Point, lower: Point) -> Side:
    """The nipple lies before the muscle, at whatever height."""
    return "left" if nipple[1] > (upper[1] + lower[1]) / 2 else "right"
