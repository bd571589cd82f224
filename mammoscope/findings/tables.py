"""Classified patches in the layout of the paper's two tables, the paper's figures beside ours."""

from collections.abc import Mapping
from typing import Final

from mammoscope.findings import published
from mammoscope.findings.evaluate import THRESHOLD, Figures, Said, by_class, merged, weighted
from mammoscope.scores.table import Table, beside

ASYMMETRIES: Final = "asymmetries"
ABSENT: Final = "–"
TITLES: Final[Mapping[str, str]] = dict(published.MODELS)


def by_backbone(said: Mapping[str, Said]) -> Table:
    """F1 by class and backbone: the paper's first table, three asymmetries in one.

    Classes that no test patch shows stand in the weighted average with no weight.

    Args:
        said: By backbone, of the same patches.
    """
    columns = {name: _first(said[name]) for name in TITLES if name in said}
    supports = {row: figures.support for one in columns.values() for row, figures in one.items()}
    lines, places = {}, [1 + list(TITLES).index(name) for name in columns]
    for row in published.BY_BACKBONE:
        cells = [_f1(one.get(row)) for one in columns.values()]
        lines[row] = (str(supports.get(row, 0)), *cells)
    theirs = {
        row: (cells[0], *(cells[place] for place in places))
        for row, cells in published.BY_BACKBONE.items()
    }
    head = ("F1", "N", *(TITLES[name] for name in columns))
    notes = [
        f"A kind is said above {THRESHOLD}. Asymmetries: focal, global and plain asymmetry as one. "
        f"{ABSENT}: the classifier has no such unit."
    ]
    return beside("F1 by class and backbone (first table)", head, lines, theirs, notes)


def by_finding(said: Said) -> Table:
    """Every class of one backbone: the paper's second table, with its weighted means."""
    rows = by_class(said)
    order = [name for name in published.BY_CLASS if name in rows]
    lines = {name: _cells(rows[name]) for name in order}
    lines["weighted mean"] = _cells(weighted([rows[name] for name in order]))
    head = ("Class", "Accuracy", "Precision", "Recall", "F1", "Support")
    notes = [
        "No Finding is said where no kind is. Accuracy is of the class against all others, as in the "
        "paper's rows; the means that the paper states are not those of its rows (0.978 and 0.942)."
    ]
    return beside("Patches by class (second table)", head, lines, published.BY_CLASS, notes)


def _first(said: Said) -> Mapping[str, Figures]:
    """The rows of the first table that a classifier can fill."""
    single = by_class(said)
    rows = {name: single[name] for name in published.BY_BACKBONE if name in single}
    if any("asymmetry" in kind for kind in said.kinds):
        rows[ASYMMETRIES] = merged(said)
    return rows | {"weighted average": weighted(list(rows.values()))}


def _f1(figures: Figures | None) -> str:
    return ABSENT if figures is None else f"{figures.f1:.3f}"


def _cells(figures: Figures) -> tuple[str, ...]:
    *shares, support = figures
    return *(f"{share:.3f}" for share in shares), str(support)
