"""The commands that list, verify and import weights."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from mammoscope.faces.cli_study import Json

WeightsFolder = Annotated[
    Path | None, typer.Option("--weights", help="Folder of weights; else MAMMOSCOPE_WEIGHTS.")
]

weights_app = typer.Typer(
    help="Networks: list, verify, import published ones, keep a site's operating point.",
    no_args_is_help=True,
)


@weights_app.command("list")
def weights_list(json: Json = False, weights: WeightsFolder = None) -> None:
    """Say which networks there are, what trained them and what they are not for."""
    from mammoscope.faces.weights import show

    show(weights, as_json=json)


@weights_app.command("verify")
def weights_verify(weights: WeightsFolder = None) -> None:
    """Check every network's hash, card, version and answer to its probe."""
    from mammoscope.faces.weights import verify

    raise typer.Exit(verify(weights))


@weights_app.command("import")
def weights_import(
    system: Annotated[Literal["segmentation"], typer.Argument(help="Which system's.")],
    file: Annotated[Path, typer.Argument(help="The checkpoint that the paper's authors published.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of weights.")] = Path("weights"),
) -> None:
    """Convert a published checkpoint to ONNX with a card."""
    from mammoscope.faces.weights import convert

    convert(file, out)


@weights_app.command("point")
def weights_point(
    validation: Annotated[Path, typer.Argument(help="The validation.json of these weights.")],
    by: Annotated[str, typer.Option(help="What chose it, as the page says: sensitivity 90.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="New folder for a copy of the weights.")],
    weights: WeightsFolder = None,
) -> None:
    """Keep an operating point of breasts, chosen on your own images, in a copy of the weights."""
    from mammoscope.faces.operating_point import keep

    keep(validation, by, out, weights)
