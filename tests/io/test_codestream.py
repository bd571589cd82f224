"""What codestreams say of themselves; broken skeletons."""

import struct

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread, uid
from pydicom.dataset import Dataset

from mammoscope.errors import RejectedInput
from mammoscope.io import codestream
from mammoscope.io.codecs import frame
from mammoscope.io.codestream import Header, check_codestream, read_header, rle_segments
from tests.golden import DATA

GRAIN = np.random.default_rng(1).integers(0, 4096, (96, 80)).astype(np.uint16)


def header(rows: int = 96, columns: int = 80, stored: int = 12, representation: int = 0) -> Dataset:
    dataset = Dataset()
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = rows, columns, 1
    dataset.BitsAllocated, dataset.BitsStored, dataset.PixelRepresentation = 16, stored, representation
    return dataset


def wavelets(bits: int = 12, kind: type = np.uint16) -> bytes:
    return imagecodecs.jpeg2k_encode(
        GRAIN.astype(kind), level=0, codecformat="J2K", reversible=True, bitspersample=bits
    )


def number_of(dataset: Dataset, stream: bytes, syntax: str) -> int | None:
    with pytest.raises(RejectedInput) as caught:
        check_codestream(dataset, stream, syntax)
    return caught.value.number


@pytest.mark.parametrize(
    ("name", "kind", "precision"),
    [
        ("jpeg_baseline", codestream.BASELINE, 8),
        ("jpeg_extended", codestream.EXTENDED, 12),
        ("jpeg_extended_8", codestream.EXTENDED, 8),
        ("jpeg_lossless", codestream.LOSSLESS, 16),
        ("jpeg_lossless_sv1", codestream.LOSSLESS_FIRST, 16),
        ("jpeg_ls", codestream.JPEG_LS, 16),
        ("jpeg_ls_near", codestream.JPEG_LS_NEAR, 12),
        ("jpeg_2000_lossless", codestream.JPEG_2000, 12),
        ("jpeg_2000", codestream.JPEG_2000_LOSSY, 12),
        ("htj2k_lossless_rpcl", codestream.HTJ2K_RPCL, 16),
        ("htj2k", codestream.HTJ2K_LOSSY, 16),
    ],
)
def test_headers_of_the_golden_files(name: str, kind: str, precision: int) -> None:
    stream = frame(dcmread(DATA / f"synthetic_{name}.dcm"))
    assert read_header(stream) == Header(kind, 48, 64, 1, precision)


def test_a_signed_codestream_says_so() -> None:
    assert read_header(wavelets(kind=np.int16)).signed
    assert not read_header(wavelets()).signed


@pytest.mark.parametrize(
    ("stream", "number"),
    [
        (b"", 54),
        (b"\0" * 100, 54),
        (b"\x00\x00\x00\x0cjP  \r\n\x87\n" + bytes(60), 54),  # the file format around JPEG 2000
        (b"\xff\xd8\xff", 57),
        (b"\xff\xd8\xff\xe0\x00\x01", 57),
        (b"\xff\xd8\xff\xff\xff\xff", 57),
        (b"\xff\xd8\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00", 57),  # a scan without a frame
        (b"\xff\x4f\xff\x51\x00\x04\x00\x00", 57),
        (b"\xff\x4f\xff\x51\x00\x04\x00\x00\xff\x90\x00\x02", 57),
    ],
)
def test_what_is_no_codestream(stream: bytes, number: int) -> None:
    with pytest.raises(RejectedInput) as caught:
        read_header(stream)
    assert caught.value.number == number


@pytest.mark.parametrize(
    ("dataset", "number"),
    [
        (header(rows=95), 55),
        (header(columns=81), 55),
        (header(rows=80, columns=96), 55),
        (header(stored=13, representation=1), 55),  # a sign in a bit that is not there
    ],
)
def test_a_header_that_disagrees(dataset: Dataset, number: int) -> None:
    assert number_of(dataset, wavelets(), uid.JPEG2000Lossless) == number


def test_fewer_bits_than_stored_will_do_where_no_sign_is_lost() -> None:
    check_codestream(header(stored=16), wavelets(), uid.JPEG2000Lossless)
    check_codestream(header(stored=16, representation=1), wavelets(kind=np.int16), uid.JPEG2000)


def test_more_bits_than_a_cell_holds() -> None:
    dataset = header(stored=8)
    dataset.BitsAllocated = 8
    assert number_of(dataset, wavelets(), uid.JPEG2000Lossless) == 55


def test_a_bomb_is_refused_by_its_header() -> None:
    stream = bytearray(wavelets())
    stream[8:16] = struct.pack(">II", 60000, 60000)  # SIZ: columns and rows
    assert number_of(header(), bytes(stream), uid.JPEG2000Lossless) == 55


def test_a_marker_within_a_tile_is_damage() -> None:
    stream = bytearray(wavelets())
    middle = len(stream) // 2
    stream[middle : middle + 2] = b"\xff\xd9"
    assert number_of(header(), bytes(stream), uid.JPEG2000Lossless) == 57


@pytest.mark.parametrize("change", [-7, 7])
def test_a_tile_part_of_another_length_is_damage(change: int) -> None:
    stream = bytearray(wavelets())
    place = stream.index(b"\xff\x90") + 6
    length = int.from_bytes(stream[place : place + 4], "big")
    stream[place : place + 4] = (length + change).to_bytes(4, "big")
    assert number_of(header(), bytes(stream), uid.JPEG2000Lossless) == 57


def test_a_tile_part_without_a_length_runs_to_the_end() -> None:
    stream = bytearray(wavelets())
    place = stream.index(b"\xff\x90") + 6
    stream[place : place + 4] = bytes(4)
    check_codestream(header(), bytes(stream), uid.JPEG2000Lossless)


@pytest.mark.parametrize(("marker", "sound"), [(0xD0, True), (0xD1, False), (0xC4, False)])
def test_markers_within_a_scan(marker: int, sound: bool) -> None:
    stream = imagecodecs.jpeg8_encode(GRAIN, lossless=True, predictor=1, bitspersample=12)
    middle = len(stream) - 60
    marked = stream[:middle].rstrip(b"\xff") + bytes((0xFF, marker)) + stream[middle:]
    if sound:
        check_codestream(header(), marked, uid.JPEGLosslessSV1)
    else:
        assert number_of(header(), marked, uid.JPEGLosslessSV1) == 57


def test_padding_after_the_end_is_allowed() -> None:
    check_codestream(header(), wavelets() + b"\0", uid.JPEG2000Lossless)
    assert number_of(header(), wavelets()[:-2], uid.JPEG2000Lossless) == 6
    assert number_of(header(), wavelets() + b"more", uid.JPEG2000Lossless) == 6


def rle(count: int, *offsets: int, length: int = 100) -> bytes:
    return struct.pack("<16I", count, *offsets, *(0,) * (15 - len(offsets))) + bytes(length - 64)


def test_rle_segments() -> None:
    stream = rle(2, 64, 80, length=90)
    assert [len(segment) for segment in rle_segments(stream)] == [16, 10]


@pytest.mark.parametrize(
    ("stream", "number"),
    [
        (b"\2\0\0\0", 6),
        (rle(0), 54),
        (rle(16, 64), 54),
        (rle(2, 60, 80), 54),
        (rle(2, 64, 64), 54),
        (rle(2, 64, 30), 54),
        (rle(2, 64, 100), 6),
        (rle(1, 64), 55),
        (rle(3, 64, 70, 80), 55),
    ],
)
def test_rle_headers_that_cannot_be(stream: bytes, number: int) -> None:
    assert number_of(header(), stream, uid.RLELossless) == number
