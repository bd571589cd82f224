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
    Note,
    Positioning,
    Segmentation,
    View,
)
from mammoscope.errors import GeometryError
from mammoscope.io import set_aside
from mammoscope.measures.comparisons import of_breast, of_woman, standard_images
from mammoscope.measures.drawing import lines_to_draw
from mammoscope.measures.grades import GRADE_NOTE, grade
from mammoscope.measures.muscle import shape
from mammoscope.measures.names import OF_PIXELS, UNITS
from mammoscope.measures.profiles import Profile
from mammoscope.measures.quality import exposure, motion_blur, skin_folds
from mammoscope.measures.quantities import (
    FROM_ABOVE,
    NO_OUTLINE,
    OBLIQUE,
    fold_shown,
    in_profile,
    measure,
    muscle_seen,
)
from mammoscope.measures.scene import OUTLINE, scene
from mammoscope.measures.tissue import retroglandular_fat
from mammoscope.measures.verdicts import judge

FROM_OUTLINE: Final = Note(
    "chest wall from outline",
    "No end of the chest-wall edge is seen by the network: it is taken from the breast's outline.",
)
SIDES: Final[tuple[Laterality, ...]] = ("R", "L")

Preview = UInt8[np.ndarray, "rows columns"]


def reason_not_assessed(about: About, asked: str = "the criteria of positioning are") -> str | None:
    """Why something made for whole CC and MLO views is not for an image; None where it is.

    A breast with an implant is left out, too. An image whose breast nobody names is assessed: only
    comparisons need to know.

    Args:
        about: What is known of the image.
        asked: What is made for such views, with its verb.
    """
    if about.view is None:
        return "view unknown"
    reason = set_aside(about)
    if about.view.value not in ("CC", "MLO"):
        return f"{about.view.value} view: {asked} for CC and MLO"
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
    view, seen = _view(about), scene(landmarks, about, segmentation)
    quantities = OBLIQUE if view == "MLO" else FROM_ABOVE
    numbers = tuple(measure(each, seen) for each in quantities)
    word = fold_shown(landmarks) if view == "MLO" else muscle_seen(segmentation)
    if segmentation is None:
        names = OF_PIXELS if view == "MLO" else OF_PIXELS[1:]
        rest = tuple(Measurement(name, None, UNITS[name], reason=NO_OUTLINE) for name in names)
        return (in_profile(landmarks), *numbers, word, *rest)
    return (
        in_profile(landmarks),
        *numbers,
        word,
        *((shape(segmentation, landmarks, about),) if view == "MLO" else ()),
        retroglandular_fat(segmentation, landmarks, about, preview),
        skin_folds(segmentation, about, preview),
        motion_blur(segmentation, about, preview),
        exposure(segmentation, about, preview),
    )


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
    view, seen = _view(about), scene(landmarks, about, segmentation)
    measured = measure_image(landmarks, segmentation, about, preview)
    criteria = tuple(judge(each, profile.rule(each.name, view)) for each in measured)
    notes = (*landmarks.notes, *((FROM_OUTLINE,) if OUTLINE in seen.points else ()))
    return Positioning(landmarks, profile.name, criteria, lines_to_draw(seen, view), notes)


def assess_exam(images: Sequence[ImageResult], profile: Profile) -> ExamPositioning:
    """Compare CC with MLO of each breast, and left with right.

    Args:
        images: Of one exam; those that are not standard or have no positioning are left out.
        profile: Thresholds, and grades where the programme has them.
    """
    standard = standard_images(images)
    sides = [side for side in SIDES if any(one == side for one, _ in standard)]
    breasts = {side: _judged(of_breast(standard, side), profile) for side in sides}
    woman = _judged(of_woman(standard), profile) if standard else ()
    if not profile.grades:
        return ExamPositioning(profile.name, breasts, woman)
    grades = {side: grade(_criteria(standard, side), breasts[side], profile) for side in sides}
    return ExamPositioning(profile.name, breasts, woman, grades, (GRADE_NOTE,) if grades else ())


def _criteria(
    standard: Mapping[tuple[Laterality, View], ImageResult], side: Laterality
) -> dict[View, tuple[Criterion, ...]]:
    answers = {
        view: image.answers.get("positioning")
        for (laterality, view), image in standard.items()
        if laterality == side
    }
    return {
        view: answer.criteria for view, answer in answers.items() if isinstance(answer, Positioning)
    }


def _judged(measurements: tuple[Measurement, ...], profile: Profile) -> tuple[Criterion, ...]:
    return tuple(judge(each, profile.rule(each.name)) for each in measurements)


def _view(about: About) -> View:
    view = about.view.value if about.view else None
    if view not in ("CC", "MLO"):
        raise GeometryError(f"positioning is measured on CC and MLO, got {view}: ask for the reason")
    return view
