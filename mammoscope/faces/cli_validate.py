"""The commands that try installed weights on a site's own images."""

from pathlib import Path
from typing import Annotated

import typer

from mammoscope.faces.cli_study import Json, Resume
from mammoscope.faces.cli_weights import WeightsFolder

Data = Annotated[
    list[Path], typer.Option("--data", help="Folder of a data set, or table; may be repeated.")
]
Datasets = Annotated[
    list[str],
    typer.Option(
        "--dataset",
        help="What each --data is, or one for all: rsna, cbis, cbis-test, lesions (a table beside its "
        "images), cesm, cesm-masks, folder (any images, no outcomes).",
    ),
]
RecallRate = Annotated[float, typer.Option(help="An operating point that calls back no more of all.")]
Sensitivity = Annotated[
    float, typer.Option(help="An operating point that calls back no less of the cancers.")
]
Out = Annotated[Path, typer.Option("--out", "-o", help="Folder of the report, tables and scores.")]

validate_app = typer.Typer(
    help="Try the installed weights on your own images, before you rely on them.",
    no_args_is_help=True,
)


@validate_app.callback()
def validate() -> None:
    """Keep the commands apart by name, though there is one."""


@validate_app.command("screening")
def validate_screening(
    data: Data, datasets: Datasets, out: Out, weights: WeightsFolder = None, resume: Resume = False,
    json: Json = False, recall_rate: RecallRate = 0.1, sensitivity: Sensitivity = 0.9,
) -> None:  # fmt: skip
    """Score your images: figures by group with intervals, plots, and whether they have drifted."""
    from mammoscope.faces.validate import Request, run
    from mammoscope.measures.validation.figures import Asked

    asked = Asked(recall_rate, sensitivity)
    raise typer.Exit(run(Request(data, datasets, out, weights, resume, as_json=json, asked=asked)))
