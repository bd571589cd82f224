"""Malignancy as plain JSON, and the rows in which a page tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from mammoscope.core import (
    About,
    BreastMalignancy,
    ExamMalignancy,
    Landmarks,
    Malignancy,
)
from mammoscope.measures.location import in_words
from mammoscope.report.files import Document
from mammoscope.report.verdict import SIDES
from mammoscope.report.words import plain

NAME: Final = "malignancy of a mass on film, research use"
"""What the score is, wherever it is told."""


def malignancy_document(
    answer: Malignancy, landmarks: Landmarks | None, about: About | None
) -> dict[str, Any]:
    """The malignancy of one image; attention is told by the place that is looked at most."""
    return {
        "status": "result",
        "name": NAME,
        "score": round(answer.score, 4),
        "marked": answer.marked,
        "unlike": None if answer.unlike is None else round(answer.unlike, 3),
        "guided": answer.guided,
        "place": [round(float(step), 1) + 0.0 for step in answer.place],
        "location": in_words(answer.place, landmarks, about) if landmarks and about else "",
        "scale": answer.scale,
        "weights": answer.weights,
    }


def exam_malignancy_document(answer: ExamMalignancy) -> dict[str, Any]:
    """The malignancy of an exam and of each breast that was assessed."""
    return {
        "status": "result",
        "name": NAME,
        "score": round(answer.score, 4),
        "threshold": None if answer.threshold is None else round(answer.threshold, 4),
        "above": _above(answer.score, answer.threshold),
        "breasts": {
            side: _breast(answer.breasts[side], answer.threshold) for side in sorted(answer.breasts)
        },
    }


@dataclass(frozen=True)
class Line:
    """What is said of a breast or of an image.

    Attributes:
        who: ``Right breast``, ``R MLO``.
        score: 0–1; None where there is none.
        said: How the score stands to the threshold, where the image is looked at and whether it counts,
            or why there is no score.
        marked: Whether an image is unlike those that trained the weights.
    """

    who: str
    score: float | None
    said: str
    marked: bool


@dataclass(frozen=True)
class Scored:
    """A breast with its images; without a breast those of which nobody knows which one they show."""

    breast: Line | None
    images: tuple[Line, ...]


def scored(document: Document) -> list[Scored]:
    """What a page says of every breast and image; nothing where nothing was scored."""
    images = document["images"]
    if not any(_answer(one).get("status") == "result" for one in (document, *images)):
        return []
    by_side = {side: [one for one in images if _side(one) == side] for side in (*SIDES, None)}
    return [
        _together(_of_breast(document, side) if side else None, [_of_image(one) for one in those])
        for side, those in by_side.items()
        if those
    ]


def against(above: bool | None, exam: Mapping[str, Any]) -> str:
    """How a score stands to the threshold; empty where the weights have none."""
    if above is None:
        return ""
    return f"{'at or above' if above else 'below'} the threshold {exam['threshold']:.2f}"


def _together(breast: Line | None, images: list[Line]) -> Scored:
    """A breast with its images; where all of them give the same reason, that is the breast's."""
    reasons = {one.said for one in images}
    if breast is None or len(reasons) > 1 or any(one.score is not None for one in (breast, *images)):
        return Scored(breast, tuple(images))
    return Scored(replace(breast, said=reasons.pop()), ())


def _answer(said: Document) -> Document:
    answer: Document = said["answers"].get("screening", {})
    return answer


def _side(image: Document) -> str | None:
    return image["laterality"]["value"] if image["laterality"] else None


def _of_breast(document: Document, side: str) -> Line:
    answer = _answer(document)
    breast = answer.get("breasts", {}).get(side)
    if breast is None:
        return Line(SIDES[side], None, "" if "breasts" in answer else plain(answer), False)
    return Line(SIDES[side], breast["score"], against(breast["above"], answer), breast["marked"])


def _of_image(image: Document) -> Line:
    answer = _answer(image)
    if answer.get("status") != "result":
        return Line(image["title"], None, plain(answer), False)
    aside = image["set_aside"] and f"kept out of the breast's score: {image['set_aside']}"
    said = "; ".join(part for part in (answer["location"], aside) if part)
    return Line(image["title"], answer["score"], said, answer["marked"])


def _breast(answer: BreastMalignancy, threshold: float | None) -> dict[str, Any]:
    return {
        "score": round(answer.score, 4),
        "above": _above(answer.score, threshold),
        "marked": answer.marked,
        "images": list(answer.images),
    }


def _above(score: float, threshold: float | None) -> bool | None:
    return None if threshold is None else score >= threshold
