"""INbreast as its authors publish it: DICOM files, a table, contours of the pectoral muscle.

``AllDICOMs/<id>_<hash>_MG_<L|R>_<CC|ML>_ANON.dcm``, ``INbreast.csv`` with semicolons, and
``PectoralMuscle/Pectoral Muscle XML/<id>_muscle.xml``, a property list. Folders may lie deeper
and letters be of either case.
"""

import csv
import plistlib
import re
from pathlib import Path
from typing import Any, Final
from xml.parsers.expat import ExpatError

import numpy as np
from jaxtyping import Float

from mammoscope.errors import UsageError
from mammoscope.io.annotations import SegmentationRecord, by_key

DATASET: Final = "INbreast"
NAME: Final = re.compile(r"(\d+)_([0-9a-f]+)_MG_([LR])_(CC|ML)_ANON\.dcm", re.IGNORECASE)
MUSCLE: Final = re.compile(r"(\d+)_muscle\.xml", re.IGNORECASE)
COLUMNS: Final = ("File Name", "Laterality", "View")
POINT: Final = re.compile(r"\(?\s*([-+.\deE]+)\s*,\s*([-+.\deE]+)\s*\)?")


def read_inbreast(folder: Path) -> list[SegmentationRecord]:
    """One record for each image whose muscle was outlined, which is MLO images.

    ML in the names means MLO. The woman is the hash in the file's name. The table is checked
    against the names; an image that it does not list is refused.

    Raises:
        UsageError: If files are missing, or the table's columns mean something else.
    """
    images = by_key(folder, (".dcm",), lambda path: _match(NAME, path, 1) or str(path))
    images = {key: path for key, path in images.items() if key.isdigit()}
    muscles = by_key(folder, (".xml",), lambda path: _match(MUSCLE, path, 1) or str(path))
    muscles = {key: path for key, path in muscles.items() if key.isdigit()}
    if not images:
        raise UsageError(
            f"no INbreast image in {folder}: expected <id>_<hash>_MG_<L|R>_<CC|ML>_ANON.dcm"
        )
    if not muscles:
        raise UsageError(
            f"no <id>_muscle.xml in {folder}: get the folder PectoralMuscle of INbreast as well"
        )
    _check_table(folder, images)
    strays = sorted(set(muscles) - set(images))
    if strays:
        raise UsageError(f"{len(strays)} muscles have no image, first {strays[0]}: get AllDICOMs whole")
    return [_record(images[key], muscles[key]) for key in sorted(muscles)]


def read_muscle(path: Path) -> Float[np.ndarray, "points 2"]:
    """The contour of the muscle as (row, column), in pixels of the image.

    Raises:
        UsageError: If the file is no property list with one contour of three points or more.
    """
    try:
        with path.open("rb") as file:
            rois = plistlib.load(file, fmt=plistlib.FMT_XML)["Images"][0]["ROIs"]
        points = [_point(text) for text in _muscle(rois)["Point_px"]]
    except (
        plistlib.InvalidFileException,
        ExpatError,
        KeyError,
        IndexError,
        TypeError,
        ValueError,
    ) as e:
        raise UsageError(
            f"{path.name} is no contour of INbreast: a property list with Images, ROIs, Point_px"
        ) from e
    if len(points) < 3:
        raise UsageError(f"{path.name}: a contour has three points or more, got {len(points)}")
    return np.array(points, float)


def _muscle(rois: list[dict[str, Any]]) -> dict[str, Any]:
    return max(rois, key=lambda roi: len(roi["Point_px"]))


def _point(text: str) -> tuple[float, float]:
    match = POINT.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    return float(match.group(2)), float(match.group(1))


def _match(pattern: re.Pattern[str], path: Path, group: int) -> str:
    match = pattern.fullmatch(path.name)
    return match.group(group) if match else ""


def _record(image: Path, muscle: Path) -> SegmentationRecord:
    woman, view = _match(NAME, image, 2).lower(), _match(NAME, image, 4).upper()
    return SegmentationRecord(
        image, muscle, woman, DATASET, "MLO" if view == "ML" else "CC", says="pectoral contour"
    )


def _check_table(folder: Path, images: dict[str, Path]) -> None:
    tables = [path for path in folder.rglob("*") if path.name.lower() == "inbreast.csv"]
    if len(tables) != 1:
        raise UsageError(f"one INbreast.csv was expected in {folder}, found {len(tables)}")
    with tables[0].open(newline="", encoding="utf-8-sig") as file:
        rows = csv.DictReader(file, delimiter=";")
        heads = {head.strip(): head for head in rows.fieldnames or () if head}
        missing = [column for column in COLUMNS if column not in heads]
        if missing:
            raise UsageError(f"INbreast.csv (semicolons) lacks the columns {', '.join(missing)}")
        listed = {row[heads["File Name"]].strip(): row for row in rows if row[heads["File Name"]]}
    for key, path in images.items():
        if key not in listed:
            raise UsageError(f"INbreast.csv does not list image {key}: get the whole table")
        said = [listed[key][heads[column]].strip().upper() for column in ("Laterality", "View")]
        named = [_match(NAME, path, 3).upper(), _match(NAME, path, 4).upper().replace("ML", "MLO")]
        if said != named:
            raise UsageError(f"INbreast.csv says {said} of image {key}, its name {named}")
