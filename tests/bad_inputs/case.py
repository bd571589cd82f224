"""What the builders of bad inputs share: a synthetic patient, bytes of files, how an input ends."""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate

from mammoscope.core import ExamResult, ImageResult
from mammoscope.io.elements import Encoding, read_element
from tests.synthetic import file_meta, mammogram_dataset

NAME, IDENTIFIER = "Secretname^Jane", "SECRETID-77"
EXPLICIT = Encoding(implicit=False, little=True)
PIXELS = 0x7FE00010


@dataclass(frozen=True)
class Ends:
    """How one input must end.

    Attributes:
        outcome: A record's outcome, or ``read``.
        number: The catalogue's number in a record; None: any.
        notes: Codes of warnings that a result must carry.
        check: What else must be true of a result.
        of_exam: What else must be true of its exam.
    """

    outcome: Literal["rejected", "skipped", "duplicate", "read"]
    number: int | None = None
    notes: tuple[str, ...] = ()
    check: Callable[[ImageResult], None] = lambda result: None
    of_exam: Callable[[ExamResult], None] = lambda exam: None


def rejected(number: int | None = None) -> Ends:
    return Ends("rejected", number)


def skipped(number: int | None = None) -> Ends:
    return Ends("skipped", number)


def handled(check: Callable[[ImageResult], None] = lambda result: None) -> Ends:
    return Ends("read", check=check)


def warned(*codes: str, check: Callable[[ImageResult], None] = lambda result: None) -> Ends:
    return Ends("read", notes=codes, check=check)


Built = dict[str, Ends]
Builder = Callable[[Path], Built]
CASES: dict[int, Builder] = {}


def case(number: int) -> Callable[[Builder], Builder]:
    """Name a builder's number in the catalogue."""

    def register(builder: Builder) -> Builder:
        if number in CASES:
            raise ValueError(f"two builders for {number}")
        CASES[number] = builder
        return builder

    return register


def image(view: str = "CC", laterality: str = "L", **overrides: Any) -> FileDataset:
    """A sound synthetic mammogram of a patient whose identity must never show."""
    return mammogram_dataset(
        view, laterality, **({"PatientName": NAME, "PatientID": IDENTIFIER} | overrides)
    )


def as_bytes(dataset: FileDataset) -> bytes:
    """The file that a data set makes, its file meta as it stands."""
    buffer = BytesIO()
    dataset.save_as(buffer, enforce_file_format=False)
    return buffer.getvalue()


def put(folder: Path, **files: FileDataset | bytes) -> None:
    """Write files named by keyword, with the suffix .dcm."""
    for name, content in files.items():
        data = content if isinstance(content, bytes) else as_bytes(content)
        (folder / f"{name}.dcm").write_bytes(data)


def one(folder: Path, content: FileDataset | bytes, ends: Ends) -> Built:
    """The usual case: one bad file."""
    put(folder, bad=content)
    return {"bad.dcm": ends}


def several(folder: Path, ends: Ends, **files: FileDataset | bytes) -> Built:
    """Several bad files that end the same way."""
    put(folder, **files)
    return {f"{name}.dcm": ends for name in files}


def offset_of(data: bytes, tag: int) -> int:
    """Where the first element with at least this tag begins, in an explicit little-endian file."""
    at = 132
    while (element := read_element(data, at, EXPLICIT)).tag < tag:
        at = element.end
        if element.length == 0xFFFFFFFF:
            raise ValueError(f"{element.tag:08x} has no length")
    return at


def splice(data: bytes, tag: int, element: bytes) -> bytes:
    """Insert raw bytes where an element with this tag belongs."""
    at = offset_of(data, tag)
    return data[:at] + element + data[at:]


def compressed(
    stored: np.ndarray, stream: bytes, syntax: str, *, fragments: int = 1, **overrides: Any
) -> FileDataset:
    """A mammogram whose pixel data is one compressed frame."""
    dataset = image(pixels=stored, **overrides)
    dataset.PixelData = encapsulate([stream], fragments_per_frame=fragments)
    dataset["PixelData"].VR = "OB"
    dataset["PixelData"].is_undefined_length = True
    dataset.file_meta = file_meta(dataset, syntax)
    return dataset
