from dataclasses import replace

import numpy as np
import pytest

from mammoscope.core import ImageResult, NotAssessed, Sourced
from mammoscope.measures import assess_exam, assess_image, load_profile
from mammoscope.measures.names import OF_EXAMS
from tests.synthetic_landmarks import (
    FROM_ABOVE,
    OBLIQUE,
    about,
    breast,
    marks,
    outlined,
    preview,
)


def image(view, side, points, spacing=(0.2, 0.2), labels=None, profile="iarc", sd=0.0) -> ImageResult:
    of, landmarks = about(view, side, spacing), marks(points, sd)
    segmentation = None if labels is None else outlined(labels, spacing)
    answers = {
        "positioning": assess_image(landmarks, segmentation, of, preview(), load_profile(profile))
    }
    if segmentation is not None:
        answers["segmentation"] = segmentation
    return ImageResult(of, Sourced("left", "pixels"), answers, preview())


def test_an_exam():
    """MLO 92 mm; CC 80 mm on the left: 12 shorter, and 84 mm on the right: 8 shorter."""
    farther = {**FROM_ABOVE, "nipple": (460.0, 420.0)}
    images = [
        image("CC", "R", farther, labels=breast(width=500)),
        image("CC", "L", FROM_ABOVE, labels=breast(width=400)),
        image("MLO", "R", OBLIQUE, labels=breast()),
        image("MLO", "L", OBLIQUE, labels=breast()),
    ]
    exam = assess_exam(images, load_profile("iarc"))
    assert exam.profile == "iarc"
    assert exam.grades == {}
    (left,), (right,) = exam.breasts["L"], exam.breasts["R"]
    assert (left.measurement.value, left.outcome) == (-12.0, "fail")
    assert (right.measurement.value, right.outcome) == (-8.0, "pass")
    assert left.advice == (
        "Pull more of the breast into the CC view: the posterior nipple line of CC is 12 mm shorter "
        "than that of MLO."
    )
    woman = {each.measurement.name: each.measurement.value for each in exam.woman}
    assert set(woman) | {"posterior nipple line difference"} == set(OF_EXAMS)
    assert woman["CC posterior nipple line symmetry"] == -4.0
    assert woman["MLO posterior nipple line symmetry"] == 0.0
    assert woman["CC breast area symmetry"] == pytest.approx(-20.0)
    assert {each.outcome for each in exam.woman} == {"not assessable"}
    assert {each.reason for each in exam.woman} == {"the profile sets no threshold"}


def test_exactly_on_the_boundary_passes():
    """CC 82 mm, MLO 92 mm, every point certain: 10 mm shorter."""
    images = [
        image("CC", "L", {**FROM_ABOVE, "nipple": (460.0, 410.0)}),
        image("MLO", "L", OBLIQUE),
    ]
    (difference,) = assess_exam(images, load_profile("iarc")).breasts["L"]
    assert (difference.measurement.value, difference.measurement.sd) == (-10.0, 0.0)
    assert difference.outcome == "pass"


def test_the_difference_is_as_sure_as_both():
    """CC: 5 pixels at nipple and wall; both views' variances add."""
    images = [image("CC", "L", FROM_ABOVE, sd=5.0), image("MLO", "L", OBLIQUE, sd=5.0)]
    parts = [
        next(
            c.measurement
            for c in each.answers["positioning"].criteria
            if c.measurement.name == "posterior nipple line"
        )
        for each in images
    ]
    (difference,) = assess_exam(images, load_profile("iarc")).breasts["L"]
    assert difference.measurement.sd == pytest.approx(np.hypot(parts[0].sd, parts[1].sd), abs=1e-5)
    assert difference.outcome == "borderline"


def test_what_cannot_be_compared():
    alone = assess_exam([image("CC", "L", FROM_ABOVE)], load_profile("iarc"))
    assert [c.reason for c in alone.breasts["L"]] == ["MLO is missing"]
    assert "R" not in alone.breasts
    unscaled = [
        image("CC", "L", FROM_ABOVE, None), image("MLO", "L", OBLIQUE, None)
    ]  # fmt: skip
    assert assess_exam(unscaled, load_profile("iarc")).breasts["L"][0].reason == "no spacing"
    blind = {key: point for key, point in OBLIQUE.items() if key != "nipple"}
    both = [image("CC", "L", FROM_ABOVE), image("MLO", "L", blind)]
    assert (
        assess_exam(both, load_profile("iarc")).breasts["L"][0].reason == "MLO: the nipple is not seen"
    )
    silent = replace(both[1], answers={"positioning": NotAssessed("not installed")})
    reason = assess_exam([both[0], silent], load_profile("iarc")).breasts["L"][0].reason
    assert reason == "MLO is not assessed: not installed"
    aside = replace(image("MLO", "L", OBLIQUE), set_aside="repeated view")
    assert (
        assess_exam([both[0], aside], load_profile("iarc")).breasts["L"][0].reason == "MLO is missing"
    )
    assert assess_exam([], load_profile("iarc")).woman == ()
