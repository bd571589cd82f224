"""``train`` and ``evaluate positioning``: the positioning paper's work on one's own data."""

import hashlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from mammoscope.core.card import TrainingData
from mammoscope.errors import UsageError
from mammoscope.faces.outlined import training_data
from mammoscope.faces.output import locked
from mammoscope.faces.progress import bar
from mammoscope.faces.runs import begin, figure_lines, show, write_tables
from mammoscope.faces.words import say, tell
from mammoscope.io.marks import MarkedImage, first_readings, read_marks
from mammoscope.io.vindr import DATASET as VINDR
from mammoscope.io.vindr import read_positioning_labels
from mammoscope.positioning.evaluate import (
    Answer,
    Case,
    answers_of,
    magnifications,
    score,
    write_cases,
)
from mammoscope.positioning.experiments import (
    Study,
    Trained,
    check_changes,
    heatmap_runs,
    paper_runs,
    write_maps,
)
from mammoscope.positioning.infer import Locator
from mammoscope.positioning.network import Model
from mammoscope.positioning.recipe import RUNS
from mammoscope.positioning.sets import split
from mammoscope.positioning.tables import all_tables
from mammoscope.runtime import open_session

Layout = Literal["vindr", "marks"]
PAPER: Final[Mapping[str, Model]] = {
    "resnext50": "resnext50", "r-resnext50": "r-resnext50", "u-net": "u-net",
    "attention-u-net": "attention u-net", "coordatt-u-net": "coordatt u-net",
}  # fmt: skip
"""The paper's models by their word on a command line, in the order of its tables."""
ROOM: Final = "positioning"
OURS: Final = ("heatmaps", "shipped")
LABELS: Final = (
    "; positioning labels: Tanyel et al., Mammographic Breast Positioning Assessment via Deep Learning "
    "(2024), MIT"
)


@dataclass(frozen=True)
class Plan:
    """One call of ``train positioning`` or ``evaluate positioning``.

    Attributes:
        labels: The table of marks.
        layout: VinDr-Mammo's published labels, or a table of marks.
        out: Where prepared images, checkpoints, figures and weights go.
        images: Folder of the images; for marks it may be the table's own.
        changes: Words after ``--set``.
        runs: How often each model is trained.
        resume: Go on with what is in the folder.
        imagenet: File of ImageNet weights for the ResNeXt50.
        weights: For ``shipped``: a folder of weights instead of the package's.
        activation: Write class activation maps of ResNeXt50.
    """

    labels: Path
    layout: Layout
    out: Path
    images: Path | None = None
    changes: Mapping[str, str] = field(default_factory=dict)
    runs: int = RUNS
    resume: bool = False
    imagenet: Path | None = None
    weights: Path | None = None
    activation: bool = False


def train(plan: Plan, model: str) -> None:
    """Train a network, measure it on women it never saw, write weights with a card.

    Of several runs the weights of lowest validation loss are written.

    Raises:
        UsageError: If the data cannot be read or split, or the folder is another run's.
        SettingsError: If a setting is unknown.
    """
    with locked(plan.out), redirect_stdout(sys.stderr):
        study = _study(plan, [model])
        runs = list(_runs(study, model, plan.runs))
        cases = _cases(study, [run.answers for run in runs])
        best = min(range(len(runs)), key=lambda index: runs[index].validation_loss)
        learnt = _training_data([*study.sets.training, *study.sets.validation])
        of_best = [case for case in cases if case.run == best + 1]
        runs[best].export(plan.out / "weights", learnt, figures(of_best))
        tables = all_tables({PAPER.get(model, model): cases})
        write_tables(tables, plan.out)
        write_cases({model: cases}, plan.out / "cases.csv")
    show(tables)
    say(f"weights of run {best + 1}: use them with --weights {plan.out / 'weights'}")


def evaluate(plan: Plan, models: Sequence[str], *, as_json: bool) -> None:
    """Train each model several times and print Tables 1 and 2; ``shipped`` is measured as it is.

    Raises:
        UsageError: If the data cannot be read or split, or the folder is another run's.
        SettingsError: If a setting is unknown.
    """
    names = chosen(models)
    if plan.activation and "resnext50" not in names:
        raise UsageError("--activation shows where resnext50 looks: name it with --models, or all")
    with locked(plan.out), redirect_stdout(sys.stderr):
        study = _study(plan, names)
        cases = {PAPER.get(name, name): _measured(plan, study, name) for name in names}
        tables = all_tables(cases, _learnt_from(plan) if "shipped" in names else ())
        write_cases(cases, plan.out / "cases.csv")
        write_tables(tables, plan.out)
    show(tables, as_json=as_json)


