"""What a run was: versions, weights, settings, and what became of every input."""

import platform
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePath
from typing import Any, Final

from mammoscope.core import InputRecord
from mammoscope.errors import OutputError
from mammoscope.report.document import NOTICE
from mammoscope.report.files import Document, write_json
from mammoscope.report.summary import outcome

SCHEMA: Final = "mammoscope/manifest-1"
PACKAGES: Final = (
    "numpy", "scipy", "opencv-python-headless", "pydicom", "imagecodecs", "onnxruntime", "jinja2",
)  # fmt: skip


@dataclass(frozen=True)
class Run:
    """What the caller of a run knows of it.

    Attributes:
        found: How many inputs were found; each must end in exactly one way.
        command: The words of the command line; absolute paths lose their folders.
        settings: Plain JSON values.
        weights: Identity of each set of weights: its system, name and SHA-256 as the card has it.
        started: UTC, ISO 8601; empty where nobody says.
        finished: UTC, ISO 8601.
    """

    found: int
    command: Sequence[str] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    weights: Sequence[str] = ()
    started: str = ""
    finished: str = ""


def manifest(run: Run, documents: Iterable[Document], records: Iterable[InputRecord]) -> Document:
    """The document of a run, described by schema/manifest-1.json.

    Raises:
        OutputError: If inputs are not results + skips + errors, exactly.
    """
    inputs = [_of_image(document, image) for document in documents for image in document["images"]]
    inputs += [_of_record(record) for record in records]
    ends = Counter(entry["outcome"] for entry in inputs)
    if len(inputs) != run.found:
        raise OutputError(
            f"{run.found} inputs were found and {len(inputs)} accounted for: {dict(ends)}"
        )
    return {
        "schema": SCHEMA,
        "notice": NOTICE,
        "mammoscope": version("mammoscope"),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "packages": {name: found for name in PACKAGES if (found := _version(name))},
        "started": run.started,
        "finished": run.finished,
        "command": public(run.command),
        "settings": dict(run.settings),
        "weights": sorted(run.weights),
        "counts": {
            "inputs": len(inputs),
            "results": ends["result"],
            "skips": ends["skipped"] + ends["duplicate"],
            "errors": ends["rejected"] + ends["failed"],
        },
        "inputs": inputs,
    }


def write_manifest(
    path: Path, run: Run, documents: Iterable[Document], records: Iterable[InputRecord]
) -> Document:
    """Write manifest.json and return it.

    Raises:
        OutputError: If an input is unaccounted for, or the file cannot be written.
    """
    document = manifest(run, documents, records)
    write_json(path, document)
    return document


def public(command: Sequence[str]) -> list[str]:
    """A command without the folders that lead to a user's files.

    Example:
        >>> public(["mammoscope", "analyze", "/home/jane/films", "--table=/home/jane/t.csv"])
        ['mammoscope', 'analyze', 'films', '--table=t.csv']
    """
    return [_bare(word) for word in command]


def _bare(word: str) -> str:
    option, sign, value = word.rpartition("=")
    path = PurePath(value)
    return option + sign + (path.name or value if path.is_absolute() else value)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _of_image(document: Document, image: Document) -> dict[str, Any]:
    errors = [answer["error"] for answer in image["answers"].values() if "error" in answer]
    return {
        "name": image["name"],
        "sha256": image["sha256"],
        "outcome": outcome(image),
        "exam": document["key"],
        "reason": "; ".join(errors) or None,
        "number": None,
    }


def _of_record(record: InputRecord) -> dict[str, Any]:
    return {
        "name": record.name,
        "sha256": record.digest,
        "outcome": record.outcome,
        "exam": None,
        "reason": record.reason,
        "number": record.number,
    }
