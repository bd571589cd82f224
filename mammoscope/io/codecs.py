"""Pixel data to stored values: every transfer syntax that carries mammograms.

The decoders are imagecodecs' libjpeg-turbo, CharLS and OpenJPEG, for HTJ2K too: OpenJPH is faster,
but damaged codestreams crash it, and what damage it notices does not reach the caller.
"""

import struct
from collections.abc import Callable, Mapping
from typing import Final

import imagecodecs
import numpy as np
from jaxtyping import UInt8, UInt16
from pydicom import uid
from pydicom.dataset import Dataset

from mammoscope.core import Note
from mammoscope.errors import RejectedInput
from mammoscope.io.codestream import (
    JP2_START,
    JPEG_2000_START,
    KINDS,
    LOSSY,
    check_codestream,
    read_header,
    rle_segments,
    unwrapped,
)
from mammoscope.io.grayscale import numbers
from mammoscope.io.jpeg import jpeg8_decode

ITEM: Final = 0xE000FFFE
DELIMITER: Final = 0xE0DDFFFE
STARTS: Final = (b"\xff\xd8\xff", JPEG_2000_START, JP2_START)
NATIVE: Final = frozenset(
    {
        uid.ImplicitVRLittleEndian,
        uid.ExplicitVRLittleEndian,
        uid.ExplicitVRBigEndian,
        uid.DeflatedExplicitVRLittleEndian,
    }
)
CODECS: Final[Mapping[str, Callable[[bytes], np.ndarray]]] = {
    uid.JPEGBaseline8Bit: jpeg8_decode,
    uid.JPEGExtended12Bit: jpeg8_decode,
    uid.JPEGLossless: jpeg8_decode,
    uid.JPEGLosslessSV1: jpeg8_decode,
    uid.JPEGLSLossless: imagecodecs.jpegls_decode,
    uid.JPEGLSNearLossless: imagecodecs.jpegls_decode,
    uid.JPEG2000Lossless: imagecodecs.jpeg2k_decode,
    uid.JPEG2000: imagecodecs.jpeg2k_decode,
    uid.HTJ2KLossless: imagecodecs.jpeg2k_decode,
    uid.HTJ2KLosslessRPCL: imagecodecs.jpeg2k_decode,
    uid.HTJ2K: imagecodecs.jpeg2k_decode,
}


def decode(dataset: Dataset) -> UInt8[np.ndarray, "rows columns"] | UInt16[np.ndarray, "rows columns"]:
    """Decode the one frame of a monochrome image.

    Returns:
        The pixel cells as they were stored, shape (rows, columns): bit patterns, unsigned
        whatever PixelRepresentation says, with overlay bits still in them. What they mean is
        told by `mammoscope.io.pixels.stored_to_display`.

    Raises:
        RejectedInput: 5 or 6 cut pixels, 33 no pixels, 36 impossible cells, 47 another number
            of frames, 53 unknown transfer syntax, 54 and 55 a codestream that contradicts the
            header, 57 a damaged one.

    Source:
        DICOM PS3.5 8 (encoding of pixel data) and A.4 (encapsulated transfer syntaxes).
    """
    syntax = dataset.file_meta.TransferSyntaxUID
    if syntax not in NATIVE and syntax not in KINDS:
        raise RejectedInput("expected a transfer syntax for images, got an unknown one: convert it", 53)
    if "PixelData" not in dataset:
        raise RejectedInput("expected pixels, the file has none: export the image again", 33)
    _check_cells(dataset)
    if syntax in NATIVE:
        return _native(dataset)
    return decode_frame(dataset, frame(dataset), syntax)


def decode_frame(dataset: Dataset, stream: bytes, syntax: str) -> np.ndarray:
    """Check and decode one compressed frame; see `decode` for what is returned and raised."""
    check_codestream(dataset, stream, syntax)
    shape = dataset.Rows, dataset.Columns
    cell = np.dtype(f"u{dataset.BitsAllocated // 8}")
    try:
        pixels = _rle(stream, shape) if syntax == uid.RLELossless else CODECS[syntax](stream)
    except (RuntimeError, ValueError) as error:
        raise RejectedInput("the compressed image is damaged: copy the file again", 57) from error
    if pixels.shape != shape:
        raise RejectedInput(f"expected {shape} pixels, the decoder gave {pixels.shape}", 55)
    return pixels.view(f"u{pixels.itemsize}").astype(cell, copy=False)


