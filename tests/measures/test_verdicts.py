import pytest

from mammoscope.core import Measurement
from mammoscope.measures.profiles import Rule
from mammoscope.measures.verdicts import judge, threshold_text

GAP = Rule(
    "pectoral gap", "test", "it ends {size} {side}", unit="mm", high=10.0, sides=("above", "below")
)
LINE = Rule(
    "posterior nipple line difference", "test", "{size} {side}", unit="mm", low=-10.0, high=10.0
)
PROFILE = Rule(
    "nipple in profile", "test", "the nipple is {value}",
    allowed=("in profile",), doubtful=("uncertain",),
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "sd", "outcome"),
    [
        (10.0, 0.0, "pass"),
        (10.000001, 0.0, "fail"),
        (10.0, 0.1, "borderline"),
        (3.0, 4.0, "pass"),  # 3 + 1.645 x 4 = 9.58
        (3.5, 4.0, "borderline"),  # 10.08
        (16.5, 4.0, "borderline"),  # 16.5 - 6.58 = 9.92
        (16.6, 4.0, "fail"),  # 10.02
        (-50.0, 4.0, "pass"),
        (11.0, None, "fail"),
    ],
)
def test_one_side(value, sd, outcome):
    assert judge(Measurement("pectoral gap", value, "mm", sd), GAP).outcome == outcome


@pytest.mark.parametrize(
    ("value", "sd", "outcome"),
    [
        (-10.0, 0.0, "pass"),
        (10.0, 0.0, "pass"),
        (-10.1, 0.0, "fail"),
        (10.1, 0.0, "fail"),
        (-12.0, 2.0, "borderline"),
        (0.0, 6.0, "pass"),
        (0.0, 6.1, "borderline"),
    ],
)
def test_two_sides(value, sd, outcome):
    name = "posterior nipple line difference"
    assert judge(Measurement(name, value, "mm", sd), LINE).outcome == outcome


@pytest.mark.parametrize(
    ("word", "outcome"),
    [("in profile", "pass"), ("uncertain", "borderline"), ("not in profile", "fail")],
)
def test_words(word, outcome):
    assert judge(Measurement("nipple in profile", word), PROFILE).outcome == outcome


def test_no_value():
    said = judge(Measurement("pectoral gap", None, "mm", reason="no spacing"), GAP)
    assert (said.outcome, said.reason, said.threshold) == (
        "not assessable",
        "no spacing",
        "at most 10 mm",
    )
    assert said.advice == ""


def test_no_threshold():
    said = judge(Measurement("pectoral length", 50.0, "mm", 1.0), None)
    assert (said.outcome, said.reason, said.threshold) == (
        "not assessable",
        "the profile sets no threshold",
        "",
    )


def test_a_threshold_in_another_unit():
    said = judge(Measurement("skin folds", 3.0, "%"), Rule("skin folds", "x", "x", unit="mm", high=5.0))
    assert said.reason == "the profile's threshold is in mm, not in %"
    inside = Rule("foot inside image", "x", "{size}", unit="mm", low=0.0)
    assert judge(Measurement("foot inside image", 3.0, "%", 0.1), inside).outcome == "pass"
    assert judge(Measurement("foot inside image", 3.0, "%", 0.1), PROFILE).outcome == "not assessable"


def test_thresholds_for_a_reader():
    assert threshold_text(GAP) == "at most 10 mm"
    assert threshold_text(LINE) == "−10 to 10 mm"
    assert threshold_text(Rule("x", "x", "x", unit="mm", low=0.0)) == "at least 0 mm"
    assert threshold_text(Rule("x", "x", "x", unit="°", high=7.5)) == "at most 7.5°"
    assert threshold_text(Rule("x", "x", "x", unit="mm", high=0.0)) == "at most 0 mm"
    assert threshold_text(PROFILE) == "in profile"
