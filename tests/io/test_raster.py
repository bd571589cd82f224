import struct
import zlib

import cv2
import imagecodecs
import numpy as np
import pytest

from mammoscope.errors import InputError, RejectedInput, SkippedInput
from mammoscope.io import raster
from mammoscope.io.limits import Limits
from tests.synthetic import breast_pixels

LIMITS = Limits()
GREY = breast_pixels("MLO", shape=(120, 90), bits=8)
DEEP = breast_pixels("MLO", shape=(120, 90), bits=12)


def pgm(pixels: np.ndarray, largest: int, comment: bytes = b"") -> bytes:
    kind = ">u2" if largest > 255 else "u1"
    return (
        b"P5\n%s%d %d\n%d\n" % (comment, pixels.shape[1], pixels.shape[0], largest)
        + pixels.astype(kind).tobytes()
    )


def tiff(pixels: np.ndarray, photometric: int = 1, order: str = "<", following: int = 0) -> bytes:
    """A TIFF file of one strip, written by hand."""
    size = pixels.dtype.itemsize
    body = pixels.astype(f"{order}u{size}").tobytes()
    entries = [
        (256, pixels.shape[1]), (257, pixels.shape[0]), (258, 8 * size), (259, 1), (262, photometric),
        (273, 8), (277, 1), (278, pixels.shape[0]), (279, len(body)),
    ]  # fmt: skip
    at = 8 + len(body)
    table = b"".join(struct.pack(order + "HHLL", tag, 4, 1, value) for tag, value in entries)
    head = {"<": b"II*\0", ">": b"MM\0*"}[order] + struct.pack(order + "L", at)
    return (
        head
        + body
        + struct.pack(order + "H", len(entries))
        + table
        + struct.pack(order + "L", following)
    )


@pytest.mark.parametrize(
    "data",
    [
        imagecodecs.png_encode(GREY),
        pgm(GREY, 255),
        pgm(GREY, 255, comment=b"# from a scanner\n"),
        tiff(GREY),
        tiff(GREY, order=">"),
        imagecodecs.png_encode(np.stack([GREY] * 3, axis=-1)),
        imagecodecs.png_encode(np.stack([GREY] * 3 + [np.full_like(GREY, 255)], axis=-1)),
    ],
    ids=["png", "pgm", "pgm comment", "tiff", "tiff big endian", "grey colours", "opaque"],
)
def test_eight_bits_are_scaled_by_the_type(data: bytes) -> None:
    np.testing.assert_allclose(raster.decode(data, LIMITS), GREY / 255, atol=1e-6)


@pytest.mark.parametrize(
    "data",
    [imagecodecs.png_encode(DEEP), pgm(DEEP, 4095), tiff(DEEP), tiff(DEEP, order=">")],
    ids=["png", "pgm", "tiff", "tiff big endian"],
)
def test_sixteen_bits_are_scaled_by_their_range(data: bytes) -> None:
    expected = (DEEP - DEEP.min()) / (int(DEEP.max()) - int(DEEP.min()))
    np.testing.assert_allclose(raster.decode(data, LIMITS), expected, atol=1e-6)


def test_a_jpeg_is_close() -> None:
    data = imagecodecs.jpeg8_encode(GREY, level=95)
    assert np.abs(raster.decode(data, LIMITS) - GREY / 255).mean() < 0.01


