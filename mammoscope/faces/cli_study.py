"""The commands that need the training extra."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from mammoscope.faces.extras import need
from mammoscope.faces.words import split

Data = Annotated[
    list[Path], typer.Option("--data", help="Folder of images, or a table; may be repeated.")
]
Layouts = Annotated[
    list[str],
    typer.Option("--layout", help="Of each --data: table, masks, inbreast or mini-mias; one for all."),
]
Masks = Annotated[
    list[Path] | None, typer.Option("--masks", help="Folder of masks for each --data; else beside.")
]
Mapping = Annotated[
    list[str] | None, typer.Option("--mapping", help="THEIRS=OURS, classes of masks; may be repeated.")
]
Kind = Annotated[
    Literal["processed", "raw", "film"], typer.Option("--kind", help="Of images with masks beside.")
]
Spacing = Annotated[float | None, typer.Option("--spacing", help="Of images with masks beside, in mm.")]
Out = Annotated[Path, typer.Option("--out", "-o", help="Folder for checkpoints, figures and weights.")]
RecipeName = Annotated[
    Literal["paper", "default"], typer.Option("--recipe", help="The paper's, or the slim one's.")
]
Set = Annotated[
    list[str] | None, typer.Option("--set", help="A number of the recipe: key=value; may be repeated.")
]
Test = Annotated[int, typer.Option("--test", help="Test images of each data set, at least.")]
Validation = Annotated[int, typer.Option("--validation", help="Validation images of each, at least.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the run in the folder.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for a script.")]

train_app = typer.Typer(help="Train a network on your own data.", no_args_is_help=True)
evaluate_app = typer.Typer(help="The papers' experiments on your own data.", no_args_is_help=True)


@train_app.command("segmentation")
def train_segmentation(
    data: Data,
    layout: Layouts,
    out: Out,
    masks: Masks = None,
    mapping: Mapping = None,
    kind: Kind = "processed",
    spacing: Spacing = None,
    recipe: RecipeName = "paper",
    settings: Set = None,
    test: Test = 100,
    validation: Validation = 80,
    resume: Resume = False,
) -> None:
    """Train breast and pectoral segmentation; write weights with a card."""
    need("train")
    from mammoscope.faces.outlined import Outlined
    from mammoscope.faces.study import Plan, train

    outlined = Outlined(data, layout, masks or (), split(mapping or ()), kind, spacing)
    train(Plan(outlined, out, recipe, split(settings or ()), test, validation, resume))


@evaluate_app.command("segmentation")
def evaluate_segmentation(
    experiment: Annotated[
        Literal["shipped", "views", "raw", "vendors", "sweep", "compare"],
        typer.Argument(help="The installed weights as they are, or one of the paper's experiments."),
    ],
    data: Data,
    layout: Layouts,
    out: Out,
    masks: Masks = None,
    mapping: Mapping = None,
    kind: Kind = "processed",
    spacing: Spacing = None,
    recipe: RecipeName = "paper",
    settings: Set = None,
    test: Test = 100,
    validation: Validation = 80,
    resume: Resume = False,
    weights: Annotated[
        Path | None, typer.Option("--weights", help="For shipped: a folder of weights.")
    ] = None,
    external: Annotated[
        Path | None, typer.Option("--external", help="For compare: a folder of others' masks.")
    ] = None,
    external_mapping: Annotated[
        list[str] | None, typer.Option("--external-mapping", help="For compare: THEIRS=OURS.")
    ] = None,
    json: Json = False,
) -> None:
    """Print tables in the paper's layout, the paper's figures beside yours."""
    need("train")
    from mammoscope.faces.outlined import Outlined
    from mammoscope.faces.study import Plan, evaluate

    outlined = Outlined(data, layout, masks or (), split(mapping or ()), kind, spacing)
    plan = Plan(
        outlined, out, recipe, split(settings or ()), test, validation, resume, weights, external,
        split(external_mapping or ()),
    )  # fmt: skip
    evaluate(plan, experiment, as_json=json)


@evaluate_app.command("positioning")
def evaluate_positioning(
    labels_only: Annotated[
        Path | None,
        typer.Option("--labels-only", help="Published labels: what they tell by themselves."),
    ] = None,
    json: Json = False,
) -> None:
    """Print tables in the paper's layout, the paper's figures beside yours."""
    from mammoscope.faces.positioning_study import evaluate_labels

    if labels_only is not None:
        evaluate_labels(labels_only, as_json=json)
