"""An image for screening classification with what a table says of it."""

from dataclasses import dataclass
from pathlib import Path

from mammoscope.core import Laterality
from mammoscope.io.annotations import RecordKind


@dataclass(frozen=True)
class ScreeningImage:
    """One image; None where a data set has no such column, or the table no value."""

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
