"""Cases in the paper's layout (Tables 5 to 9), the paper's figures beside ours."""

from collections.abc import Mapping, Sequence

import numpy as np

from mammoscope.scores.statistics import (
    analysis_of_variance,
    bonferroni,
    mean_and_deviation,
    paired,
    unpaired,
)
from mammoscope.scores.table import Table, beside, spread
from mammoscope.segmentation import published
from mammoscope.segmentation.evaluate import Case

ONE_PERCENT = 0.01
LEVEL = 0.05
DICE_HEAD = ("n", "Breast", "Pectoral (n)", "Overall")
Cases = Sequence[Case]


def by_view(cases: Cases) -> Table:
    """Table 5, with t-tests between the views."""
    groups = _views(cases)
    rows = {name: _dice_cells(members) for name, members in {**groups, "All": cases}.items()}
    notes = []
    for figure in ("breast", "pectoral", "overall"):
        difference, _, p = unpaired(*(values(groups[view], figure) for view in ("MLO", "CC")))
        if np.isfinite(p):
            notes.append(f"MLO against CC, {figure}: {difference:+.2f}, "
                         f"unpaired t-test {p_text(p)}{published.P_VIEWS}")  # fmt: skip
    return beside("Dice by view (Table 5)", ("View", *DICE_HEAD), rows, published.TABLE_5, notes)


def by_dataset(cases: Cases) -> Table:
    """Table 7, with analysis of variance and Tukey's test between the data sets."""
    digital = [case for case in cases if case.record.kind != "film"]
    rows = _dataset_rows(cases) | {"All DM": _dice_cells(digital)}
    notes = []
    for figure in ("breast", "pectoral", "overall"):
        groups = {name: values(members, figure) for name, members in datasets(cases).items()}
        notes += _variance(groups, figure)
    return beside("Dice by data set (Table 7)", ("Dataset", *DICE_HEAD), rows, published.TABLE_7, notes)


def overview(cases: Cases) -> tuple[Table, ...]:
    """Tables 5 to 7 of processed and film images, as in the paper, and raw images apart."""
    shown = [case for case in cases if case.record.kind != "raw"]
    raw = [case for case in cases if case.record.kind == "raw"]
    found = (by_view(shown), muscle(shown), by_dataset(shown)) if shown else ()
    if not raw:
        return found
    title, rows = "Dice of raw images by data set", _dataset_rows(raw)
    paper = {
        name: (published.TABLE_8[name][0], "", "", published.TABLE_8[name][4])
        for name in rows if name in published.TABLE_8 and published.TABLE_8[name][4]
    }  # fmt: skip
    return *found, beside(title, ("Dataset", *DICE_HEAD), rows, paper)


def muscle(cases: Cases) -> Table:
    """Table 6: how often the muscle is missed, or seen where there is none, at 0 and at 1 %.

    At 1 % an answer's muscle counts only where it is larger than 1 % of the breast.
    """
    rows = {name: _muscle_cells(members) for name, members in _views(cases).items()}
    head = (
        "View", "n", "Pectoral present", "Pectoral size", "False negatives", "False positives",
        "FN at 1%", "FP at 1%",
    )  # fmt: skip
    notes = []
    for name, members in _views(cases).items():
        found = [case for case in members if case.present and case.found()]
        if found:
            notes.append(f"{name}, pectoral Dice where it was found: {dice_text(found, 'pectoral')} "
                         f"(n = {len(found)}){published.FOUND.get(name, '')}")  # fmt: skip
    return beside("The pectoral muscle (Table 6)", head, rows, published.TABLE_6, notes)


def raw_and_processed(processed_model: Cases, both_model: Cases) -> Table:
    """Table 8: overall Dice of two models on the same images, with paired t-tests between them."""
    groups = {name: (name,) for name in datasets(processed_model)}
    with_raw = tuple(name for name in groups if _of(processed_model, (name,), raw=True))
    models = (processed_model, both_model)
    rows = {}
    for title, names in {**groups, "All": tuple(groups), "With raw images": with_raw}.items():
        count = len(_of(processed_model, names, raw=False))
        cells = [dice_text(_of(cases, names, raw=raw)) for cases in models for raw in (False, True)]
        rows[title] = (str(count), *cells)
    notes = []
    for word, raw in (("processed", False), ("raw", True)):
        first, second = (values(_of(cases, tuple(groups), raw), "overall") for cases in models)
        result = paired(second, first)
        if np.isfinite(result.p):
            notes.append(f"{word} images, trained with raw against without: {result.difference:+.2f}, "
                         f"paired t-test {p_text(result.p)}{published.P_RAW[word]}")  # fmt: skip
    head = ("Dataset", "n", "Processed", "Raw", "Processed, raw trained", "Raw, raw trained")
    return beside("Training with raw images (Table 8)", head, rows, published.TABLE_8, notes)


