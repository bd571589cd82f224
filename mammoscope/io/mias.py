"""mini-MIAS as its source publishes it: ``mdb001.pgm`` … ``mdb322.pgm`` and ``Info.txt``.

1,024 × 1,024 pixels of 8 bits and 0.2 mm; MLO views only; even numbers left, odd right, so two
neighbours are one woman. The segmentation paper's Table 1 calls the set CC in its caption and
MLO in its limitations; it is MLO. Masks of the same stem lie beside or in a folder of their own.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

from mammoscope.errors import UsageError
from mammoscope.io.annotations import OURS, SegmentationRecord, by_key, check_complete

DATASET: Final = "mini-MIAS"
SPACING_MM: Final = 0.2
SIDE: Final = 1024
NAME: Final = re.compile(r"mdb(\d{3})", re.IGNORECASE)
MASKS: Final = (".png", ".tif", ".tiff", ".pgm")
Tissue = Literal["F", "G", "D"]
Abnormality = Literal["CALC", "CIRC", "SPIC", "MISC", "ARCH", "ASYM", "NORM"]
Severity = Literal["B", "M"]
TISSUES: Final[Mapping[str, Tissue]] = {word: word for word in get_args(Tissue)}
ABNORMALITIES: Final[Mapping[str, Abnormality]] = {word: word for word in get_args(Abnormality)}
SEVERITIES: Final[Mapping[str, Severity]] = {"B": "B", "M": "M"}


@dataclass(frozen=True)
class MiasNote:
    """One line of ``Info.txt``.

    Attributes:
        reference: ``mdb001``.
        tissue: Fatty, fatty-glandular or dense.
        abnormality: Its class, NORM for none.
        severity: Benign or malignant; None for a normal image.
        centre: (row, column) in pixels; None where the source gives none. The file counts y from
            the bottom.
        radius: Of a circle around it, in pixels.
    """

    reference: str
    tissue: Tissue
    abnormality: Abnormality
    severity: Severity | None = None
    centre: tuple[float, float] | None = None
    radius: float | None = None


def read_mias(
    folder: Path, masks: Path, mapping: tuple[tuple[int, int], ...] = tuple(OURS.items())
) -> list[SegmentationRecord]:
    """One record for each image, with the mask of its stem.

    Args:
        folder: With the images.
        masks: With the masks, ``mdb001.png`` or the like.
        mapping: Our classes by those of the masks.

    Raises:
        UsageError: If there are no images, or masks are missing.
    """
    images = by_key(folder, (".pgm",), lambda path: path.stem.lower())
    images = {stem: path for stem, path in images.items() if NAME.fullmatch(stem)}
    if not images:
        raise UsageError(f"no mini-MIAS image in {folder}: expected mdb001.pgm to mdb322.pgm")
    own = set(images.values())
    found = by_key(masks, MASKS, lambda path: str(path) if path in own else _stem(path))
    check_complete(f"{DATASET}: masks", images, found)
    return [
        SegmentationRecord(
            path, found[stem], f"pair {(int(stem[3:]) + 1) // 2}", DATASET, "MLO", "film", SPACING_MM,
            mapping=mapping,
        )
        for stem, path in sorted(images.items())
    ]  # fmt: skip


def read_info(path: Path) -> list[MiasNote]:
    """Every line of ``Info.txt`` that speaks of an image; several may speak of one.

    Raises:
        UsageError: If a line does not have the columns' meaning.
    """
    lines = path.read_text(encoding="latin-1").splitlines()
    notes = [_note(line.split(), number) for number, line in enumerate(lines, 1) if NAME.match(line)]
    if not notes:
        raise UsageError(f"{path.name} holds no line that begins with mdb001 or the like")
    return notes


def _stem(path: Path) -> str:
    return path.stem.lower().removesuffix("_mask")


def _note(words: list[str], line: int) -> MiasNote:
    where = f"Info.txt, line {line}"
    reference, first, second, third, *place = [*words, "", "", ""][: max(4, len(words))]
    tissue, abnormality = TISSUES.get(first), ABNORMALITIES.get(second)
    if tissue is None or abnormality is None:
        raise UsageError(
            f"{where}: expected tissue F, G or D and a class of abnormality, got {words[1:3]}"
        )
    if abnormality == "NORM":
        return MiasNote(reference, tissue, abnormality)
    severity = SEVERITIES.get(third)
    if severity is None:
        raise UsageError(f"{where}: severity is B or M, got {third!r}")
    numbers = [float(word) for word in place if word.isdigit()]
    if len(numbers) != 3:
        return MiasNote(reference, tissue, abnormality, severity)
    x, y, radius = numbers
    return MiasNote(reference, tissue, abnormality, severity, (SIDE - 1 - y, x), radius)
