"""`About` as JSON, for the pipe between the program and its reading process."""

from dataclasses import asdict
from typing import Any

from mammoscope.core import About, Note, Sourced, Spacing


def pack(about: About) -> dict[str, Any]:
    """As what JSON can hold."""
    return asdict(about) | {"modifiers": sorted(about.modifiers)}


def unpack(values: dict[str, Any]) -> About:
    """The reverse of `pack`.

    Raises:
        TypeError: If a field is missing or unknown.
        ValueError: If a value cannot be.
    """
    sourced = {
        name: Sourced(**values[name]) if values[name] else None
        for name in ("view", "laterality", "expected_chest_wall")
    }
    rest: dict[str, Any] = {
        "shape": (int(values["shape"][0]), int(values["shape"][1])),
        "modifiers": frozenset(values["modifiers"]),
        "spacing": Spacing(**values["spacing"]) if values["spacing"] else None,
        "notes": tuple(Note(*note) for note in values["notes"]),
    }
    return About(**(values | sourced | rest))
