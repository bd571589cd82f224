"""Numbers 53 to 59: compressed pixels."""

from pathlib import Path

import imagecodecs
import numpy as np
from pydicom import uid

from tests.bad_inputs.case import (
    Built,
    case,
    compressed,
    handled,
    image,
    one,
    put,
    rejected,
    several,
    warned,
)
from tests.bad_inputs.pixels import breast_is_bright
from tests.synthetic import breast_pixels, file_meta


def wavelets(stored: np.ndarray) -> bytes:
    """A JPEG 2000 codestream without its file format, as DICOM wants it."""
    return imagecodecs.jpeg2k_encode(stored, codecformat="J2K", reversible=True, level=0)


@case(53)
def unknown_syntax(folder: Path) -> Built:
    unknown = image()
    unknown.file_meta = file_meta(unknown, "1.2.826.0.1.3680043.9.9999.1")
    video = compressed(breast_pixels(), bytes(1000), "1.2.840.10008.1.2.4.102")
    return several(folder, rejected(53), private=unknown, video=video)


@case(54)
def other_codestream(folder: Path) -> Built:
    stored = breast_pixels()
    wavelet, lossless = wavelets(stored), imagecodecs.jpegls_encode(stored)
    return several(
        folder, rejected(54), wavelet=compressed(stored, wavelet, uid.JPEGLSLossless),
        lossless=compressed(stored, lossless, uid.JPEG2000Lossless),
        text=compressed(stored, b"not a codestream" * 9, uid.JPEGBaseline8Bit),
    )  # fmt: skip


@case(55)
def other_size(folder: Path) -> Built:
    huge = wavelets(np.zeros((6000, 6000), np.uint16))
    stored = breast_pixels()
    small = imagecodecs.jpegls_encode(stored[:100])
    return several(
        folder, rejected(55), huge=compressed(stored, huge, uid.JPEG2000Lossless),
        small=compressed(stored, small, uid.JPEGLSLossless),
    )  # fmt: skip


@case(56)
def lossy(folder: Path) -> Built:
    stored = breast_pixels(bits=8)
    stream = imagecodecs.jpeg8_encode(stored, level=95)
    dataset = compressed(
        stored, stream, uid.JPEGBaseline8Bit, LossyImageCompression="01",
        LossyImageCompressionMethod="ISO_10918_1", LossyImageCompressionRatio="12.5",
    )  # fmt: skip
    return one(folder, dataset, warned("lossy"))


@case(57)
def mutated_codestream(folder: Path) -> Built:
    stored = breast_pixels()
    files = {}
    for name, encode, syntax in (
        ("wavelet", wavelets, uid.JPEG2000Lossless),
        ("lossless", imagecodecs.jpegls_encode, uid.JPEGLSLossless),
    ):
        stream = bytearray(encode(stored))
        middle = len(stream) // 2
        stream[middle : middle + 64] = b"\xff" * 64
        files[name] = compressed(stored, bytes(stream), syntax)
    return several(folder, rejected(), **files)


@case(58)
def decoder_dies(folder: Path) -> Built:
    """The test's reading process crashes on files named so: `tests.bad_inputs.crashing`."""
    put(folder, after=image())
    return several(
        folder, rejected(58), crash_segfault=image(), crash_memory=image(), crash_exit=image()
    ) | {"after.dcm": handled()}


@case(59)
def twelve_bit_jpeg(folder: Path) -> Built:
    stored = breast_pixels()
    stream = imagecodecs.jpeg8_encode(stored, level=98, bitspersample=12)
    dataset = compressed(stored, stream, uid.JPEGExtended12Bit, BitsStored=12, HighBit=11)
    return one(folder, dataset, handled(breast_is_bright))