def frame(dataset: Dataset) -> bytes:
    """Join the fragments of the one frame of encapsulated pixel data (PS3.5 A.4).

    A JPEG 2000 codestream comes without the JP2 file around it that some writers leave there.

    Raises:
        RejectedInput: 6 if a fragment is cut, 47 if there is not exactly one frame.
    """
    offsets, *fragments = _items(dataset.PixelData)
    rle = dataset.file_meta.TransferSyntaxUID == uid.RLELossless
    starts = sum(rle or fragment.startswith(STARTS) for fragment in fragments[1:]) + len(fragments[:1])
    frames = max(starts, len(offsets) // 4)
    declared = int(dataset.get("NumberOfFrames") or 1)
    if frames != 1 or declared != 1:
        raise RejectedInput(f"expected one frame, header says {declared}, the data hold {frames}", 47)
    return unwrapped(fragments[0] if len(fragments) == 1 else b"".join(fragments))


def notes(dataset: Dataset) -> tuple[Note, ...]:
    """Warnings about how the pixels are kept: with loss, with bytes to spare."""
    return _lossy(dataset) + _trailing(dataset)


def _lossy(dataset: Dataset) -> tuple[Note, ...]:
    """A note if the header or the codestream says that something was lost (PS3.3 C.7.6.1.1.5)."""
    compressed = "PixelData" in dataset and dataset.file_meta.TransferSyntaxUID in CODECS
    if dataset.get("LossyImageCompression") != "01" and not (
        compressed and read_header(frame(dataset)).kind in LOSSY
    ):
        return ()
    ratios = [f"{ratio:g} : 1" for ratio in numbers(dataset, "LossyImageCompressionRatio")]
    ratio = f"ratio {', then '.join(ratios)}" if ratios else "ratio not stated"
    return (Note("lossy", f"the image was compressed with loss, {ratio}"),)


def _trailing(dataset: Dataset) -> tuple[Note, ...]:
    """A note if native pixels are followed by more than the byte that makes their length even."""
    if "PixelData" not in dataset or dataset.file_meta.TransferSyntaxUID not in NATIVE:
        return ()
    spare = len(dataset.PixelData) - _frame_length(dataset)
    if spare <= 1:
        return ()
    return (Note("trailing pixel bytes", f"{spare} bytes after the last pixel were ignored"),)


def _check_cells(dataset: Dataset) -> None:
    if dataset.get("SamplesPerPixel", 1) != 1 or dataset.get("BitsAllocated") not in (8, 16):
        cells = f"{dataset.get('SamplesPerPixel', 1)} samples of {dataset.get('BitsAllocated')} bits"
        raise RejectedInput(f"expected one sample of 8 or 16 bits a pixel, got {cells}", 36)
    if not (dataset.get("Rows") and dataset.get("Columns")):
        raise RejectedInput("expected at least one row and column, got none", 34)


def _frame_length(dataset: Dataset) -> int:
    return int(dataset.Rows) * int(dataset.Columns) * int(dataset.BitsAllocated) // 8


def _native(dataset: Dataset) -> np.ndarray:
    data, length = dataset.PixelData, _frame_length(dataset)
    declared = int(dataset.get("NumberOfFrames") or 1)
    if len(data) < length:
        got = f"expected {length} bytes of pixels, got {len(data)}"
        raise RejectedInput(f"{got}: copy the file again", 5)
    if declared != 1 or len(data) >= 2 * length:
        frames = len(data) // length
        raise RejectedInput(f"expected one frame, header says {declared}, the data hold {frames}", 47)
    big = dataset.file_meta.TransferSyntaxUID == uid.ExplicitVRBigEndian
    if big and dataset.BitsAllocated == 8 and dataset["PixelData"].VR == "OW":
        data = np.frombuffer(data, ">u2").astype("<u2").tobytes()
    cell = np.dtype(f"u{dataset.BitsAllocated // 8}")
    stored = np.frombuffer(data, cell.newbyteorder(">" if big else "<"), length // cell.itemsize)
    return stored.astype(cell, copy=False).reshape(dataset.Rows, dataset.Columns)


def _items(pixels: bytes) -> list[bytes]:
    """The items of encapsulated pixel data: offset table, fragments."""
    position, items = 0, []
    while position + 8 <= len(pixels):
        tag, length = struct.unpack_from("<II", pixels, position)
        if tag == DELIMITER:
            break
        end = position + 8 + length
        if tag != ITEM or end > len(pixels):
            raise RejectedInput("a fragment of the compressed image is cut: copy the file again", 6)
        items.append(pixels[position + 8 : end])
        position = end
    return items or [b""]


def _rle(stream: bytes, shape: tuple[int, int]) -> np.ndarray:
    """Unpack the byte planes of an RLE frame, most significant first (PS3.5 G)."""
    segments = rle_segments(stream)
    planes = np.empty((shape[0] * shape[1], len(segments)), np.uint8)
    for place, segment in enumerate(reversed(segments)):
        plane = imagecodecs.packbits_decode(segment, out=len(planes))
        if len(plane) != len(planes):
            raise ValueError("an RLE segment ends early")
        planes[:, place] = np.frombuffer(plane, np.uint8)
    return planes.view(f"<u{len(segments)}").reshape(shape)
