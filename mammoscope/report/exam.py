"""The folder of one exam."""

from pathlib import Path
from typing import Final

from mammoscope.core import ExamResult, Segmentation
from mammoscope.report.document import exam_document, labels
from mammoscope.report.files import Document, write_bytes, write_json, write_text
from mammoscope.report.html import exam_page
from mammoscope.report.pictures import encoded, mask_png, overlay
from mammoscope.report.thumbnail import thumbnail

RESULT: Final = "result.json"


def write_exam(
    exam: ExamResult, folder: Path, *, preview: bool = False, masks: bool = False
) -> Document:
    """Write everything said of one exam; ``result.json`` comes last, so its presence means done.

    Args:
        exam: The results.
        folder: ``<out>/<exam.key>``; made where absent.
        preview: Also write ``images/<label>.png``: the picture with its outlines.
        masks: Also write ``masks/<label>.png``: labels 0, 1, 2 in source pixels.

    Returns:
        The document in ``result.json``: what summary, manifest and index are made of.

    Raises:
        OutputError: If a file cannot be written, or a system is silent.
    """
    document = exam_document(exam)
    for image, label in zip(exam.images, labels(exam), strict=True):
        answer = image.answers.get("segmentation")
        if preview:
            write_bytes(folder / "images" / f"{label}.png", encoded(overlay(image), ".png"))
        if masks and isinstance(answer, Segmentation):
            write_bytes(folder / "masks" / f"{label}.png", mask_png(answer.mask))
    write_bytes(folder / "thumbnail.jpg", encoded(thumbnail(exam), ".jpg", 80))
    write_text(folder / "report.html", exam_page(exam, document))
    write_json(folder / RESULT, document)
    return document
