"""Cases in the paper's layout (Tables 1 and 2), the paper's figures beside ours."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from mammoscope.positioning import published
from mammoscope.positioning.evaluate import Case, Errors
from mammoscope.scores.landmarks import Decisions, decisions
from mammoscope.scores.table import Table, beside, spread

TITLES: Final[Mapping[str, str]] = {
    "resnext50": "ResNeXt50", "r-resnext50": "R-ResNeXt50", "u-net": "UNet",
    "attention u-net": "Attention UNet", "coordatt u-net": "CoordAtt UNet",
    "heatmaps": "Heatmaps", "shipped": "Shipped weights",
}  # fmt: skip
"""The paper's row names by ours; the last two are not the paper's."""
LANDMARK_HEAD: Final = ("Model", "Perp", "Pec1", "Pec2", "Nipple", "Angular °")
NO_SPACING: Final = "no spacing"
NO_FACTOR: Final = "no factor"
Cases = Mapping[str, Sequence[Case]]


def all_tables(cases: Cases, notes: Sequence[str] = ()) -> tuple[Table, ...]:
    """Table 1, what stands beside it, and Table 2.

    Args:
        cases: By model, see `TITLES`, in the order of the rows.
        notes: What a reader must know besides.
    """
    regressed = {name: members for name, members in cases.items() if name != "resnext50"}
    found = [landmark_errors(regressed)] if regressed else []
    if any(_known([case.corrected for case in members]) for members in regressed.values()):
        found.append(corrected_errors(regressed))
    if any(case.record.spacing_mm is None for members in regressed.values() for case in members):
        found.append(height_errors(regressed))
    last = quality(cases)
    return *found, replace(last, notes=(*last.notes, *notes))


def landmark_errors(cases: Cases) -> Table:
    """Table 1: mean ± standard deviation (median) over the images of all runs."""
    rows = _with_angles(cases, _error_rows(cases, lambda case: case.mm, NO_SPACING))
    notes = [
        "mm at the detector (ImagerPixelSpacing uncorrected, as the paper's); mean ± SD (median) "
        "over the test images of all runs. Perp: foot of the perpendicular from the nipple; Pec1: "
        "lower end of the pectoral line at the border; Pec2: upper end.",
        *_unmeasured(cases), *_silent(cases),
    ]  # fmt: skip
    title = "Landmark errors in mm (Table 1)"
    return beside(title, LANDMARK_HEAD, rows, published.TABLE_1, notes)


def corrected_errors(cases: Cases) -> Table:
    """Table 1 in the breast: over the magnification, of images whose header gives it."""
    rows = _error_rows(cases, lambda case: case.corrected, NO_FACTOR)
    counts = {
        name: sum(case.magnification is not None for case in members) for name, members in cases.items()
    }
    lines = tuple((name, str(counts[key]), *rows[name]) for key, name in _titles(cases))
    head = ("Model", "n", *LANDMARK_HEAD[1:-1])
    note = "mm over EstimatedRadiographicMagnificationFactor; n images whose header gives it, by run."
    return Table("Landmark errors in the breast in mm (Table 1, corrected)", head, lines, (note,))


def height_errors(cases: Cases) -> Table:
    """Table 1 without millimetres."""
    rows = _with_angles(cases, _error_rows(cases, lambda case: case.height))
    lines = tuple((name, *cells) for name, cells in rows.items())
    note = "Without spacing there is no mm: errors in % of the image's height, mean ± SD (median)."
    return Table("Landmark errors in % of the image's height", LANDMARK_HEAD, lines, (note,))


def quality(cases: Cases) -> Table:
    """Table 2: mean ± standard deviation over runs; poor is the positive class."""
    rows = {name: _decision_cells(cases[key]) for key, name in _titles(cases)}
    runs = sorted({len({case.run for case in members}) for members in cases.values()})
    notes = [
        f"%, mean ± SD over runs ({' or '.join(map(str, runs))}; the paper's: 5). Sensitivity: poor "
        "images called poor; specificity: good images called good. Without an answer an image counts "
        "as called wrong.",
        *_silent(cases),
    ]
    head = ("Model", "Accuracy", "Specificity", "Sensitivity")
    return beside("Positioning quality (Table 2)", head, rows, published.TABLE_2, notes)


def by_run(cases: Sequence[Case]) -> list[Decisions]:
    """Accuracy, specificity and sensitivity of each run."""
    runs = sorted({case.run for case in cases})
    return [_decided([case for case in cases if case.run == run]) for run in runs]


def _decided(cases: Sequence[Case]) -> Decisions:
    said = [
        not case.truly_poor if case.said_poor is None else case.said_poor for case in cases
    ]  # fmt: skip
    return decisions(said, [case.truly_poor for case in cases])


def _decision_cells(cases: Sequence[Case]) -> tuple[str, ...]:
    columns = zip(*by_run(cases), strict=True)
    return tuple(spread([100 * share for share in column]) for column in columns)


def _error_rows(
    cases: Cases, errors: Callable[[Case], Errors], absent: str = ""
) -> dict[str, tuple[str, ...]]:
    rows = {}
    for key, name in _titles(cases):
        found = [errors(case) for case in cases[key]]
        columns = zip(*found, strict=True)
        rows[name] = tuple(map(_summary, columns)) if _known(found) else (absent,) * len(Errors._fields)
    return rows


def _with_angles(cases: Cases, rows: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The angle needs no spacing: it is of all images that were answered."""
    return {
        name: (*rows[name], _summary([case.angle for case in cases[key]]))
        for key, name in _titles(cases)
    }


def _titles(cases: Cases) -> list[tuple[str, str]]:
    return [(key, TITLES.get(key, key)) for key in cases]


def _known(errors: Sequence[Errors]) -> bool:
    return bool(np.isfinite([error.nipple for error in errors]).any())


def _unmeasured(cases: Cases) -> list[str]:
    """Where some images alone have no spacing."""
    members = [case for cases_ in cases.values() for case in cases_]
    known = sum(case.record.spacing_mm is not None for case in members)
    if known in (0, len(members)):
        return []
    return [f"mm of {known} of {len(members)} answers: the other images have no spacing"]


def _silent(cases: Cases) -> list[str]:
    counts = {name: sum(case.said_poor is None for case in cases[key]) for key, name in _titles(cases)}
    return [f"{name}: no answer for {count} images" for name, count in counts.items() if count]


def _summary(values: Sequence[float]) -> str:
    finite = np.array([value for value in values if np.isfinite(value)])
    if not finite.size:
        return ""
    return f"{spread(finite.tolist())} ({np.median(finite):.2f})"
