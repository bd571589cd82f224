"""Tables as a terminal and a file show them, a paper's figures beside ours."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from mammoscope.scores.statistics import mean_and_deviation

Rows: TypeAlias = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Table:
    """A table ready to print.

    Attributes:
        title: What it shows.
        head: One word a column.
        rows: As many cells in each.
        notes: Tests and remarks below it.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()

    def text(self) -> str:
        """The table in columns of even width."""
        lines = [self.head, *self.rows]
        widths = [max(len(line[column]) for line in lines) for column in range(len(self.head))]
        body = [
            "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
            for line in lines
        ]
        rule = "  ".join("-" * width for width in widths)
        notes = ["", *self.notes] if self.notes else []
        return "\n".join([self.title, "", body[0], rule, *body[1:], *notes])


def beside(
    title: str,
    head: tuple[str, ...],
    rows: Mapping[str, tuple[str, ...]],
    paper: Rows,
    notes: Sequence[str] = (),
) -> Table:
    """A table whose every column is followed by the paper's."""
    columns = [cell for name in head[1:] for cell in (name, "paper")]
    lines = []
    for name, cells in rows.items():
        theirs = paper.get(name, ("",) * len(cells))
        pairs = zip(cells, theirs, strict=True)
        lines.append((name, *(cell for pair in pairs for cell in pair)))
    return Table(title, (head[0], *columns), tuple(lines), tuple(notes))


def spread(values: Sequence[float] | np.ndarray) -> str:
    """Mean ± standard deviation, without NaN values; empty where there is nothing to average.

    Example:
        >>> spread([1.0, 3.0]), spread([2.0]), spread([])
        ('2.00 ± 1.41', '2.00', '')
    """
    mean, deviation = mean_and_deviation(values)
    if np.isnan(mean):
        return ""
    return f"{mean:.2f}" if np.isnan(deviation) else f"{mean:.2f} ± {deviation:.2f}"
