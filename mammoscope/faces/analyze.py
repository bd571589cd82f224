"""``mammoscope analyze``: everything in, one folder out."""

import hashlib
import logging
import math
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import takewhile
from pathlib import Path
from typing import Any

from mammoscope.core import InputRecord
from mammoscope.core.settings import to_plain
from mammoscope.errors import UsageError
from mammoscope.faces import output
from mammoscope.faces.progress import bar, draining
from mammoscope.faces.rooms import open_rooms
from mammoscope.io.files import find
from mammoscope.io.identity import operator_key
from mammoscope.io.limits import Limits
from mammoscope.io.reader import Reader
from mammoscope.io.survey import Survey, survey
from mammoscope.io.tables import read_table
from mammoscope.measures.profiles import DEFAULT_PROFILE, Profile, load_profile
from mammoscope.pipeline import PREVIEW_ROWS, Plan, assess
from mammoscope.report import Document, Run, write_index, write_manifest, write_summary

INTERRUPTED = 130
PARTIAL = 4
NO_RESULT = 3
Stopping = Callable[[], bool]

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Settings:
    """What ``--set key=value`` changes.

    Attributes:
        threads: Threads of the networks; 0: one for each core.
        preview_rows: Height of the pictures in the report, at most.
        limits: How much of the machine one input may take.
    """

    threads: int = 0
    preview_rows: int = PREVIEW_ROWS
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Request:
    """One call of ``mammoscope analyze``.

    Attributes:
        paths: What the user named.
        out: The folder of results.
        preview: Also write pictures with outlines.
        masks: Also write label masks.
        spacing: The user's word in mm, for files that have no spacing.
        table: A table about raster files.
        weights: A folder of weights instead of the package's.
        profile: Thresholds of positioning: a name, or the path of a file.
        research_classes: Also mark findings of classes that no real image trained.
        malignancy_always: Tell the malignancy of a breast in which no mass was found, too.
        settings: See `Settings`.
        resume: Go on with the run in the folder.
        overwrite: Remove the run in the folder.
        command: The words of the command line, for the manifest.
    """

    paths: tuple[str, ...]
    out: Path
    preview: bool = False
    masks: bool = False
    spacing: float | None = None
    table: Path | None = None
    weights: Path | None = None
    profile: str = DEFAULT_PROFILE
    research_classes: bool = False
    malignancy_always: bool = False
    settings: Settings = field(default_factory=Settings)
    resume: bool = False
    overwrite: bool = False
    command: tuple[str, ...] = ()


def run(request: Request) -> tuple[int, Document]:
    """Analyse everything and write the folder of results.

    Returns:
        The exit code, and the manifest; an empty one where the run was interrupted.

    Raises:
        WeightsError: If the weights are not what they should be; nothing is read or written then.
        UsageError: If the folder holds something else.
        SettingsError: If the profile is unknown or cannot be read.
        OutputError: If the folder cannot be written.
    """
    started = _now()
    if request.spacing is not None and not 0 < request.spacing < math.inf:
        raise UsageError(f"--spacing takes a positive number of mm, got {request.spacing}")
    output.check_apart(request.out, request.paths)
    profile = load_profile(request.profile)
    opened = open_rooms(
        request.weights, request.settings.threads or None, research=request.research_classes
    )
    plan = Plan(
        opened.rooms, profile, request.settings.preview_rows, opened.malignancy_from,
        request.malignancy_always,
    )  # fmt: skip
    table = read_table(request.table) if request.table else None
    settings = _recorded(request, profile)
    with output.locked(request.out):
        same = {
            "settings": settings, "weights": list(opened.weights),
            "calibration": list(opened.calibrated_by), "inputs": _digest(request),
        }  # fmt: skip
        output.begin(request.out, same, resume=request.resume, overwrite=request.overwrite)
        with Reader(table, request.spacing, request.settings.limits) as reader:
            worked = _work(request, reader, plan)
        if worked is None:
            return INTERRUPTED, {}
        seen, written = worked
        done = Run(seen.found, request.command, settings, opened.weights, started, _now())
        manifest = _conclude(request.out, done, seen.records, written)
    return _exit_code(manifest["counts"]), manifest


def _work(request: Request, reader: Reader, plan: Plan) -> tuple[Survey, list[output.Finished]] | None:
    """Survey and exams; None where SIGTERM or Ctrl-C came before the end."""
    try:
        with draining() as stopping:
            seen = _survey(request, reader, stopping)
            output.check_space(request.out, seen.images)
            written = _exams(request, seen, reader, plan, stopping)
            return None if stopping() else (seen, written)
    except KeyboardInterrupt:
        return None


def _survey(request: Request, reader: Reader, stopping: Stopping) -> Survey:
    with bar("reading headers", None) as advance:
        found = find(request.paths, stdin=sys.stdin, limits=request.settings.limits)
        return survey(takewhile(lambda _: not stopping(), found), reader, advance)


def _exams(
    request: Request, seen: Survey, reader: Reader, plan: Plan, stopping: Stopping
) -> list[output.Finished]:
    written: list[output.Finished] = []
    with bar("analysing exams", len(seen.exams)) as advance:
        for exam in takewhile(lambda _: not stopping(), seen.exams):
            done = output.finished(request.out, exam) if request.resume else None
            if done is None:
                assessed = assess(exam, reader, plan)
                done = output.commit(
                    request.out, exam, assessed, preview=request.preview, masks=request.masks
                )
            written.append(done)
            advance()
    return written


def _conclude(
    out: Path, run: Run, records: Sequence[InputRecord], written: Sequence[output.Finished]
) -> Document:
    documents = [exam.document for exam in written if exam.document is not None]
    everything = [*records, *(record for exam in written for record in exam.records)]
    for key in output.orphans(out, [document["key"] for document in documents]):
        log.warning("exam %s of an earlier run is no longer among the inputs: kept, not listed", key)
    write_summary(out / "summary.csv", documents, everything)
    write_index(out / "index.html", documents, everything)
    return write_manifest(out / "manifest.json", run, documents, everything)


def _exit_code(counts: Mapping[str, int]) -> int:
    if not counts["results"]:
        return NO_RESULT
    return PARTIAL if counts["errors"] else 0


def _recorded(request: Request, profile: Profile) -> dict[str, Any]:
    """Everything that changes what is written."""
    return {
        **to_plain(replace(request.settings, threads=0)),
        "preview": request.preview,
        "masks": request.masks,
        "spacing": request.spacing,
        "profile": to_plain(profile),
        "research_classes": request.research_classes,
        "malignancy_always": request.malignancy_always,
        "operators": operator_key(),
        "table": hashlib.sha256(request.table.read_bytes()).hexdigest() if request.table else None,
    }


def _digest(request: Request) -> str:
    """A hash of what was named: the run's own folder need not hold anyone's paths."""
    named = sorted(str(Path(path).resolve()) for path in request.paths)
    return hashlib.sha256("\0".join(named).encode("utf-8", "surrogateescape")).hexdigest()


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