def left_out(rows: Mapping[str, tuple[int, Cases, Cases]]) -> Table:
    """Table 9: training images, cases of the included and of the excluded data sets."""
    level = bonferroni(LEVEL, len(rows))
    cells = {}
    for name, (count, included, excluded) in rows.items():
        result = unpaired(values(excluded, "overall"), values(included, "overall"))
        star = "*" if result.p < level else ""
        cells[name] = (
            str(count), dice_text(included), str(len(included)),
            dice_text(excluded), str(len(excluded)),
            "" if np.isnan(result.difference) else f"{result.difference:+.2f}{star}",
            _p_cell(result.p),
        )  # fmt: skip
    head = ("Excluded", "Training n", "Included Dice", "n", "Excluded Dice", "n", "Difference", "p")
    note = f"* unpaired t-test, Bonferroni: {LEVEL} / {len(rows)} = {level:.5f}"
    return beside("One data set left out (Table 9)", head, cells, published.TABLE_9, [note])


def losses(cases: Mapping[str, Cases]) -> Table:
    """Table 4: validation Dice by loss and weight; the muscle where the truth shows one."""
    rows = {
        name: (dice_text(members, "breast"), dice_text(members, "pectoral"))
        for name, members in cases.items()
    }
    means = {
        name: mean_and_deviation(values(members, "pectoral"))[0] for name, members in cases.items()
    }
    best = max(means, key=lambda name: np.nan_to_num(means[name], nan=-1.0))
    note = f"Highest pectoral Dice: {best}; the paper's: Cross-entropy loss 2.0"
    return beside(
        "Losses and weights (Table 4)", ("Loss", "Breast", "Pectoral"), rows, published.TABLE_4, [note]
    )


def _dataset_rows(cases: Cases) -> dict[str, tuple[str, ...]]:
    rows = {name: _dice_cells(members) for name, members in datasets(cases).items()}
    return rows | {"All": _dice_cells(cases)}


def _of(cases: Cases, names: Sequence[str], raw: bool) -> Cases:
    return [
        case for case in cases
        if case.record.dataset in names and (case.record.kind == "raw") == raw
    ]  # fmt: skip


def datasets(cases: Cases) -> dict[str, Cases]:
    """Cases by data set, in the paper's order, then by name."""
    order = [name for name in published.TABLE_7 if not name.startswith("All")]
    names = sorted({case.record.dataset for case in cases})
    names.sort(key=lambda name: order.index(name) if name in order else len(order))
    return {name: [case for case in cases if case.record.dataset == name] for name in names}


def values(cases: Cases, figure: str) -> np.ndarray:
    """One figure of each case."""
    return np.array([getattr(case, figure) for case in cases], float)


def dice_text(cases: Cases, figure: str = "overall") -> str:
    """Mean ± standard deviation, empty where there is nothing to average."""
    return spread(values(cases, figure))


def p_text(p: float) -> str:
    """A p-value in words."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}"


def _p_cell(p: float) -> str:
    if np.isnan(p):
        return ""
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _views(cases: Cases) -> dict[str, Cases]:
    return {view: [case for case in cases if case.record.view == view] for view in ("MLO", "CC")}


def _dice_cells(cases: Cases) -> tuple[str, ...]:
    present = [case for case in cases if case.present]
    pectoral = f"{dice_text(present, 'pectoral')} ({len(present)})".strip()
    return str(len(cases)), dice_text(cases, "breast"), pectoral, dice_text(cases)


def _muscle_cells(cases: Cases) -> tuple[str, ...]:
    present = [case for case in cases if case.present]
    absent = [case for case in cases if not case.present]
    mean, deviation = mean_and_deviation([100 * case.true_size for case in present])
    size = (
        "" if np.isnan(mean) else f"{mean:.1f}%" + f" ± {deviation:.1f}%" * bool(np.isfinite(deviation))
    )
    rates = []
    for share in (0.0, ONE_PERCENT):
        rates.append(_share(sum(not case.found(share) for case in present), len(present)))
        rates.append(_share(sum(case.found(share) for case in absent), len(absent)))
    return str(len(cases)), _share(len(present), len(cases)), size, *rates


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f}% ({part}/{whole})" if whole else ""


def _variance(groups: Mapping[str, np.ndarray], figure: str) -> list[str]:
    analysis = analysis_of_variance(groups)
    if np.isnan(analysis.p):
        return []
    apart = [
        f"{one} and {other} ({p_text(p)})" for (one, other), p in analysis.pairs.items() if p < LEVEL
    ]
    found = ", ".join(apart) or "no pair"
    theirs = published.P_DATASETS.get(figure, "")
    return [f"{figure}: one-way ANOVA {p_text(analysis.p)}; Tukey tells apart: {found}{theirs}"]
