"""Images whose findings somebody boxed: typed records of any data set."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from mammoscope.core import Laterality
from mammoscope.core.findings import FindingKind
from mammoscope.io.annotations import RecordKind
from mammoscope.scores.boxes import Box


@dataclass(frozen=True)
class BoxedFinding:
    """One finding and its box.

    Attributes:
        kinds: What it is: one kind, or several of one box as in VinDr-Mammo.
        box: In source pixels; edges are points, as in `mammoscope.scores.boxes`.
        lesion: The data set's own number of it, the same on both views; empty where unknown.
        pathology: As proven; None where nobody says.
        subtlety: 1 subtle to 5 obvious; None where nobody says.
        assessment: BI-RADS category 0–6; None where nobody says.
    """

    kinds: tuple[FindingKind, ...]
    box: Box
    lesion: str = ""
    pathology: Literal["benign", "malignant"] | None = None
    subtlety: int | None = None
    assessment: int | None = None


@dataclass(frozen=True)
class FindingsImage:
    """One image and its findings; none where it is normal.

    Attributes:
        image: The mammogram.
        woman: A pseudonym: sets are split by her.
        dataset: Name of the data set.
        laterality: Which breast.
        view: CC or MLO.
        kind: For presentation, for processing, or digitised film.
        findings: Every one that was boxed.
        spacing: Rows and columns of a pixel in mm; None where unknown.
        density: BI-RADS density 1–4; None where nobody says.
        part: The data set's own split; None where it has none.
    """

    image: Path
    woman: str
    dataset: str
    laterality: Laterality
    view: Literal["CC", "MLO"]
    kind: RecordKind
    findings: tuple[BoxedFinding, ...]
    spacing: tuple[float, float] | None = None
    density: int | None = None
    part: Literal["training", "test"] | None = None


class FoundImages(NamedTuple):
    """What a copy of a data set holds.

    Attributes:
        images: With every finding of each.
        left_out: What could not be taken, by reason, and how many.
    """

    images: list[FindingsImage]
    left_out: Mapping[str, int]
