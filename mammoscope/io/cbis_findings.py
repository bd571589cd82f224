"""Images of CBIS-DDSM with all their boxes, from either of its layouts.

Masses and calcifications stand in tables of their own, each with a copy of the films it speaks of:
where one woman has both on one view, it is one film, told by the file's pixels, and becomes one image.
A film of which a lesion has no box is left out: what lies there unboxed would count as healthy.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from mammoscope.core.findings import FindingKind
from mammoscope.errors import UsageError
from mammoscope.io import cbis, cbis_dicom
from mammoscope.io.cbis import DATASET, PATHOLOGIES, SHAPES, Boxed
from mammoscope.io.findings import BoxedFinding, FindingsImage, FoundImages

KINDS: Final[Mapping[str, FindingKind]] = {"mass": "mass", "calcification": "suspicious calcification"}
INCOMPLETE: Final = "lesions on a film of which another lesion has no box"


def read_lesion_images(table: Path) -> list[FindingsImage]:
    """Every image of a table with the columns of `mammoscope.io.cbis.LESION_COLUMNS`.

    Raises:
        UsageError: If the table cannot be read, a cell has no meaning, or an image is absent.
    """
    return images_of(cbis.read_boxes(table))


def read_cbis_images(folder: Path, advance: Callable[[], None] = lambda: None) -> FoundImages:
    """Every film of the published tables, boxes from the masks.

    Args:
        folder: Holds tables and image folders, at any depth.
        advance: Called after each row.

    Raises:
        UsageError: If no table is there, a cell has no meaning, or no film of any table.
        RejectedInput: If a DICOM file is broken.
    """
    read = cbis_dicom.read_boxes(folder, advance)
    same = same_films({box.image for box in read.boxes} | read.incomplete)
    incomplete = {same[film] for film in read.incomplete}
    boxes = [replace(box, image=same[box.image]) for box in read.boxes]
    whole = [box for box in boxes if box.image not in incomplete]
    left_out = Counter(read.left_out)
    if lost := len(boxes) - len(whole):
        left_out[INCOMPLETE] = lost
    return FoundImages(images_of(whole), dict(left_out))


def images_of(boxes: Iterable[Boxed]) -> list[FindingsImage]:
    """One record an image, in the order of women, sides and views.

    Raises:
        UsageError: If the boxes of an image disagree about it.
    """
    by_image: dict[Path, list[Boxed]] = defaultdict(list)
    for box in boxes:
        by_image[box.image].append(box)
    images = [_image(image, rows) for image, rows in by_image.items()]
    return sorted(images, key=lambda one: (one.woman, one.laterality, one.view, str(one.image)))


def kinds_of(box: Boxed) -> tuple[FindingKind, ...]:
    """Mass or calcification, and what else the words for a mass's shape say.

    Example:
        >>> shown = Boxed(Path("a"), "b", "L", "CC", "1", (0.0, 0.0, 1.0, 1.0), "mass", "", None)
        >>> kinds_of(replace(shown, shape="IRREGULAR-ARCHITECTURAL_DISTORTION"))
        ('mass', 'architectural distortion')
    """
    more = (SHAPES.get(word) for word in box.shape.upper().split("-"))
    return (KINDS[box.kind], *(kind for kind in more if kind))


def same_films(films: Iterable[Path]) -> dict[Path, Path]:
    """For each film the first in order that holds the same pixels, of those that may be one."""
    alike: dict[str, list[Path]] = defaultdict(list)
    for film in sorted(films):
        alike[_about(film)].append(film)
    same = {}
    for members in alike.values():
        firsts: dict[str, Path] = {}
        for film in members:
            digest = _digest(film) if len(members) > 1 else ""
            same[film] = firsts.setdefault(digest, film)
    return same


def _image(image: Path, rows: list[Boxed]) -> FindingsImage:
    first = rows[0]
    about = {(row.woman, row.laterality, row.view) for row in rows}
    if len(about) > 1:
        raise UsageError(
            f"one woman, side and view an image were expected, the table names {len(about)} for one "
            "image: correct it"
        )
    parts = {row.part for row in rows}
    return FindingsImage(
        image, first.woman, DATASET, first.laterality, first.view, "film",
        tuple(_finding(row) for row in rows), first.spacing,
        next((row.density for row in rows if row.density), None),
        "test" if "test" in parts else first.part,
    )  # fmt: skip


def _finding(row: Boxed) -> BoxedFinding:
    return BoxedFinding(
        kinds_of(row), row.box, f"{row.kind} {row.abnormality}", PATHOLOGIES.get(row.pathology.upper()),
        row.subtlety, row.assessment,
    )  # fmt: skip


def _about(film: Path) -> str:
    """Woman, side and view of a film by its folder's name, without the table it stands in."""
    folder = next(one.name for one in film.parents if cbis_dicom.FOLDER.fullmatch(one.name))
    return folder.lower().split("_", 1)[1]


def _digest(film: Path) -> str:
    return hashlib.sha256(cbis_dicom.pixels_of(film)).hexdigest()
