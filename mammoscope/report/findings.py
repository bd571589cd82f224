"""Findings as plain JSON: of an image with their boxes, and of a breast counted once."""

from typing import Any

from mammoscope.core import (
    BreastFindings,
    ExamFindings,
    Failed,
    Finding,
    Findings,
    NotAssessed,
)
from mammoscope.measures.shown import Images, is_shown


def findings_document(answer: Findings) -> dict[str, Any]:
    """The findings of one image, boxes in source pixels; the heatmap is a picture, not a number."""
    return {
        "status": "result",
        "findings": [finding_document(one, answer.threshold) for one in answer.findings],
        "threshold": round(answer.threshold, 4),
        "assessed": list(answer.heat),
        "not_assessed": dict(answer.not_assessed),
        "scale": answer.scale,
        "weights": answer.weights,
    }


def finding_document(one: Finding, threshold: float) -> dict[str, Any]:
    """One finding of one image."""
    return {
        "kind": one.kind,
        "box": [round(edge, 1) + 0.0 for edge in one.box],
        "score": round(one.score, 4),
        "shown": one.score >= threshold,
        "level": round(one.level, 3),
        "size_mm": None if one.size_mm is None else [round(side, 1) for side in one.size_mm],
        "location": one.location,
    }


def exam_findings_document(answer: ExamFindings, images: Images) -> dict[str, Any]:
    """For each breast its findings, those of both views once, or why nobody knows."""
    breasts = {side: _breast(answer.breasts[side], images) for side in sorted(answer.breasts)}
    return {"status": "result", "breasts": breasts}


def _breast(answer: BreastFindings | NotAssessed | Failed, images: Images) -> dict[str, Any]:
    match answer:
        case NotAssessed():
            return {"status": "not assessed", "reason": answer.reason}
        case Failed():
            return {"status": "failed", "error": answer.error}
        case BreastFindings():
            return {
                "status": "result",
                "cc": answer.cc,
                "mlo": answer.mlo,
                "matched": answer.matched,
                "findings": [
                    {
                        "kind": one.kind,
                        "cc": one.cc,
                        "mlo": one.mlo,
                        "score": round(one.score, 4),
                        "shown": is_shown(one, answer, images),
                        "location": one.location,
                    }
                    for one in answer.findings
                ],
            }
