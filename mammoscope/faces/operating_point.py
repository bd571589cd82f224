"""``mammoscope weights point``: weights that keep an operating point chosen on a site's own images."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from mammoscope.errors import OutputError, UsageError
from mammoscope.faces.words import say
from mammoscope.report.validation.document import SCHEMA
from mammoscope.runtime import MANIFEST, entries, load, register, weights_folder

NAME: Final = "screening"
CHOSEN: Final = "chosen"
"""The name on the card of a point that a site chose."""
FIGURES: Final = ("sensitivity", "specificity", "recall_rate", "ppv")
Plain = Mapping[str, Any]


def keep(validation: Path, by: str, out: Path, folder: Path | None = None) -> None:
    """Copy a folder of weights; the copy's card has the point with its interval and what it does.

    Args:
        validation: ``validation.json`` of ``mammoscope validate screening`` with the same weights.
        by: What chose the point among those of breasts, as the page names it: ``sensitivity 90``.
        out: The copy; must not exist.
        folder: Of weights; else MAMMOSCOPE_WEIGHTS, else the package's own.

    Raises:
        UsageError: If that is no validation of these weights, it has no such point, or `out` exists.
        WeightsError: If the weights are absent or damaged.
        OutputError: If the folder cannot be written.
    """
    card, told = load(NAME, folder).card, _told(validation)
    identity = f"{card.name} {card.sha256[:12]}"
    if told["weights"] != identity:
        raise UsageError(
            f"{validation} tells of {told['weights']}, these weights are {identity}: validate "
            "these, or name those with --weights"
        )
    point = _point(told, by, validation)
    if out.exists():
        raise UsageError(f"{out} exists: name a folder that does not")
    try:
        _copy(weights_folder(folder), out)
        _write(out, point, told)
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}") from error
    at = point["threshold"]
    interval = f"{at['low']:.4f}–{at['high']:.4f}"
    say(f"high from {at['estimate']:.4f} ({interval}): use it with --weights {out}")


def _told(validation: Path) -> Plain:
    try:
        told = json.loads(validation.read_text(encoding="utf-8"))
        if told["schema"] != SCHEMA or not isinstance(told["levels"]["breast"]["points"], list):
            raise UsageError(f"{SCHEMA} was expected in {validation}, got {told['schema']}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"{validation} is no validation ({error}): name the validation.json of "
            "`mammoscope validate screening`"
        ) from error
    return dict(told)


def _point(told: Plain, by: str, validation: Path) -> Plain:
    """A point of breasts that was chosen on those images."""
    points = {
        one["name"]: one for one in told["levels"]["breast"]["points"]
        if one["chosen_here"] and None not in one["threshold"].values()
    }  # fmt: skip
    if by not in points:
        known = ", ".join(points) or "none: no breast with cancer and none without has a known outcome"
        raise UsageError(f"{validation} has no point {by!r} of breasts; it has {known}")
    return dict(points[by])


def _copy(source: Path, out: Path) -> None:
    out.mkdir(parents=True)
    files = [file for entry in entries(source) for file in (entry.file, entry.card)]
    for file in (*files, MANIFEST):
        shutil.copyfile(source / file, out / file)


def _write(out: Path, point: Plain, told: Plain) -> None:
    (entry,) = (one for one in entries(out) if one.name == NAME)
    path = out / entry.card
    card = json.loads(path.read_text(encoding="utf-8"))
    numbers = zip(("threshold", "low", "high"), ("estimate", "low", "high"), strict=True)
    card["calibration"] |= {f"{word}_{CHOSEN}": point["threshold"][part] for word, part in numbers}
    others = [one for one in card["figures"] if not str(one.get("group", "")).startswith(CHOSEN)]
    card["figures"] = [*others, *_lines(point, told)]
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    register(out, NAME, entry.file, entry.card)


def _lines(point: Plain, told: Plain) -> Iterator[dict[str, Any]]:
    """What the point does, as lines of the card: it was chosen on those who are told of."""
    breasts = told["levels"]["breast"]
    group = f"{CHOSEN} by {point['name']} on {', '.join(told['datasets'])}, which flatters"
    for name in FIGURES:
        if point[name] is not None:
            said = {"unit": "breast", "figure": name.replace("_", " "), "group": group}
            yield said | {"count": breasts["counted"], **point[name]}
