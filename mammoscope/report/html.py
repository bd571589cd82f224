"""The pages: one an exam, and one that lists the exams."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from mammoscope.core import SYSTEMS, ExamResult, InputRecord
from mammoscope.report.aligned import sentences
from mammoscope.report.document import titles
from mammoscope.report.files import Document, write_text
from mammoscope.report.found import places_marked, tables, thresholds, unsought
from mammoscope.report.hanging import hang
from mammoscope.report.malignancy import NAME, against, scored
from mammoscope.report.marks import groups
from mammoscope.report.page import inline, page
from mammoscope.report.panes import wall
from mammoscope.report.summary import outcome
from mammoscope.report.verdict import (
    SIDES,
    counts,
    image_verdicts,
    profile,
    unanswered,
    verdicts,
)
from mammoscope.report.words import plain, sentence

SCRIPTS: Final = ("report.js", "register.js", "findings.js", "input.js")
"""Joined to one module; the last one sets it to work."""


def exam_page(exam: ExamResult, document: Document) -> str:
    """A page of one exam that needs no other file and no network.

    Args:
        exam: The results, with their pictures.
        document: The same as `exam_document` tells it.
    """
    hanging, names, found = hang(exam), titles(exam), groups(exam)
    return page(
        "report.html.j2",
        exam=document,
        wall=wall(hanging, names, exam.answers.get("registration"), found),
        found=tables(found, hanging.hung, names),
        marked=places_marked(document),
        thresholds=thresholds(document),
        unsought=unsought(document),
        scored=scored(document),
        malignancy=document["answers"].get("screening", {}),
        malignancy_name=NAME,
        against=against,
        both_views=sentences(document),
        warnings=warnings(document),
        verdicts=image_verdicts(document),
        judged=verdicts(document),
        counts=counts(document),
        unanswered=unanswered(document),
        profile=profile(document),
        systems=system_answers(document),
        unscaled=_unscaled(document),
        plain=plain,
        weights=_weights(document),
        script=Markup("").join(map(inline, SCRIPTS)),
    )


def write_index(path: Path, documents: Iterable[Document], records: Sequence[InputRecord]) -> None:
    """Write the page that lists the exams of a run and the inputs without result.

    Its thumbnails are the ``thumbnail.jpg`` in the exams' folders beside it.

    Raises:
        OutputError: If the file cannot be written.
    """
    cards = [_card(document) for document in documents]
    write_text(path, page("index.html.j2", exams=cards, records=records))


def warnings(document: Document) -> dict[str, list[str]]:
    """Each warning once, under those whom it concerns: the exam, all images, or images by name."""
    concerned: dict[str, list[str]] = defaultdict(list)
    for image in document["images"]:
        for note in image["notes"]:
            concerned[sentence(note["text"])].append(image["title"])
    everyone = len(document["images"])
    told: dict[str, list[str]] = defaultdict(list)
    for note in document["notes"]:
        told["Exam"].append(sentence(note["text"]))
    for text, who in concerned.items():
        told["All images" if 1 < len(who) == everyone else ", ".join(who)].append(text)
    return dict(told)


def system_answers(document: Document) -> list[tuple[str, list[tuple[str, str]]]]:
    """For each system what it says in words, and of whom; ``""`` where all say the same."""
    rows = []
    for system in SYSTEMS:
        said: dict[str, list[str]] = defaultdict(list)
        for image in document["images"]:
            if system in image["answers"]:
                said[plain(image["answers"][system])].append(image["title"])
        for who, answer in of_exam(document["answers"].get(system)):
            said[plain(answer)].append(who)
        alike = len(said) == 1
        rows.append((system, [("" if alike else ", ".join(who), text) for text, who in said.items()]))
    return rows


def of_exam(answer: Document | None) -> list[tuple[str, Document]]:
    """What a system says of the exam, or of each breast where every breast has its own answer."""
    if answer is None:
        return []
    breasts = answer.get("breasts", {})
    if not any("status" in one for one in breasts.values()):
        return [("Exam", answer)]
    return [(SIDES[side], breasts[side]) for side in sorted(breasts, reverse=True)]


def _card(document: Document) -> dict[str, Any]:
    images = document["images"]
    return {
        "key": document["key"],
        "images": [image["title"] for image in images],
        "names": [image["name"] for image in images],
        "failed": sum(outcome(image) == "failed" for image in images),
        "warnings": sum(map(len, warnings(document).values())),
        "positioning": counts(document),
        "marked": places_marked(document) if thresholds(document) else None,
    }


def _unscaled(document: Document) -> str:
    images = document["images"]
    unknown = [image["title"] for image in images if image["spacing"] is None]
    return "any image" if len(unknown) == len(images) else ", ".join(unknown)


def _weights(document: Document) -> list[str]:
    answers = [answer for image in document["images"] for answer in image["answers"].values()]
    answers += [one for _, one in of_exam(document["answers"].get("registration"))]
    return sorted({answer["weights"] for answer in answers if "weights" in answer})
