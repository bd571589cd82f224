"""The walk over a file's elements and what is made of it; the whole files are in test_bad_inputs."""

import struct
from io import BytesIO

import pytest
from pydicom import dcmwrite
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ImplicitVRLittleEndian,
    JPEGLSLossless,
)

from mammoscope.errors import RejectedInput
from mammoscope.io.container import open_dicom
from mammoscope.io.elements import Encoding, walk
from mammoscope.io.limits import Limits
from tests.bad_inputs.case import as_bytes, compressed, image, offset_of
from tests.synthetic import breast_pixels, code, file_meta

EXPLICIT, IMPLICIT = Encoding(implicit=False, little=True), Encoding(implicit=True, little=True)
UNDEFINED = 0xFFFFFFFF
ITEM_END = struct.pack("<HHL", 0xFFFE, 0xE00D, 0)
SEQUENCE_END = struct.pack("<HHL", 0xFFFE, 0xE0DD, 0)


def element(tag: int, vr: bytes, value: bytes, length: int | None = None) -> bytes:
    size = len(value) if length is None else length
    head = struct.pack("<HH2s", tag >> 16, tag & 0xFFFF, vr)
    long = vr in (b"OB", b"OW", b"SQ", b"UN", b"UT")
    return head + (struct.pack("<HL", 0, size) if long else struct.pack("<H", size)) + value


def item(content: bytes, length: int | None = None) -> bytes:
    return struct.pack("<HHL", 0xFFFE, 0xE000, len(content) if length is None else length) + content


def test_defined_and_undefined_lengths_nest() -> None:
    inner = element(0x00080100, b"SH", b"CODE")
    closed = element(0x00081140, b"SQ", item(inner))
    opened = element(0x00081140, b"SQ", item(closed, UNDEFINED) + ITEM_END + SEQUENCE_END, UNDEFINED)
    data = opened + element(0x00100020, b"LO", b"ID")
    assert walk(data, 0, EXPLICIT, Limits()).end == len(data)


def test_unknown_of_undefined_length_is_implicit_within() -> None:
    inner = struct.pack("<HHL", 0x0008, 0x0100, 4) + b"CODE"
    data = element(0x00091010, b"UN", item(inner) + SEQUENCE_END, UNDEFINED) + element(
        0x00100020, b"LO", b"ID"
    )
    assert walk(data, 0, EXPLICIT, Limits()).end == len(data)


def test_pixels_and_fragments_are_found() -> None:
    fragments = item(b"") + item(b"abcd") + item(b"ef")
    data = element(0x7FE00010, b"OB", fragments + SEQUENCE_END, UNDEFINED)
    skeleton = walk(data, 0, EXPLICIT, Limits())
    assert [length for _, length in skeleton.fragments] == [0, 4, 2]
    assert skeleton.pixels is not None
    assert skeleton.pixels.tag == 0x7FE00010


def test_the_walk_ends_where_garbage_begins() -> None:
    data = element(0x7FE00010, b"OW", b"1234")
    padding = element(0xFFFCFFFC, b"OB", b"\0" * 8)
    for garbage in (b"\0" * 9, b"x" * 100, data, SEQUENCE_END):
        assert walk(data + garbage, 0, EXPLICIT, Limits()).end == len(data)
    assert walk(data + padding, 0, EXPLICIT, Limits()).end == len(data + padding)


@pytest.mark.parametrize("depth", [32, 33])
def test_sequences_nest_to_a_limit(depth: int) -> None:
    data = b""
    for _ in range(depth):
        data = element(0x00081140, b"SQ", item(data))
    if depth <= Limits().depth:
        assert walk(data, 0, EXPLICIT, Limits()).end == len(data)
    else:
        with pytest.raises(RejectedInput, match="nested more than 32") as caught:
            walk(data, 0, EXPLICIT, Limits())
        assert caught.value.number == 11


def test_implicit_sequences_are_entered_by_the_dictionary() -> None:
    data = b""
    for _ in range(40):
        content = struct.pack("<HHL", 0xFFFE, 0xE000, len(data)) + data
        data = struct.pack("<HHL", 0x0008, 0x1140, len(content)) + content
    with pytest.raises(RejectedInput, match="nested"):
        walk(data, 0, IMPLICIT, Limits())


