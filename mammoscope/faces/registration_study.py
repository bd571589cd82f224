"""``train`` and ``evaluate registration``: the registration paper's work on one's own data."""

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np

from mammoscope.core import Mammogram, Sourced, Spacing, View
from mammoscope.core.settings import to_plain, with_settings
from mammoscope.errors import UsageError
from mammoscope.faces.outlined import training_data
from mammoscope.faces.output import locked
from mammoscope.faces.progress import bar
from mammoscope.faces.rooms import open_rooms
from mammoscope.faces.runs import begin, figure_lines, show, write_tables
from mammoscope.faces.words import say, tell
from mammoscope.io import Reader, Source
from mammoscope.io.cbis import read_lesions
from mammoscope.io.cbis_dicom import read_cbis
from mammoscope.io.pairs import Pair, certain, uncertain
from mammoscope.pipeline import Rooms
from mammoscope.registration import baselines
from mammoscope.registration import evaluate as yardstick
from mammoscope.registration import study as paper
from mammoscope.registration.evaluate import Case, Chosen, Method, Seen, Views, write_cases
from mammoscope.registration.guided import study as guided
from mammoscope.registration.guided.recipe import Recipe as GuidedRecipe
from mammoscope.registration.learnt import learnt
from mammoscope.registration.recipe import Recipe
from mammoscope.registration.sets import Sets, split
from mammoscope.registration.tables import all_tables, counts, curves
from mammoscope.runtime import open_session
from mammoscope.scores.table import Table

Look = Callable[[Pair], Views]
Layout = Literal["cbis", "lesions"]
Trained = Literal["paper", "guided"]
TRAINED: Final[tuple[Trained, ...]] = get_args(Trained)
MODELS: Final = ("baselines", *TRAINED, "shipped")
ROOM: Final = "registration"
PLACING: Final[Mapping[str, Method]] = {
    "identity": baselines.identity,
    "turned by 45°": baselines.turned,
    "landmarks": baselines.on_landmarks,
    "landmarks, stretched": baselines.on_stretched_landmarks,
}
CALIBRATING: Final = 200
"""Pairs of other women, at most, on which the nipple rules are made wide enough."""


@dataclass(frozen=True)
class Plan:
    """One call of ``train registration`` or ``evaluate registration``.

    Attributes:
        data: Folders of CBIS-DDSM, or tables of lesions.
        layout: Which of the two.
        out: Where prepared images, checkpoints, figures and weights go.
        changes: Words after ``--set``.
        resume: Go on with what is in the folder.
        imagenet: File of ImageNet weights for the ResNet50.
        weights: For ``shipped``: a folder of weights instead of the package's.
    """

    data: Sequence[Path]
    layout: Layout
    out: Path
    changes: Mapping[str, str] = field(default_factory=dict)
    resume: bool = False
    imagenet: Path | None = None
    weights: Path | None = None


def train(plan: Plan, model: Trained) -> None:
    """Train a network, measure it on women it never saw, write weights with a card.

    Raises:
        UsageError: If the data cannot be read or split, or the folder is another run's.
        SettingsError: If a setting is unknown.
    """
    with locked(plan.out), redirect_stdout(sys.stderr):
        sets, notes = _sets(plan, [model])
        with _looking() as look:
            study = _study(plan, sets, model, look, plan.out)
            cases = _measured({model: _always(study.method())}, sets, look)
        study.write(training_data(sets.development), figures(cases[model]))
        tables = [_counts(sets, notes), *all_tables(cases), *_curves(study)]
        write_tables(tables, plan.out)
        write_cases(cases, plan.out / "cases.csv")
    show(tables)
    say(f"weights: measure them with --models shipped --weights {study.weights}")


