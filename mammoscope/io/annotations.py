"""Images whose breast and pectoral muscle somebody outlined: typed records of any data set.

Three doors: a table (`read_records`), masks beside images (`masks_beside`), and the public data
sets in the layout in which their sources publish them (`mammoscope.io.inbreast`,
`mammoscope.io.mias`).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

import cv2
import numpy as np
from jaxtyping import UInt8, UInt16

from mammoscope.core import CLASSES, About
from mammoscope.errors import UsageError
from mammoscope.io.names import from_path
from mammoscope.io.reader import Reader
from mammoscope.io.sources import RASTER_SUFFIXES, Source
from mammoscope.io.tables import read_rows

OURS: Final[Mapping[int, int]] = {number: number for number in range(len(CLASSES))}
IMAGES: Final = (*RASTER_SUFFIXES, ".dcm", ".dicom")
SUFFIX: Final = "_mask"
COLUMNS: Final = ("image", "mask", "woman", "dataset", "view", "kind", "spacing_mm")

Truth = Literal["mask", "pectoral contour"]
RecordKind = Literal["processed", "raw", "film"]
RecordView = Literal["CC", "MLO", ""]
KINDS: Final[Mapping[str, RecordKind]] = {"processed": "processed", "raw": "raw", "film": "film"}
VIEWS: Final[Mapping[str, RecordView]] = {"CC": "CC", "MLO": "MLO", "": ""}


@dataclass(frozen=True)
class SegmentationRecord:
    """One image and where its outlines are.

    Attributes:
        image: The mammogram.
        truth: The mask, or the file with the contour of the muscle.
        woman: Who it shows, as a pseudonym: sets are split by her.
        dataset: Vendor or data set: the unit of leave-one-out.
        view: CC, MLO, or empty where unknown.
        kind: For presentation, for processing, or digitised film.
        spacing_mm: Size of a pixel; None: the image's header says, or nobody.
        says: Whether `truth` is a mask, or the contour of the muscle alone.
        mapping: Our classes by those of the mask.
    """

    image: Path
    truth: Path
    woman: str
    dataset: str
    view: RecordView = ""
    kind: RecordKind = "processed"
    spacing_mm: float | None = None
    says: Truth = "mask"
    mapping: tuple[tuple[int, int], ...] = tuple(OURS.items())


def masks_beside(
    images: Path,
    masks: Path,
    dataset: str,
    mapping: Mapping[int, int] = OURS,
    kind: RecordKind = "processed",
    spacing_mm: float | None = None,
) -> list[SegmentationRecord]:
    """Images and masks of the same stem, in one folder or two, at any depth.

    A DICOM header tells woman, view and whether an image is raw; where it does not, and for
    pictures, the file's name does as `mammoscope.io.names` reads it. A PatientID that all images
    share, as after anonymisation, tells nobody apart. Who is not told is a woman of her own.

    Args:
        images: Folder of the images.
        masks: Folder of the masks; may be the same where masks end in ``_mask``.
        dataset: What the set is called.
        mapping: Our classes by those of the masks.
        kind: Of all images that no header calls raw.
        spacing_mm: Of all images, where known.

    Raises:
        UsageError: If a folder is absent, an image has no mask, or two files share a stem.
        InputError: If a DICOM header is broken.
    """
    found, by_stem = _found(images, masks)
    if not found:
        raise UsageError(f"no images in {images}: expected are files ending in {', '.join(IMAGES)}")
    check_complete(f"{dataset}: masks", found, by_stem)
    pairs = tuple(mapping.items())
    records = [
        SegmentationRecord(path, by_stem[stem], stem, dataset, "", kind, spacing_mm, "mask", pairs)
        for stem, path in sorted(found.items())
    ]
    headers = _headers(record.image for record in records)
    several = len({about.patient for about in headers.values()}) > 1
    return [_told(record, headers.get(record.image), several) for record in records]


def read_records(table: Path) -> list[SegmentationRecord]:
    """A CSV table with the columns of `COLUMNS`; paths are relative to the table.

    Raises:
        UsageError: If columns are missing, a file is absent, or a cell has no meaning.
    """
    return [_row(row, table, line) for line, row in read_rows(table, COLUMNS)]


def read_labels(record: SegmentationRecord) -> UInt8[np.ndarray, "rows columns"]:
    """A mask with our classes, at the resolution of its file.

    Raises:
        UsageError: If it is no picture of one channel, or holds a class that the mapping lacks.
    """
    stored = read_mask(record.truth)
    name = record.truth.name
    mapping = dict(record.mapping)
    odd = sorted(set(np.unique(stored).tolist()) - set(mapping))
    if odd:
        raise UsageError(
            f"{name} holds the classes {odd[:5]}, the mapping has {sorted(mapping)}: give another"
        )
    labels = np.zeros(stored.shape, np.uint8)
    for theirs, ours in mapping.items():
        labels[stored == theirs] = ours
    return labels


def read_mask(path: Path) -> UInt8[np.ndarray, "rows columns"] | UInt16[np.ndarray, "rows columns"]:
    """A mask's own numbers.

    Raises:
        UsageError: If it is no picture of one channel.
    """
    data = np.frombuffer(path.read_bytes(), np.uint8)
    stored = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if data.size else None
    if stored is None or stored.ndim != 2:
        raise UsageError(f"{path.name}: a mask is a picture of one channel, one number for each class")
    return stored


def by_key(folder: Path, suffixes: Iterable[str], key: Callable[[Path], str]) -> dict[str, Path]:
    """Files of a folder at any depth, by a key of theirs.

    Raises:
        UsageError: If the folder is absent, or two files have one key.
    """
    if not folder.is_dir():
        raise UsageError(f"no folder {folder}: name the folder that holds the data set")
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in suffixes and not path.name.startswith("."):
            if (name := key(path)) in found:
                raise UsageError(f"two files are called {name} in {folder}: keep one")
            found[name] = path
    return found


def check_complete(what: str, wanted: Iterable[str], found: Iterable[str]) -> None:
    """Say precisely what is missing.

    Raises:
        UsageError: If something is.
    """
    absent = sorted(set(wanted) - set(found))
    if absent:
        some = ", ".join(absent[:5]) + (f" and {len(absent) - 5} more" if len(absent) > 5 else "")
        raise UsageError(f"{what} are missing for {len(absent)} images: {some}")


def _found(images: Path, masks: Path) -> tuple[dict[str, Path], dict[str, Path]]:
    """Images and masks by stem; in one folder, masks are what ends in ``_mask``."""
    found = by_key(images, IMAGES, _stem)
    if images.resolve() == masks.resolve():
        found = {stem: path for stem, path in found.items() if not stem.endswith(SUFFIX)}
    own = set(found.values())
    by_stem = by_key(
        masks,
        RASTER_SUFFIXES,
        lambda path: str(path) if path in own else _stem(path).removesuffix(SUFFIX),
    )
    return found, by_stem


def _stem(path: Path) -> str:
    return path.stem.lower()


def _headers(images: Iterable[Path]) -> dict[Path, About]:
    with Reader() as reader:
        return {
            path: reader.about(Source(path.name, path))
            for path in images
            if path.suffix.lower() not in RASTER_SUFFIXES
        }


def _told(record: SegmentationRecord, about: About | None, apart: bool) -> SegmentationRecord:
    """A record with what name and header tell; `apart`: headers tell women apart."""
    named = from_path(str(record.image))
    woman, view = named.patient or record.woman, named.view
    if about is None:
        return replace(record, woman=woman, view=VIEWS.get(view or "", ""))
    return replace(
        record,
        woman=(about.patient if apart else "") or woman,
        view=VIEWS.get(about.view.value if about.view else "", ""),
        kind="raw" if about.kind == "for processing" else record.kind,
    )


def _row(row: Mapping[str, str], table: Path, line: int) -> SegmentationRecord:
    where = f"{table.name}, line {line}"
    image, mask = (table.parent / row[column] for column in ("image", "mask"))
    for path in (image, mask):
        if not path.is_file():
            raise UsageError(f"{where}: no file {path.name}; paths are relative to the table")
    if not row["woman"] or not row["dataset"]:
        raise UsageError(f"{where}: woman and dataset must not be empty, sets are split by them")
    kind, view = KINDS.get(row["kind"] or "processed"), VIEWS.get(row["view"].upper())
    if kind is None:
        raise UsageError(f"{where}: kind is processed, raw or film, got {row['kind']!r}")
    if view is None:
        raise UsageError(f"{where}: view is CC, MLO or empty, got {row['view']!r}")
    try:
        spacing = float(row["spacing_mm"]) if row["spacing_mm"] else None
    except ValueError:
        spacing = -1.0
    if spacing is not None and not 0 < spacing < 10:
        raise UsageError(f"{where}: spacing_mm is a size of a pixel in mm, got {row['spacing_mm']!r}")
    return SegmentationRecord(image, mask, row["woman"], row["dataset"], view, kind, spacing)
