"""``mammoscope evaluate positioning --labels-only``: no pixels, no torch."""

import json
from pathlib import Path

from mammoscope.faces.runs import show
from mammoscope.faces.words import say
from mammoscope.io.vindr import read_positioning_labels
from mammoscope.positioning import labels


def evaluate_labels(table: Path, *, as_json: bool) -> None:
    """Print what published labels tell without pixels.

    Raises:
        UsageError: If the table cannot be read.
    """
    records = read_positioning_labels(table)
    if as_json:
        say(json.dumps(labels.document(records), ensure_ascii=True))
    else:
        show(labels.tables(records))
