"""Table 3 in the paper's layout, the paper's figures beside ours, and what each step did."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from mammoscope.scores.calibration import brier, expected_error
from mammoscope.scores.probabilistic_f1 import by_breast, probabilistic_f1_interval
from mammoscope.scores.roc import auc, auc_interval
from mammoscope.scores.table import Table
from mammoscope.screening.ablation import Row
from mammoscope.screening.evaluate import Outcome, figures, gain
from mammoscope.screening.published import NOTES, RESULTS, TITLES

HEAD: Final = (
    "Setting", "Model", "Evaluation F1", "paper", "Test F1", "paper", "Recall", "paper",
    "Precision", "paper", "Accuracy", "paper",
)  # fmt: skip
NONE: Final = "–"
"""The paper has no such row."""
REPEATS: Final = 1000


def table_3(found: Mapping[Row, Outcome]) -> Table:
    """The ablation: evaluation F1; test F1, recall, precision, accuracy. A setting is named once."""
    lines, above = [], ""
    for row, one in found.items():
        ours = [f"{value:.3f}" for value in (one.evaluation.f1, *one.test)]
        published = RESULTS.get((row.setting, row.model))
        theirs = [f"{value:.3f}" for value in published] if published else [NONE] * len(ours)
        cells = [cell for pair in zip(ours, theirs, strict=True) for cell in pair]
        lines.append((row.setting if row.setting != above else "", TITLES[row.model], *cells))
        above = row.setting
    notes = [*_floors(next(iter(found.values()))), *NOTES]
    return Table("Ablation (Table 3)", HEAD, tuple(lines), tuple(notes))


def steps(found: Mapping[Row, Outcome]) -> Table:
    """What each row adds to the row above it of the same model, on the same test images."""
    lines = []
    for row, before, after in pairs(found):
        estimate, low, high = gain(found[before], found[after])
        verdict = "helped" if low > 0 else "harmed" if high < 0 else "not told apart from chance"
        change = after_minus_before(found[before], found[after])
        lines.append(
            (
                row.setting,
                TITLES[row.model],
                f"{change:+.3f}",
                f"{estimate:+.3f} ({low:+.3f} – {high:+.3f})",
                verdict,
            )
        )
    head = ("Step", "Model", "Evaluation F1", "Test F1 (95 % interval)", "Test")
    notes = (
        "Against the row above of the same model; the same test images, women drawn 1,000 times.",
        "F1 also rises where every image comes to be called cancer: see the areas under the curve.",
    )
    return Table("What each step changed", head, tuple(lines), notes)


def thresholds(found: Mapping[Row, Outcome]) -> Table:
    """The threshold of each fold's network, and how many test images are called cancer."""
    lines = tuple(
        (
            row.setting, TITLES[row.model],
            " ".join(f"{value:.2f}" for value in one.decision.thresholds),
            f"{np.mean(one.decision.thresholds):.3f}",
            f"{one.decision.called.sum()} of {len(one.cancer)}",
        )
        for row, one in found.items()
    )  # fmt: skip
    head = ("Setting", "Model", "Thresholds of the folds", "mean", "called cancer in test")
    notes = ("From validation images only; a half before the step that searches.",)
    return Table("Thresholds", head, lines, notes)


def without_threshold(found: Mapping[Row, Outcome]) -> Table:
    """What no threshold decides: areas under the curve, and the competition's F1 of breasts."""
    lines = []
    for row, one in found.items():
        said, (_, women) = one.decision.probabilities, one.women
        area = auc_interval(said, one.cancer, women, repeats=REPEATS)
        breasts = by_breast(said, one.cancer, women, one.sides)
        f1 = probabilistic_f1_interval(
            breasts.probabilities, breasts.outcomes, breasts.women, repeats=REPEATS
        )
        validating = auc(one.validation.probabilities, one.validation.cancer)
        spreads = (f"{found.estimate:.3f} ({found.low:.3f} – {found.high:.3f})" for found in (area, f1))
        lines.append((row.setting, TITLES[row.model], f"{validating:.3f}", *spreads))
    head = (
        "Setting", "Model", "Evaluation AUC", "Test AUC (95 % interval)",
        "Test pF1 of breasts (95 % interval)",
    )  # fmt: skip
    notes = (
        "Beyond the paper. Evaluation: folds pooled. pF1: the RSNA competition's, the mean of a "
        "breast's images. The step that searches a threshold changes nothing here.",
    )
    return Table("Whatever the threshold", head, tuple(lines), notes)


def calibration(found: Mapping[Row, Outcome]) -> Table:
    """Whether probabilities hold on test images, before and after validation images calibrate them."""
    lines = []
    for row, one in found.items():
        scores = [
            f"{of(said, one.cancer):.3f}"
            for said in (one.decision.probabilities, one.calibrated) for of in (brier, expected_error)
        ]  # fmt: skip
        lines.append((row.setting, TITLES[row.model], *scores))
    head = ("Setting", "Model", "Brier score", "error", "Brier score, calibrated", "error, calibrated")
    notes = (
        "Beyond the paper, of test images. Error: expected, ten bins of equal counts. A weighted loss "
        "says too much of cancer; isotonic steps fitted to validation images take that back.",
    )
    return Table("Calibration", head, tuple(lines), notes)


def pairs(found: Mapping[Row, Outcome]) -> list[tuple[Row, Row, Row]]:
    """Each row with the row above it of the same model, and itself."""
    made, last = [], dict[str, Row]()
    for row in found:
        if row.model in last:
            made.append((row, last[row.model], row))
        last[row.model] = row
    return made


def after_minus_before(before: Outcome, after: Outcome) -> float:
    """What a step adds to the evaluation F1."""
    return after.evaluation.f1 - before.evaluation.f1


def _floors(one: Outcome) -> Sequence[str]:
    """What needs no network."""
    everything = figures(np.ones_like(one.cancer), one.cancer)
    return (
        f"{one.cancer.sum()} of {len(one.cancer)} test images are of cancer. Calling every image "
        f"cancer has a test F1 of {everything.f1:.3f}, calling none an accuracy of "
        f"{1 - one.cancer.mean():.3f}.",
        "Evaluation F1 is of the images that chose weights and thresholds: it looks better than it is.",
    )
