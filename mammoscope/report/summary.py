"""All inputs of a run as one table: a row an image, and a row an input without result."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from mammoscope.core import SYSTEMS, InputRecord
from mammoscope.report.files import Document, write_text
from mammoscope.report.words import plain

COLUMNS: Final = (
    "exam", "image", "outcome", "reason", "laterality", "laterality_source", "view", "view_source",
    "kind", "spacing_row_mm", "spacing_column_mm", "spacing_source", "chest_wall", "set_aside",
    "breast_mm2", "pectoral_mm2", "breast_px", "pectoral_px", "confidence", "weights",
    *SYSTEMS, "warnings", "sha256",
)  # fmt: skip
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def summary_rows(
    documents: Iterable[Document], records: Iterable[InputRecord]
) -> Iterator[dict[str, Any]]:
    """One row for each image of the exams' documents, then one for each input without result."""
    for document in documents:
        for image in document["images"]:
            yield _image_row(document, image)
    for record in records:
        yield {
            "image": record.name,
            "outcome": record.outcome,
            "reason": record.reason,
            "sha256": record.digest,
        }


def write_summary(path: Path, documents: Iterable[Document], records: Iterable[InputRecord]) -> None:
    """Write summary.csv (RFC 4180) whose texts no spreadsheet takes for a formula.

    Raises:
        OutputError: If the file cannot be written.
    """
    text = io.StringIO()
    table = csv.DictWriter(text, COLUMNS, restval="", lineterminator="\r\n")
    table.writeheader()
    for row in summary_rows(documents, records):
        table.writerow({column: defused(cell) for column, cell in row.items()})
    write_text(path, text.getvalue())


def defused(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula, with an apostrophe before it.

    Example:
        >>> defused("=cmd|' /C calc'!A0"), defused("R MLO"), defused(-1.5)
        ("'=cmd|' /C calc'!A0", 'R MLO', -1.5)

    Source:
        OWASP, CSV Injection.
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def outcome(image: Document) -> str:
    """``failed`` where a system failed and none gave a result, else ``result``."""
    states = {answer["status"] for answer in image["answers"].values()}
    return "failed" if "failed" in states and "result" not in states else "result"


def _image_row(document: Document, image: Document) -> dict[str, Any]:
    answers = {**document["answers"], **image["answers"]}
    spacing = image["spacing"] or {}
    row = {
        "exam": document["key"],
        "image": image["name"],
        "outcome": outcome(image),
        "reason": answers["segmentation"].get("error", ""),
        "kind": image["kind"],
        "spacing_row_mm": spacing.get("row_mm", ""),
        "spacing_column_mm": spacing.get("column_mm", ""),
        "spacing_source": spacing.get("source", ""),
        "chest_wall": (image["chest_wall"] or {}).get("value", ""),
        "set_aside": image["set_aside"],
        "warnings": " | ".join(note["text"] for note in (*document["notes"], *image["notes"])),
        "sha256": image["sha256"],
    }
    for fact in ("laterality", "view"):
        row[fact] = (image[fact] or {}).get("value", "")
        row[f"{fact}_source"] = (image[fact] or {}).get("source", "")
    for system in SYSTEMS:
        row[system] = plain(answers.get(system))
    return row | _measured(answers["segmentation"])


def _measured(answer: Document) -> dict[str, Any]:
    if answer["status"] != "result":
        return {}
    areas = {
        f"{part}_{unit}": "" if answer[part][unit] is None else answer[part][unit]
        for part in ("breast", "pectoral")
        for unit in ("mm2", "px")
    }
    return {**areas, "confidence": answer["confidence"], "weights": answer["weights"]}
