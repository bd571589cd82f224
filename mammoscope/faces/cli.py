"""The command line. Nothing heavy is imported before a command needs it."""

import io
import logging
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from mammoscope.errors import MammoscopeError, UsageError
from mammoscope.faces.cli_findings import evaluate_findings, train_findings
from mammoscope.faces.cli_screening import evaluate_app, train_app
from mammoscope.faces.cli_study import Json, Resume
from mammoscope.faces.cli_validate import validate_app
from mammoscope.faces.cli_weights import WeightsFolder, weights_app
from mammoscope.faces.words import tell

INTERRUPTED = 130

app = typer.Typer(
    name="mammoscope", no_args_is_help=True, add_completion=False, rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Mammograms in, measurements and pictures out. Research use, not a medical device.",
)  # fmt: skip

app.add_typer(weights_app, name="weights")
train_app.command("findings")(train_findings)
evaluate_app.command("findings")(evaluate_findings)
app.add_typer(train_app, name="train")
app.add_typer(evaluate_app, name="evaluate")
app.add_typer(validate_app, name="validate")

Out = Annotated[Path, typer.Option("--out", "-o", help="Folder of results.")]
Spacing = Annotated[
    float | None, typer.Option("--spacing", help="Pixel size in mm where a file has none.")
]
Profile = Annotated[
    str, typer.Option("--profile", help="Thresholds of positioning: acr, iarc, paper, pgmi, or a file.")
]
Set = Annotated[list[str] | None, typer.Option("--set", help="A setting: key=value; may be repeated.")]
Always = Annotated[bool, typer.Option("--malignancy-always", help="Also score where no mass is found.")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Remove the run in the folder.")]


@app.callback()
def root(
    debug: Annotated[bool, typer.Option("--debug", help="Show where an error comes from.")] = False,
) -> None:
    """Set up what every command shares."""
    logging.basicConfig(
        level=logging.DEBUG if debug else logging.WARNING, format="%(levelname)s %(message)s"
    )


@app.command()
def analyze(
    paths: Annotated[
        list[str], typer.Argument(help="Files, folders, zip files, patterns; - for a list.")
    ],
    out: Out,
    json: Json = False,
    preview: Annotated[
        bool, typer.Option("--preview", help="Also write pictures with outlines.")
    ] = False,
    masks: Annotated[
        bool, typer.Option("--masks", help="Also write label masks, source pixels.")
    ] = False,
    spacing: Spacing = None,
    profile: Profile = "iarc",
    table: Annotated[
        Path | None, typer.Option("--table", help="CSV: path, study, view, laterality, spacing_mm.")
    ] = None,
    resume: Resume = False,
    overwrite: Overwrite = False,
    weights: WeightsFolder = None,
    research: Annotated[
        bool, typer.Option("--research-classes", help="Also mark kinds learnt from phantoms alone.")
    ] = False,
    malignancy: Always = False,
    settings: Set = None,
) -> None:
    """Analyse mammograms: a report, tables and pictures for each exam."""
    from mammoscope.core.settings import with_settings
    from mammoscope.faces.analyze import Request, Settings, run
    from mammoscope.faces.table import show
    from mammoscope.faces.words import split

    request = Request(
        paths=tuple(paths), out=out, preview=preview, masks=masks, spacing=spacing, table=table,
        weights=weights, profile=profile, research_classes=research, malignancy_always=malignancy,
        settings=with_settings(Settings(), split(settings or [])), resume=resume,
        overwrite=overwrite, command=("mammoscope", *sys.argv[1:]),
    )  # fmt: skip
    code, manifest = run(request)
    show(out, manifest, as_json=json)
    raise typer.Exit(code)


@app.command()
def demo(
    out: Out = Path("out/demo"),
    spacing: Spacing = None,
    profile: Profile = "iarc",
    weights: WeightsFolder = None,
) -> None:
    """Analyse two real four-view exams and say where their report lies."""
    from mammoscope.faces.demo import run

    raise typer.Exit(run(out, weights, spacing, profile))


@app.command()
def phantom(
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder of images and their truth.")],
    exams: Annotated[int, typer.Option("--exams", min=1, help="How many women.")] = 1,
    seed: Annotated[
        int, typer.Option("--seed", min=0, help="Of the first exam; the next has the next.")
    ] = 0,
    kind: Annotated[
        Literal["presentation", "raw", "film", "all"],
        typer.Option("--kind", help="For presentation, for processing, digitised film, or all three."),
    ] = "presentation",
    look: Annotated[
        list[str] | None,
        typer.Option(
            "--look",
            help="Of images for presentation: hologic-like, ge-like, siemens-like, fuji-like; "
            "may be repeated.",
        ),
    ] = None,
    pixel_mm: Annotated[
        float, typer.Option("--pixel-mm", help="Size of a pixel at the detector; coarser is faster.")
    ] = 0.1,
    density: Annotated[
        Literal["A", "B", "C", "D"] | None,
        typer.Option("--density", help="Composition category; else drawn."),
    ] = None,
    errors: Annotated[
        list[str] | None,
        typer.Option(
            "--errors",
            help="A positioning error to make: too little pectoral, nipple not in profile, sagging, "
            "rotation; may be repeated.",
        ),
    ] = None,
    burn_in: Annotated[
        bool, typer.Option("--burn-in", help="Write SYNTHETIC into a corner of each image.")
    ] = False,
    keep: Annotated[
        bool, typer.Option("--keep", help="Also keep each exam as exam.npz, for Python.")
    ] = False,
    device: Annotated[
        Literal["cpu", "cuda"], typer.Option("--device", help="Where to compute; cuda for many exams.")
    ] = "cpu",
    settings: Set = None,
    json: Json = False,
) -> None:
    """Make exams of women that never lived: DICOM, and the truth for every task."""
    from mammoscope.faces.extras import need

    need("train")
    from mammoscope.faces.phantom import Request, run, settings_of
    from mammoscope.faces.words import split

    made_by = settings_of(pixel_mm, density, tuple(errors or ()), split(settings or []))
    looks = tuple(look or ("hologic-like",))
    run(Request(out, exams, seed, kind, looks, burn_in, keep, made_by, device, as_json=json))


@app.command()
def register(
    cc: Annotated[Path, typer.Argument(help="The CC image.")],
    mlo: Annotated[Path, typer.Argument(help="The MLO image of the same breast.")],
    point: Annotated[
        str | None, typer.Option("--point", help="ROW,COLUMN to look for on the other view.")
    ] = None,
    box: Annotated[str | None, typer.Option("--box", help="ROW,COLUMN,HEIGHT,WIDTH instead.")] = None,
    on: Annotated[Literal["CC", "MLO"], typer.Option("--on", help="The view it lies on.")] = "CC",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Folder for pictures: both views, and CC over MLO."),
    ] = None,
    spacing: Spacing = None,
    table: Annotated[
        Path | None, typer.Option("--table", help="CSV: path, study, view, laterality, spacing_mm.")
    ] = None,
    weights: WeightsFolder = None,
    json: Json = False,
) -> None:
    """Lay the two views of a breast on each other, and say where a place of one lies on the other."""
    from mammoscope.faces.register import Request, question, run

    run(Request((cc, mlo), question(on, point, box), out, spacing, table, weights, as_json=json))


