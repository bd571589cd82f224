"""``mammoscope phantom``: exams of women that never lived, as DICOM with the truth beside them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from mammoscope import __version__
from mammoscope.core.settings import to_plain, with_settings
from mammoscope.errors import OutputError, UsageError
from mammoscope.faces.output import LOCK, UNFINISHED, locked
from mammoscope.faces.progress import bar
from mammoscope.faces.words import say
from mammoscope.phantom import make_exam
from mammoscope.phantom.dicom import KINDS, Kind
from mammoscope.phantom.folder import IMAGES, TRUTH, Rendering, exam_files, key
from mammoscope.phantom.looks import look_named
from mammoscope.phantom.recipe import Settings
from mammoscope.phantom.saved import to_bytes
from mammoscope.phantom.truth import Density
from mammoscope.report.files import write_bytes, write_json

MANIFEST: Final = "manifest.json"
SAVED: Final = "exam.npz"


@dataclass(frozen=True)
class Request:
    """One call of ``mammoscope phantom``.

    Attributes:
        out: Where images and truth go.
        exams: How many.
        seed: Of the first; the next has the next.
        kind: Of images, or ``all``.
        looks: Of images for presentation.
        burn_in: Whether SYNTHETIC is written into a corner.
        keep: Whether each exam is also kept as one file for Python.
        settings: What the exams are made by.
        device: Where tensors live: ``cpu`` or ``cuda``.
        as_json: Print the manifest.
    """

    out: Path
    exams: int = 1
    seed: int = 0
    kind: Kind | Literal["all"] = "presentation"
    looks: tuple[str, ...] = ("hologic-like",)
    burn_in: bool = False
    keep: bool = False
    settings: Settings = field(default_factory=Settings)
    device: str = "cpu"
    as_json: bool = False


def run(request: Request) -> None:
    """Make the exams, write each when it is whole, and say where they lie.

    On the CPU torch is left with one thread from here on: on a busy machine threads that wait for
    each other cost several times what they bring.

    Raises:
        UsageError: If the folder holds something, a look is unknown or the device is not there.
        OutputError: If the folder cannot be written.
    """
    for look in request.looks:
        look_named(look)
    _take_device(request.device)
    kinds = KINDS if request.kind == "all" else (request.kind,)
    how = Rendering(kinds, request.looks, request.burn_in)
    with locked(request.out):
        _check_empty(request.out)
        made: list[dict[str, Any]] = []
        with bar("making exams", request.exams) as advance:
            for seed in range(request.seed, request.seed + request.exams):
                made.append(_write(request, seed, how))
                advance()
        manifest = {
            "mammoscope": __version__, "synthetic": True, "settings": to_plain(request.settings),
            "rendering": to_plain(how), "exams": made,
        }  # fmt: skip
        write_json(request.out / MANIFEST, manifest)
    if request.as_json:
        say(json.dumps(manifest, ensure_ascii=True))
    else:
        say(f"{request.exams} exams, {sum(len(one['images']) for one in made)} images, all synthetic")
        say(f"images: {request.out / IMAGES}")
        say(f"truth: {request.out / TRUTH}")


def settings_of(
    pixel_mm: float, density: Density | None, errors: tuple[str, ...], changes: Mapping[str, str]
) -> Settings:
    """Settings by the options of the command line, and by what ``--set`` says.

    Raises:
        SettingsError: If a setting or an error of positioning is unknown.
    """
    chosen = {"pixel_mm": str(pixel_mm), "errors": json.dumps(errors)}
    chosen |= {"density": density} if density else {}
    return with_settings(Settings(), chosen | dict(changes))


def _write(request: Request, seed: int, how: Rendering) -> dict[str, Any]:
    """Make one exam and write it: beside its place first, so that it is whole or absent."""
    exam = make_exam(seed, request.settings, request.device)
    part = request.out / UNFINISHED
    names: list[str] = []
    for name, content in exam_files(exam, how):
        write_bytes(part / name, content)
        names.append(name)
    if request.keep:
        write_bytes(part / TRUTH / key(exam) / SAVED, to_bytes(exam))
    try:
        for folder in (TRUTH, IMAGES):
            (request.out / folder).mkdir(exist_ok=True)
            (part / folder / key(exam)).replace(request.out / folder / key(exam))
    except OSError as error:
        raise OutputError(f"cannot write {key(exam)}: {error.strerror}") from error
    images = [name for name in names if name.startswith(IMAGES)]
    return {
        "key": key(exam),
        "seed": seed,
        "images": images,
        "truth": f"{TRUTH}/{key(exam)}/truth.json",
    }


def _take_device(device: str) -> None:
    import torch

    if device == "cuda":
        if not torch.cuda.is_available():
            raise UsageError("--device cuda needs a GPU that torch can use, got none: leave it out")
    else:
        torch.set_num_threads(1)


def _check_empty(out: Path) -> None:
    if any(path.name not in (LOCK, UNFINISHED) for path in out.iterdir()):
        raise UsageError(f"{out} is not empty: name a new folder with -o")
