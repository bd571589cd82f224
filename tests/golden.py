"""The golden files: one synthetic image in every transfer syntax, its values known by formula.

`scripts/make_golden_files.py` made them, with encoders that are not ours wherever there are any.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np
from pydicom import uid

DATA = Path(__file__).parent / "data"
ROWS, COLUMNS = 48, 64


class Golden(NamedTuple):
    """A golden file: its syntax, bits stored, and how far a value may be from the formula's."""

    name: str
    syntax: uid.UID
    bits: int = 12
    bound: int = 0

    @property
    def path(self) -> Path:
        return DATA / f"synthetic_{self.name}.dcm"


FILES = (
    Golden("implicit", uid.ImplicitVRLittleEndian),
    Golden("explicit", uid.ExplicitVRLittleEndian),
    Golden("big_endian", uid.ExplicitVRBigEndian),
    Golden("deflated", uid.DeflatedExplicitVRLittleEndian),
    Golden("rle", uid.RLELossless),
    Golden("jpeg_baseline", uid.JPEGBaseline8Bit, bits=8, bound=12),
    Golden("jpeg_extended", uid.JPEGExtended12Bit, bound=40),
    Golden("jpeg_extended_8", uid.JPEGExtended12Bit, bits=8, bound=12),
    Golden("jpeg_lossless", uid.JPEGLossless),
    Golden("jpeg_lossless_sv1", uid.JPEGLosslessSV1),
    Golden("jpeg_ls", uid.JPEGLSLossless),
    Golden("jpeg_ls_near", uid.JPEGLSNearLossless, bound=2),
    Golden("jpeg_2000_lossless", uid.JPEG2000Lossless),
    Golden("jpeg_2000", uid.JPEG2000, bound=40),
    Golden("htj2k_lossless", uid.HTJ2KLossless),
    Golden("htj2k_lossless_rpcl", uid.HTJ2KLosslessRPCL),
    Golden("htj2k", uid.HTJ2K, bound=40),
)


def stored_values(bits: int = 12) -> np.ndarray:
    """A half ellipse on the left: 3900 - c² - 6 (r - 24)² inside, 20 outside; of 8 bits a sixteenth."""
    row, column = np.mgrid[:ROWS, :COLUMNS]
    depth = 3600 - column**2 - 6 * (row - 24) ** 2
    values = np.where(depth > 0, 300 + depth, 20)
    return (values >> 4).astype(np.uint8) if bits == 8 else values.astype(np.uint16)
