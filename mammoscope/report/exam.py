"""The folder of one exam."""

from pathlib import Path
from typing import Final

from mammoscope.core import ExamResult, Findings, Segmentation
from mammoscope.report.document import exam_document, labels
from mammoscope.report.files import Document, write_bytes, write_json, write_text
from mammoscope.report.heat import heat_on, over
from mammoscope.report.html import exam_page
from mammoscope.report.marks import by_image, groups
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
        preview: Also write ``images/<label>.png``: the picture with its outlines; and
            ``heatmaps/<label>.png``: the picture under the heatmap of its findings.
        masks: Also write ``masks/<label>.png``: labels 0, 1, 2 in source pixels.

    Returns:
        The document in ``result.json``: what summary, manifest and index are made of.

    Raises:
        OutputError: If a file cannot be written, or a system is silent.
    """
    document, found = exam_document(exam), by_image(groups(exam))
    for place, (image, label) in enumerate(zip(exam.images, labels(exam), strict=True)):
        outlined, searched = (image.answers.get(system) for system in ("segmentation", "findings"))
        shown = found.get(place, ())
        if preview:
            write_bytes(folder / "images" / f"{label}.png", encoded(overlay(image, shown), ".png"))
        if preview and isinstance(searched, Findings):
            warm = over(image.preview, heat_on(searched, image.preview.shape))
            write_bytes(folder / "heatmaps" / f"{label}.png", encoded(warm, ".png"))
        if masks and isinstance(outlined, Segmentation):
            write_bytes(folder / "masks" / f"{label}.png", mask_png(outlined.mask))
    write_bytes(folder / "thumbnail.jpg", encoded(thumbnail(exam), ".jpg", 80))
    write_text(folder / "report.html", exam_page(exam, document))
    write_json(folder / RESULT, document)
    return document
