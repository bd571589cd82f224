"""Exams that `mammoscope phantom` wrote, as images with boxed findings: no woman was imaged."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

from mammoscope.core import Laterality
from mammoscope.core.findings import FindingKind
from mammoscope.errors import UsageError
from mammoscope.io.annotations import RecordKind
from mammoscope.io.cells import number
from mammoscope.io.findings import BoxedFinding, FindingsImage, FoundImages

DATASET: Final = "phantoms"
KINDS: Final[Mapping[str, FindingKind]] = {
    "mass": "mass", "calcifications": "suspicious calcification",
    "architectural distortion": "architectural distortion", "asymmetry": "asymmetry",
    "lymph node": "suspicious lymph node", "skin retraction": "skin retraction",
    "nipple retraction": "nipple retraction",
}  # fmt: skip
IMAGES: Final[Mapping[str, RecordKind]] = {
    "presentation": "processed", "raw": "raw", "film": "film",
}  # fmt: skip
DENSITIES: Final[Mapping[str, int]] = {"A": 1, "B": 2, "C": 3, "D": 4}
VIEWS: Final[Mapping[str, Literal["CC", "MLO"]]] = {"CC": "CC", "MLO": "MLO"}
SIDES: Final[Mapping[str, Laterality]] = {"L": "L", "R": "R"}
EDGES: Final = ("top", "left", "bottom", "right")


def read_phantoms(folder: Path) -> FoundImages:
    """Every image of a folder of phantoms with the findings that it shows.

    Args:
        folder: Holds ``truth/<exam>/truth.json`` and ``images``, as `mammoscope phantom` writes them.

    Raises:
        UsageError: If there is no truth, or it is damaged, or an image is absent.
    """
    found = sorted(folder.glob("truth/*/truth.json"))
    if not found:
        raise UsageError(
            f"{folder}: expected truth/<exam>/truth.json as `mammoscope phantom` writes it, found "
            "none: name the folder after its -o"
        )
    return FoundImages([image for truth in found for image in _exam(folder, truth)], {})


def _exam(folder: Path, truth: Path) -> list[FindingsImage]:
    try:
        said = json.loads(truth.read_bytes())
        images = [_image(folder, truth.parent.name, said["breasts"], one) for one in said["images"]]
    except (OSError, KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise UsageError(
            f"{truth.parent.name}/{truth.name} is damaged ({type(error).__name__}): "
            "make the phantoms again"
        ) from None
    for image in images:
        if not image.image.is_file():
            raise UsageError(f"{image.image.name} of {truth.parent.name} is absent: make it again")
    return images


def _image(
    folder: Path, woman: str, breasts: Mapping[str, Any], said: Mapping[str, Any]
) -> FindingsImage:
    step = number(said["spacing_mm"]) / number(said["magnification"])
    side = SIDES[said["laterality"]]
    return FindingsImage(
        image=folder / str(said["file"]),
        woman=woman,
        dataset=DATASET,
        laterality=side,
        view=VIEWS[said["view"]],
        kind=IMAGES[said["kind"]],
        findings=tuple(_finding(one) for one in said["lesions"] if one["box"] is not None),
        spacing=(step, step),
        density=DENSITIES[breasts[side]["density"]],
    )


def _finding(said: Mapping[str, Any]) -> BoxedFinding:
    top, left, bottom, right = (number(said["box"][edge]) for edge in EDGES)
    return BoxedFinding((KINDS[said["kind"]],), (top, left, bottom, right), str(said["identifier"]))
