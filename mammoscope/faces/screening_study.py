"""``train`` and ``evaluate screening``: the screening paper's work on one's own data."""

import hashlib
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np

from mammoscope.core.settings import known_settings, with_settings
from mammoscope.errors import UsageError
from mammoscope.faces.datasets import read_all
from mammoscope.faces.outlined import training_data
from mammoscope.faces.output import locked
from mammoscope.faces.runs import begin, figure_lines, show, write_tables
from mammoscope.faces.screening_roi import by_segmentation
from mammoscope.faces.words import say, tell
from mammoscope.io.screening import ScreeningImage
from mammoscope.scores.table import Table
from mammoscope.screening import evaluate as counting
from mammoscope.screening.ablation import ROWS, SWITCHES, Recipes, Row, folder_of, recipe_of, row_of
from mammoscope.screening.cached import OUTLINE
from mammoscope.screening.duplicates import once
from mammoscope.screening.folds import Split, split
from mammoscope.screening.recipe import Model, Recipe
from mammoscope.screening.sets import SOURCES, check_two_classes
from mammoscope.screening.study import Study, write_images
from mammoscope.screening.tables import calibration, steps, table_3, thresholds, without_threshold

MODELS: Final[tuple[Model, ...]] = get_args(Model)
HEADS: Final = "network.heads"


@dataclass(frozen=True)
class Plan:
    """One call of ``train screening`` or ``evaluate screening``.

    Attributes:
        data: A place for each data set.
        datasets: What each is, of `mammoscope.screening.sets.SOURCES`; one for all, or one for each.
        out: Where kept images, checkpoints, scores and weights go.
        changes: Words after ``--set``; those without ``cnn.`` or ``vit.`` are for both.
        resume: Go on with what is in the folder.
        imagenet: File of ImageNet weights by model; else timm's cache.
        roi: What finds the breast.
        workers: Processes that read images.
    """

    data: Sequence[Path]
    datasets: Sequence[str]
    out: Path
    changes: Mapping[str, str] = field(default_factory=dict)
    resume: bool = False
    imagenet: Mapping[str, str] = field(default_factory=dict)
    roi: Literal["outline", "segmentation"] = "outline"
    workers: int = 1


def train(plan: Plan, model: Model) -> None:
    """Train one network a fold, measure them on women that none saw, write weights with cards.

    Raises:
        UsageError: If the data cannot be read or split, or the folder is another run's.
        SettingsError: If a setting is unknown.
    """
    with locked(plan.out), redirect_stdout(sys.stderr):
        records, parts, counted = _images(plan, [model])
        recipe = _recipe(_recipes(plan), model)
        row = row_of(recipe, model)
        study = replace(_study(plan, records, parts, row, recipe), keep=True)
        found = {row: study.outcome(searched=recipe.searched)}
        folders = study.write(training_data(records), figures(found[row]))
        tables = [counted, table_3(found), *beside(found)]
        write_tables(tables, plan.out)
        write_images({row.title: (study, found[row])}, plan.out / "images.csv")
    show(tables)
    for folder in folders:
        say(f"weights: {folder}")


def evaluate(plan: Plan, models: Sequence[str], *, as_json: bool) -> None:
    """The ablation of the paper's Table 3: every row is trained and measured on the same women.

    Raises:
        UsageError: If the data cannot be read or split, or the folder is another run's.
        SettingsError: If a setting is unknown.
    """
    if unknown := sorted(set(models) - set(MODELS)):
        raise UsageError(f"--models takes {', '.join(MODELS)}; got {', '.join(unknown)}")
    if set_here := [key for key in plan.changes if key.split(".")[-1] in SWITCHES]:
        raise UsageError(
            f"the rows of Table 3 set {', '.join(set_here)}: leave it out, or train one row"
        )
    chosen = [model for model in MODELS if model in models or not models]
    with locked(plan.out), redirect_stdout(sys.stderr):
        records, parts, counted = _images(plan, chosen)
        recipes = _recipes(plan)
        rows: dict[Row, tuple[Study, counting.Outcome]] = {}
        for row in (row for row in ROWS if row.model in chosen):
            recipe = recipe_of(row, recipes)
            study = _study(plan, records, parts, row, recipe)
            rows[row] = study, study.outcome(searched=recipe.searched)
        found = {row: outcome for row, (_, outcome) in rows.items()}
        tables = [counted, table_3(found), steps(found), *beside(found)]
        write_tables(tables, plan.out)
        write_images({row.title: pair for row, pair in rows.items()}, plan.out / "images.csv")
    show(tables, as_json=as_json)


def beside(found: Mapping[Row, counting.Outcome]) -> list[Table]:
    """What Table 3 does not have."""
    return [thresholds(found), without_threshold(found), calibration(found)]


