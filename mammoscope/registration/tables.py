"""Cases in tables, the paper's figures beside ours."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np

from mammoscope.io.pairs import Pair
from mammoscope.io.tables import read_rows
from mammoscope.registration import published
from mammoscope.registration.evaluate import STRETCHED, Case, women
from mammoscope.scores.intervals import bootstrap
from mammoscope.scores.table import Table

Cases = Mapping[str, Sequence[Case]]
Values = Callable[[Case], float]
HEAD: Final = (
    "Method", "n", "Overlap %", "at own area %", "IoU", "at own area", "GIoU loss", "Centre mm",
    "Centre %", "Stretched %",
)  # fmt: skip
BINS: Final = np.linspace(0.0, 2.0, 9)
CURVES: Final = ("training MSE", "training GIoU loss", "validation MSE", "validation GIoU loss")
MOST_EPOCHS: Final = 12
ABOUT: Final = (
    "Overlap: share of lesions whose placed box overlaps the MLO box, rectified as in the paper, which "
    "enlarges what was turned, and shrunk about its centre to the CC box's own area. Centre: median "
    "distance in mm where the spacing is known, and in % of the image's height. Stretched: more than "
    f"{100 * STRETCHED:.0f} % of the CC view's breast placed on the muscle. 95 % intervals, women "
    "drawn. Without an answer nothing overlaps."
)
NAN: Final = float("nan")


def all_tables(cases: Cases, notes: Sequence[str] = ()) -> tuple[Table, ...]:
    """Tables by how certain it is that both boxes are of one lesion.

    Args:
        cases: By method, in the order of the rows.
        notes: What a reader must know besides.
    """
    single = _of(cases, lambda case: case.pair.single)
    several = _of(cases, lambda case: not case.pair.single and case.lesion.certain)
    assumed = _of(cases, lambda case: not case.lesion.certain)
    tables = [overview("Breasts with one lesion", single, notes)] if single else []
    tables += [histogram(single)] if single else []
    tables += [searches(single)] if any(map(_names_parts, single.values())) else []
    tables += [overview("Several lesions, matched with certainty", several)] if several else []
    tables += [overview("Lesions whose matching is assumed", assumed)] if assumed else []
    return tuple(tables)


def counts(sets: Mapping[str, Sequence[Pair]], notes: Sequence[str] = ()) -> Table:
    """How many pairs of views there are, the paper's cases beside.

    Args:
        sets: Pairs by the name of their set.
        notes: What a reader must know besides.
    """
    rows = []
    for name, pairs in sets.items():
        lesions = [lesion for pair in pairs for lesion in pair.lesions]
        masses = sum(lesion.kind == "mass" for lesion in lesions)
        rows.append((
            name, str(len(pairs)), str(len({pair.woman for pair in pairs})),
            str(sum(pair.single for pair in pairs)), str(masses), str(len(lesions) - masses),
        ))  # fmt: skip
    for name, count in zip(("development", "test"), published.PAIRS, strict=True):
        rows.append((f"the paper's {name} set", str(count), "", "", "", ""))
    head = ("Set", "Pairs", "Women", "With one lesion", "Masses", "Calcifications")
    return Table("Pairs of views with the same lesion in both", head, tuple(rows), tuple(notes))


def overview(title: str, cases: Cases, notes: Sequence[str] = ()) -> Table:
    """What the paper measures and what we add, with 95 % intervals, women drawn."""
    placing = _placing(cases)
    rows = [(name, *_cells(found)) for name, found in placing.items()]
    paper = ("the paper's, its test set", str(published.PAIRS[1]), published.OVERLAP)
    rows.append((*paper, *[""] * (len(HEAD) - len(paper) - 1), published.STRETCHED))
    return Table(title, HEAD, tuple(rows), (ABOUT, *_silent(placing), *notes))


def histogram(cases: Cases) -> Table:
    """GIoU loss of the rectified box (Fig. 4): % of the lesions in each bin."""
    placing = _placing(cases)
    head = ("Method", *(f"{low:.2f}–{high:.2f}" for low, high in pairwise(BINS)))
    rows = []
    for name, found in placing.items():
        losses = np.array([1 - case.as_rectified.giou for case in found])
        counts, _ = np.histogram(losses[np.isfinite(losses)], BINS)
        rows.append((name, *(f"{100 * count / len(found):.1f}" for count in counts)))
    note = "% of the lesions. From 1 on boxes may not overlap; at 0 they are the same."
    return Table("Histogram of the GIoU loss (Fig. 4)", head, tuple(rows), (note,))


def searches(cases: Cases) -> Table:
    """How much of the MLO view must be searched, and how often the lesion is there.

    A lesion for which a method that names parts names none was not found.
    """
    rows = []
    for name, found in cases.items():
        if not _names_parts(found):
            continue
        hits = _share(found, lambda case: float(bool(case.found)))
        share = _median(found, lambda case: 100 * case.searched)
        area = _median(found, lambda case: case.searched_mm2 / 100)
        rows.append((name, str(len(found)), hits, share, area))
    note = (
        "Found: the searched part holds the centre of the MLO box. Area: median, in % of breast and "
        "muscle on the MLO view, and in cm² where the spacing is known. Widths are calibrated on other "
        "women. Without an answer a lesion is not found."
    )
    head = ("Method", "n", "Found %", "Area %", "Area cm²")
    return Table("Where a lesion is looked for", head, tuple(rows), (note,))


def curves(logs: Sequence[Path]) -> Table:
    """Both parts of the loss by epoch (Fig. 3), at most a dozen epochs of them.

    Args:
        logs: Of one training, in the order in which it was gone on with.

    Raises:
        UsageError: If a log cannot be read.
    """
    epochs: dict[int, dict[str, float]] = {}
    for log in logs:
        for _, row in read_rows(log, ("epoch", *CURVES)):
            held = epochs.setdefault(int(row["epoch"]), {})
            held |= {name: float(row[name]) for name in CURVES if row[name]}
    kept = sorted(epochs)
    if len(kept) > MOST_EPOCHS:
        kept = [kept[index] for index in np.linspace(0, len(kept) - 1, MOST_EPOCHS).astype(int)]
    rows = [
        (str(epoch + 1), *(f"{epochs[epoch].get(name, NAN):.3f}" for name in CURVES)) for epoch in kept
    ]
    note = f"The paper's curves run over {published.EPOCHS} epochs of 500 pairs and bear no figures."
    return Table("Loss by epoch (Fig. 3)", ("Epoch", *CURVES), tuple(rows), (note,))


def _cells(found: Sequence[Case]) -> tuple[str, ...]:
    return (
        str(len(found)),
        _share(found, lambda case: float(case.as_rectified.overlaps)),
        _share(found, lambda case: float(case.own_area.overlaps)),
        _mean(found, lambda case: float(np.nan_to_num(case.as_rectified.iou))),
        _mean(found, lambda case: float(np.nan_to_num(case.own_area.iou))),
        _mean(found, lambda case: 1 - case.as_rectified.giou),
        _median(found, lambda case: case.centre_mm),
        _median(found, lambda case: case.centre_percent),
        _share(found, lambda case: case.stretched),
    )


def _share(found: Sequence[Case], value: Values) -> str:
    return _figure(found, lambda case: 100 * value(case), lambda sample: float(np.mean(sample)), 1)


def _mean(found: Sequence[Case], value: Values) -> str:
    return _figure(found, value, lambda sample: float(np.mean(sample)), 3)


def _median(found: Sequence[Case], value: Values) -> str:
    return _figure(found, value, lambda sample: float(np.median(sample)), 1)


def _figure(
    found: Sequence[Case], value: Values, statistic: Callable[[np.ndarray], float], digits: int
) -> str:
    values = np.array([value(case) for case in found])
    if not np.isfinite(values).any():
        return ""
    middle, low, high = bootstrap(values, women(found), statistic)
    return f"{middle:.{digits}f} ({low:.{digits}f}–{high:.{digits}f})"


def _of(cases: Cases, wanted: Callable[[Case], bool]) -> dict[str, list[Case]]:
    chosen = {name: [case for case in found if wanted(case)] for name, found in cases.items()}
    return {name: found for name, found in chosen.items() if found}


def _names_parts(found: Sequence[Case]) -> bool:
    """Whether a method names parts to be searched."""
    return any(case.found is not None for case in found)


def _placing(cases: Cases) -> dict[str, Sequence[Case]]:
    """Methods that place boxes, or neither place any nor name parts to be searched."""
    return {
        name: found for name, found in cases.items()
        if not _names_parts(found) or any(np.isfinite(case.as_rectified.iou) for case in found)
    }  # fmt: skip


def _silent(cases: Cases) -> list[str]:
    counts = {
        name: sum(np.isnan(case.as_rectified.iou) for case in found) for name, found in cases.items()
    }
    return [f"{name}: no answer for {count} lesions" for name, count in counts.items() if count]
