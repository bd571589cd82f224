"""How the images of an exam are positioned: measurements first, then their verdicts."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from jaxtyping import UInt8

from mammoscope.core import (
    About,
    Criterion,
    ExamPositioning,
    ImageResult,
    Landmarks,
    Laterality,
    Measurement,
    Positioning,
    Segmentation,
    View,
)
from mammoscope.errors import GeometryError
from mammoscope.io import set_aside
from mammoscope.measures.comparisons import of_breast, of_woman
from mammoscope.measures.drawing import lines_to_draw
from mammoscope.measures.muscle import shape
from mammoscope.measures.profiles import Profile
from mammoscope.measures.quality import exposure, motion_blur, skin_folds
from mammoscope.measures.quantities import (
    FROM_ABOVE,
    OBLIQUE,
    fold_shown,
    in_profile,
    measure,
    muscle_seen,
)
from mammoscope.measures.scene import scene
from mammoscope.measures.tissue import retroglandular_fat
from mammoscope.measures.verdicts import judge

NO_OUTLINE: Final = "the breast is not outlined"
SIDES: Final[tuple[Laterality, ...]] = ("R", "L")

Preview = UInt8[np.ndarray, "rows columns"]


def reason_not_assessed(about: About) -> str | None:
    """Why the criteria of positioning are not for an image; None where they are.

    They are made for whole CC and MLO views of a breast without an implant. An image whose breast
    nobody names is assessed: only comparisons need to know.
    """
    if about.view is None:
        return "view unknown"
    reason = set_aside(about)
    if about.view.value not in ("CC", "MLO"):
        return f"{about.view.value} view: the criteria of positioning are for CC and MLO"
    return None if reason in ("", "laterality unknown") else reason


def measure_image(
    landmarks: Landmarks, segmentation: Segmentation | None, about: About, preview: Preview
) -> tuple[Measurement, ...]:
    """Every quantity of one CC or MLO image, in the order of a reader's interest.

    Args:
        landmarks: In source pixels.
        segmentation: Breast and muscle; without it what needs them has a reason and no value.
        about: View and spacing.
        preview: The display picture of at most 1,600 rows.

    Raises:
        GeometryError: If the view is another: see `reason_not_assessed`.
    """
    view = about.view.value if about.view else None
    if view not in ("CC", "MLO"):
        raise GeometryError(f"positioning is measured on CC and MLO, got {view}: ask for the reason")
    seen = scene(landmarks, about, segmentation)
    quantities = OBLIQUE if view == "MLO" else FROM_ABOVE
    numbers = tuple(measure(each, seen) for each in quantities)
    words = (fold_shown(landmarks),) if view == "MLO" else (muscle_seen(landmarks),)
    rest = _of_pixels(landmarks, segmentation, about, preview)
    return (in_profile(landmarks), *numbers, *words, *rest)


def assess_image(
    landmarks: Landmarks,
    segmentation: Segmentation | None,
    about: About,
    preview: Preview,
    profile: Profile,
) -> Positioning:
    """Measure one CC or MLO image and judge it by a profile.

    Raises:
        GeometryError: If the view is another: see `reason_not_assessed`.
    """
    view = about.view.value if about.view else None
    criteria = tuple(
        judge(measurement, profile.rule(measurement.name, view))
        for measurement in measure_image(landmarks, segmentation, about, preview)
    )
    drawn = lines_to_draw(scene(landmarks, about, segmentation), view)
    return Positioning(landmarks, profile.name, criteria, drawn, landmarks.notes)


def assess_exam(images: Sequence[ImageResult], profile: Profile) -> ExamPositioning:
    """Compare CC with MLO of each breast, and left with right.

    Args:
        images: Of one exam; those that are not standard or have no positioning are left out.
        profile: Thresholds, and grades where the programme has them.
    """
    standard: dict[tuple[Laterality, View], ImageResult] = {}
    for image in images:
        said = image.about
        if image.standard and said.laterality and said.view:
            standard.setdefault((said.laterality.value, said.view.value), image)
    breasts: dict[Laterality, tuple[Criterion, ...]] = {
        side: _judged(of_breast(standard, side), profile)
        for side in SIDES
        if any(laterality == side for laterality, _ in standard)
    }
    woman = _judged(of_woman(standard), profile) if standard else ()
    return ExamPositioning(profile.name, breasts, woman)


def _judged(measurements: tuple[Measurement, ...], profile: Profile) -> tuple[Criterion, ...]:
    return tuple(judge(each, profile.rule(each.name)) for each in measurements)


def _of_pixels(
    landmarks: Landmarks, segmentation: Segmentation | None, about: About, preview: Preview
) -> tuple[Measurement, ...]:
    oblique = about.view is not None and about.view.value == "MLO"
    if segmentation is None:
        names: Mapping[str, str] = (
            NAMES if oblique else {k: v for k, v in NAMES.items() if k != "pectoral shape"}
        )
        return tuple(Measurement(name, None, unit, reason=NO_OUTLINE) for name, unit in names.items())
    muscle = (shape(segmentation, landmarks, about),) if oblique else ()
    return (
        *muscle,
        retroglandular_fat(segmentation, landmarks, about, preview),
        skin_folds(segmentation, about, preview),
        motion_blur(segmentation, about, preview),
        exposure(segmentation, about, preview),
    )


NAMES: Final[Mapping[str, str]] = {
    "pectoral shape": "",
    "retroglandular fat": "mm",
    "skin folds": "mm",
    "motion blur": "",
    "clipped pixels": "%",
}
"""What only the outline's pixels give, with its unit."""
