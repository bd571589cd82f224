import pytest

from mammoscope.core import Measurement, Outcome
from mammoscope.measures import PROFILES, load_profile
from mammoscope.measures.advice import advice, quantity


def said(profile: str, name: str, value: float | str, outcome: Outcome, unit: str = "mm") -> str:
    rule = load_profile(profile).rule(name)
    assert rule is not None
    return advice(Measurement(name, value, unit, 2.0), rule, outcome)


def test_the_muscle_ends_above():
    assert said("iarc", "pectoral gap", 18.0, "fail") == (
        "Raise the nipple level: the pectoral muscle ends 18 mm above the nipple line."
    )


def test_both_directions_where_they_differ():
    name = "posterior nipple line difference"
    assert said("pgmi", name, -14.2, "fail") == (
        "Pull more of the breast into the CC view: "
        "the posterior nipple line of CC is 14 mm shorter than that of MLO."
    )
    assert said("pgmi", name, 14.2, "fail") == (
        "Pull more of the breast and its muscle into the MLO view: "
        "the posterior nipple line of CC is 14 mm longer than that of MLO."
    )
    assert "upper edge until" in said("iarc", "nipple angle", 12.0, "fail", "°")
    assert "12° towards the lower edge of the image." in said("iarc", "nipple angle", 12.0, "fail", "°")
    assert "lower edge until" in said("iarc", "nipple angle", -12.0, "fail", "°")
    assert "12° towards the upper edge of the image." in said(
        "iarc", "nipple angle", -12.0, "fail", "°"
    )


def test_borderline_says_how_sure_it_is():
    assert said("iarc", "pectoral gap", 8.0, "borderline") == (
        "Borderline, judge by eye before repeating: "
        "the pectoral muscle ends 8 mm above the nipple line, give or take 3.3 mm."
    )


def test_words():
    name = "nipple in profile"
    assert said("iarc", name, "not in profile", "fail", "") == (
        "Roll the breast until the nipple stands in profile: the nipple is not in profile."
    )
    assert said("iarc", name, "uncertain", "borderline", "") == (
        "Judge by eye whether the nipple is in profile."
    )


@pytest.mark.parametrize("outcome", ["pass", "not assessable"])
def test_nothing_to_do(outcome):
    assert said("iarc", "pectoral gap", 8.0, outcome) == ""


@pytest.mark.parametrize("name", PROFILES)
def test_every_failure_has_a_sentence(name):
    for rule in load_profile(name).rules:
        low = rule.low - 5 if rule.low is not None else None
        high = rule.high + 5 if rule.high is not None else None
        values = (
            ["uncertain"] if rule.allowed else [value for value in (low, high) if value is not None]
        )
        for value in values:
            for outcome in ("fail", "borderline"):
                text = advice(Measurement(rule.measurement, value, rule.unit, 1.0), rule, outcome)
                assert text[0].isupper()
                assert text.endswith(".")
                assert "{" not in text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (18.04, "18 mm"),
        (9.96, "10 mm"),
        (3.25, "3.2 mm"),
        (0.0, "0 mm"),
        (-0.01, "0 mm"),
        (-4.0, "−4 mm"),
    ],
)
def test_figures(value, text):
    assert quantity(value, "mm") == text