@pytest.mark.parametrize("options", [{}, {"optimize": True}, {"subsampling": "420"}])
def test_a_jpeg_that_ends_early_is_rejected(options: dict[str, object]) -> None:
    pixels = np.stack([GREY] * 3, axis=-1) if "subsampling" in options else GREY
    data = imagecodecs.jpeg8_encode(pixels, level=95, **options)
    assert raster.decode(data + b"after its end", LIMITS).shape == GREY.shape
    for damaged in (data[: len(data) // 2], data[: len(data) // 2] + data[-2:]):
        with pytest.raises(RejectedInput) as caught:
            raster.decode(damaged, LIMITS)
        assert caught.value.number == 5


def test_a_jpeg_of_several_scans_is_read() -> None:
    encoded, stream = cv2.imencode(".jpg", GREY, [cv2.IMWRITE_JPEG_PROGRESSIVE, 1])
    assert encoded
    data = stream.tobytes()
    assert np.abs(raster.decode(data, LIMITS) - GREY / 255).mean() < 0.01
    with pytest.raises(RejectedInput):
        raster.decode(data[:-200], LIMITS)


def test_white_is_zero_is_inverted_once() -> None:
    np.testing.assert_allclose(
        raster.decode(tiff(255 - GREY, photometric=0), LIMITS), GREY / 255, atol=1e-6
    )


@pytest.mark.parametrize(
    "data",
    [imagecodecs.png_encode(GREY), pgm(GREY, 255), tiff(GREY), imagecodecs.jpeg8_encode(GREY)],
    ids=["png", "pgm", "tiff", "jpeg"],
)
def test_the_size_is_known_before_decoding(data: bytes) -> None:
    assert raster.read_shape(data, LIMITS)[:2] == (120, 90)
    with pytest.raises(RejectedInput, match="too large") as caught:
        raster.read_shape(data, Limits(pixels=120 * 90 - 1))
    assert caught.value.number == 35


def test_a_picture_that_claims_to_be_huge_is_not_decoded() -> None:
    header = struct.pack(">LLBBBBB", 60_000, 60_000, 16, 0, 0, 0, 0)
    chunk = struct.pack(">L", 13) + b"IHDR" + header + struct.pack(">L", zlib.crc32(b"IHDR" + header))
    with pytest.raises(RejectedInput, match="60000 × 60000"):
        raster.decode(b"\x89PNG\r\n\x1a\n" + chunk, LIMITS)


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (imagecodecs.png_encode(np.stack([GREY, GREY, 255 - GREY], axis=-1)), 40),
        (imagecodecs.png_encode(np.stack([GREY] * 3 + [GREY], axis=-1)), 40),
        (tiff(GREY, photometric=3), 40),
        (tiff(GREY, following=8), 66),
    ],
    ids=["colours", "transparent", "palette", "pages"],
)
def test_other_pictures_are_skipped(data: bytes, number: int) -> None:
    with pytest.raises(SkippedInput) as caught:
        raster.decode(data, LIMITS)
    assert caught.value.number == number


@pytest.mark.parametrize(
    ("data", "number"),
    [
        (b"", 1),
        (b"GIF89a", 2),
        (b"\x89PNG\r\n", 4),
        (b"\xff\xd8\xff", 4),
        (b"P5\n10", 4),
        (b"II*\0\xff\xff\xff\xff", 4),
        (b"P5 0 10 255\n", 34),
        (pgm(GREY, 255)[:-10], 5),
        (imagecodecs.png_encode(GREY)[:-200], 5),
        (tiff(GREY.astype(np.uint32)), None),
    ],
)  # fmt: skip
def test_damaged_pictures_are_rejected(data: bytes, number: int | None) -> None:
    with pytest.raises(RejectedInput) as caught:
        raster.decode(data, LIMITS)
    assert caught.value.number == number


@pytest.mark.parametrize("seed", range(4))
def test_mutated_pictures_end_in_pixels_or_an_input_error(seed: int) -> None:
    random = np.random.default_rng(seed)
    files = [imagecodecs.png_encode(GREY), imagecodecs.jpeg8_encode(GREY), tiff(DEEP), pgm(DEEP, 4095)]
    for _ in range(25):
        for file in files:
            data = bytearray(file)
            for at in random.integers(0, min(len(data), 200), 3):
                data[at] = random.integers(256)
            try:
                shown = raster.decode(bytes(data), LIMITS)
            except InputError:
                continue
            assert shown.ndim == 2
