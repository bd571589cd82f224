"""Images whose landmarks somebody marked: typed records of any data set.

`read_marks` reads a table as it was made for this project; `mammoscope.io.vindr` reads the published
labels of VinDr-Mammo.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from mammoscope.core import LandmarkName, Laterality, Point, Side
from mammoscope.errors import UsageError
from mammoscope.io.annotations import RecordKind
from mammoscope.io.names import from_path
from mammoscope.io.tables import read_rows

COLUMNS: Final = (
    "image", "set", "view", "rows", "columns", "reading", "chest_wall", "nipple_row",
    "nipple_column", "nipple_in_profile", "pectoral_upper_row", "pectoral_upper_column",
    "pectoral_lower_row", "pectoral_lower_column", "nipple_quality", "pectoral_quality",
)  # fmt: skip
LARGEST_MM: Final = 5.0
MARKED: Final[tuple[LandmarkName, ...]] = ("nipple", "pectoral upper", "pectoral lower")
SIDES: Final[Mapping[str, Side]] = {"left": "left", "right": "right"}
VIEWS: Final[Mapping[str, Literal["CC", "MLO"]]] = {"CC": "CC", "MLO": "MLO"}


@dataclass(frozen=True)
class MarkedImage:
    """One image and what was marked on it.

    Attributes:
        image: The mammogram; relative names are of the table's folder. It may be absent where
            only the labels are used.
        woman: Who it shows, as a pseudonym: sets are split by her.
        dataset: Name of the data set.
        view: CC or MLO.
        kind: For presentation, for processing, or digitised film.
        shape: Rows and columns of the image that was marked.
        points: (row, column) in that image; None: looked for and not seen; absent: not looked for.
        quality: 1 sure, 2 fair, 3 guess, by landmark.
        in_profile: Whether the nipple is in profile; None where nobody says.
        chest_wall: The side seen in the pixels; None where nobody says.
        spacing_mm: Rows and columns of a pixel in mm; None where unknown.
        laterality: Which breast; None where nobody says, or the pixels contradict.
        split: ``train``, ``validation``, ``test``, or empty.
        verdict: A reader's word: ``good``, ``poor``, or empty.
        device: Model of the machine; empty where unknown.
        reading: 1, and 2 where the same image was marked again.
    """

    image: Path
    woman: str
    dataset: str
    view: Literal["CC", "MLO"]
    kind: RecordKind
    shape: tuple[int, int]
    points: Mapping[LandmarkName, Point | None]
    quality: Mapping[LandmarkName, int] = field(default_factory=dict)
    in_profile: bool | None = None
    chest_wall: Side | None = None
    spacing_mm: tuple[float, float] | None = None
    laterality: Laterality | None = None
    split: str = ""
    verdict: Literal["good", "poor", ""] = ""
    device: str = ""
    reading: int = 1


def read_marks(table: Path, images: Path | None = None) -> list[MarkedImage]:
    """A CSV table with the columns of `COLUMNS`, and ``spacing_mm`` where somebody knows it.

    Args:
        table: The marks.
        images: The folder that the images' names are relative to; None: the table's.

    Raises:
        UsageError: If the table cannot be read, columns are missing or a cell has no meaning.
    """
    folder = images or table.parent
    return [_marked(row, table, folder, line) for line, row in read_rows(table, COLUMNS)]


def first_readings(records: Iterable[MarkedImage]) -> list[MarkedImage]:
    """One record an image: its first reading."""
    kept: dict[Path, MarkedImage] = {}
    for record in sorted(records, key=lambda record: record.reading):
        kept.setdefault(record.image, record)
    return list(kept.values())


def _marked(row: Mapping[str, str], table: Path, folder: Path, line: int) -> MarkedImage:
    try:
        return _read(row, folder)
    except (KeyError, ValueError) as error:
        raise UsageError(f"{table.name}, line {line}: a cell without meaning: {error}") from error


def _read(row: Mapping[str, str], folder: Path) -> MarkedImage:
    view = VIEWS[row["view"]]
    wanted = MARKED if view == "MLO" or row["pectoral_upper_row"] else MARKED[:1]
    qualities = {
        name: row[f"{name.split()[0]}_quality"] for name in wanted if _point(row, name) is not None
    }
    name = from_path(row["image"])
    return MarkedImage(
        image=folder / row["image"],
        woman=f"{row['set']} {name.patient or Path(row['image']).stem.split('_')[0]}",
        dataset=row["set"],
        view=view,
        kind="film" if row["set"].startswith("cbis") else "processed",
        shape=(int(row["rows"]), int(row["columns"])),
        points={name: _point(row, name) for name in wanted},
        quality={name: int(quality) for name, quality in qualities.items() if quality},
        in_profile={"yes": True, "no": False, "": None}[row["nipple_in_profile"]],
        chest_wall=SIDES.get(row["chest_wall"]),
        spacing_mm=_spacing(row.get("spacing_mm", "")),
        reading=int(row["reading"]),
    )


def _spacing(cell: str) -> tuple[float, float] | None:
    step = float(cell) if cell else None
    if step is not None and not 0 < step < LARGEST_MM:
        raise ValueError("spacing_mm is the size of a pixel in mm")
    return None if step is None else (step, step)


def _point(row: Mapping[str, str], name: str) -> Point | None:
    cells = [row[f"{name.replace(' ', '_')}_{axis}"] for axis in ("row", "column")]
    return (float(cells[0]), float(cells[1])) if all(cells) else None