def chosen(models: Sequence[str]) -> list[str]:
    """Names after ``--models``, ``all`` for the paper's five, in the order of the tables.

    Raises:
        UsageError: If one is unknown.
    """
    known = (*PAPER, *OURS)
    wanted = {name for word in models for name in (PAPER if word == "all" else (word,))}
    if unknown := sorted(wanted - set(known)):
        raise UsageError(f"--models takes all, {', '.join(known)}; got {', '.join(unknown)}")
    return [name for name in known if name in wanted]


def figures(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Mean errors and accuracy with 95 % intervals, women drawn, for a card."""
    about = {"set": "test", "view": "MLO"}
    right = [float(case.said_poor is case.truly_poor) for case in cases]
    columns = {
        **{f"{name} mm": [getattr(case.mm, name) for case in cases] for name in ("foot", "nipple")},
        **{f"{name} % of height": [getattr(case.height, name) for case in cases]
           for name in ("foot", "nipple")},
        "pectoral angle °": [case.angle for case in cases],
        "accuracy of the criterion": right,
    }  # fmt: skip
    women = [case.record.woman for case in cases]
    return [
        line for name, values in columns.items()
        for line in figure_lines({**about, "figure": name}, np.array(values), women)
    ]  # fmt: skip


def records_of(plan: Plan) -> list[MarkedImage]:
    """Every marked image once.

    Raises:
        UsageError: If the table cannot be read, or images are absent.
    """
    if plan.layout == "vindr":
        if plan.images is None:
            raise UsageError("vindr needs --images: the folder that holds VinDr-Mammo's images")
        return read_positioning_labels(plan.labels, plan.images)
    records = first_readings(read_marks(plan.labels, plan.images))
    absent = sum(not record.image.is_file() for record in records)
    if absent:
        raise UsageError(
            f"{absent} of {len(records)} images of {plan.labels.name} are missing: name the folder "
            "that their names begin in with --images"
        )
    return records


def _measured(plan: Plan, study: Study, name: str) -> list[Case]:
    if name == "shipped":
        test = study.sets.usable().test
        locator = Locator(open_session(ROOM, plan.weights))
        with bar("measuring", len(test)) as advance:
            return _cases(study, [answers_of(locator, test, advance)])
    answers: list[Sequence[Answer]] = []
    for run in _runs(study, name, plan.runs):
        if plan.activation and name == "resnext50" and not answers:
            write_maps(study, run.network, plan.out / "activation")
        answers.append(run.answers)
    return _cases(study, answers)


def _learnt_from(plan: Plan) -> list[str]:
    names = [data.name for data in open_session(ROOM, plan.weights).card.training_data]
    learnt = ", ".join(names) or "nothing that its card names"
    return [f"The shipped weights learnt from: {learnt}. On images of these they look too good."]


def _runs(study: Study, name: str, runs: int) -> Iterator[Trained]:
    return heatmap_runs(study, runs) if name == "heatmaps" else paper_runs(study, PAPER[name], runs)


def _training_data(records: Sequence[MarkedImage]) -> list[TrainingData]:
    return [
        replace(data, citation=data.citation + LABELS) if data.name == VINDR else data
        for data in training_data(records)
    ]


def _cases(study: Study, answers: Sequence[Sequence[Answer]]) -> list[Case]:
    test = study.sets.usable().test
    factors = magnifications(test)
    return [
        score(record, answer, run, factor)
        for run, said in enumerate(answers, start=1)
        for record, answer, factor in zip(test, said, factors, strict=True)
    ]


def _study(plan: Plan, names: Sequence[str]) -> Study:
    if "runs" in plan.changes:
        raise UsageError("--runs says how often each model is trained: name it instead of --set runs")
    check_changes([PAPER.get(name, "heatmaps") for name in names if name != "shipped"], plan.changes)
    records = records_of(plan)
    sets = split(records)
    run = {"layout": plan.layout, "data": _digest(records), "settings": dict(plan.changes)}
    begin(plan.out, run, resume=plan.resume)
    return Study(sets, plan.out, plan.changes, plan.imagenet, tell, sys.stderr.isatty())


def _digest(records: Sequence[MarkedImage]) -> str:
    lines = sorted(
        repr((record.woman, record.image.name, record.split, sorted(record.points.items())))
        for record in records
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
