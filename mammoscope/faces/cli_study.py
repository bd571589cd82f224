"""The commands that need the training extra."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from mammoscope.errors import UsageError
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
OUT = "Folder for checkpoints, figures and weights."
LABELS = "Table of what was marked on each image."
Out = Annotated[Path, typer.Option("--out", "-o", help=OUT)]
Labels = Annotated[Path, typer.Option("--labels", help=LABELS)]
Images = Annotated[
    Path | None, typer.Option("--images", help="Folder of the images; for marks, else the table's.")
]
MarksLayout = Annotated[
    Literal["vindr", "marks"],
    typer.Option("--layout", help="Of --labels: VinDr-Mammo's published labels, or a table of marks."),
]
ImageNet = Annotated[
    Path | None,
    typer.Option("--imagenet", help="ImageNet weights of ResNeXt50 as timm has them; else its cache."),
]
Models = Annotated[
    list[str] | None,
    typer.Option(
        "--models",
        help="all (the paper's five), resnext50, r-resnext50, u-net, attention-u-net, "
        "coordatt-u-net, heatmaps, or shipped: the installed weights; may be repeated.",
    ),
]
ShippedWeights = Annotated[
    Path | None, typer.Option("--weights", help="For shipped: a folder of weights.")
]
RecipeName = Annotated[
    Literal["paper", "default"], typer.Option("--recipe", help="The paper's, or the slim one's.")
]
PairData = Annotated[
    list[Path],
    typer.Option("--data", help="Folder of CBIS-DDSM, or table of lesions; may be repeated."),
]
PairLayout = Annotated[
    Literal["cbis", "lesions"],
    typer.Option("--layout", help="CBIS-DDSM as published, or a table of lesions beside its images."),
]
ResNet = Annotated[
    Path | None,
    typer.Option("--imagenet", help="ImageNet weights of ResNet50 as timm has them; else its cache."),
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
    weights: ShippedWeights = None,
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


@train_app.command("positioning")
def train_positioning(
    model: Annotated[
        Literal["coordatt-u-net", "attention-u-net", "u-net", "r-resnext50", "resnext50", "heatmaps"],
        typer.Option("--model", help="One of the paper's five, or heatmaps, which is ours."),
    ],
    labels: Labels,
    out: Out,
    layout: MarksLayout = "vindr",
    images: Images = None,
    settings: Set = None,
    runs: Annotated[int, typer.Option("--runs", min=1, help="With other seeds; the best counts.")] = 1,
    resume: Resume = False,
    imagenet: ImageNet = None,
) -> None:
    """Train landmarks of positioning, or the paper's classifier; write weights with a card."""
    need("train")
    from mammoscope.faces.positioning_study import Plan, train

    changes = split(settings or ())
    train(Plan(labels, layout, out, images, changes, runs, resume, imagenet), model)


@evaluate_app.command("positioning")
def evaluate_positioning(
    labels_only: Annotated[
        Path | None, typer.Option("--labels-only", help="VinDr-Mammo's labels alone: no pixels.")
    ] = None,
    labels: Annotated[Path | None, typer.Option("--labels", help=LABELS)] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help=OUT)] = None,
    layout: MarksLayout = "vindr",
    images: Images = None,
    models: Models = None,
    settings: Set = None,
    runs: Annotated[int, typer.Option("--runs", min=1, help="Of each model, with other seeds.")] = 5,
    resume: Resume = False,
    imagenet: ImageNet = None,
    weights: ShippedWeights = None,
    activation: Annotated[
        bool, typer.Option("--activation", help="Write pictures of where resnext50 looks (Fig. 2).")
    ] = False,
    json: Json = False,
) -> None:
    """Print Tables 1 and 2 of the paper, its figures beside yours; or what labels alone tell."""
    if labels_only is not None:
        if any((labels, out, images, models, settings, resume, imagenet, weights, activation)):
            raise UsageError("--labels-only takes no --labels, --out, --models …: --json at most")
        from mammoscope.faces.labels import evaluate_labels

        evaluate_labels(labels_only, as_json=json)
        return
    if labels is None or out is None:
        raise UsageError("evaluate positioning needs --labels and --out, or --labels-only")
    need("train")
    from mammoscope.faces.positioning_study import Plan, evaluate

    changes = split(settings or ())
    plan = Plan(labels, layout, out, images, changes, runs, resume, imagenet, weights, activation)
    evaluate(plan, models or ["all"], as_json=json)


@train_app.command("registration")
def train_registration(
    model: Annotated[
        Literal["paper", "guided"],
        typer.Option("--model", help="The paper's network, or the one guided by landmarks, ours."),
    ],
    data: PairData,
    layout: PairLayout,
    out: Out,
    settings: Set = None,
    resume: Resume = False,
    imagenet: ResNet = None,
) -> None:
    """Train a registration of CC and MLO views; write weights with a card."""
    need("train")
    from mammoscope.faces.registration_study import Plan, train

    train(Plan(data, layout, out, split(settings or ()), resume, imagenet), model)


@evaluate_app.command("registration")
def evaluate_registration(
    data: PairData,
    layout: PairLayout,
    out: Out,
    models: Annotated[
        list[str] | None,
        typer.Option(
            "--models",
            help="baselines (alone where none is named), paper or guided: trained here, shipped: the "
            "installed weights; may be repeated.",
        ),
    ] = None,
    settings: Set = None,
    resume: Resume = False,
    imagenet: ResNet = None,
    weights: ShippedWeights = None,
    json: Json = False,
) -> None:
    """Print how often boxes of both views overlap, the paper's figures beside yours."""
    need("train")
    from mammoscope.faces.registration_study import Plan, evaluate

    plan = Plan(data, layout, out, split(settings or ()), resume, imagenet, weights)
    evaluate(plan, models or ["baselines"], as_json=json)
