"""An exam as a plain JSON document, described by schema/result-5.json.

Files are told by their name and SHA-256. UIDs, dates and the patient's pseudonym stay out:
a hash of a hospital number is soon guessed. Of the date of acquisition the ISO week stays.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Final

from mammoscope.core import (
    SYSTEMS,
    About,
    Answer,
    BreastFindings,
    ExamFindings,
    ExamMalignancy,
    ExamPositioning,
    ExamRegistration,
    ExamResult,
    Failed,
    Findings,
    ImageResult,
    Landmarks,
    Malignancy,
    NotAssessed,
    Note,
    Positioning,
    Registration,
    Segmentation,
    Sourced,
)
from mammoscope.errors import OutputError
from mammoscope.measures.shown import Images, of_images
from mammoscope.report.files import Document
from mammoscope.report.findings import exam_findings_document, findings_document
from mammoscope.report.malignancy import exam_malignancy_document, malignancy_document
from mammoscope.report.outline import simplified
from mammoscope.report.positioning import exam_positioning_document, positioning_document
from mammoscope.report.registration import exam_registration_document

SCHEMA: Final = "mammoscope/result-5"
NOTICE: Final = "Research use, not a medical device."
NO_SPACING: Final = "the size of a pixel is unknown"


@dataclass(frozen=True)
class Known:
    """What an answer is told with.

    Attributes:
        about: Of the image; None for an exam.
        landmarks: Of the image; None where nobody knows.
        found: Of an exam the findings of its images.
    """

    about: About | None = None
    landmarks: Landmarks | None = None
    found: Images = field(default_factory=dict)


def exam_document(exam: ExamResult) -> Document:
    """Everything said of one exam, as JSON types only.

    Raises:
        OutputError: If a system answers neither for the exam nor for each image.
    """
    images = [
        image_document(image, label, title)
        for image, label, title in zip(exam.images, labels(exam), titles(exam), strict=True)
    ]
    for system in SYSTEMS:
        if system not in exam.answers and not all(system in image.answers for image in exam.images):
            raise OutputError(
                f"{system} must say something of every image or of the exam, it is silent"
            )
    return {
        "schema": SCHEMA,
        "notice": NOTICE,
        "mammoscope": version("mammoscope"),
        "key": exam.key,
        "notes": notes_document(exam_notes(exam)),
        "answers": _answers(exam.answers, Known(found=of_images(exam.images))),
        "images": images,
    }


def image_document(image: ImageResult, label: str, title: str) -> dict[str, Any]:
    """Everything said of one image; ``label`` is the stem of its files."""
    about = image.about
    return {
        "title": title,
        "label": label,
        "name": about.name,
        "sha256": about.digest,
        "rows": about.shape[0],
        "columns": about.shape[1],
        "kind": about.kind,
        "origin": about.origin,
        "manufacturer": about.manufacturer,
        "unit": about.unit,
        "device": about.device,
        "operator": about.operator,
        "acquired_week": about.week,
        "view": _sourced(about.view),
        "laterality": _sourced(about.laterality),
        "modifiers": sorted(about.modifiers),
        "partial": about.partial,
        "implant": about.implant,
        "spacing": _spacing(about),
        "expected_chest_wall": _sourced(about.expected_chest_wall),
        "chest_wall": _sourced(image.chest_wall),
        "set_aside": image.set_aside,
        "notes": notes_document(all_notes(image)),
        "answers": _answers(image.answers, Known(about, _landmarks(image))),
    }


def labels(exam: ExamResult) -> list[str]:
    """A stem for each image's files, safe and free of identity: ``3-R-MLO``."""
    views = [[part for part in _view(image.about) if part != "?"] for image in exam.images]
    return ["-".join([str(place), *(view or ["unknown"])]) for place, view in enumerate(views, 1)]


def titles(exam: ExamResult) -> list[str]:
    """What a reader calls each image: ``R MLO``, ``R ?``; the second of a kind is ``R MLO (2)``."""
    views = [" ".join(_view(image.about)) for image in exam.images]
    nth = [views[: place + 1].count(view) for place, view in enumerate(views)]
    return [view if place == 1 else f"{view} ({place})" for view, place in zip(views, nth, strict=True)]