def figures(found: counting.Outcome) -> list[dict[str, Any]]:
    """Test F1, recall, precision and accuracy with 95 % intervals, women drawn, for a card."""
    places = np.arange(len(found.cancer), dtype=float)

    def figure(sample: np.ndarray, name: str) -> float:
        drawn = sample.astype(int)
        counted = counting.figures(found.decision.called[drawn], found.cancer[drawn])
        return float(getattr(counted, name))

    lines: list[dict[str, Any]] = []
    for name in counting.Figures._fields:
        about = {"set": "test, all folds together", "figure": name}
        lines += figure_lines(about, places, found.women[1], partial(figure, name=name))
    return lines


def _images(plan: Plan, models: Sequence[Model]) -> tuple[list[ScreeningImage], Split, Table]:
    """Images of known truth, their split, the table that counts them; the folder is this run's."""
    recipes = _recipes(plan)
    used = [_recipe(recipes, model) for model in models]
    if len({(one.test, one.folds, one.optimisation.seed) for one in used}) > 1:
        raise UsageError(
            "one split is for both models: set test, folds and optimisation.seed without cnn. or vit."
        )
    records, notes = _read(plan)
    first = used[0]
    parts = split(
        [one.woman for one in records], [bool(one.cancer) for one in records], first.test, first.folds,
        first.optimisation.seed,
    )  # fmt: skip
    begin(plan.out, _described(plan, records, models), resume=plan.resume)
    return records, parts, _counts(records, parts, notes)


def _read(plan: Plan) -> tuple[list[ScreeningImage], list[str]]:
    """Images of all data whose truth is known, each once, and what a reader must know of them."""
    found, left_out = read_all(plan.data, plan.datasets, SOURCES)
    known = [one for one in found if one.cancer is not None]
    check_two_classes(known)
    tell(f"{len(known)} images are compared with each other")
    apart = once(known, plan.out / "prepared", plan.workers)
    why = {"images whose truth nobody says": len(found) - len(known), **left_out, **apart.left_out}
    return apart.images, [f"left out: {number} {reason}" for reason, number in why.items() if number]


def _recipes(plan: Plan) -> Recipes:
    """The paper's two recipes with what a user changed."""
    if strange := sorted(set(plan.imagenet) - set(MODELS)):
        raise UsageError(f"--imagenet takes cnn=FILE and vit=FILE, got {', '.join(strange)}")
    known, changes = known_settings(Recipes()), dict[str, str]()
    for key, text in plan.changes.items():
        model, _, rest = key.partition(".")
        if (rest if model in MODELS else key) == HEADS:
            raise UsageError(f"{HEADS} is not set: heads follow the columns that the data have")
        both = [f"{model}.{key}" for model in MODELS]
        changes |= dict.fromkeys([key] if key in known or model in MODELS else both, text)
    return with_settings(Recipes(), changes)


def _recipe(recipes: Recipes, model: Model) -> Recipe:
    return recipes.cnn if model == "cnn" else recipes.vit


def _study(plan: Plan, records: list[ScreeningImage], parts: Split, row: Row, recipe: Recipe) -> Study:
    file = plan.imagenet.get(row.model)
    roi = by_segmentation() if plan.roi == "segmentation" else OUTLINE
    return Study(
        records, parts, recipe, plan.out / folder_of(row), plan.out / "prepared",
        Path(file) if file else None, roi, plan.workers, tell=tell, progress=sys.stderr.isatty(),
    )  # fmt: skip


def _described(
    plan: Plan, records: Sequence[ScreeningImage], models: Sequence[str]
) -> dict[str, object]:
    """What makes a run the same as another."""
    digest = hashlib.sha256("\n".join(sorted(map(repr, records))).encode()).hexdigest()[:16]
    same: dict[str, object] = {"data": digest, "models": list(models), "settings": dict(plan.changes)}
    begun = {model: Path(file).name for model, file in plan.imagenet.items()}
    return same | {"roi": plan.roi} | ({"imagenet": begun} if begun else {})


def _counts(records: Sequence[ScreeningImage], parts: Split, notes: Sequence[str]) -> Table:
    """Table 1: images of each set; women as well."""
    testing = set(parts.test)
    sets = {
        "all": range(len(records)),
        "training and validation": [place for place in range(len(records)) if place not in testing],
        "test": parts.test,
    }
    rows = []
    for name, places in sets.items():
        ill = sum(bool(records[place].cancer) for place in places)
        women = len({records[place].woman for place in places})
        rows.append((name, str(women), str(len(places)), str(ill), str(len(places) - ill)))
    return Table(
        "Data (Table 1)", ("Set", "Women", "All", "Cancer", "Other"), tuple(rows), tuple(notes)
    )
