"""Images that a table tells more of than their files do."""

from dataclasses import replace
from pathlib import Path

from mammoscope.core import Mammogram, Spacing
from mammoscope.io.annotations import RecordKind
from mammoscope.io.reader import Reader
from mammoscope.io.sources import Source


def read_recorded(
    image: Path,
    kind: RecordKind,
    spacing_mm: tuple[float, float] | None,
    reader: Reader,
    look: int = 0,
) -> Mammogram:
    """A mammogram, with what a table knows of its kind and spacing.

    Args:
        image: Its file.
        kind: For presentation, for processing, or digitised film.
        spacing_mm: Rows and columns of a pixel; None: the image's header says, or nobody.
        reader: Open.
        look: See `mammoscope.io.looks`.

    Raises:
        InputError: If the image cannot be read.
    """
    mammogram = reader.read(Source(image.name, image), look)
    about = mammogram.about
    if spacing_mm is not None:
        about = replace(about, spacing=Spacing(*spacing_mm, "annotations"))
    if kind == "raw":
        about = replace(about, kind="for processing")
    return replace(mammogram, about=about)
