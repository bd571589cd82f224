"""One thing to read: where its bytes lie, and what the user calls it."""

import os
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal

Format = Literal["dicom", "raster", "zip", "other"]

HEAD: Final = 512
"""How many first bytes tell one format from another."""

DICOM_SUFFIXES: Final = (".dcm", ".dicom", ".dic", ".ima")
RASTER_SUFFIXES: Final = (".png", ".jpg", ".jpeg", ".tif", ".tiff", ".pgm")
LITTER: Final = ("__macosx", ".ds_store", "thumbs.db", "desktop.ini")

_EXPLICIT: Final = (b"UL", b"UI", b"CS", b"OB", b"SH", b"DA", b"TM", b"LO")


@dataclass(frozen=True)
class Source:
    """One file, or one member of a zip file, that may hold an image.

    Attributes:
        name: What the user calls it: relative to what was named, printable, never a private path.
        path: The file.
        member: The member's name where the file is a zip file.
    """

    name: str
    path: Path
    member: str | None = None


def printable(name: str) -> str:
    """A file's name for people: bytes that are no text and control characters are escaped."""
    text = os.fsencode(name).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def format_of(head: bytes, name: str) -> Format:
    """Tell a file's format by its first bytes, and by its name where these say nothing.

    A file whose name promises DICOM or a picture counts as one, so that it is rejected with
    the reason and not passed over.

    Args:
        head: The first `HEAD` bytes, fewer where the file is shorter.
        name: The file's or the member's name.
    """
    suffix = PurePosixPath(name.replace("\\", "/")).suffix.lower()
    if is_dicom(head) or suffix in DICOM_SUFFIXES:
        return "dicom"
    if suffix in RASTER_SUFFIXES:
        return "raster"
    if suffix == ".zip":
        return "zip"
    return "dicom" if not head and not suffix else "other"


def is_dicom(head: bytes) -> bool:
    """Whether bytes begin as a DICOM file does: with DICM after a preamble, or with an element."""
    return head[128:132] == b"DICM" or begins_with_element(head)


def begins_with_element(head: bytes) -> bool:
    """Whether bytes begin with an element of group 0002 or 0008, as files without preamble do."""
    if len(head) < 8 or head[:2] not in (b"\x02\x00", b"\x08\x00", b"\x00\x08"):
        return False
    little = head[1] == 0
    number = int.from_bytes(head[2:4], "little" if little else "big")
    if number > 0x0020:
        return False
    return head[4:6] in _EXPLICIT or (little and int.from_bytes(head[4:8], "little") <= 64)


def is_litter(name: str) -> bool:
    """Whether a file is what macOS or Windows leave in folders."""
    parts = PurePosixPath(name.replace("\\", "/").lower()).parts
    return any(part in LITTER or part.startswith("._") for part in parts)
