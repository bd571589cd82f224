"""CC with MLO of one breast, and left with right of one woman."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from mammoscope.core import (
    ImageResult,
    Laterality,
    Measurement,
    NotAssessed,
    Positioning,
    Segmentation,
    View,
)

Images = Mapping[tuple[Laterality, View], ImageResult]

DIFFERENCE: Final = "posterior nipple line difference"
NAMES: Final[Mapping[Laterality, str]] = {"L": "left", "R": "right"}
SYMMETRY: Final[tuple[tuple[str, View, str, str], ...]] = (
    ("CC posterior nipple line symmetry", "CC", "posterior nipple line", "mm"),
    ("MLO posterior nipple line symmetry", "MLO", "posterior nipple line", "mm"),
    ("pectoral angle symmetry", "MLO", "pectoral angle", "°"),
    ("pectoral level symmetry", "MLO", "pectoral level", "mm"),
)
"""Name, view, what is compared, unit."""
AREAS: Final[tuple[tuple[str, View], ...]] = (
    ("CC breast area symmetry", "CC"),
    ("MLO breast area symmetry", "MLO"),
)


def standard_images(images: Sequence[ImageResult]) -> Images:
    """The images of an exam that count, by breast and view; of several of one view the first."""
    standard: dict[tuple[Laterality, View], ImageResult] = {}
    for image in images:
        said = image.about
        if image.standard and said.laterality and said.view:
            standard.setdefault((said.laterality.value, said.view.value), image)
    return standard


def of_breast(images: Images, side: Laterality) -> tuple[Measurement, ...]:
    """The posterior nipple line on CC less that on MLO, in mm."""
    above, oblique = (_part(images, side, view, "posterior nipple line") for view in ("CC", "MLO"))
    return (_difference(DIFFERENCE, "mm", (above, "CC"), (oblique, "MLO")),)


def of_woman(images: Images) -> tuple[Measurement, ...]:
    """Left less right: lines, angles and levels in their units, areas in % of the larger."""
    differences = [
        _difference(
            name, unit, *((_part(images, side, view, part), f"{side} {view}") for side in ("L", "R"))
        )
        for name, view, part, unit in SYMMETRY
    ]
    return (*differences, *(_areas(images, name, view) for name, view in AREAS))


def _part(images: Images, side: Laterality, view: View, name: str) -> Measurement | str:
    """A measurement of one image, or why there is none."""
    image = images.get((side, view))
    if image is None:
        return "is missing"
    answer = image.answers.get("positioning")
    if isinstance(answer, NotAssessed):
        return f"is not assessed: {answer.reason}"
    if not isinstance(answer, Positioning):
        return "has no positioning"
    for criterion in answer.criteria:
        if criterion.measurement.name == name:
            return criterion.measurement
    return f"has no {name}"


def _difference(
    name: str,
    unit: str,
    one: tuple[Measurement | str, str],
    other: tuple[Measurement | str, str],
) -> Measurement:
    """One less the other; the standard deviations add in squares."""
    values: list[tuple[float, float]] = []
    for part, label in (one, other):
        if isinstance(part, str):
            return Measurement(name, None, unit, reason=f"{label} {part}")
        if not isinstance(part.value, float):
            reason = part.reason if part.reason == "no spacing" else f"{label}: {part.reason}"
            return Measurement(name, None, unit, reason=reason)
        values.append((part.value, part.sd or 0.0))
    (first, first_sd), (second, second_sd) = values
    sd = float(np.hypot(first_sd, second_sd))
    return Measurement(name, round(first - second, 6), unit, round(sd, 6))


def _areas(images: Images, name: str, view: View) -> Measurement:
    areas: dict[Laterality, float] = {}
    for side in ("L", "R"):
        image = images.get((side, view))
        answer = image.answers.get("segmentation") if image else None
        if not isinstance(answer, Segmentation):
            return Measurement(name, None, "%", reason=f"{side} {view} is missing or not outlined")
        if answer.breast_mm2 is None:
            return Measurement(name, None, "%", reason="no spacing")
        areas[side] = answer.breast_mm2
    larger = max(areas.values())
    if larger <= 0:
        return Measurement(name, None, "%", reason="no breast is outlined")
    return Measurement(name, round(100 * (areas["L"] - areas["R"]) / larger, 6), "%")
