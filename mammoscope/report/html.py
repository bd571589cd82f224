"""The pages: one an exam, and one that lists the exams."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import cv2
import numpy as np
from jinja2 import Environment, PackageLoader, StrictUndefined

from mammoscope.core import ExamResult, InputRecord
from mammoscope.report.files import Document, write_text
from mammoscope.report.hanging import Hanging, hang
from mammoscope.report.pictures import Picture, overlay

TEMPLATES = Environment(
    loader=PackageLoader("mammoscope.report"), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip


def exam_page(exam: ExamResult, document: Document) -> str:
    """A self-contained page of one exam."""
    return TEMPLATES.get_template("report.html.j2").render(exam=document)


def thumbnail(exam: ExamResult) -> Picture:
    """The exam's pictures in a row, as they hang."""
    hanging: Hanging = hang(exam)
    hung = [place.hung for place in hanging.places if place.hung] + list(hanging.strip)
    tiles = [_tile(overlay(one.image, 240), one.mirrored) for one in hung] or [
        np.zeros((240, 8, 3), np.uint8)
    ]
    return np.concatenate(tiles, axis=1)


def write_index(path: Path, documents: Iterable[Document], records: Sequence[InputRecord]) -> None:
    """Write the page that lists the exams of a run and the inputs without result.

    Raises:
        OutputError: If the file cannot be written.
    """
    page = TEMPLATES.get_template("index.html.j2").render(exams=list(documents), records=records)
    write_text(path, page)


def _tile(picture: Picture, mirrored: bool) -> Picture:
    picture = picture[:, ::-1] if mirrored else picture
    missing = 240 - picture.shape[0]
    padded = cv2.copyMakeBorder(
        np.ascontiguousarray(picture), 0, max(missing, 0), 0, 4, cv2.BORDER_CONSTANT
    )
    return np.asarray(padded, np.uint8)
