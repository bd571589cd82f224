"""Results of exams that never were, as `mammoscope analyze` writes them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mammoscope.core import STANDARD, Criterion, Measurement, Outcome
from mammoscope.report.document import SCHEMA
from mammoscope.report.positioning import criterion_document

FACTS = {
    "unit": "Clinic",
    "device": "Maker #5feceb",
    "operator": "0a1b2c3d",
    "acquired_week": "2024-W05",
}


def criterion(
    name: str = "pectoral gap",
    outcome: Outcome = "pass",
    threshold: str = "at most 10 mm",
    reason: str = "",
) -> dict[str, Any]:
    """One criterion of a result."""
    value = None if outcome == "not assessable" else 4.0
    return criterion_document(
        Criterion(Measurement(name, value, "mm", 1.0), threshold, outcome, reason)
    )


def image(
    laterality: str, view: str, criteria: Sequence[Mapping[str, Any]] | None, key: str, **said: Any
) -> dict[str, Any]:
    """One image; without criteria its positioning was not assessed."""
    answer = {"status": "not assessed", "reason": "not installed"}
    if criteria is not None:
        answer = {"status": "result", "profile": "iarc", "criteria": list(criteria)}
    return {
        "name": f"synthetic_{laterality}_{view}.dcm",
        "sha256": hashlib.sha256(f"{key} {laterality} {view}".encode()).hexdigest(),
        "view": {"value": view, "source": "ViewCodeSequence"},
        "laterality": {"value": laterality, "source": "ImageLaterality"},
        "set_aside": "",
        "answers": {"positioning": answer},
        **FACTS,
        **said,
    }


def result(
    key: str = "0a", outcome: Outcome = "pass", profile: str = "iarc", **said: Any
) -> dict[str, Any]:
    """One exam of four views: its MLO images' gap, its breasts' and its woman's criteria end alike."""
    gap = {"CC": [], "MLO": [criterion(outcome=outcome)]}
    images = [image(side, view, gap[view], key, **said) for side, view in STANDARD]
    for one in images:
        one["answers"]["positioning"]["profile"] = profile
    level = {"outcome": outcome, "criteria": [criterion("line difference", outcome)]}
    return {
        "schema": SCHEMA,
        "key": key,
        "answers": {
            "positioning": {
                "status": "result",
                "profile": profile,
                "breasts": {"L": level, "R": level},
                "woman": {"outcome": outcome, "criteria": [criterion("symmetry", outcome)]},
                "grades": {},
            }
        },
        "images": images,
    }


def write_run(out: Path, results: Sequence[Mapping[str, Any]], finished: str = "") -> Path:
    """A folder of results."""
    for one in results:
        (out / one["key"]).mkdir(parents=True, exist_ok=True)
        (out / one["key"] / "result.json").write_text(json.dumps(one))
    if finished:
        (out / "manifest.json").write_text(json.dumps({"finished": finished}))
    return out
