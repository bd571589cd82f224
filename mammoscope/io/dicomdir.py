"""DICOMDIR: the index of a disc, and the files it lists."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from mammoscope.core import InputRecord
from mammoscope.errors import InputError, RejectedInput
from mammoscope.io.limits import Limits
from mammoscope.io.sources import Source, printable

_REFERENCED_FILE: Final = "ReferencedFileID"
_RECORDS: Final = 20


def is_dicomdir(path: Path) -> bool:
    """Whether a file has the name that PS3.10 section 8.6 reserves for the index."""
    return path.name.upper() == "DICOMDIR"


def entries(path: Path, name: str, label: str, limits: Limits) -> Iterator[Source | InputRecord]:
    """Every file that a DICOMDIR lists: a source, or a record of why it is none.

    Args:
        path: The DICOMDIR.
        name: What the user calls it.
        label: What the user calls its folder, with a trailing slash, or empty.
        limits: For reading the index itself.

    Source:
        PS3.3 F.3.2.2, Referenced File ID: components below the folder of the DICOMDIR.
    """
    try:
        listed = _listed(path, limits)
    except InputError as error:
        yield InputRecord(name, "rejected", str(error), error.number)
        return
    if not listed:
        yield InputRecord(name, "rejected", "a DICOMDIR that lists no file: name its folder instead")
    root = path.parent.resolve()
    for parts in dict.fromkeys(listed):
        called = label + printable("/".join(parts))
        file = _find(root, parts)
        if file is None:
            yield InputRecord(called, "rejected", "listed in DICOMDIR, but there is no such file")
        elif not file.is_relative_to(root):
            yield InputRecord(called, "rejected", "DICOMDIR points out of its own folder", 20)
        else:
            yield Source(called, file)


def _listed(path: Path, limits: Limits) -> list[tuple[str, ...]]:
    from mammoscope.io.container import open_dicom
    from mammoscope.io.contents import read_bytes

    roomy = replace(limits, elements=_RECORDS * limits.elements)
    dataset = open_dicom(read_bytes(Source(path.name, path), limits), roomy).dataset
    try:
        records = dataset.get("DirectoryRecordSequence") or []
        values = [record.get(_REFERENCED_FILE) for record in records]
        return [((v,) if isinstance(v, str) else tuple(str(p) for p in v)) for v in values if v]
    except Exception as error:
        raise RejectedInput(f"a DICOMDIR that cannot be understood ({type(error).__name__})") from None


def _find(root: Path, parts: tuple[str, ...]) -> Path | None:
    """The file under a root, by the name as listed or, from a disc mounted so, in lower case."""
    for path in (root.joinpath(*parts), root.joinpath(*(part.lower() for part in parts))):
        try:
            if not Path(path).resolve().is_relative_to(root) or path.is_file():
                return path.resolve()
        except (OSError, ValueError, RuntimeError):
            continue
    return None