def all_notes(image: ImageResult) -> tuple[Note, ...]:
    """The warnings of an image: of its header, of its pixels, of its results; none twice."""
    found = [note for answer in image.answers.values() for note in _told(answer)]
    return tuple(dict.fromkeys((*image.about.notes, *image.notes, *found)))


def exam_notes(exam: ExamResult) -> tuple[Note, ...]:
    """The warnings about an exam: of its grouping, of its results; none twice."""
    found = [note for answer in exam.answers.values() for note in _told(answer)]
    return tuple(dict.fromkeys((*exam.notes, *found)))


def notes_document(notes: Iterable[Note]) -> list[dict[str, str]]:
    """Warnings with their stable code and their sentence."""
    return [{"code": note.code, "text": note.text} for note in notes]


def _told(answer: Answer) -> tuple[Note, ...]:
    match answer:
        case NotAssessed() | Failed():
            return ()
        case Positioning():
            return (*answer.landmarks.notes, *answer.notes)
        case Segmentation() | ExamPositioning() | Findings() | Malignancy() | ExamMalignancy():
            return answer.notes
        case ExamRegistration() | ExamFindings():
            told = (Registration, BreastFindings)
            breasts = [one for one in answer.breasts.values() if isinstance(one, told)]
            return (*answer.notes, *(note for one in breasts for note in one.notes))


def _view(about: About) -> tuple[str, str]:
    side, view = about.laterality, about.view
    return side.value if side else "?", view.value if view else "?"


def _landmarks(image: ImageResult) -> Landmarks | None:
    answer = image.answers.get("positioning")
    return answer.landmarks if isinstance(answer, Positioning) else None


def _answers(answers: Mapping[str, Answer], known: Known) -> dict[str, Any]:
    return {system: _answer(answers[system], known) for system in SYSTEMS if system in answers}


def _answer(answer: Answer, known: Known) -> dict[str, Any]:
    match answer:
        case NotAssessed():
            return {"status": "not assessed", "reason": answer.reason}
        case Failed():
            return {"status": "failed", "error": answer.error}
        case Segmentation():
            return _outlined(answer, known.about)
        case Positioning():
            return positioning_document(answer, known.about)
        case Findings():
            return findings_document(answer)
        case Malignancy():
            return malignancy_document(answer, known.landmarks, known.about)
        case ExamPositioning() | ExamRegistration() | ExamFindings() | ExamMalignancy():
            return _of_exam(answer, known.found)


def _of_exam(
    answer: ExamPositioning | ExamRegistration | ExamFindings | ExamMalignancy, found: Images
) -> dict[str, Any]:
    match answer:
        case ExamPositioning():
            return exam_positioning_document(answer)
        case ExamRegistration():
            return exam_registration_document(answer)
        case ExamFindings():
            return exam_findings_document(answer, found)
        case ExamMalignancy():
            return exam_malignancy_document(answer)


def _outlined(answer: Segmentation, about: About | None) -> dict[str, Any]:
    known = about is not None and about.spacing is not None
    return {
        "status": "result",
        "confidence": round(answer.confidence, 4),
        "breast": _area(answer.breast_px, answer.breast_mm2, known),
        "pectoral": _area(answer.pectoral_px, answer.pectoral_mm2, known),
        "scale": answer.scale,
        "weights": answer.weights,
        "skin_line": simplified(answer.skin_line, 0.5).round(1).tolist(),
    }


def _area(pixels: int, mm2: float | None, known: bool) -> dict[str, Any]:
    if mm2 is not None:
        return {"px": pixels, "mm2": round(mm2, 1), "reason": None}
    return {"px": pixels, "mm2": None, "reason": "not measured" if known else NO_SPACING}


def _sourced(fact: Sourced[Any] | None) -> dict[str, str] | None:
    return None if fact is None else {"value": fact.value, "source": fact.source}


def _spacing(about: About) -> dict[str, Any] | None:
    if about.spacing is None:
        return None
    return {
        "row_mm": about.spacing.row,
        "column_mm": about.spacing.column,
        "source": about.spacing.source,
        "magnification": about.spacing.magnification,
    }