def evaluate(plan: Plan, models: Sequence[str], *, as_json: bool) -> None:
    """Measure methods on the test set, or on all pairs where the data name none and none is trained.

    Raises:
        UsageError: If the data cannot be read or split, or the folder is another run's.
        SettingsError: If a setting is unknown.
    """
    with locked(plan.out), redirect_stdout(sys.stderr):
        sets, notes = _sets(plan, models)
        with _looking() as look:
            studies = {
                name: _study(plan, sets, name, look, plan.out / name)
                for name in TRAINED if name in models
            }  # fmt: skip
            methods = _methods(plan, sets, models, look)
            methods |= {name: _always(study.method()) for name, study in studies.items()}
            cases = _measured(methods, sets, look)
        tables = [_counts(sets, notes), *all_tables(cases, _learnt_from(plan, models))]
        tables += [table for study in studies.values() for table in _curves(study)]
        write_tables(tables, plan.out)
        write_cases(cases, plan.out / "cases.csv")
    show(tables, as_json=as_json)


def figures(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """Shares, mean IoU and centre errors with 95 % intervals, women drawn, for a card."""
    columns = {
        "boxes overlap": [float(case.as_rectified.overlaps) for case in cases],
        "boxes of their own area overlap": [float(case.own_area.overlaps) for case in cases],
        "GIoU loss": [1 - case.as_rectified.giou for case in cases],
        "centre mm": [case.centre_mm for case in cases],
        "centre % of height": [case.centre_percent for case in cases],
        "stretched over the muscle": [case.stretched for case in cases],
    }
    women = [case.pair.woman for case in cases]
    return [
        line
        for name, values in columns.items()
        for line in figure_lines({"set": "test", "figure": name}, np.array(values), women)
    ]


def read_pairs(plan: Plan) -> tuple[list[Pair], list[str]]:
    """Pairs of all data, and what a reader must know of them.

    Raises:
        UsageError: If the data cannot be read.
    """
    pairs: list[Pair] = []
    left_out = Counter[str]()
    for place in plan.data:
        if plan.layout == "cbis":
            with bar("boxes from masks", None) as advance:
                found = read_cbis(place, advance)
        else:
            found = read_lesions(place / "lesions.csv" if place.is_dir() else place)
        pairs += found.pairs
        left_out.update(found.left_out)
    return pairs, [f"left out: {count} lesions on one view, {why}" for why, count in left_out.items()]


def looking(rooms: Rooms, reader: Reader) -> Look:
    """Reads both views of a pair, and asks the rooms for their landmarks and outlines."""

    def seen(pair: Pair, view: View) -> Seen:
        image, steps = {"CC": (pair.cc, pair.cc_spacing), "MLO": (pair.mlo, pair.mlo_spacing)}[view]
        read = reader.read(Source(image.name, image))
        mammogram = _told(read, pair, view, steps)
        return Seen(mammogram, rooms["positioning"](mammogram), rooms["segmentation"](mammogram).mask)

    return lambda pair: Views(seen(pair, "CC"), seen(pair, "MLO"))


def _told(mammogram: Mammogram, pair: Pair, view: View, steps: tuple[float, float] | None) -> Mammogram:
    about = replace(
        mammogram.about, view=Sourced(view, "annotations"),
        laterality=Sourced(pair.laterality, "annotations"),
    )  # fmt: skip
    if steps is not None:
        about = replace(about, spacing=Spacing(*steps, "annotations"))
    return replace(mammogram, about=about)


@contextmanager
def _looking() -> Iterator[Look]:
    with Reader() as reader:
        yield looking(open_rooms().rooms, reader)


def _sets(plan: Plan, models: Sequence[str]) -> tuple[Sets, list[str]]:
    """Pairs in sets, and what a reader must know of them; the folder becomes this run's."""
    if unknown := sorted(set(models) - set(MODELS)):
        raise UsageError(f"--models takes {', '.join(MODELS)}; got {', '.join(unknown)}")
    trained = [name for name in TRAINED if name in models]
    if plan.changes and len(trained) != 1:
        raise UsageError("--set is for training one network: --models paper, or --models guided")
    if plan.imagenet and "paper" not in models:
        raise UsageError("--imagenet is for training the paper's network: --models paper")
    if plan.weights and "shipped" not in models:
        raise UsageError("--weights names what is measured as shipped: --models shipped")
    recipes = {name: to_plain(_recipe(plan, name)) for name in trained}
    pairs, notes = read_pairs(plan)
    if trained or any(pair.part for pair in pairs):
        sets = split(pairs, Recipe.paper().validation)
    else:
        sets = Sets((), (), tuple(certain(pairs)), tuple(uncertain(pairs)), 0)
    run = {
        "layout": plan.layout,
        "data": _digest(pairs),
        "recipes": recipes,
        "models": sorted(models),
    }
    begin(plan.out, run, resume=plan.resume)
    notes += [f"left out: {sets.left_out} development pairs of women who test"] if sets.left_out else []
    return sets, notes


def _recipe(plan: Plan, model: Trained) -> Any:
    recipe = Recipe.paper() if model == "paper" else GuidedRecipe.default()
    return with_settings(recipe, plan.changes)


def _study(
    plan: Plan, sets: Sets, model: Trained, look: Look, folder: Path
) -> paper.Study | guided.Study:
    recipe, progress = _recipe(plan, model), sys.stderr.isatty()
    if model == "paper":
        return paper.Study(sets, recipe, folder, plan.imagenet, tell, progress)
    return guided.Study(sets, recipe, folder, look, tell, progress)


def _curves(study: paper.Study | guided.Study) -> list[Table]:
    return [curves(study.logs)] if isinstance(study, paper.Study) else []


def _methods(plan: Plan, sets: Sets, models: Sequence[str], look: Look) -> dict[str, Chosen]:
    placing: dict[str, Method] = {}
    ruled: dict[str, Chosen] = {}
    if "baselines" in models:
        placing |= PLACING
        ruled = _rules(sets, look)
    if "shipped" in models:
        placing["shipped"] = learnt(open_session(ROOM, plan.weights))
    return {name: _always(method) for name, method in placing.items()} | ruled


def _always(method: Method) -> Chosen:
    return lambda pair: method


def _rules(sets: Sets, look: Look) -> dict[str, Chosen]:
    others = (sets.development or sets.test)[:CALIBRATING]
    both = []
    with bar("calibrating the nipple rules", len(others)) as advance:
        for pair in others:
            both.append((pair, baselines.axes(look(pair))))
            advance()
    return {
        f"nipple distance, {name}": baselines.calibrated(name, baselines.differences(name, both))
        for name in baselines.RULES
    }


def _measured(methods: Mapping[str, Chosen], sets: Sets, look: Look) -> dict[str, list[Case]]:
    pairs = [*sets.test, *sets.uncertain]
    with bar("measuring", len(pairs)) as advance:
        return yardstick.evaluate(pairs, look, methods, advance)


def _counts(sets: Sets, notes: Sequence[str]) -> Table:
    named = {
        "training": sets.training, "validation": sets.validation, "test": sets.test,
        "test, matching assumed": sets.uncertain,
    }  # fmt: skip
    return counts({name: pairs for name, pairs in named.items() if pairs}, notes)


def _learnt_from(plan: Plan, models: Sequence[str]) -> list[str]:
    notes = [
        "Landmarks and masks are those of the shipped weights; where these learnt from the same films, "
        "as the cards tell, methods that use them look too good."
    ]
    if "shipped" in models:
        data = open_session(ROOM, plan.weights).card.training_data
        named = ", ".join(one.name for one in data) or "nothing that their card names"
        notes.append(
            f"The shipped weights learnt from: {named}. On images of these they look too good."
        )
    return notes


def _digest(pairs: Sequence[Pair]) -> str:
    lines = sorted(repr((pair.woman, pair.laterality, pair.part, pair.lesions)) for pair in pairs)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
