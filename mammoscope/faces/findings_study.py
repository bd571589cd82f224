"""``train`` and ``evaluate findings``: the findings paper's work on one's own data, and ours."""

import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import replace
from typing import Any, Final, Literal, get_args

import numpy as np

from mammoscope.core.settings import with_settings
from mammoscope.errors import UsageError
from mammoscope.faces.findings_shipped import (
    ROOM,
    SHIPPED,
    Plan,
    counts,
    described,
    learnt_from,
    measured,
    read_images,
)
from mammoscope.faces.outlined import training_data
from mammoscope.faces.output import locked
from mammoscope.faces.runs import begin, figure_lines, show, write_tables
from mammoscope.faces.words import say, tell
from mammoscope.findings import measured as froc
from mammoscope.findings.dense import study as dense
from mammoscope.findings.dense.recipe import Recipe as DenseRecipe
from mammoscope.findings.evaluate import Said, by_class, weighted
from mammoscope.findings.evaluate import figures as of_class
from mammoscope.findings.measured import Case, write_cases
from mammoscope.findings.network import Backbone
from mammoscope.findings.recipe import Recipe
from mammoscope.findings.sets import Sets, split
from mammoscope.findings.study import Study, write_maps, write_patches, write_sizes
from mammoscope.findings.tables import TITLES, by_backbone, by_finding
from mammoscope.runtime import Session, open_session
from mammoscope.scores.table import Table

PAPER: Final[tuple[Backbone, ...]] = get_args(Backbone)
DENSE: Final = "dense"
Trained = Backbone | Literal["dense"]


def train(plan: Plan, model: Trained) -> None:
    """Train a network, measure it on women it never saw, write weights with a card.

    Raises:
        UsageError: If the data cannot be read or split, or the folder is another run's.
        SettingsError: If a setting is unknown.
    """
    with locked(plan.out), redirect_stdout(sys.stderr):
        sets, found = _sets(plan, [model])
        data = training_data(sets.development)
        if model == "dense":
            study = _dense(plan, sets)
            cases = {DENSE: measured(study.session(), sets.test)}
            study.write(data, froc.figures(cases[DENSE]))
            found += _froc(cases)
            write_cases(cases, plan.out / "cases.csv")
        else:
            paper = _paper(plan, sets, model)
            paper.write(data, figures(paper.said))
            found += [by_finding(paper.said)]
            write_patches({model: paper.said}, plan.out / "patches.csv")
        write_tables(found, plan.out)
    show(found)
    say(f"weights: {plan.out / model / 'weights'}")


def evaluate(plan: Plan, models: Sequence[str], *, as_json: bool) -> None:
    """Train networks and measure them, those that ship as they are, on the same women.

    The paper's classifiers are measured on patches in its own tables, the others on whole images.

    Raises:
        UsageError: If the data cannot be read or split, or the folder is another run's.
        SettingsError: If a setting is unknown.
    """
    names = chosen(models)
    with locked(plan.out), redirect_stdout(sys.stderr):
        sets, found = _sets(plan, names)
        studies = {name: _paper(plan, sets, name) for name in PAPER if name in names}
        said: dict[str, Said] = {name: study.said for name, study in studies.items()}
        cases = {name: measured(session, sets.test) for name, session in _sessions(plan, sets, names)}
        found += [*_patches(said), *_froc(cases), *_pictures(plan, list(studies.values()))]
        write_tables(found, plan.out)
        if said:
            write_patches(said, plan.out / "patches.csv")
        if cases:
            write_cases(cases, plan.out / "cases.csv")
    show(found, as_json=as_json)


def chosen(models: Sequence[str]) -> list[str]:
    """Names after ``--models``, ``all`` for the paper's six.

    Raises:
        UsageError: If one is unknown.
    """
    known = (*PAPER, DENSE, SHIPPED)
    wanted = {name for word in models for name in (PAPER if word == "all" else (word,))}
    if unknown := sorted(wanted - set(known)):
        raise UsageError(f"--models takes all, {', '.join(known)}; got {', '.join(unknown)}")
    return [name for name in known if name in wanted]


