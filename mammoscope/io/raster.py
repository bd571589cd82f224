"""PNG, JPEG, TIFF and PGM pictures of one grey channel.

Eight bits are scaled by the range of the type: 255 is 1. Sixteen bits are scaled by the
range that the picture uses, since 12-bit and 14-bit data are often stored in 16.
"""

import re
import struct
import warnings
from struct import unpack_from
from typing import Final, NamedTuple

import imagecodecs
import numpy as np
from jaxtyping import Float32

from mammoscope.errors import RejectedInput, SkippedInput
from mammoscope.io.codestream import BASELINE, END, read_header
from mammoscope.io.jpeg import jpeg8_decode
from mammoscope.io.limits import Limits

_PGM: Final = re.compile(rb"P5(?:\s|#[^\n]*\n)+(\d+)(?:\s|#[^\n]*\n)+(\d+)(?:\s|#[^\n]*\n)+(\d+)\s")
_SCAN: Final = b"\xff\xda"
_COLOUR: Final = "a colour picture: only pictures of one grey channel are mammograms"
_COLUMNS, _ROWS, _PHOTOMETRIC = 256, 257, 262


class Shape(NamedTuple):
    """What a picture's header says, before anything is decoded."""

    rows: int
    columns: int
    white_is_zero: bool = False


def read_shape(data: bytes, limits: Limits) -> Shape:
    """Rows and columns from a picture's header.

    Raises:
        RejectedInput: If it is empty (1), no picture (2), or too large (35).
        SkippedInput: If it has a palette (40) or several pages (66).
    """
    if not data:
        raise RejectedInput("an empty file: fetch it again", 1)
    reader = next((read for magic, read in _READERS.items() if data.startswith(magic)), None)
    if reader is None:
        raise RejectedInput("expected a PNG, JPEG, TIFF or PGM picture, received something else", 2)
    try:
        shape = reader(data)
    except (struct.error, ValueError, LookupError):
        raise RejectedInput("a picture whose header cannot be read: save it again", 4) from None
    if shape.rows < 1 or shape.columns < 1:
        raise RejectedInput(f"a picture of {shape.rows} × {shape.columns} pixels", 34)
    if shape.rows * shape.columns > limits.pixels:
        raise RejectedInput(f"a picture of {shape.rows} × {shape.columns} pixels: too large", 35)
    return shape


def decode(data: bytes, limits: Limits) -> Float32[np.ndarray, "rows columns"]:
    """Decode a picture to 0–1.

    Raises:
        RejectedInput: If it is damaged, or its pixels are no integers of 8 or 16 bits.
        SkippedInput: If it has colours (40).
    """
    shape = read_shape(data, limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            stored = np.asarray(_decode(data))
    except Exception as error:
        raise RejectedInput(f"a picture that cannot be decoded ({type(error).__name__})", 5) from None
    grey = _one_channel(stored)
    if grey.shape != shape[:2]:
        raise RejectedInput(f"a picture of {grey.shape} where its header says {shape[:2]}", 55)
    scaled = _scale(grey)
    return np.ascontiguousarray(1 - scaled if shape.white_is_zero else scaled)


def _decode(data: bytes) -> np.ndarray:
    if data.startswith(b"\x89PNG"):
        return imagecodecs.png_decode(data)
    if data.startswith(b"\xff\xd8\xff"):
        return _decode_jpeg(data)
    if data.startswith(b"P5"):
        return _decode_pgm(data)
    return imagecodecs.tiff_decode(data)


def _decode_jpeg(data: bytes) -> np.ndarray:
    """A JPEG whose damage is told where it can be: of one scan within, of several by its end."""
    if data.rfind(END) < data.rfind(_SCAN):
        raise ValueError("no end")
    simple = data.count(_SCAN) == 1 and read_header(data).kind == BASELINE
    return jpeg8_decode(data[: data.rfind(END) + 2]) if simple else imagecodecs.jpeg8_decode(data)


def _decode_pgm(data: bytes) -> np.ndarray:
    head = _PGM.match(data)
    if head is None:
        raise ValueError("no PGM header")
    columns, rows, largest = map(int, head.groups())
    kind = np.dtype("u1" if largest < 256 else ">u2")
    return np.frombuffer(data, kind, rows * columns, head.end()).reshape(rows, columns)


def _one_channel(stored: np.ndarray) -> np.ndarray:
    """The grey channel, also of a picture whose colours are all grey."""
    if stored.ndim == 3 and stored.shape[-1] in (2, 4):
        alpha = stored[..., -1]
        if (alpha != np.iinfo(stored.dtype).max).any():
            raise SkippedInput("a picture that is partly transparent: flatten it", 40)
        stored = stored[..., :-1]
    if stored.ndim == 3 and stored.shape[-1] == 3:
        if (stored != stored[..., :1]).any():
            raise SkippedInput(_COLOUR, 40)
        stored = stored[..., :1]
    if stored.ndim == 3 and stored.shape[-1] == 1:
        stored = stored[..., 0]
    if stored.ndim != 2:
        raise SkippedInput(f"a picture of {stored.ndim} dimensions: give its pages one by one", 66)
    return stored


def _scale(grey: np.ndarray) -> Float32[np.ndarray, "rows columns"]:
    if grey.dtype == np.uint8:
        return grey.astype(np.float32) / np.float32(255)
    if grey.dtype.kind == "u" and grey.dtype.itemsize == 2:
        low, high = int(grey.min()), int(grey.max())
        return (grey.astype(np.float32) - np.float32(low)) / np.float32(max(high - low, 1))
    raise RejectedInput(f"expected pixels of 8 or 16 bits, received {grey.dtype}")


def _png(data: bytes) -> Shape:
    columns, rows, _, colour = unpack_from(">LLBB", data, 16)
    if colour == 3:
        raise SkippedInput("a picture with a palette: save it as grey", 40)
    return Shape(rows, columns)


def _jpeg(data: bytes) -> Shape:
    at = 2
    while data[at] == 0xFF:
        marker, length = unpack_from(">BH", data, at + 1)
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            rows, columns = unpack_from(">HH", data, at + 5)
            return Shape(rows, columns)
        at += 2 + length
    raise ValueError("no frame")


def _pgm(data: bytes) -> Shape:
    head = _PGM.match(data)
    if head is None or not 0 < int(head[3]) < 65536:
        raise ValueError("no PGM header")
    return Shape(int(head[2]), int(head[1]))


def _tiff(data: bytes) -> Shape:
    order = "<" if data.startswith(b"II") else ">"
    (at,) = unpack_from(order + "L", data, 4)
    (count,) = unpack_from(order + "H", data, at)
    values: dict[int, int] = {}
    for index in range(count):
        entry = at + 2 + 12 * index
        tag, kind = unpack_from(order + "HH", data, entry)
        values[tag] = unpack_from(order + ("H" if kind == 3 else "L"), data, entry + 8)[0]
    (following,) = unpack_from(order + "L", data, at + 2 + 12 * count)
    if following:
        raise SkippedInput("a TIFF file of several pages: give its pages one by one", 66)
    photometric = values[_PHOTOMETRIC]
    if photometric == 3:
        raise SkippedInput("a picture with a palette: save it as grey", 40)
    return Shape(values[_ROWS], values[_COLUMNS], photometric == 0)


_READERS: Final = {
    b"\x89PNG": _png, b"\xff\xd8\xff": _jpeg, b"P5": _pgm, b"II*\0": _tiff, b"MM\0*": _tiff,
}  # fmt: skip
