"""Found against boxed: FROC of any finder on images of any data set, by group. No torch."""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from jaxtyping import Bool

from mammoscope.core import Mammogram
from mammoscope.core.findings import Finding, FindingKind, Findings
from mammoscope.io import Reader
from mammoscope.io.findings import BoxedFinding, FindingsImage
from mammoscope.io.recorded import read_recorded
from mammoscope.scores.froc import RATES, Counted, Marked, count, hits, interval
from mammoscope.scores.table import Table

Finder = Callable[[Mammogram], Findings]
SIZES_MM: Final = (10.0, 20.0, 50.0)
"""Where groups of sizes end, as the T categories of breast cancer do (without T1's parts)."""
COLUMNS: Final = (
    "dataset", "woman", "laterality", "view", "density", "kind", "what", "score", "top", "left",
    "bottom", "right", "size_mm", "pathology", "subtlety", "assessment",
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One image, and what was found on it.

    Attributes:
        record: Which image, with what was boxed.
        found: By falling score.
        shown: How many of these a reader is shown.
        looked_for: The kinds that were.
        spacing: Rows and columns of a pixel in mm; None where nobody says.
    """

    record: FindingsImage
    found: tuple[Finding, ...]
    shown: int
    looked_for: tuple[FindingKind, ...]
    spacing: tuple[float, float] | None

    def lesions(self, kind: FindingKind) -> tuple[BoxedFinding, ...]:
        """What was boxed as this kind."""
        return tuple(one for one in self.record.findings if kind in one.kinds)

    def marked(self, kind: FindingKind) -> Marked:
        """As FROC counts it."""
        found = [one for one in self.found if one.kind == kind]
        return Marked(
            _boxes([one.box for one in found]), np.array([one.score for one in found], float),
            _boxes([one.box for one in self.lesions(kind)]),
        )  # fmt: skip

    def size_mm(self, lesion: BoxedFinding) -> float | None:
        """The longer side of a lesion's box; None where the spacing is unknown."""
        if self.spacing is None:
            return None
        top, left, bottom, right = lesion.box
        return max((bottom - top) * self.spacing[0], (right - left) * self.spacing[1])


def evaluate(
    finder: Finder, records: Sequence[FindingsImage], advance: Callable[[], None] = lambda: None
) -> list[Case]:
    """Look at every image.

    Args:
        finder: From a mammogram to its findings.
        records: What was boxed.
        advance: Called after each image.

    Raises:
        InputError: If an image cannot be read.
    """
    cases = []
    with Reader() as reader:
        for record in records:
            mammogram = read_recorded(record.image, record.kind, record.spacing, reader)
            said, spacing = finder(mammogram), mammogram.about.spacing
            steps = (spacing.row, spacing.column) if spacing else None
            cases.append(Case(record, said.findings, len(said.shown), tuple(said.heat), steps))
            advance()
    return cases


def kinds_of(cases: Sequence[Case]) -> tuple[FindingKind, ...]:
    """The kinds that were looked for and are there: of others there is nothing to tell."""
    looked_for = dict.fromkeys(kind for case in cases for kind in case.looked_for)
    return tuple(kind for kind in looked_for if any(case.lesions(kind) for case in cases))


def groups(cases: Sequence[Case], kind: FindingKind) -> Mapping[str, Bool[np.ndarray, " lesions"]]:
    """Lesions of a kind by what is known of them, in the order of `mammoscope.scores.froc.count`."""
    told = [dict(_told(case, lesion)) for case in cases for lesion in case.lesions(kind)]
    names: dict[str, list[str]] = {}
    for one in told:
        for what, value in one.items():
            names.setdefault(what, []).append(value)
    return {"all": np.ones(len(told), bool)} | {
        f"{what} {value}": np.array([one.get(what) == value for one in told])
        for what, values in names.items() for value in sorted(set(values)) if len(set(values)) > 1
    }  # fmt: skip


def tables(cases: Sequence[Case]) -> list[Table]:
    """For each kind sensitivity at false positives an image, with 95 % intervals, women drawn."""
    women = [case.record.woman for case in cases]
    return [_table(cases, kind, women) for kind in kinds_of(cases)]


def figures(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """The same of all lesions, for a card."""
    women = [case.record.woman for case in cases]
    lines: list[dict[str, Any]] = []
    for kind in kinds_of(cases):
        counted = count(case.marked(kind) for case in cases)
        for rate in RATES:
            found = interval(counted, rate, women)._asdict()
            lines.append({
                "set": "test", "figure": f"sensitivity for {kind} at {rate:g} false positives an image",
                "images": len(cases), **{key: round(value, 4) for key, value in found.items()},
            })  # fmt: skip
    return lines


def write_cases(cases: Mapping[str, Sequence[Case]], path: Path) -> None:
    """A row for each lesion, with the score at which it was found, and for each false positive."""
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.DictWriter(file, ("model", *COLUMNS))
        lines.writeheader()
        for model, members in cases.items():
            lines.writerows({"model": model, **row} for case in members for row in _rows(case))


def _table(cases: Sequence[Case], kind: FindingKind, women: Sequence[str]) -> Table:
    counted = count(case.marked(kind) for case in cases)
    rows = tuple(
        (name, str(int(chosen.sum())), *(_cell(counted, rate, women, chosen) for rate in RATES))
        for name, chosen in groups(cases, kind).items()
    )
    head = ("lesions", "N", *(f"at {rate:g}" for rate in RATES))
    return Table(
        f"Sensitivity for {kind} at false positives an image ({len(cases)} images)", head, rows,
        (_shown(cases, kind),
         "Found: the centre lies in the lesion's box, or IoU of 0.2 or more. Groups at the threshold "
         "of all. 95 % intervals: women drawn."),
    )  # fmt: skip


def _shown(cases: Sequence[Case], kind: FindingKind) -> str:
    """What a reader sees, as a sentence."""
    hit = false = 0
    for case in cases:
        shown = case.marked(kind)
        boxes = _boxes([one.box for one in case.found[: case.shown] if one.kind == kind])
        found = hits(boxes, shown.lesions)
        hit += int(found.any(axis=0).sum())
        false += int((~found.any(axis=1)).sum())
    lesions = sum(len(case.lesions(kind)) for case in cases)
    return (
        f"Of what a reader is shown: {hit} of {lesions} lesions, {false / len(cases):.2f} false "
        "positives an image."
    )


def _cell(counted: Counted, rate: float, women: Sequence[str], chosen: np.ndarray) -> str:
    found = interval(counted, rate, women, chosen)
    return f"{found.estimate:.3f} ({found.low:.3f}–{found.high:.3f})"


def _told(case: Case, lesion: BoxedFinding) -> Iterator[tuple[str, str]]:
    """What is known of a lesion and makes groups."""
    record, size = case.record, case.size_mm(lesion)
    yield "on", record.dataset
    yield "view", record.view
    if record.density is not None:
        yield "density", str(record.density)
    if lesion.subtlety is not None:
        yield "subtlety", str(lesion.subtlety)
    if lesion.pathology is not None:
        yield "pathology", lesion.pathology
    if size is not None:
        yield "size", _size(size)


def _size(millimetres: float) -> str:
    """Its group; names sort as sizes do."""
    edges = (0.0, *SIZES_MM)
    place = int(np.searchsorted(SIZES_MM, millimetres))
    if place == len(SIZES_MM):
        return f"{edges[-1]:g} mm or more"
    return f"{edges[place]:g}–{edges[place + 1]:g} mm"


def _rows(case: Case) -> Iterator[dict[str, Any]]:
    record = case.record
    about = {
        "dataset": record.dataset, "woman": record.woman, "laterality": record.laterality,
        "view": record.view, "density": record.density,
    }  # fmt: skip
    for kind in case.looked_for:
        counted = count([case.marked(kind)])
        for lesion, score in zip(case.lesions(kind), counted.found, strict=True):
            edges = dict(zip(("top", "left", "bottom", "right"), lesion.box, strict=True))
            size = case.size_mm(lesion)
            yield about | edges | {
                "kind": kind, "what": "lesion", "score": score if np.isfinite(score) else None,
                "size_mm": None if size is None else round(size, 1), "pathology": lesion.pathology,
                "subtlety": lesion.subtlety, "assessment": lesion.assessment,
            }  # fmt: skip
        lesions = case.marked(kind).lesions
        for one in case.found:
            if one.kind == kind and not hits(_boxes([one.box]), lesions).any():
                edges = dict(zip(("top", "left", "bottom", "right"), one.box, strict=True))
                yield about | edges | {"kind": kind, "what": "false positive", "score": one.score}


def _boxes(boxes: Sequence[tuple[float, ...]]) -> np.ndarray:
    return np.array(boxes, float).reshape(-1, 4)
