"""The commands of the findings room that train and evaluate."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from mammoscope.faces.cli_study import Json, Out, Resume, Set, ShippedWeights
from mammoscope.faces.extras import need
from mammoscope.faces.words import split

Data = Annotated[
    list[Path], typer.Option("--data", help="Folder of a data set, or table; may be repeated.")
]
Datasets = Annotated[
    list[str],
    typer.Option(
        "--dataset",
        help="What each --data is, or one for all: vindr, cbis, lesions (a table beside its images), "
        "cesm, cesm-masks, phantoms.",
    ),
]
ImageNet = Annotated[
    Path | None,
    typer.Option(
        "--imagenet", help="ImageNet weights of the backbone as timm has them; else its cache."
    ),
]


def train_findings(
    model: Annotated[
        Literal["resnet50", "efficientnetv2", "densenet", "swin", "mobilenet", "vgg19", "dense"],
        typer.Option("--model", help="One of the paper's six, or dense, which is ours and ships."),
    ],
    data: Data,
    datasets: Datasets,
    out: Out,
    settings: Set = None,
    resume: Resume = False,
    imagenet: ImageNet = None,
) -> None:
    """Train a finder of masses and other findings; write weights with a card."""
    need("train")
    from mammoscope.faces.findings_shipped import Plan
    from mammoscope.faces.findings_study import train

    train(Plan(data, datasets, out, split(settings or ()), resume, imagenet), model)


def evaluate_findings(
    data: Data,
    datasets: Datasets,
    out: Out,
    models: Annotated[
        list[str] | None,
        typer.Option(
            "--models",
            help="shipped: the installed weights (alone where none is named, and without [train]); "
            "dense, or all (the paper's six), resnet50, efficientnetv2, densenet, swin, mobilenet, "
            "vgg19: trained here; may be repeated.",
        ),
    ] = None,
    settings: Set = None,
    resume: Resume = False,
    imagenet: ImageNet = None,
    weights: ShippedWeights = None,
    activation: Annotated[
        bool, typer.Option("--activation", help="Write pictures of where the paper's classifiers look.")
    ] = False,
    sizes: Annotated[
        bool, typer.Option("--sizes", help="Write what they say of each finding at several scales.")
    ] = False,
    json: Json = False,
) -> None:
    """Print FROC of whole images by group, and the paper's two tables of patches beside its own."""
    from mammoscope.faces.findings_shipped import SHIPPED, Plan, evaluate_shipped

    plan = Plan(
        data, datasets, out, split(settings or ()), resume, imagenet, weights, activation, sizes
    )
    names = models or [SHIPPED]
    if set(names) == {SHIPPED}:
        evaluate_shipped(plan, as_json=json)
        return
    need("train")
    from mammoscope.faces.findings_study import evaluate

    evaluate(plan, names, as_json=json)
