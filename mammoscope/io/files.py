"""From what a user names to the files behind it: folders, globs, zip files, discs, lists.

The walk is lazy: of a folder of 10,000 files it holds the names of one level at a time,
and opens each file only to look at its first bytes.
"""

import errno
import glob
import itertools
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import BufferedIOBase, TextIOBase
from pathlib import Path
from typing import TextIO

from mammoscope.core import InputRecord
from mammoscope.errors import SkippedInput
from mammoscope.io import archives, dicomdir
from mammoscope.io.contents import read_head
from mammoscope.io.limits import Limits
from mammoscope.io.sources import Source, format_of, is_litter, printable

Found = Source | InputRecord
_CHUNK = 1 << 16
_STARS = re.compile(r"\*\*+")


def find(
    paths: Iterable[str | Path],
    *,
    stdin: TextIO | TextIOBase | None = None,
    limits: Limits | None = None,
) -> Iterator[Found]:
    """Find everything to read, lazily; what cannot be an image comes as a record.

    Every file met gives exactly one `Source` or one `InputRecord`. A path is a file, a folder
    (walked to its depths, sorted by name), a zip file, a DICOMDIR, a pattern such as
    ``exams/*/*.dcm``, or ``-`` for a list of paths on standard input, one a line or separated
    by NUL.

    Args:
        paths: What the user named.
        stdin: Where ``-`` reads its list; without it ``-`` is a file's name.
        limits: For zip files and DICOMDIR.
    """
    limits = limits or Limits()
    used: Counter[str] = Counter()
    for path in paths:
        if stdin is not None and str(path) == "-":
            for line in _lines(stdin):
                yield from _named(line, used, limits)
        else:
            yield from _named(os.fspath(path), used, limits)


def _named(text: str, used: Counter[str], limits: Limits) -> Iterator[Found]:
    """What one path stands for: itself where it exists, else the matches of a pattern."""
    if "\0" not in text and os.path.lexists(text):
        yield from _root(Path(text), _label(Path(text), used), limits)
        return
    fixed = Path(*itertools.takewhile(lambda part: not glob.has_magic(part), Path(text).parts))
    matches = sorted(_matches(fixed, Path(text).parts[len(fixed.parts) :]))
    for match in matches:
        if not (match.is_dir() and "**" in text):
            called = match.relative_to(fixed) if match.is_absolute() else match
            yield from _root(match, _label(called, used), limits)
    if not matches:
        yield InputRecord(
            _label(Path(text), used), "rejected", "no such file, and no match of a pattern"
        )


def _matches(fixed: Path, rest: Sequence[str]) -> Iterator[Path]:
    """What a pattern matches, as a shell does: no hidden files, and ``**`` follows no links."""
    parts = [part if part == "**" else _STARS.sub("*", part) for part in rest]
    if not parts or "\0" in "".join(parts):
        return
    hidden = any(part.startswith(".") for part in parts)
    for match in fixed.glob("/".join([*parts, "*"] if parts[-1] == "**" else parts)):
        if hidden or not any(part.startswith(".") for part in match.relative_to(fixed).parts):
            yield match


def _label(path: Path, used: Counter[str]) -> str:
    """A relative path as the user wrote it, else its last part; a second one is numbered."""
    plain = path.name if path.is_absolute() or ".." in path.parts else str(path)
    label = "" if plain in (".", "..") else printable(plain)
    used[label] += 1
    return label if used[label] == 1 else f"{label} ({used[label]})"


def _root(path: Path, label: str, limits: Limits) -> Iterator[Found]:
    if path.is_dir():
        yield from _walk(path, f"{label}/" if label else "", limits)
    elif dicomdir.is_dicomdir(path) and path.is_file():
        yield from dicomdir.entries(path, label, _folder(label), limits)
    else:
        yield from _file(path, label, limits)


def _folder(name: str) -> str:
    return name[: name.rfind("/") + 1]


def _walk(root: Path, label: str, limits: Limits) -> Iterator[Found]:
    """Everything under a folder, depth first, without recursion: folders nest deeper than Python."""
    real = root.resolve()
    levels: list[Iterator[os.DirEntry[str] | InputRecord]] = [iter(_entries(root, label))]
    while levels:
        entry = next(levels[-1], None)
        if entry is None:
            levels.pop()
            continue
        if isinstance(entry, InputRecord):
            yield entry
            continue
        path = Path(entry.path)
        name = label + printable(os.path.relpath(path, root))
        if entry.is_symlink() and (record := _link(path, name, real)):
            yield record
        elif entry.is_dir(follow_symlinks=False):
            levels.append(iter(_entries(path, f"{name}/")))
        elif dicomdir.is_dicomdir(path) and path.is_file():
            yield from _index(path, name, limits)
        else:
            yield from _file(path, name, limits)


def _index(path: Path, name: str, limits: Limits) -> Iterator[InputRecord]:
    """A DICOMDIR met in a folder: its files are met too, so only what it lists in vain is told."""
    found = dicomdir.entries(path, name, _folder(name), limits)
    records = [item for item in found if isinstance(item, InputRecord)]
    if name not in (record.name for record in records):
        yield InputRecord(name, "skipped", "an index; the images it lists are read themselves")
    yield from records


def _entries(folder: Path, label: str) -> Sequence[os.DirEntry[str] | InputRecord]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        return [InputRecord(label, "rejected", f"a folder that cannot be read: {error.strerror}")]


def _link(path: Path, name: str, root: Path) -> InputRecord | None:
    """Why a link met in a folder is not followed; None where it leads to a file within."""
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError) as error:
        loop = isinstance(error, RuntimeError) or error.errno == errno.ELOOP
        if loop:
            return InputRecord(name, "skipped", "a link that leads to itself", 17)
        return InputRecord(name, "rejected", "a link to a file that is not there")
    if not target.is_relative_to(root):
        return InputRecord(
            name, "rejected", "a link that leaves the folder: name its target itself", 14
        )
    if target.is_dir():
        return InputRecord(name, "skipped", "a link to a folder that is read itself, or a loop", 17)
    return None


def _file(path: Path, name: str, limits: Limits) -> Iterator[Found]:
    if is_litter(name):
        yield InputRecord(name, "skipped", "left by the operating system, not an image")
        return
    try:
        kind = format_of(read_head(path), path.name)
    except SkippedInput as error:
        yield InputRecord(name, "skipped", str(error), error.number)
    except (OSError, RuntimeError) as error:
        yield InputRecord(name, "rejected", f"cannot be read: {getattr(error, 'strerror', error)}")
    else:
        if kind == "zip":
            yield from archives.members(path, name, limits)
        elif kind == "other":
            yield InputRecord(name, "skipped", "not an image")
        else:
            yield Source(name, path)


def _lines(stdin: TextIO | TextIOBase) -> Iterator[str]:
    """Paths from a stream as they come: separated by NUL where its beginning holds one."""
    stream: BufferedIOBase | None = getattr(stdin, "buffer", None)
    rest, separator = b"", b""
    while chunk := stream.read1(_CHUNK) if stream else os.fsencode(stdin.read(_CHUNK)):
        separator = separator or (b"\0" if b"\0" in chunk else b"\n")
        *whole, rest = (rest + chunk).split(separator)
        yield from (os.fsdecode(line.rstrip(b"\r")) for line in whole if line.strip())
    if rest.strip():
        yield os.fsdecode(rest.rstrip(b"\r\n"))
