"""The commands of the screening room that train and evaluate."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from mammoscope.faces.cli_study import Json, Out, Resume, evaluate_app, train_app
from mammoscope.faces.extras import need
from mammoscope.faces.words import split

__all__ = ["evaluate_app", "train_app"]

Data = Annotated[
    list[Path], typer.Option("--data", help="Folder of a data set, or table; may be repeated.")
]
Datasets = Annotated[
    list[str],
    typer.Option(
        "--dataset",
        help="What each --data is, or one for all: rsna, cbis, cbis-test, lesions (a table beside its "
        "images), cesm, cesm-masks.",
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="A number of the recipe: key=value, cnn.key=value, vit.key=value; may be repeated.",
    ),
]
Roi = Annotated[
    Literal["outline", "segmentation"],
    typer.Option("--roi", help="What finds the breast: its outline, or the installed segmentation."),
]
ImageNet = Annotated[
    list[str] | None,
    typer.Option("--imagenet", help="cnn=FILE, vit=FILE: weights as timm has them; else its cache."),
]
Workers = Annotated[int, typer.Option("--workers", min=1, help="Processes that read images.")]


@train_app.command("screening")
def train_screening(
    model: Annotated[
        Literal["cnn", "vit"],
        typer.Option("--model", help="The paper's SE-ResNeXt50, or its DeiT III."),
    ],
    data: Data,
    datasets: Datasets,
    out: Out,
    settings: Set = None,
    roi: Roi = "outline",
    imagenet: ImageNet = None,
    workers: Workers = 2,
    resume: Resume = False,
) -> None:
    """Train the paper's classifier by cross-validation; write weights with cards."""
    need("train")
    from mammoscope.faces.screening_study import Plan, train

    files = split(imagenet or (), "--imagenet")
    train(Plan(data, datasets, out, split(settings or ()), resume, files, roi, workers), model)


@evaluate_app.command("screening")
def evaluate_screening(
    data: Data,
    datasets: Datasets,
    out: Out,
    models: Annotated[
        list[str] | None,
        typer.Option("--models", help="cnn, vit: only their rows; may be repeated."),
    ] = None,
    settings: Set = None,
    roi: Roi = "outline",
    imagenet: ImageNet = None,
    workers: Workers = 2,
    resume: Resume = False,
    json: Json = False,
) -> None:
    """Print the paper's ablation (Table 3) on one's own images, the paper's figures beside them."""
    need("train")
    from mammoscope.faces.screening_study import Plan, evaluate

    files = split(imagenet or (), "--imagenet")
    plan = Plan(data, datasets, out, split(settings or ()), resume, files, roi, workers)
    evaluate(plan, models or [], as_json=json)
