"""JPEG with its decoder's warnings heard.

libjpeg-turbo goes on after damage: where a scan ends too early it fills in grey, where it ends
too late it skips the rest, each with a warning. imagecodecs gives the picture and drops the
warnings, so both are found out from outside: a sound scan does not read what is put after it
(the decoder fills in zeros, so what is put there begins with a one), and does read its own last
byte (unless it is zero: some makers fill up so). Damage to a lossless scan also shows as values
of more bits than the image has.
"""

from typing import Final

import imagecodecs
import numpy as np

from mammoscope.io.codestream import end_marker, read_header

AFTER: Final = (b"\x9f" * 16, b"\xd3" * 16)
"""What told most of the scans that end too early: 92 of 100, each alone 80."""


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
    if any(_gives_another(pixels, scan + after + marker) for after in AFTER):
        raise ValueError("the scan ends before the image does")
    others = (scan[:-1] + other + marker for other in _others(scan[-1]))
    if scan[-1] and not any(_gives_another(pixels, other) for other in others):
        raise ValueError("the image ends before the scan does")
    return pixels


def _others(byte: int) -> list[bytes]:
    """Other bytes, none of which starts a marker; most last bytes are told by the first."""
    tries = (byte ^ 0xFF, byte ^ 0x80, 0x55, 0xAA)
    return [bytes([other]) for other in tries if other not in (byte, 0xFF)]


def _gives_another(pixels: np.ndarray, stream: bytes) -> bool:
    try:
        return not np.array_equal(pixels, imagecodecs.jpeg8_decode(stream))
    except RuntimeError:
        return True