@app.command()
def scorecard(
    results: Annotated[
        list[Path], typer.Argument(help="Folders that analyze wrote, or files result.json.")
    ],
    out: Out,
    by: Annotated[
        str, typer.Option("--by", help="What to group by, joined by commas.")
    ] = "unit,device,operator,week",
    chart_per: Annotated[
        Literal["unit", "device", "operator"] | None,
        typer.Option("--chart-per", help="Also a control chart for each unit, device or operator."),
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", help="Count the verdicts of this profile only.")
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option("--table", help="CSV: exam or image, unit, device, operator, week."),
    ] = None,
    json: Json = False,
) -> None:
    """Count positioning verdicts by unit, device, operator and week, with control charts."""
    from mammoscope.faces.scorecard import Request, run

    request = Request(tuple(results), out, by, chart_per, profile, table, as_json=json)
    raise typer.Exit(run(request))


@app.command()
def profiles(
    name: Annotated[str | None, typer.Argument(help="Which to print: a file to copy and edit.")] = None,
) -> None:
    """List the thresholds that positioning is judged by, or print those of one profile."""
    from mammoscope.faces.profiles import show

    show(name)


@app.command()
def doctor(json: Json = False, weights: WeightsFolder = None) -> None:
    """Say what is installed, which weights are valid and which providers run."""
    from mammoscope.faces.doctor import run

    raise typer.Exit(run(weights, as_json=json))


def main() -> None:
    """Run the command line: an error is one line on standard error and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        code = app(standalone_mode=False)
    except MammoscopeError as error:
        code = _told(str(error), error.exit_code)
    except typer.TyperException as error:
        text = str(error)
        tell(text if text.startswith("Usage:") else f"mammoscope: {text}: see mammoscope --help")
        code = UsageError.exit_code
    except (KeyboardInterrupt, typer.Abort):
        code = _told("interrupted", INTERRUPTED)
    except Exception as error:  # its text might name a patient, its type does not
        code = _told(f"{type(error).__name__}, a fault in mammoscope: --debug tells where", 1)
    raise SystemExit(code)


def _told(text: str, code: int) -> int:
    tell(f"mammoscope: {text}")
    logging.getLogger(__name__).debug("where it comes from:", exc_info=True)
    return code
