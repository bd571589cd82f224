"""Images for screening classification, with what a table says of each: records of any data set."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

from mammoscope.core import Laterality
from mammoscope.io.annotations import RecordKind

LETTERS: Final = ("A", "B", "C", "D")
"""Of BI-RADS density."""


@dataclass(frozen=True)
class ScreeningImage:
    """One image; None where a data set has no such column, or the table no value.

    Attributes:
        image: The mammogram.
        woman: A pseudonym: sets are split by her.
        dataset: Name of the data set.
        laterality: Which breast.
        view: CC or MLO.
        cancer: Whether the breast holds a cancer, in the data set's own sense.
        kind: For presentation, for processing, or digitised film.
        spacing: Rows and columns of a pixel in mm; None: the image's header says, or nobody.
        site: Where it was taken.
        implant: Whether the breast has one.
        biopsy: Whether a biopsy followed.
        invasive: Whether the cancer proved invasive.
        birads: BI-RADS category.
        density: BI-RADS density, A to D.
        difficult_negative: Whether the case was hard, and no cancer.
        machine: What took the image, or digitised the film.
        age: Of the woman, in years.
    """

    image: Path
    woman: str
    dataset: str
    laterality: Laterality | None
    view: str | None
    cancer: bool | None
    kind: RecordKind = "processed"
    spacing: tuple[float, float] | None = None
    site: str | None = None
    implant: bool | None = None
    biopsy: bool | None = None
    invasive: bool | None = None
    birads: int | None = None
    density: str | None = None
    difficult_negative: bool | None = None
    machine: str | None = None
    age: float | None = None


class FoundScreening(NamedTuple):
    """What a copy of a data set holds.

    Attributes:
        images: In the table's order.
        left_out: What could not be taken, by reason, and how many.
    """

    images: list[ScreeningImage]
    left_out: Mapping[str, int]
