"""``train`` and ``evaluate registration``: the registration paper's work on one's own data."""

import hashlib
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np

from mammoscope.core import Mammogram, Sourced, Spacing, View
from mammoscope.core.card import TrainingData
from mammoscope.core.settings import to_plain, with_settings
from mammoscope.errors import UsageError
from mammoscope.faces.output import locked
from mammoscope.faces.progress import bar
from mammoscope.faces.rooms import open_rooms
from mammoscope.faces.runs import begin, figure_lines, show, write_tables
from mammoscope.faces.words import say, tell
from mammoscope.io import Reader, Source
from mammoscope.io.cbis import DATASET, read_lesions
from mammoscope.io.cbis_dicom import read_cbis
from mammoscope.io.pairs import Pair, certain, uncertain
from mammoscope.pipeline import Rooms
from mammoscope.registration import baselines
from mammoscope.registration import evaluate as yardstick
from mammoscope.registration.evaluate import Case, Chosen, Method, Seen, Views, write_cases
from mammoscope.registration.learnt import learnt
from mammoscope.registration.recipe import Recipe
from mammoscope.registration.sets import Sets, split
from mammoscope.registration.study import Study, as_method, write_weights
from mammoscope.registration.tables import all_tables, counts, curves
from mammoscope.runtime import open_session
from mammoscope.scores.table import Table

Layout = Literal["cbis", "lesions"]
MODELS: Final = ("baselines", "paper", "shipped")
ROOM: Final = "registration"
PLACING: Final[Mapping[str, Method]] = {
    "identity": baselines.identity,
    "turned by 45°": baselines.turned,
    "landmarks": baselines.on_landmarks,
    "landmarks, stretched": baselines.on_stretched_landmarks,
}
CALIBRATING: Final = 200
"""Pairs of other women, at most, on which the nipple rules are made wide enough."""
LEARNT: Final = TrainingData(
    DATASET, "CC BY 3.0", "Lee et al., A curated mammography data set for use in computer-aided "
    "detection and diagnosis research, Scientific Data 4:170177 (2017)", "resampled",
)  # fmt: skip


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


def train(plan: Plan) -> None:
    """Train the paper's network, measure it on women it never saw, write weights with a card.

    Raises:
        UsageError: If the data cannot be read or split, or the folder is another run's.
        SettingsError: If a setting is unknown.
    """
    with locked(plan.out), redirect_stdout(sys.stderr):
        study, notes = _study(plan, ["paper"])
        network, folder = study.network(), plan.out / "weights"
        method = as_method(network, study.recipe, folder)
        cases = _measured({"paper": lambda pair: method}, study.sets, _rooms())
        write_weights(network, study.recipe, folder, [LEARNT], figures(cases["paper"]))
        tables = [_counts(study.sets, notes), *all_tables(cases), curves(study.logs)]
        write_tables(tables, plan.out)
        write_cases(cases, plan.out / "cases.csv")
    show(tables)
    say(f"weights: measure them with --models shipped --weights {folder}")


def evaluate(plan: Plan, models: Sequence[str], *, as_json: bool) -> None:
    """Measure methods on the test set, or on all pairs where the data name none and none is trained.

    Raises:
        UsageError: If the data cannot be read or split, or the folder is another run's.
        SettingsError: If a setting is unknown.
    """
    with locked(plan.out), redirect_stdout(sys.stderr):
        study, notes = _study(plan, models)
        rooms = _rooms()
        tables = [_counts(study.sets, notes)]
        methods = _methods(plan, study, models, rooms)
        cases = _measured(methods, study.sets, rooms)
        tables += all_tables(cases, _learnt_from(plan, models))
        tables += [curves(study.logs)] if "paper" in models else []
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
            pairs += found.pairs
            left_out.update(found.left_out)
        else:
            pairs += read_lesions(place / "lesions.csv" if place.is_dir() else place)
    return pairs, [f"left out: {count} lesions on one view, {why}" for why, count in left_out.items()]


def looking(rooms: Rooms, reader: Reader) -> Callable[[Pair], Views]:
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


def _rooms() -> Rooms:
    return open_rooms().rooms


def _study(plan: Plan, models: Sequence[str]) -> tuple[Study, list[str]]:
    if unknown := sorted(set(models) - set(MODELS)):
        raise UsageError(f"--models takes {', '.join(MODELS)}; got {', '.join(unknown)}")
    recipe = with_settings(Recipe.paper(), plan.changes)
    if (plan.changes or plan.imagenet) and "paper" not in models:
        raise UsageError("--set and --imagenet are for training the paper's network: --models paper")
    if plan.weights and "shipped" not in models:
        raise UsageError("--weights names what is measured as shipped: --models shipped")
    pairs, notes = read_pairs(plan)
    if "paper" in models or any(pair.part for pair in pairs):
        sets = split(pairs, recipe.validation)
    else:
        sets = Sets((), (), tuple(certain(pairs)), tuple(uncertain(pairs)), 0)
    run = {
        "layout": plan.layout,
        "data": _digest(pairs),
        "recipe": to_plain(recipe),
        "models": sorted(models),
    }
    begin(plan.out, run, resume=plan.resume)
    notes += [f"left out: {sets.left_out} development pairs of women who test"] if sets.left_out else []
    return Study(sets, recipe, plan.out, plan.imagenet, tell, sys.stderr.isatty()), notes


def _methods(plan: Plan, study: Study, models: Sequence[str], rooms: Rooms) -> dict[str, Chosen]:
    placing: dict[str, Method] = {}
    ruled: dict[str, Chosen] = {}
    if "baselines" in models:
        placing |= PLACING
        ruled = _rules(study.sets, rooms)
    if "paper" in models:
        placing["paper"] = as_method(study.network(), study.recipe, plan.out / "weights")
    if "shipped" in models:
        placing["shipped"] = learnt(open_session(ROOM, plan.weights))
    return {name: _always(method) for name, method in placing.items()} | ruled


def _always(method: Method) -> Chosen:
    return lambda pair: method


def _rules(sets: Sets, rooms: Rooms) -> dict[str, Chosen]:
    others = (sets.development or sets.test)[:CALIBRATING]
    with Reader() as reader, bar("calibrating the nipple rules", len(others)) as advance:
        look = looking(rooms, reader)
        both = []
        for pair in others:
            both.append((pair, baselines.axes(look(pair))))
            advance()
    return {
        f"nipple distance, {name}": baselines.calibrated(name, baselines.differences(name, both))
        for name in baselines.RULES
    }


def _measured(methods: Mapping[str, Chosen], sets: Sets, rooms: Rooms) -> dict[str, list[Case]]:
    pairs = [*sets.test, *sets.uncertain]
    with Reader() as reader, bar("measuring", len(pairs)) as advance:
        return yardstick.evaluate(pairs, looking(rooms, reader), methods, advance)


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
