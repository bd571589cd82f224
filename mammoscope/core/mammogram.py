"""One view of one breast, and what is known about it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Generic, Literal, NamedTuple, TypeVar

import numpy as np
from jaxtyping import Float, Float32

from mammoscope.core.frame import Frame
from mammoscope.errors import GeometryError

View = Literal["CC", "MLO", "ML", "LM", "LMO", "XCC", "XCCL", "XCCM", "FB", "SIO", "ISO", "AT", "CV"]
Laterality = Literal["L", "R"]
Side = Literal["left", "right"]
Modifier = Literal[
    "spot", "magnified", "implant displaced", "rolled", "tangential", "nipple in profile",
    "cleavage", "axillary tail", "inframammary fold", "anterior compression", "infraclavicular",
    "specimen", "stereotactic",
]  # fmt: skip
Kind = Literal["for presentation", "for processing", "digitised film", "secondary capture", "raster"]
Origin = Literal["", "synthetic from tomosynthesis", "low-energy contrast", "computed radiography"]
T_co = TypeVar("T_co", covariant=True)


class Note(NamedTuple):
    """A warning that appears in every output.

    Attributes:
        code: A stable name, for a script: ``no spacing``, ``laterality contradicted``.
        text: One sentence for a reader.
    """

    code: str
    text: str


@dataclass(frozen=True)
class Sourced(Generic[T_co]):
    """A value and who said so: a DICOM attribute, the table, the file name, the pixels, the user."""

    value: T_co
    source: str


@dataclass(frozen=True)
class Spacing:
    """The size of one source pixel in the breast, in mm.

    Attributes:
        row: Distance between the centres of neighbouring rows.
        column: Distance between the centres of neighbouring columns.
        source: Which attribute or word it came from, see docs/geometry.md.
        magnification: What the size at the detector was divided by; 1 where it was not.

    Raises:
        GeometryError: If a distance is not positive and finite.
    """

    row: float
    column: float
    source: str
    magnification: float = 1.0

    def __post_init__(self) -> None:
        if not all(0 < step < np.inf for step in (self.row, self.column, self.magnification)):
            raise GeometryError(f"spacing must be positive mm, got {self.row} x {self.column}")


@dataclass(frozen=True)
class About:
    """What is known about an image without looking at its pixels.

    Attributes:
        name: What the user calls it: a path relative to what was named, or a zip member.
        shape: Rows and columns of the source image.
        digest: SHA-256 of the file's bytes.
        study: Study Instance UID; empty for a raster file without a table.
        series: Series Instance UID.
        instance: SOP Instance UID.
        patient: A pseudonym: the first 16 hex digits of the SHA-256 of issuer and patient ID.
        case: Patient and set as parsed from a name (CBIS-DDSM), where every image is its own study.
        view: Where it was taken from, and who said so.
        laterality: Which breast, and who said so.
        modifiers: Spot, magnified, implant displaced and others of context group 4015.
        partial: Whether it is one of several images that together show the breast.
        implant: Whether the breast holds an implant; None where nobody says.
        spacing: Size of a source pixel in the breast; None where nobody says: never a guess.
        kind: How the pixels are meant to be used.
        origin: Labels images that are read but are not a plain mammogram.
        expected_chest_wall: The image side of the chest wall that the header implies.
        manufacturer: Maker and model as the header says.
        unit: Where it was taken: institution and department, else the station, as the header says.
        device: Maker, model and a short hash of the serial number, which tells two alike apart.
        operator: A keyed pseudonym of who took it, see `mammoscope.io.identity.operator`; empty
            without a key.
        acquired: Study or acquisition date, YYYYMMDD, empty where absent or invalid.
        moment: Acquisition date and time as digits that sort, for choosing among repeated views.
        looks: How many of the header's tables and windows can show it.
        notes: Warnings so far.
    """

    name: str
    shape: tuple[int, int]
    digest: str = ""
    study: str = ""
    series: str = ""
    instance: str = ""
    patient: str = ""
    case: str = ""
    view: Sourced[View] | None = None
    laterality: Sourced[Laterality] | None = None
    modifiers: frozenset[Modifier] = frozenset()
    partial: bool = False
    implant: bool | None = None
    spacing: Spacing | None = None
    kind: Kind = "raster"
    origin: Origin = ""
    expected_chest_wall: Sourced[Side] | None = None
    manufacturer: str = ""
    unit: str = ""
    device: str = ""
    operator: str = ""
    acquired: str = ""
    moment: str = ""
    looks: int = 1
    notes: tuple[Note, ...] = ()

    @property
    def week(self) -> str:
        """The ISO week in which it was acquired, ``2024-W01``; empty where unknown."""
        if not self.acquired:
            return ""
        year, week, _ = datetime.strptime(self.acquired, "%Y%m%d").isocalendar()
        return f"{year}-W{week:02}"

    def noted(self, *notes: Note) -> "About":
        """The same with more warnings; one that is there already is not repeated."""
        fresh = tuple(note for note in dict.fromkeys(notes) if note not in self.notes)
        return replace(self, notes=self.notes + fresh)


@dataclass(frozen=True, eq=False)
class Mammogram:
    """One view of one breast: pixels of shape (rows, columns) and their place in the source.

    Attributes:
        pixels: Float32 in 0–1, more attenuation brighter for presentation and film; for
            processing as stored, rescaled to 0–1 (see `mammoscope.image.intensity`).
        about: What is known besides.
        frame: Where the pixels lie in the source image.
        valid: Pixels that hold an image: False where the header says padding. None: all.
    """

    pixels: Float32[np.ndarray, "rows columns"]
    about: About
    frame: Frame
    valid: np.ndarray | None = None

    def __post_init__(self) -> None:
        if self.frame.shape != self.pixels.shape:
            raise GeometryError(f"a frame of {self.frame.shape} on pixels of {self.pixels.shape}")
        if self.valid is not None and self.valid.shape != self.pixels.shape:
            raise GeometryError(f"valid of {self.valid.shape} on pixels of {self.pixels.shape}")

    @classmethod
    def of(cls, pixels: Float32[np.ndarray, "rows columns"], about: About | None = None) -> "Mammogram":
        """A source image: what `mammoscope.read` returns, or a bare array for experiments."""
        shape = (int(pixels.shape[0]), int(pixels.shape[1]))
        return cls(pixels, about or About(name="array", shape=shape), Frame.of(shape))

    @property
    def spacing(self) -> tuple[float, float] | None:
        """Size of one of these pixels in the breast in mm, down and across; None if unknown."""
        source = self.about.spacing
        if source is None:
            return None
        down, across = self.frame.step
        return source.row * down, source.column * across

    def to_mm(self, points: Float[np.ndarray, "*any 2"]) -> Float[np.ndarray, "*any 2"]:
        """Convert points of this image to mm from the centre of the source's first pixel.

        Raises:
            GeometryError: If the spacing is unknown.
        """
        source = self.about.spacing
        if source is None:
            raise GeometryError("no spacing: give one with --spacing to measure in mm")
        return self.frame.to_source(points) * np.asarray((source.row, source.column))
