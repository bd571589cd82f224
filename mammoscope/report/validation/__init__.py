"""How weights do on a site's own images, as a page, a document and a table of scores."""

from pathlib import Path
from typing import Final

from mammoscope.measures.validation.summary import Validation
from mammoscope.report.files import write_json, write_text
from mammoscope.report.validation.document import scores_csv, validation_document
from mammoscope.report.validation.page import validation_page

__all__ = ["DOCUMENT", "PAGE", "SCORES", "validation_document", "write_validation"]

PAGE: Final = "validation.html"
DOCUMENT: Final = "validation.json"
SCORES: Final = "scores.csv"


def write_validation(out: Path, found: Validation) -> None:
    """Write validation.html, validation.json and scores.csv.

    Raises:
        OutputError: If a file cannot be written.
    """
    write_text(out / SCORES, scores_csv(found.rows))
    write_json(out / DOCUMENT, validation_document(found))
    write_text(out / PAGE, validation_page(found))