def figures(said: Said) -> list[dict[str, Any]]:
    """F1 of every class with a 95 % interval, women drawn, for a card."""
    patches = np.arange(len(said.women), dtype=float)
    lines: list[dict[str, Any]] = []
    for name, row in by_class(said).items():
        says, shows = said.says(name), said.shows(name)

        def f1(sample: np.ndarray, says: np.ndarray = says, shows: np.ndarray = shows) -> float:
            drawn = sample.astype(int)
            return of_class(says[drawn], shows[drawn]).f1

        if row.support:
            lines += figure_lines({"set": "test", "figure": f"F1 of {name}"}, patches, said.women, f1)
    return lines


def _sets(plan: Plan, models: Sequence[str]) -> tuple[Sets, list[Table]]:
    """Images in sets, and the table that counts them; the folder becomes this run's."""
    _check(plan, models)
    shipped = [learnt_from(open_session(ROOM, plan.weights))] if SHIPPED in models else []
    images, notes = read_images(plan)
    sets = split(images)
    begin(plan.out, described(plan, images, models), resume=plan.resume)
    if sets.left_out:
        notes.append(f"left out: {sets.left_out} images of the development sets of women who test")
    named = {"training": sets.training, "validation": sets.validation, "test": sets.test}
    return sets, [counts(named, [*notes, *shipped])]


def _check(plan: Plan, models: Sequence[str]) -> None:
    """No option that would do nothing, no setting that is unknown, before anything is read."""
    paper = [name for name in PAPER if name in models]
    if plan.changes and paper and DENSE in models:
        raise UsageError("--set is for the paper's classifiers or for dense: name one of them")
    if plan.imagenet and len(paper) != 1:
        raise UsageError("--imagenet is of one backbone: name one of the paper's with --models")
    if plan.weights and SHIPPED not in models:
        raise UsageError("--weights names what is measured as shipped: --models shipped")
    if (plan.activation or plan.sizes) and not paper:
        raise UsageError(
            "--activation and --sizes show the paper's classifiers: name one with --models"
        )
    if "network.backbone" in plan.changes:
        raise UsageError("a backbone is named as a model, not with --set network.backbone")
    for name in paper:
        _recipe(plan, name)
    if DENSE in models:
        with_settings(DenseRecipe.default(), plan.changes)


def _recipe(plan: Plan, backbone: Backbone) -> Recipe:
    return with_settings(Recipe.paper(backbone), plan.changes)


def _paper(plan: Plan, sets: Sets, backbone: Backbone) -> Study:
    return Study(
        sets, _recipe(plan, backbone), plan.out / backbone, plan.out / "prepared", plan.imagenet, tell,
        sys.stderr.isatty(),
    )  # fmt: skip


def _dense(plan: Plan, sets: Sets) -> dense.Study:
    recipe = with_settings(DenseRecipe.default(), plan.changes)
    return dense.Study(sets, recipe, plan.out / DENSE, tell, sys.stderr.isatty())


def _sessions(plan: Plan, sets: Sets, names: Sequence[str]) -> Iterator[tuple[str, Session]]:
    if DENSE in names:
        yield DENSE, _dense(plan, sets).session()
    if SHIPPED in names:
        yield SHIPPED, open_session(ROOM, plan.weights)


def _patches(said: Mapping[str, Said]) -> list[Table]:
    """The first table, and the second of the backbone that is best in it."""
    if not said:
        return []
    best = max(said, key=lambda name: weighted(list(by_class(said[name]).values())).f1)
    second = by_finding(said[best])
    return [by_backbone(said), replace(second, title=f"{second.title}: {TITLES[best]}")]


def _pictures(plan: Plan, studies: Sequence[Study]) -> list[Table]:
    """The figures that are asked for, one folder a backbone; the table of sizes of each."""
    if plan.activation:
        for study in studies:
            write_maps(study, study.folder / "activation")
    return [write_sizes(study, study.folder / "sizes") for study in studies if plan.sizes]


def _froc(cases: Mapping[str, Sequence[Case]]) -> list[Table]:
    return [
        replace(table, title=f"{name}: {table.title}")
        for name, members in cases.items() for table in froc.tables(members)
    ]  # fmt: skip
