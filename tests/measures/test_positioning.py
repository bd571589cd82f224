from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mammoscope.core import Positioning
from mammoscope.errors import GeometryError
from mammoscope.measures import assess_image, load_profile, reason_not_assessed
from mammoscope.measures.names import UNITS, WORDS
from mammoscope.measures.positioning import measure_image
from mammoscope.measures.scene import OUTLINE_SD
from tests.synthetic_landmarks import (
    FROM_ABOVE,
    OBLIQUE,
    SHAPE,
    about,
    breast,
    marks,
    outlined,
    preview,
)

POINTS = {"MLO": OBLIQUE, "CC": FROM_ABOVE}


@pytest.mark.parametrize("view", ["MLO", "CC"])
def test_names_and_units_are_those_that_are_promised(view):
    measured = measure_image(marks(POINTS[view]), outlined(breast()), about(view), preview())
    assert len({each.name for each in measured}) == len(measured)
    for each in measured:
        assert each.unit == UNITS[each.name]
        if isinstance(each.value, str):
            assert each.value in WORDS[each.name]
    without = measure_image(marks(POINTS[view]), None, about(view), preview())
    assert {each.name for each in without} == {each.name for each in measured}


def test_the_outline_for_the_chest_wall_is_noted():
    nipple = {"nipple": FROM_ABOVE["nipple"]}
    said = assess_image(marks(nipple), outlined(breast()), about("CC"), preview(), load_profile())
    line = next(c.measurement for c in said.criteria if c.measurement.name == "posterior nipple line")
    assert (line.value, line.sd) == (80.0, pytest.approx(OUTLINE_SD * 180, rel=1e-3))
    assert [note.code for note in said.notes] == ["chest wall from outline"]
    seen = assess_image(marks(FROM_ABOVE), outlined(breast()), about("CC"), preview(), load_profile())
    assert seen.notes == ()


def test_the_advice_names_the_figure():
    points = {**OBLIQUE, "pectoral lower": (152.0, 186.0)}  # 190 along the line: 90 above the foot
    positioning = assess_image(marks(points), None, about(), preview(), load_profile("iarc"))
    (gap,) = (c for c in positioning.criteria if c.measurement.name == "pectoral gap")
    assert gap.outcome == "fail"
    assert gap.advice == "Raise the nipple level: the pectoral muscle ends 18 mm above the nipple line."


POINT = st.tuples(st.floats(-100, 1000), st.floats(-100, 700))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    st.fixed_dictionaries(dict.fromkeys(OBLIQUE, POINT)),
    st.floats(0, 60),
    st.sampled_from(["MLO", "CC"]),
    st.sampled_from([None, (0.2, 0.2), (0.1, 0.3)]),
    st.sampled_from(["acr", "pgmi", "iarc", "paper"]),
)
def test_a_mirrored_image_has_the_same_verdict(points, sd, view, spacing, profile):
    mirrored = {name: (row, SHAPE[1] - 1 - column) for name, (row, column) in points.items()}
    rules, of = load_profile(profile), about(view, spacing=spacing)
    one = assess_image(marks(points, sd), None, of, preview(), rules)
    other = assess_image(marks(mirrored, sd, side="right"), None, of, preview(), rules)
    for left, right in zip(one.criteria, other.criteria, strict=True):
        assert (left.outcome, left.reason) == (right.outcome, right.reason)
        if isinstance(left.measurement.value, float):
            said = pytest.approx(right.measurement.value, abs=2e-6, rel=1e-6)
            assert left.measurement.value == said


def test_a_view_without_criteria_is_refused():
    with pytest.raises(GeometryError, match="CC and MLO, got ML"):
        measure_image(marks(OBLIQUE), None, about("ML"), preview())


@pytest.mark.parametrize(
    ("of", "reason"),
    [
        (about(), None),
        (about(laterality=None), None),
        (about(view=None), "view unknown"),
        (about("ML"), "ML view: the criteria of positioning are for CC and MLO"),
        (replace(about(), modifiers=frozenset({"spot"})), "spot view"),
        (replace(about(), implant=True), "breast implant"),
        (replace(about(), implant=True, laterality=None), "breast implant"),
    ],
)
def test_reason_not_assessed(of, reason):
    assert reason_not_assessed(of) == reason


def test_lines_are_in_source_pixels():
    points = {name: (row, SHAPE[1] - 1 - column) for name, (row, column) in OBLIQUE.items()}
    positioning = assess_image(
        marks(points, side="right"), None, about("MLO", "R"), preview(), load_profile()
    )
    assert isinstance(positioning, Positioning)
    drawn = {line.kind: np.array(line.points) for line in positioning.lines}
    assert list(drawn) == ["chest wall", "pectoral line", "posterior nipple line", "gap"]
    assert drawn["pectoral line"] == pytest.approx(np.array([(0, 299), (200, 449)]))
    assert drawn["posterior nipple line"] == pytest.approx(np.array([(500, 99), (224, 599 - 132)]))
    assert drawn["gap"] == pytest.approx(np.array([(200, 449), (224, 599 - 132)]))
