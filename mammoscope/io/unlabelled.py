"""A folder of images of which no table tells: records of screening images without outcomes."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

from mammoscope.io.files import find
from mammoscope.io.reader import Reader
from mammoscope.io.screening import FoundScreening, ScreeningImage
from mammoscope.io.survey import Scanned, survey

DATASET: Final = "folder"
ARCHIVED: Final = "images in an archive: unpack it"


def read_unlabelled(folder: Path, advance: Callable[[], None] = lambda: None) -> FoundScreening:
    """What headers and names say of every image in a folder; whether it shows cancer nobody says.

    Args:
        folder: Walked to its depths.
        advance: Called after each header.
    """
    with Reader() as reader:
        seen = survey(find([folder]), reader, advance)
    items = [(item, exam.key) for exam in seen.exams for item in exam.items]
    left_out = Counter(f"files {record.outcome}" for record in seen.records)
    if archived := sum(bool(item.source.member) for item, _ in items):
        left_out[ARCHIVED] = archived
    images = [_image(item, key) for item, key in items if not item.source.member]
    return FoundScreening(images, dict(left_out))


def _image(item: Scanned, exam: str) -> ScreeningImage:
    """The woman is her pseudonym, or the exam where the file names nobody."""
    about = item.about
    return ScreeningImage(
        image=item.source.path,
        woman=about.patient or exam,
        dataset=DATASET,
        laterality=about.laterality.value if about.laterality else None,
        view=about.view.value if about.view else None,
        cancer=None,
        kind="raw" if about.kind == "for processing" else "processed",
        implant=about.implant,
        machine=about.device or about.manufacturer or None,
    )
