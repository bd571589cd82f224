"""JPEG with its decoder's warnings heard.

libjpeg-turbo goes on after damage: where a scan ends too early it fills in grey, where it ends
too late it skips the rest, each with a warning. imagecodecs gives the picture and drops the
warnings, so both are found out from outside: a sound scan does not read what is put after it,
and does read its own last bytes (unless they are zero: some makers fill up so). Damage to a
lossless scan also shows as values of more bits than the image has.
"""

from typing import Final

import imagecodecs
import numpy as np

from mammoscope.io.codestream import end_marker, read_header

PROBE: Final = 16


def jpeg8_decode(stream: bytes) -> np.ndarray:
    """Decode a whole JPEG of one scan: baseline, extended (8 or 12 bits) or lossless.

    Returns:
        Samples as uint8 or uint16, shape (rows, columns).

    Raises:
        ValueError: If the scan is shorter or longer than the image in it, or a value too large.
        RuntimeError: If libjpeg-turbo gives up.
    """
    pixels = imagecodecs.jpeg8_decode(stream)
    if int(pixels.max()) >> read_header(stream).precision:
        raise ValueError("a value has more bits than the image")
    end = end_marker(stream)
    scan, marker = stream[:end].rstrip(b"\xff"), stream[end:]
    if _gives_another(pixels, scan + b"\x55" * PROBE + marker):
        raise ValueError("the scan ends before the image does")
    tail = scan[-PROBE:]
    if any(tail) and not _gives_another(pixels, scan[:-PROBE] + _other(tail) + marker):
        raise ValueError("the image ends before the scan does")
    return pixels


def _other(tail: bytes) -> bytes:
    """As many bytes, each another, none of which starts a marker."""
    return bytes(0x2A if byte == 0x55 else 0x55 for byte in tail)


def _gives_another(pixels: np.ndarray, stream: bytes) -> bool:
    try:
        return not np.array_equal(pixels, imagecodecs.jpeg8_decode(stream))
    except RuntimeError:
        return True
