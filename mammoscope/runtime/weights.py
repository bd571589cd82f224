"""The folder of weights: a manifest, and for each network an ONNX file with its card.

Weights are data: nothing in them runs before their hash is known. Numbers are those of
docs/bad-inputs.md.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from mammoscope.core.card import Card
from mammoscope.errors import WeightsError

MANIFEST: Final = "manifest.json"
MANIFEST_SCHEMA: Final = 1
OWN: Final = Path(__file__).parents[1] / "weights"
VARIABLE: Final = "MAMMOSCOPE_WEIGHTS"
REMEDY: Final = "install mammoscope again, or name another folder with --weights"
FOREIGN: Final = {
    b"PK\x03\x04": "a zip or torch file",
    b"\x80": "a pickle",
    b"version https://git-lfs": "a Git LFS pointer",
    b"\x89HDF": "an HDF5 file",
}
"""First bytes of what is found in the place of an ONNX file (77, 78)."""


@dataclass(frozen=True)
class Entry:
    """One line of the manifest.

    Attributes:
        name: What a session is opened by.
        file: Name of the ONNX file in the folder.
        size: Its length in bytes.
        sha256: Its hash.
        card: Name of the card in the folder.
    """

    name: str
    file: str
    size: int
    sha256: str
    card: str


@dataclass(frozen=True)
class Weights:
    """Weights whose hash and card agree, still to be loaded."""

    data: bytes
    card: Card


def weights_folder(folder: Path | None = None) -> Path:
    """The folder that is named, else that of the variable MAMMOSCOPE_WEIGHTS, else the package's."""
    named = folder or os.environ.get(VARIABLE)
    return Path(named) if named else OWN


def is_own(folder: Path | None = None) -> bool:
    """Whether `weights_folder` is the package's."""
    return weights_folder(folder).resolve() == OWN.resolve()


def entries(folder: Path) -> tuple[Entry, ...]:
    """What the manifest lists.

    Raises:
        WeightsError: If there is no manifest, or it is not one of this version.
    """
    try:
        document = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        if document["schema"] != MANIFEST_SCHEMA:
            raise WeightsError(
                f"a manifest of schema {MANIFEST_SCHEMA} was expected, "
                f"got {document['schema']!r}: {REMEDY}"
            )
        return tuple(Entry(**entry) for entry in document["weights"])
    except OSError as error:
        raise WeightsError(f"no weights in {folder}: {MANIFEST} cannot be read; {REMEDY}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise WeightsError(f"{MANIFEST} of the weights is damaged ({error}): {REMEDY}") from error


def load(name: str, folder: Path | None = None) -> Weights:
    """Read one network's bytes and card, and refuse them where anything disagrees.

    Raises:
        WeightsError: If the weights are absent, damaged, swapped or of another version.
        SettingsError: If the card holds a key that this version does not know.
    """
    place = weights_folder(folder)
    listed = entries(place)
    found = [entry for entry in listed if entry.name == name]
    if not found:
        names = ", ".join(entry.name for entry in listed) or "nothing"
        raise WeightsError(f"no weights named {name!r} in {place}, which lists {names}: {REMEDY}")
    entry = found[0]
    data = _data(place, entry)
    card = _card(place, entry)
    _check_versions(card)
    return Weights(data, card)


def register(folder: Path, name: str, file: str, card: str) -> Entry:
    """List an ONNX file and its card, both in the folder already, in the manifest.

    Raises:
        WeightsError: If the card does not belong to the file.
    """
    data = (folder / file).read_bytes()
    entry = Entry(name, file, len(data), hashlib.sha256(data).hexdigest(), card)
    _card(folder, entry)
    others = (
        [item for item in entries(folder) if item.name != name] if (folder / MANIFEST).exists() else []
    )
    _write(folder, [*others, entry])
    return entry


def _write(folder: Path, listed: Sequence[Entry]) -> None:
    ordered = sorted(listed, key=lambda entry: entry.name)
    document = {"schema": MANIFEST_SCHEMA, "weights": [asdict(entry) for entry in ordered]}
    fresh = folder / (MANIFEST + ".new")
    fresh.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")
    fresh.replace(folder / MANIFEST)


def _data(folder: Path, entry: Entry) -> bytes:
    try:
        data = (folder / entry.file).read_bytes()
    except OSError as error:
        raise WeightsError(f"{entry.file} is listed but cannot be read: {REMEDY}") from error
    for start, what in FOREIGN.items():
        if data.startswith(start):
            raise WeightsError(f"{entry.file}: ONNX was expected, got {what}: {REMEDY}")
    if len(data) != entry.size:
        raise WeightsError(f"{entry.file}: {entry.size} bytes were expected, got {len(data)}: {REMEDY}")
    received = hashlib.sha256(data).hexdigest()
    if received != entry.sha256:
        raise WeightsError(
            f"{entry.file} is damaged: SHA-256 {entry.sha256[:12]}… was expected, "
            f"got {received[:12]}…: {REMEDY}"
        )
    return data


def _card(folder: Path, entry: Entry) -> Card:
    document: Any
    try:
        document = json.loads((folder / entry.card).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise WeightsError(f"the card {entry.card} cannot be read: {REMEDY}") from error
    card = Card.from_dict(document)
    if card.sha256 != entry.sha256:
        raise WeightsError(
            f"{entry.card} describes weights {card.sha256[:12]}…, "
            f"{entry.file} is {entry.sha256[:12]}…: {REMEDY}"
        )
    if card.name != entry.name:
        raise WeightsError(
            f"{entry.card}: the card of {entry.name!r} was expected, got {card.name!r}: {REMEDY}"
        )
    return card


def _check_versions(card: Card) -> None:
    own = version("mammoscope")
    if card.version.split(".")[0] != own.split(".")[0]:
        raise WeightsError(
            f"weights {card.name!r} were made by mammoscope {card.version}, this is {own}: "
            "use weights and program of one major version"
        )
