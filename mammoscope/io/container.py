"""One DICOM file from its bytes: the container is checked, then pydicom parses what is left.

Nothing here knows what a mammogram is; that is `mammoscope.io.header`.
"""

import warnings
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.filereader import read_dataset
from pydicom.uid import (
    UID,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from mammoscope.core import Note
from mammoscope.errors import RejectedInput
from mammoscope.io.elements import Encoding, Skeleton, read_element, walk
from mammoscope.io.limits import Limits
from mammoscope.io.sources import begins_with_element

_META: Final = Encoding(implicit=False, little=True)
_EXECUTABLE: Final = (
    b"MZ", b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xfe\xed\xfa\xcf", b"\xca\xfe\xba\xbe",
)  # fmt: skip
_PICTURES: Final = {
    b"\x89PNG": "a PNG picture", b"\xff\xd8\xff": "a JPEG picture", b"%PDF": "a PDF document",
    b"II*\0": "a TIFF picture", b"MM\0*": "a TIFF picture", b"PK": "a zip file",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Container:
    """A parsed file.

    Attributes:
        dataset: With ``file_meta.TransferSyntaxUID`` always present.
        skeleton: What the walk over its elements saw.
        notes: Warnings about the container: an executable preamble, garbage, odd lengths.
    """

    dataset: Dataset
    skeleton: Skeleton
    notes: tuple[Note, ...]


def open_dicom(data: bytes, limits: Limits) -> Container:
    """Check one DICOM file and parse it.

    Args:
        data: The whole file, with or without preamble.
        limits: Inflated size, nesting, number of elements, length of texts.

    Raises:
        RejectedInput: Numbers 1, 2, 4–6, 9–12 and 31 of docs/bad-inputs.md.
    """
    start = _first_element(data)
    begin, syntax = _read_meta(data, start)
    encoding = _encoding(data, begin, syntax)
    notes = list(_preamble_notes(data, start))
    body, offset = data, begin
    if syntax == DeflatedExplicitVRLittleEndian:
        body, rest = _inflate(data, begin, limits)
        offset = 0
        notes += _garbage(rest)
    skeleton = walk(body, offset, encoding, limits)
    notes += _garbage(len(body) - skeleton.end)
    if skeleton.odd:
        notes.append(
            Note("odd lengths", f"{skeleton.odd} values have an odd length, against the standard")
        )
    dataset = _parse(data[:begin], body, (offset, skeleton.end), encoding, syntax)
    return Container(dataset, skeleton, tuple(notes))


def _first_element(data: bytes) -> int:
    if not data:
        raise RejectedInput("an empty file: fetch it again", 1)
    if data[128:132] == b"DICM":
        return 132
    if begins_with_element(data):
        return 0
    known = [what for magic, what in _PICTURES.items() if data.startswith(magic)]
    what = known[0] if known else "something else"
    raise RejectedInput(f"expected a DICOM file, received {what}: check where it came from", 2)


def _read_meta(data: bytes, start: int) -> tuple[int, UID | None]:
    """Where the data set begins, and the transfer syntax that the meta group names."""
    at, syntax = start, None
    while data[at : at + 2] == b"\x02\x00":
        element = read_element(data, at, _META)
        if element.end > len(data):
            raise RejectedInput("the file ends within its meta group: fetch it again", 4)
        if element.tag == 0x00020010:
            syntax = UID(data[element.start : element.end].rstrip(b"\0 ").decode("ascii", "replace"))
        at = element.end
    if at >= len(data):
        raise RejectedInput("the file ends after its meta group: fetch it again", 4)
    return at, syntax or None


def _encoding(data: bytes, at: int, syntax: UID | None) -> Encoding:
    """How the data set is written: as named, else as its first element looks."""
    if syntax is not None:
        return Encoding(syntax == ImplicitVRLittleEndian, syntax != ExplicitVRBigEndian)
    little = data[at + 1 : at + 2] == b"\0"
    return Encoding(little and not data[at + 4 : at + 6].isupper(), little)


def _inflate(data: bytes, begin: int, limits: Limits) -> tuple[bytes, int]:
    """The inflated data set, and how many bytes follow it in the file (PS3.5 A.5)."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        body = inflater.decompress(memoryview(data)[begin:], limits.file_bytes)
    except zlib.error:
        raise RejectedInput("a deflated data set that cannot be inflated: fetch it again", 4) from None
    if inflater.unconsumed_tail:
        size = limits.file_bytes >> 20
        raise RejectedInput(f"a deflated data set that grows beyond {size} MiB", 12)
    if not inflater.eof:
        raise RejectedInput("the file ends within a deflated data set: fetch it again", 4)
    return body, len(inflater.unused_data)


def _preamble_notes(data: bytes, start: int) -> list[Note]:
    if start and data.startswith(_EXECUTABLE):
        return [Note("executable preamble", "the file's first bytes are those of a program")]
    return []


def _garbage(size: int) -> list[Note]:
    return [Note("trailing bytes", f"{size} bytes after the data set were ignored")] if size > 1 else []


def _parse(
    head: bytes, body: bytes, span: tuple[int, int], encoding: Encoding, syntax: UID | None
) -> Dataset:
    file = BytesIO(body)
    file.seek(span[0])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            meta = dcmread(BytesIO(head), force=True).file_meta if head else FileMetaDataset()
            raw = read_dataset(file, encoding.implicit, encoding.little, bytelength=span[1] - span[0])
        except Exception as error:
            raise RejectedInput(f"a header that cannot be parsed ({type(error).__name__})", 4) from None
    if syntax is None:
        meta.TransferSyntaxUID = {
            (True, True): ImplicitVRLittleEndian, (False, True): ExplicitVRLittleEndian,
        }.get(encoding, ExplicitVRBigEndian)  # fmt: skip
    dataset = FileDataset(BytesIO(), raw, None, meta, encoding.implicit, encoding.little)
    dataset.set_original_encoding(encoding.implicit, encoding.little, raw._character_set)
    return dataset
