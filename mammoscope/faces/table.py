"""What a finished run looks like on a terminal."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from mammoscope.faces.words import say, tell
from mammoscope.report import Document

MOST_LINES: Final = 40


def show(out: Path, manifest: Document, *, as_json: bool) -> None:
    """Print what became of every input, as JSON or as lines for a person."""
    if not manifest:
        tell(f"stopped as asked; the exams that are finished are kept in {out}: --resume goes on")
        return
    if as_json:
        say(json.dumps(manifest, ensure_ascii=True))
        return
    lines = list(_lines(manifest["inputs"]))
    for line in lines[:MOST_LINES]:
        say(line)
    if len(lines) > MOST_LINES:
        say(f"… and {len(lines) - MOST_LINES} more in {out / 'summary.csv'}")
    counts = manifest["counts"]
    say(
        f"{counts['inputs']} inputs: {counts['results']} with results, {counts['skips']} skipped, "
        f"{counts['errors']} with errors"
    )
    say(f"report: {out / 'index.html'}")


def _lines(inputs: list[dict[str, Any]]) -> Iterator[str]:
    for entry in inputs:
        where = f"exam {entry['exam']}" if entry["exam"] else entry["reason"]
        why = f"  {entry['reason']}" if entry["exam"] and entry["reason"] else ""
        yield f"{entry['outcome']:<9}  {entry['name']}  {where}{why}"
