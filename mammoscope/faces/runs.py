"""What training and evaluation of every room share: a folder that is one run, tables that are shown."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from mammoscope.errors import UsageError
from mammoscope.faces.output import check_same
from mammoscope.faces.words import say
from mammoscope.report import read_json, write_json, write_text
from mammoscope.scores.intervals import bootstrap
from mammoscope.scores.table import Table

RUN: Final = "run.json"


def begin(out: Path, run: Mapping[str, Any], *, resume: bool) -> None:
    """Write down what a run is, or make sure that the folder's is the same.

    Raises:
        UsageError: If the folder holds a run that is not gone on with, or another one.
    """
    earlier = out / RUN
    if earlier.is_file():
        if not resume:
            raise UsageError(f"{out} holds a run already: --resume goes on, or name another folder")
        check_same(read_json(earlier), run)
    write_json(earlier, dict(run))


def write_tables(tables: Sequence[Table], out: Path) -> None:
    """Write ``tables.txt``."""
    text = "\n\n".join(table.text() for table in tables)
    write_text(out / "tables.txt", f"{text}\n")


def show(tables: Sequence[Table], *, as_json: bool = False) -> None:
    """Print tables, or their cells for a script."""
    if as_json:
        say(json.dumps([asdict(table) for table in tables], ensure_ascii=True))
        return
    for table in tables:
        say(f"{table.text()}\n")


def figure_lines(
    about: Mapping[str, object],
    values: np.ndarray,
    women: Sequence[str],
    statistic: Callable[[np.ndarray], float] = lambda sample: float(np.mean(sample)),
) -> list[dict[str, Any]]:
    """A card's line for one figure with a 95 % interval, women drawn; none without values.

    Args:
        about: What the line says besides: set, view, figure.
        values: One an image; NaN values are left out.
        women: Who each belongs to.
        statistic: Of the values; their mean.
    """
    count = int(np.isfinite(values).sum())
    if not count:
        return []
    found = bootstrap(values, women, statistic)._asdict()
    rounded = {key: round(value, 4) for key, value in found.items()}
    return [{**about, "images": count, **rounded}]
