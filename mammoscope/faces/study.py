"""``mammoscope train`` and ``mammoscope evaluate``: the segmentation paper's work on one's own data."""

import hashlib
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from mammoscope.core.settings import to_plain, with_settings
from mammoscope.errors import UsageError
from mammoscope.faces.outlined import Outlined, numbers, records_of, training_data
from mammoscope.faces.output import locked
from mammoscope.faces.progress import bar
from mammoscope.faces.runs import begin, figure_lines, show, write_tables
from mammoscope.faces.words import say, tell
from mammoscope.io.annotations import SegmentationRecord
from mammoscope.runtime import open_session, register
from mammoscope.segmentation import tables
from mammoscope.segmentation.compare import compare
from mammoscope.segmentation.evaluate import Case, evaluate_segmenter, write_cases
from mammoscope.segmentation.experiments import (
    Outcome,
    Study,
    leave_one_out,
    sweep,
    views_and_vendors,
    with_raw,
)
from mammoscope.segmentation.infer import Segmenter
from mammoscope.segmentation.recipe import Recipe
from mammoscope.segmentation.sets import split
from mammoscope.segmentation.train import export

Experiment = Literal["shipped", "views", "raw", "vendors", "sweep", "compare"]
RecipeName = Literal["paper", "default"]
EXPERIMENTS: Final[Mapping[Experiment, Callable[[Study], Outcome]]] = {
    "views": views_and_vendors,
    "raw": with_raw,
    "vendors": leave_one_out,
    "sweep": sweep,
}


@dataclass(frozen=True)
class Plan:
    """One call of ``train`` or ``evaluate``.

    Attributes:
        outlined: The data.
        out: Where checkpoints, figures and weights go.
        recipe: The paper's or the one of the network that ships.
        changes: Words after ``--set``.
        test: At least so many test images of each data set.
        validation: At least so many validation images of each.
        resume: Go on with what is in the folder.
        weights: For ``shipped``: a folder of weights instead of the package's.
        external: For ``compare``: a folder of masks of others.
        external_mapping: For ``compare``: our classes by theirs.
    """

    outlined: Outlined
    out: Path
    recipe: RecipeName = "paper"
    changes: Mapping[str, str] | None = None
    test: int = 100
    validation: int = 80
    resume: bool = False
    weights: Path | None = None
    external: Path | None = None
    external_mapping: Mapping[str, str] | None = None


def train(plan: Plan) -> None:
    """Train a network, measure it on women it never saw, write weights with a card.

    Raises:
        UsageError: If the data cannot be read or split, or the folder is another run's.
        SettingsError: If a setting is unknown.
    """
    with locked(plan.out), redirect_stdout(sys.stderr):
        study = _study(plan)
        network = study.train("training", study.sets)
        cases = study.measure(network, study.sets.test)
        folder = plan.out / "weights"
        data = training_data([*study.sets.training, *study.sets.validation])
        written = export(network, study.recipe, folder, data, figures(cases))
        register(folder, "segmentation", written.name, f"{written.stem}.json")
        write_cases({"trained": cases}, plan.out / "cases.csv")
    show(tables.overview(cases))
    say(f"weights: use them with --weights {folder}")


def evaluate(plan: Plan, experiment: Experiment, *, as_json: bool) -> None:
    """Run one of the paper's experiments, or measure the weights that are installed.

    Raises:
        UsageError: If the data do not suffice.
        SettingsError: If a setting is unknown.
    """
    with locked(plan.out), redirect_stdout(sys.stderr):
        outcome = _shipped(plan) if experiment == "shipped" else _experiment(plan, experiment)
        write_cases(outcome.cases, plan.out / "cases.csv")
        write_tables(outcome.tables, plan.out)
    show(outcome.tables, as_json=as_json)


def figures(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Mean Dice by kind and view with 95 % intervals, women drawn, for a card."""
    groups = sorted({(case.record.kind, case.record.view) for case in cases})
    lines: list[dict[str, Any]] = []
    for kind, view in groups:
        members = [case for case in cases if (case.record.kind, case.record.view) == (kind, view)]
        for name in ("breast", "pectoral", "overall"):
            values = np.array([getattr(case, name) for case in members], float)
            about = {"set": "test", "kind": kind, "view": view, "figure": f"{name} Dice"}
            lines += figure_lines(about, values, [case.record.woman for case in members])
    return lines


def _experiment(plan: Plan, experiment: Experiment) -> Outcome:
    if experiment in EXPERIMENTS:
        return EXPERIMENTS[experiment](_study(plan))
    if plan.external is None:
        raise UsageError("compare needs --external: a folder of masks to compare with")
    mapping = numbers(plan.external_mapping or {}, "--external-mapping")
    return compare(_study(plan), plan.external, mapping)


def _shipped(plan: Plan) -> Outcome:
    segmenter = Segmenter(open_session("segmentation", plan.weights))
    records = records_of(plan.outlined)
    with bar("measuring", len(records)) as advance:
        cases = evaluate_segmenter(segmenter, records, advance)
    return Outcome(tables.overview(cases), {"shipped": cases})


def _study(plan: Plan) -> Study:
    recipe = Recipe.paper() if plan.recipe == "paper" else Recipe.default()
    recipe = with_settings(recipe, plan.changes or {})
    records = records_of(plan.outlined)
    sets = split(records, plan.test, plan.validation)
    run = {
        "recipe": to_plain(recipe),
        "data": _digest(records),
        "test": plan.test,
        "validation": plan.validation,
    }
    begin(plan.out, run, resume=plan.resume)
    return Study(sets, recipe, plan.out, tell=tell, progress=sys.stderr.isatty())


def _digest(records: Sequence[SegmentationRecord]) -> str:
    lines = sorted(repr((record.dataset, record.woman, record.image.name)) for record in records)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
