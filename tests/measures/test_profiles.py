import re
import tomllib

import pytest

from mammoscope.errors import SettingsError
from mammoscope.measures import DEFAULT_PROFILE, PROFILES, load_profile
from mammoscope.measures.names import UNITS
from mammoscope.measures.profiles import FOLDER, Profile

ONE = """
name = "mine"
title = "My unit"

[[criteria]]
measurement = "pectoral gap"
views = ["MLO"]
high = 12.5
unit = "mm"
source = "ours"
finding = "the muscle ends {size} {side} the line"
sides = ["above", "below"]
too_high = "Raise the nipple level"
weight = "major"

[[grades]]
grade = "good"
at_most = { major = 0 }
"""


def profile(tmp_path, text: str) -> Profile:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return load_profile(path)


@pytest.mark.parametrize("name", PROFILES)
def test_profiles_that_come_with_the_package(name):
    said = load_profile(name)
    assert said.name == name
    assert said.rules
    for rule in said.rules:
        assert rule.measurement in UNITS
        assert rule.source
        assert rule.finding
        assert bool(rule.too_low) == (rule.low is not None)
        assert bool(rule.too_high) == (rule.high is not None)
        assert bool(rule.otherwise) == bool(rule.allowed)


def test_the_files_are_the_names():
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(PROFILES)
    assert DEFAULT_PROFILE == "iarc"


@pytest.mark.parametrize(
    ("name", "measurement", "low", "high"),
    [
        ("iarc", "pectoral gap", None, 10),
        ("iarc", "nipple angle", -10, 10),
        ("iarc", "posterior nipple line difference", -10, None),
        ("pgmi", "posterior nipple line difference", -10, 10),
        ("pgmi", "pectoral level", 0, None),
        ("acr", "posterior nipple line difference", -10, 10),
        ("paper", "foot inside image", 0, None),
    ],
)
def test_thresholds_are_those_that_are_written(name, measurement, low, high):
    rule = load_profile(name).rule(measurement)
    assert (rule.low, rule.high) == (low, high)


def test_a_rule_is_for_its_view():
    said = load_profile("iarc")
    assert said.rule("pectoral gap", "MLO").high == 10
    assert said.rule("pectoral gap", "CC") is None
    assert said.rule("nipple in profile", "CC") == said.rule("nipple in profile", "MLO")
    assert said.rule("pectoral length", "MLO") is None


def test_a_copy_by_its_path(tmp_path):
    text = (FOLDER / "iarc.toml").read_text(encoding="utf-8")
    edited = text.replace('name = "iarc"', 'name = "my unit"').replace(
        'high = 10\nunit = "mm"', 'high = 15\nunit = "mm"'
    )
    said = profile(tmp_path, edited)
    assert said.name == "my unit"
    assert said.rule("pectoral gap").high == 15
    assert said.rules[2:] == load_profile("iarc").rules[2:]


def test_a_copy_that_is_not_edited_keeps_its_name(tmp_path):
    text = (FOLDER / "iarc.toml").read_text(encoding="utf-8")
    assert profile(tmp_path, text) == load_profile("iarc")


def test_all_of_a_file_is_read(tmp_path):
    said = profile(tmp_path, ONE)
    document = tomllib.loads(ONE)
    (rule,) = said.rules
    for key, value in document["criteria"][0].items():
        assert getattr(rule, key) == (tuple(value) if isinstance(value, list) else value)
    assert said.grades[0].at_most == {"major": 0}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("high =", "higher =", "'pectoral gap': unknown key 'higher', known are .*high, low"),
        ('title = "My unit"', "", "mine.toml: the key 'title' is missing"),
        ('source = "ours"', "", "the key 'source' is missing"),
        ('title =', 'colour = "red"\ntitle =', "mine.toml: unknown key 'colour', known are criteria"),
        ("12.5", '"12"', "high is a number, got '12'"),
        ("12.5", "true", "high is a number, got True"),
        ("12.5", "nan", "high is a number, got nan"),
        ("12.5", "-inf", "high is a number, got -inf"),
        ('"mine"', '" "', "mine.toml: name is empty"),
        ('"mine"', '"iarc"', "mine.toml: name is 'iarc', but it is not that profile: name the copy"),
        ('["MLO"]', '"MLO"', "views is a list of words"),
        ('["MLO"]', '["ML"]', "views are CC and MLO, got 'ML'"),
        ('"pectoral gap"', '"gap"', "no such measurement, known are nipple in profile"),
        ('"pectoral gap"', '"pectoral shape"', "allowed, a list of straight, convex, concave"),
        ("high = 12.5", "", "low, high or both"),
        ("high = 12.5", 'allowed = ["x"]', "low, high or both"),
        ("high = 12.5", "high = 1\nlow = 2", "low is 2, above high, 1"),
        ('unit = "mm"', 'unit = "cm"', "its unit is 'mm', got 'cm'"),
        ('["above", "below"]', '["above"]', "sides are two words, got 1"),
        ("{size}", "{sise}", "may hold {size}, {side} and {value} only"),
        ("{size}", "{size:>99999999999}", "may hold {size}, {side} and {value} only"),
        ("{size}", "{size.real}", "may hold {size}, {side} and {value} only"),
        ("{size}", "{size", "may hold {size}, {side} and {value} only"),
        ("[[grades]]", "[grades]", r"grades must be written as \[\[grades\]\]"),
        ("major = 0", "minor = 0", "a grade counts 'minor', weights of criteria are major"),
        ("major = 0", "major = 0.5", "a whole number for each weight"),
        ('title =', 'title', "is no TOML"),
        ("[[grades]]", ONE[ONE.index("[[cri") : ONE.index("[[gra")] + "[[grades]]", "two criteria for"),
    ],
)  # fmt: skip
def test_a_broken_file_says_where(tmp_path, old, new, message):
    assert old in ONE
    with pytest.raises(SettingsError, match=message):
        profile(tmp_path, ONE.replace(old, new, 1))


def test_words_that_are_never_said(tmp_path):
    text = ONE[: ONE.index("[[criteria]]")] + (
        '[[criteria]]\nmeasurement = "pectoral shape"\nsource = "ours"\n'
        'allowed = ["round"]\nfinding = "x"\n'
    )
    with pytest.raises(SettingsError, match="it never says 'round', but straight, convex, concave"):
        profile(tmp_path, text)


def test_no_such_profile(tmp_path):
    with pytest.raises(SettingsError, match="acr, pgmi, iarc, paper or a TOML file, got 'euref'"):
        load_profile("euref")
    with pytest.raises(SettingsError, match=re.escape("a TOML file")):
        load_profile(tmp_path)
