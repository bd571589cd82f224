"""The folder that a run writes: one process at a time, whole exams only, a run that can go on.

``<out>/.run.json`` says what the run is, before anything else is written. An exam is written in
``<out>/.unfinished/`` and moved to ``<out>/<key>/`` when it is whole; its ``inputs.json`` says
which inputs went in and what became of those without result. A run that was killed at any
moment leaves whole exams and nothing else that the next one keeps.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final, NamedTuple

from mammoscope.core import Exam, InputRecord
from mammoscope.errors import OutputError, UsageError
from mammoscope.io.survey import Scanned
from mammoscope.pipeline import Assessed
from mammoscope.report import RESULT, Document, read_json, write_exam, write_json

RUN: Final = ".run.json"
LOCK: Final = ".lock"
UNFINISHED: Final = ".unfinished"
INPUTS: Final = "inputs.json"
SUMMARIES: Final = ("index.html", "summary.csv", "manifest.json")
SPARE_BYTES: Final = 16 << 20
IMAGE_BYTES: Final = 2 << 20
"""What one image may take on the disk: its pictures in the report, masks, previews, heatmaps."""


class Finished(NamedTuple):
    """An exam that is written.

    Attributes:
        document: Its ``result.json`` without its lines, which only the exam's own folder needs;
            None where no image of it could be read.
        records: What became of its inputs without result.
    """

    document: Document | None
    records: tuple[InputRecord, ...]


def check_apart(out: Path, paths: Sequence[str]) -> None:
    """Refuse a folder of results among the inputs: the next run would read its pictures.

    Raises:
        UsageError: If it is one of the inputs, or lies in one.
    """
    real = out.resolve()
    if any(Path(path).resolve() in (real, *real.parents) for path in paths if "\0" not in path):
        raise UsageError(f"{out} lies in a folder that is read: name one elsewhere with -o")


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Make the folder and keep other processes out of it until the context ends.

    Raises:
        OutputError: If the folder cannot be made or written, or another process writes there.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        handle = os.open(out / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise OutputError(
            f"cannot write in {out}: {error.strerror}; name another folder with -o"
        ) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(handle)
        raise OutputError(
            f"another mammoscope writes in {out}: wait for it or name another folder"
        ) from error
    try:
        yield
    finally:
        shutil.rmtree(out / UNFINISHED, ignore_errors=True)
        os.close(handle)


def begin(out: Path, run: Mapping[str, Any], *, resume: bool, overwrite: bool) -> None:
    """Make a folder ready for a run, inside `locked`.

    Args:
        out: The folder.
        run: What must be equal for a run to be the same: version, settings, weights, inputs.
        resume: Go on with the run that is there, if one is.
        overwrite: Remove the results of the run that is there.

    Raises:
        UsageError: If the folder holds something else, or another run's results.
        OutputError: If the folder cannot be written.
    """
    _tidy(out)
    here = {path.name for path in out.iterdir()} - {LOCK}
    earlier = read_json(out / RUN) if RUN in here else None
    if here and earlier is None:
        raise UsageError(
            f"{out} is not empty and holds no run of mammoscope: name a new folder with -o"
        )
    if earlier is not None and not (resume or overwrite):
        raise UsageError(
            f"{out} holds results already: --resume goes on with them, --overwrite removes them"
        )
    if earlier is not None and not overwrite:
        check_same(earlier, run)
    if overwrite:
        _remove_results(out)
    try:
        for name in SUMMARIES:
            (out / name).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"cannot write in {out}: {error.strerror}") from error
    write_json(out / RUN, dict(run))


def check_space(out: Path, images: int) -> None:
    """Refuse to begin what the disk cannot hold.

    Raises:
        OutputError: If less is free than `images` may take.
    """
    needed, free = SPARE_BYTES + images * IMAGE_BYTES, shutil.disk_usage(out).free
    if free < needed:
        raise OutputError(
            f"{needed >> 20} MiB are needed for {images} images, {free >> 20} MiB are free in {out}: "
            "free the disk or name another folder with -o"
        )


def finished(out: Path, exam: Exam[Scanned]) -> Finished | None:
    """What an earlier run wrote of an exam, if it is whole and of the same inputs."""
    folder = out / exam.key
    try:
        inputs, document = read_json(folder / INPUTS), read_json(folder / RESULT)
        if inputs["inputs"] != _listed(exam):
            return None
        return Finished(_slim(document), tuple(InputRecord(**entry) for entry in inputs["records"]))
    except (OutputError, KeyError, TypeError):
        return None


def commit(
    out: Path, exam: Exam[Scanned], assessed: Assessed, *, preview: bool, masks: bool
) -> Finished:
    """Write an exam beside its final place, and move it there when it is whole.

    Raises:
        OutputError: If it cannot be written; nothing is left under its final name then.
    """
    if assessed.result is None:
        return Finished(None, assessed.records)
    folder, final = out / UNFINISHED / exam.key, out / exam.key
    document = write_exam(assessed.result, folder, preview=preview, masks=masks)
    records = [asdict(record) for record in assessed.records]
    write_json(folder / INPUTS, {"inputs": _listed(exam), "records": records})
    try:
        if final.exists():
            final.replace(out / UNFINISHED / f"{exam.key}.old")
        folder.replace(final)
        _sync(out)
    except OSError as error:
        raise OutputError(f"cannot write {exam.key}: {error.strerror}") from error
    return Finished(_slim(document), assessed.records)


def check_same(earlier: Mapping[str, Any], run: Mapping[str, Any]) -> None:
    """Refuse to go on with a run that was another.

    Raises:
        UsageError: If any entry differs.
    """
    for key in sorted({*earlier, *run}):
        if earlier.get(key) != run.get(key):
            raise UsageError(
                f"--resume goes on with the same {key}, which was {_brief(earlier.get(key))} and "
                f"is {_brief(run.get(key))}: use the same, or --overwrite"
            )


def _brief(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _tidy(out: Path) -> None:
    """Remove what a killed process left half written."""
    shutil.rmtree(out / UNFINISHED, ignore_errors=True)
    for part in out.glob(".part-*"):
        part.unlink(missing_ok=True)


def _remove_results(out: Path) -> None:
    """Remove exams, known by their documents, and nothing else."""
    for folder in out.iterdir():
        if folder.is_dir() and (folder / INPUTS).is_file() and (folder / RESULT).is_file():
            shutil.rmtree(folder)


def _slim(document: Document) -> Document:
    for image in document["images"]:
        image["answers"].get("segmentation", {}).pop("skin_line", None)
    for breast in document["answers"].get("registration", {}).get("breasts", {}).values():
        breast.pop("lattice", None)
    return document


def _listed(exam: Exam[Scanned]) -> list[list[str]]:
    return [[item.source.name, item.about.digest] for item in exam.items]


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some file systems refuse to sync a folder
            os.fsync(handle)
    finally:
        os.close(handle)


def orphans(out: Path, keys: Sequence[str]) -> list[str]:
    """Exams of an earlier run that are no longer among the inputs."""
    return sorted(path.parent.name for path in out.glob(f"*/{INPUTS}") if path.parent.name not in keys)
