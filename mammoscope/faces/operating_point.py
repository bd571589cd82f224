"""``mammoscope weights point``: weights that keep an operating point chosen on a site's own images."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mammoscope.core.card import POINT_WORDS
from mammoscope.errors import OutputError, UsageError
from mammoscope.faces.words import say
from mammoscope.report.validation.document import SCHEMA
from mammoscope.runtime import MANIFEST, Entry, entries, load, names, register, weights_folder

NAME: Final = "screening"
GUIDE: Final = "findings"
CHOSEN: Final = "chosen"
"""The name on the card of a point that a site chose."""
FIGURES: Final = ("sensitivity", "specificity", "recall_rate", "ppv")
ENDS: Final = ("estimate", "low", "high")
Plain = Mapping[str, Any]


def keep(validation: Path, by: str, out: Path, folder: Path | None = None) -> None:
    """Copy a folder of weights; the copy's card has the point with its interval and what it does.

    Args:
        validation: ``validation.json`` of ``mammoscope validate screening`` with the same weights.
        by: What chose the point among those of breasts, as the page names it: ``sensitivity 90``.
        out: The copy; must not exist.
        folder: Of weights; else MAMMOSCOPE_WEIGHTS, else the package's own.

    Raises:
        UsageError: If that is no validation by these weights, it has no such point, or `out` exists.
        WeightsError: If weights of the folder are absent or damaged.
        OutputError: If the folder cannot be written.
    """
    source = weights_folder(folder)
    cards = {name: load(name, source).card for name in (NAME, *names(source))}
    scored_by = [cards[name].calibrated_by(points=False) for name in (NAME, GUIDE) if name in cards]
    told = _told(validation)
    if told["scored_by"] != scored_by:
        raise UsageError(
            f"{validation} was scored by {told['weights']} with other findings or another calibration "
            f"than those in {source}: validate with these, or name the others with --weights"
        )
    point = _point(told, by, validation)
    if out.exists():
        raise UsageError(f"{out} exists: name a folder that does not")
    try:
        _write(source, out, point, _lines(point, told))
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror or error}") from error
    at, low, high = (point["threshold"][end] for end in ENDS)
    say(f"high from {at:.4f} ({low:.4f}–{high:.4f}): use it with --weights {out}")


def _told(validation: Path) -> Plain:
    """What is needed of a validation, whole."""
    try:
        told = json.loads(validation.read_text(encoding="utf-8"))
        schema, breasts = told["schema"], told["levels"]["breast"]
        needed = {
            "weights": str(told["weights"]), "scored_by": list(told["scored_by"]),
            "datasets": [str(name) for name in told["datasets"]], "counted": int(breasts["counted"]),
            "points": [_plain(one) for one in breasts["points"]],
        }  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UsageError(
            f"{validation} is no validation ({error!r}): name the validation.json of "
            "`mammoscope validate screening`"
        ) from error
    if schema != SCHEMA:
        raise UsageError(
            f"{validation}: {SCHEMA} was expected, got {schema}: validate with this version"
        )
    return needed


def _plain(point: Plain) -> Plain:
    parts = {name: {end: point[name][end] for end in ENDS} for name in ("threshold", *FIGURES)}
    return {"name": str(point["name"]), "chosen_here": bool(point["chosen_here"]), **parts}


def _point(told: Plain, by: str, validation: Path) -> Plain:
    """A point of breasts that was chosen on those images."""
    points: dict[str, Plain] = {
        one["name"]: one for one in told["points"]
        if one["chosen_here"] and None not in one["threshold"].values()
    }  # fmt: skip
    if by not in points:
        known = ", ".join(points) or "none: outcomes of breasts with and without cancer choose one"
        raise UsageError(f"{validation} has no point {by!r} of breasts; it has {known}")
    return points[by]


def _lines(point: Plain, told: Plain) -> Iterator[dict[str, Any]]:
    """What the point does, as lines of the card: it was chosen on those who are told of."""
    group = f"{CHOSEN} by {point['name']} on {', '.join(told['datasets'])}, which flatters"
    for name in FIGURES:
        if point[name]["estimate"] is not None:
            said = {"unit": "breast", "figure": name.replace("_", " "), "group": group}
            yield said | {"count": told["counted"], **point[name]}


def _write(source: Path, out: Path, point: Plain, lines: Iterator[dict[str, Any]]) -> None:
    """The whole copy, or nothing."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{out.name}.", dir=out.parent) as unfinished:
        folder = Path(unfinished) / out.name
        folder.mkdir()
        listed = entries(source)
        for file in (*(name for one in listed for name in (one.file, one.card)), MANIFEST):
            shutil.copyfile(source / file, folder / file)
        _edit(folder, listed, point, lines)
        folder.rename(out)


def _edit(folder: Path, listed: Sequence[Entry], point: Plain, lines: Iterator[dict[str, Any]]) -> None:
    (entry,) = (one for one in listed if one.name == NAME)
    path = folder / entry.card
    card = json.loads(path.read_text(encoding="utf-8"))
    numbers = zip(POINT_WORDS, ENDS, strict=True)
    chosen = {f"{word}{CHOSEN}": point["threshold"][end] for word, end in numbers}
    others = [one for one in card["figures"] if not str(one.get("group", "")).startswith(CHOSEN)]
    card |= {"calibration": card.get("calibration", {}) | chosen, "figures": [*others, *lines]}
    path.write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    register(folder, NAME, entry.file, entry.card)
