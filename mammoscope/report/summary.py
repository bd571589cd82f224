"""All inputs of a run as one table: a row an image, and a row an input without result."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from mammoscope.core import SYSTEMS, InputRecord
from mammoscope.report.files import Document, write_text
from mammoscope.report.words import plain

COLUMNS: Final = (
    "exam", "image", "outcome", "reason", "laterality", "laterality_source", "view", "view_source",
    "kind", "spacing_row_mm", "spacing_column_mm", "spacing_source", "chest_wall", "set_aside",
    "breast_mm2", "pectoral_mm2", "breast_px", "pectoral_px", "confidence", "weights",
    "positioning_profile", "positioning_outcome", "positioning_fails", "positioning_borderlines",
    "pnl_mm", "pectoral_gap_mm", "pectoral_angle_deg", "foot_inside", "nipple_in_profile",
    "pnl_difference_mm", "breast_outcome", "breast_grade",
    "findings_shown", "finding_score", "breast_findings_shown", "breast_finding_score",
    "malignancy_score", "malignancy_marked", "breast_malignancy_score", "exam_malignancy_score",
    "exam_malignancy_above",
    *SYSTEMS, "warnings", "sha256",
)  # fmt: skip
MEASURED: Final[Mapping[str, tuple[str, str]]] = {
    "pnl_mm": ("posterior nipple line", "mm"),
    "pectoral_gap_mm": ("pectoral gap", "mm"),
    "pectoral_angle_deg": ("pectoral angle", "°"),
    "nipple_in_profile": ("nipple in profile", ""),
}
"""Columns that are one measurement of an image, with its unit."""
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
        "reason": next((one["error"] for one in image["answers"].values() if "error" in one), ""),
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
    breast = answers.get("registration", {}).get("breasts", {}).get(row["laterality"])
    row["registration"] = plain(breast or answers.get("registration"))
    positioned = _positioned(image["answers"].get("positioning", {}))
    together = _together(document["answers"].get("positioning", {}), row["laterality"])
    found = _found(image["answers"].get("findings"), "")
    counted = document["answers"].get("findings", {}).get("breasts", {}).get(row["laterality"])
    scored = _scored(image["answers"].get("screening", {}))
    exam_scored = _scored_together(document["answers"].get("screening", {}), row["laterality"])
    return (
        row | _measured(answers["segmentation"]) | positioned | together | found
        | _found(counted, "breast_") | scored | exam_scored
    )  # fmt: skip


def _measured(answer: Document) -> dict[str, Any]:
    if answer["status"] != "result":
        return {}
    areas = {
        f"{part}_{unit}": "" if answer[part][unit] is None else answer[part][unit]
        for part in ("breast", "pectoral")
        for unit in ("mm2", "px")
    }
    return {**areas, "confidence": answer["confidence"], "weights": answer["weights"]}


def _positioned(answer: Document) -> dict[str, Any]:
    if answer.get("status") != "result":
        return {}
    criteria = answer["criteria"]
    outcomes = [one["outcome"] for one in criteria]
    inside = _value(criteria, "foot inside image")
    return {
        "positioning_profile": answer["profile"],
        "positioning_outcome": answer["outcome"],
        "positioning_fails": outcomes.count("fail"),
        "positioning_borderlines": outcomes.count("borderline"),
        "foot_inside": "" if inside == "" else "yes" if inside >= 0 else "no",
    } | {column: _value(criteria, *what) for column, what in MEASURED.items()}


def _together(answer: Document, side: str) -> dict[str, Any]:
    """What is said of the breast that an image shows."""
    judged = answer.get("breasts", {}).get(side)
    if judged is None:
        return {}
    return {
        "pnl_difference_mm": _value(judged["criteria"], "posterior nipple line difference", "mm"),
        "breast_outcome": judged["outcome"],
        "breast_grade": answer["grades"].get(side, ""),
    }


def _found(answer: Document | None, who: str) -> dict[str, Any]:
    """How many findings a reader is shown, and the highest score whether shown or not."""
    if answer is None or answer["status"] != "result":
        return {}
    findings = answer["findings"]
    return {
        f"{who}findings_shown": sum(one["shown"] for one in findings),
        f"{who}finding_score": max((one["score"] for one in findings), default=""),
    }


def _scored(answer: Document) -> dict[str, Any]:
    """How malignant the mass of an image looks."""
    if answer.get("status") != "result":
        return {}
    return {
        "malignancy_score": answer["score"],
        "malignancy_marked": "yes" if answer["marked"] else "no",
    }


def _scored_together(answer: Document, side: str) -> dict[str, Any]:
    """How malignant that of the breast looks which an image shows, and that of the exam."""
    if answer.get("status") != "result":
        return {}
    return {
        "breast_malignancy_score": answer["breasts"].get(side, {}).get("score", ""),
        "exam_malignancy_score": answer["score"],
        "exam_malignancy_above": {True: "yes", False: "no", None: ""}[answer["above"]],
    }


def _value(criteria: Sequence[Document], name: str, unit: str | None = None) -> Any:
    """A measurement's value; empty where there is none, or none in that unit."""
    for one in criteria:
        if one["name"] == name and unit in (None, one["unit"]) and one["value"] is not None:
            return one["value"]
    return ""