def test_too_many_elements() -> None:
    with pytest.raises(RejectedInput, match="more than 10 elements"):
        walk(element(0x00080100, b"SH", b"") * 11, 0, EXPLICIT, Limits(elements=10))


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (element(0x00100020, b"LO", b"ID", 60), 9),
        (element(0x00100020, b"LO", b"ID")[:6], 4),
        (element(0x7FE00010, b"OW", b"1234", 400), 5),
        (element(0x7FE00010, b"OB", item(b"") + item(b"ab", 99), UNDEFINED), 6),
        (element(0x7FE00010, b"OB", item(b"") + item(b"ab"), UNDEFINED), 6),
        (element(0x00081140, b"SQ", item(b"", UNDEFINED), UNDEFINED), 10),
        (element(0x00081140, b"SQ", b"12345678"), 9),
        (element(0x00081140, b"SQ", item(element(0x00080100, b"SH", b"CODE"), 6)), 9),
        (element(0x0018A003, b"UT", b"x" * (1 << 20) + b"xx"), 31),
    ],
)
def test_what_does_not_fit_is_rejected(data: bytes, number: int) -> None:
    with pytest.raises(RejectedInput) as caught:
        walk(data, 0, EXPLICIT, Limits())
    assert caught.value.number == number


@pytest.mark.parametrize(
    "syntax", [ImplicitVRLittleEndian, ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
)
def test_every_encoding_reads_the_same(syntax: str) -> None:
    dataset = image("MLO", AnatomicRegionSequence=[code("76752008", "Breast")])
    dataset.file_meta = file_meta(dataset, syntax)
    written = BytesIO()
    dcmwrite(
        written, dataset, implicit_vr=syntax == ImplicitVRLittleEndian,
        little_endian=syntax != ExplicitVRBigEndian, force_encoding=True, enforce_file_format=False,
    )  # fmt: skip
    container = open_dicom(written.getvalue(), Limits())
    assert container.notes == ()
    assert container.dataset.ViewPosition == "MLO"
    assert container.dataset.AnatomicRegionSequence[0].CodeValue == "76752008"
    assert container.dataset.file_meta.TransferSyntaxUID == syntax


def test_without_a_meta_group_the_encoding_is_seen() -> None:
    explicit = as_bytes(image())
    explicit = explicit[offset_of(explicit, 0x00080000) :]
    dataset = open_dicom(explicit, Limits()).dataset
    assert dataset.file_meta.TransferSyntaxUID == "1.2.840.10008.1.2.1"
    assert dataset.PatientID == "SECRETID-77"


def test_a_deflated_file_that_is_cut_or_damaged() -> None:
    dataset = image()
    dataset.file_meta = file_meta(dataset, DeflatedExplicitVRLittleEndian)
    data = as_bytes(dataset)
    for bad in (data[:-50], data[:-2000] + b"\xff" * 2000):
        with pytest.raises(RejectedInput):
            open_dicom(bad, Limits())
    assert [n.code for n in open_dicom(data + b"more" * 9, Limits()).notes] == ["trailing bytes"]


def test_inflating_stops_at_the_limit() -> None:
    dataset = image()
    dataset.file_meta = file_meta(dataset, DeflatedExplicitVRLittleEndian)
    with pytest.raises(RejectedInput, match="grows beyond") as caught:
        open_dicom(as_bytes(dataset), Limits(file_bytes=1 << 16))
    assert caught.value.number == 12


def test_encapsulated_pixels_survive() -> None:
    dataset = compressed(breast_pixels(), b"abcdef" * 10, JPEGLSLossless)
    container = open_dicom(as_bytes(dataset), Limits())
    assert [size for _, size in container.skeleton.fragments] == [4, 60]
    assert b"abcdef" in container.dataset.PixelData


def test_a_single_padding_byte_is_no_garbage() -> None:
    assert open_dicom(as_bytes(image()) + b"\0", Limits()).notes == ()
