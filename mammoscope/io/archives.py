"""Zip files: their members are read in memory, never extracted to disk."""

import re
import stat
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from zipfile import BadZipFile, ZipFile, ZipInfo

from mammoscope.core import InputRecord
from mammoscope.errors import InputError, RejectedInput
from mammoscope.io.limits import MIB, Limits
from mammoscope.io.sources import HEAD, Source, format_of, is_litter, printable

_ENCRYPTED: Final = 0x1
_OUTSIDE: Final = re.compile(r"^([A-Za-z]:|[/\\])|(^|[/\\])\.\.([/\\]|$)")
_FAULTS: Final = (
    BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    ValueError,
    OSError,
)


def open_archive(path: Path) -> ZipFile:
    """Open a zip file.

    Raises:
        RejectedInput: If it is none.
    """
    try:
        return ZipFile(path)
    except _FAULTS as error:
        raise RejectedInput(f"not a zip file that can be read ({type(error).__name__})") from None


def members(path: Path, name: str, limits: Limits) -> Iterator[Source | InputRecord]:
    """Every member of a zip file: a source, or a record of why it is none.

    Args:
        path: The zip file.
        name: What the user calls it; a member is called ``name/member``.
        limits: Beyond these it is a bomb (13).
    """
    try:
        with open_archive(path) as archive:
            infos = sorted((i for i in archive.infolist() if not i.is_dir()), key=lambda i: i.filename)
            _check_whole(path, infos, limits)
            count = Counter(info.filename for info in infos)
            for info in infos:
                yield _member(
                    archive, info, Source(_call(name, info), path, info.filename), count, limits
                )
    except InputError as error:
        yield InputRecord(name, "rejected", str(error), error.number)


def read_member(archive: ZipFile, member: str, limits: Limits) -> bytes:
    """All bytes of one member.

    Raises:
        RejectedInput: If it is damaged, encrypted, too large, or a bomb.
    """
    try:
        info = archive.getinfo(member)
        _check_member(info, limits)
        with archive.open(info) as file:
            data = file.read(limits.file_bytes + 1)
    except KeyError:
        raise RejectedInput("no longer in the zip file: try again when it is whole", 19) from None
    except _FAULTS as error:
        raise RejectedInput(f"a zip member that cannot be unpacked ({type(error).__name__})") from None
    if len(data) != info.file_size:
        raise RejectedInput(
            f"a zip member of {len(data)} bytes where {info.file_size} were declared", 13
        )
    return data


def _call(name: str, info: ZipInfo) -> str:
    return f"{name}/{printable(info.filename)}"


def _member(
    archive: ZipFile, info: ZipInfo, source: Source, count: Counter[str], limits: Limits
) -> Source | InputRecord:
    if is_litter(info.filename):
        return InputRecord(source.name, "skipped", "left by the operating system, not an image")
    try:
        if count[info.filename] > 1:
            raise RejectedInput("a zip file that holds this name twice: which is meant is unknown")
        _check_member(info, limits)
        with archive.open(info) as file:
            head = file.read(HEAD)
    except InputError as error:
        return InputRecord(source.name, "rejected", str(error), error.number)
    except _FAULTS as error:
        return InputRecord(source.name, "rejected", f"cannot be unpacked ({type(error).__name__})")
    kind = format_of(head, info.filename)
    if kind == "zip":
        return InputRecord(
            source.name, "rejected", "a zip file inside a zip file: unpack the outer one", 13
        )
    if kind == "other":
        return InputRecord(source.name, "skipped", "not an image")
    if Path(info.filename).name.upper() == "DICOMDIR":
        return InputRecord(source.name, "skipped", "an index; the images it lists are read themselves")
    return source


def _check_whole(path: Path, infos: list[ZipInfo], limits: Limits) -> None:
    total, packed = sum(i.file_size for i in infos), sum(i.compress_size for i in infos)
    if len(infos) > limits.archive_members:
        raise RejectedInput(
            f"a zip file of {len(infos)} members: {limits.archive_members} are read", 13
        )
    if total > limits.archive_bytes:
        raise RejectedInput(f"a zip file that unpacks to {total >> 30} GiB: unpack it yourself", 13)
    if packed > path.stat().st_size:
        raise RejectedInput("a zip file whose members overlap: a zip bomb", 13)


def _check_member(info: ZipInfo, limits: Limits) -> None:
    if _OUTSIDE.search(info.filename) or "\0" in info.orig_filename:
        raise RejectedInput("a zip member that points out of its zip file", 14)
    if stat.S_ISLNK(info.external_attr >> 16):
        raise RejectedInput("a zip member that is a link: pack the file itself", 14)
    if info.flag_bits & _ENCRYPTED:
        raise RejectedInput("a zip member that is encrypted: unpack it with its password")
    if info.file_size > limits.file_bytes:
        raise RejectedInput(f"a zip member of {info.file_size // MIB} MiB: too large", 13)
    if info.file_size > MIB and info.file_size > limits.ratio * max(info.compress_size, 1):
        raise RejectedInput(
            f"a zip member packed more than {limits.ratio} times: a zip bomb, or an image of one value",
            13,
        )
