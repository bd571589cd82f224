"""Thresholds by name: data files that a site can copy and edit."""

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from mammoscope.core import View
from mammoscope.errors import SettingsError
from mammoscope.measures.names import UNITS, WORDS

FOLDER: Final = Path(__file__).parent / "profiles"
PROFILES: Final = ("acr", "pgmi", "iarc", "paper")
DEFAULT_PROFILE: Final = "iarc"


@dataclass(frozen=True)
class Rule:
    """What one measurement must fulfil.

    Attributes:
        measurement: Its name.
        source: Where the rule is written, or "ours".
        finding: What is said of a value: ``the pectoral muscle ends {size} {side} the nipple line``;
            size is the value without its sign, side one of `sides`, value the word of a word.
        views: Views of an image that it holds for; empty: all.
        unit: Of the thresholds.
        low: Least value that passes.
        high: Largest value that passes.
        allowed: Words that pass.
        doubtful: Words that are borderline.
        sides: Said of a value of 0 or more, and of a smaller one.
        too_low: What to do about a value that is too low.
        too_high: What to do about a value that is too high.
        otherwise: What to do about another word.
        weight: How grades count a failure of it.
    """

    measurement: str
    source: str
    finding: str
    views: tuple[str, ...] = ()
    unit: str = ""
    low: float | None = None
    high: float | None = None
    allowed: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    sides: tuple[str, ...] = ("", "")
    too_low: str = ""
    too_high: str = ""
    otherwise: str = ""
    weight: str = ""


@dataclass(frozen=True)
class Grade:
    """A grade, and how many failures of each weight it allows: any number of one not named."""

    grade: str
    at_most: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Profile:
    """Rules of one programme.

    Attributes:
        name: What results call it.
        title: One line for a reader.
        rules: For each measurement that has a threshold.
        grades: From the best to the worst; empty where the programme has none.
    """

    name: str
    title: str
    rules: tuple[Rule, ...]
    grades: tuple[Grade, ...] = ()

    def rule(self, measurement: str, view: View | None = None) -> Rule | None:
        """The rule of a measurement; None where the profile sets none."""
        for rule in self.rules:
            if rule.measurement == measurement and (
                view is None or not rule.views or view in rule.views
            ):
                return rule
        return None


def load_profile(name_or_path: str | Path = DEFAULT_PROFILE) -> Profile:
    """Read a profile.

    Args:
        name_or_path: One of `PROFILES`, or a TOML file.

    Raises:
        SettingsError: If there is none, a key or a value of it is not known, or a changed copy
            keeps the name of the package's.
    """
    path = FOLDER / f"{name_or_path}.toml" if name_or_path in PROFILES else Path(name_or_path)
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        known = ", ".join(PROFILES)
        raise SettingsError(
            f"a profile is {known} or a TOML file, got {str(name_or_path)!r}: "
            "copy one of the package's and edit it"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"the profile {path.name} is no TOML: {error}") from error
    profile = _profile(document, path.name)
    if profile.name in PROFILES and path.parent != FOLDER and profile != load_profile(profile.name):
        raise SettingsError(
            f"{path.name}: name is {profile.name!r}, but it is not that profile: name the copy"
        )
    return profile


def _profile(document: Mapping[str, Any], file: str) -> Profile:
    known = {"name", "title", "criteria", "grades"}
    _check_keys(document, known, {"name", "title", "criteria"}, file)
    rules = tuple(_rule(entry, file) for entry in _tables(document, "criteria", file))
    grades = tuple(_grade(entry, file) for entry in _tables(document, "grades", file))
    _check_together(rules, grades, file)
    name = _text(document, "name", file)
    if not name.strip():
        raise SettingsError(f"{file}: name is empty: results and the scorecard carry it")
    return Profile(name, _text(document, "title", file), rules, grades)


def _tables(document: Mapping[str, Any], key: str, file: str) -> list[Mapping[str, Any]]:
    entries = document.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise SettingsError(f"{file}: {key} must be written as [[{key}]], a table for each")
    return entries


def _rule(entry: Mapping[str, Any], file: str) -> Rule:
    where = f"{file}, criterion {entry.get('measurement', '')!r}"
    rule = _read(entry, where)
    _check_measurement(rule, where)
    if rule.low is not None and rule.high is not None and rule.low > rule.high:
        raise SettingsError(f"{where}: low is {rule.low:g}, above high, {rule.high:g}")
    if len(rule.sides) != 2:
        raise SettingsError(f"{where}: sides are two words, got {len(rule.sides)}")
    if re.search(r"[{}]", re.sub(r"\{(size|side|value)\}", "", rule.finding)):
        raise SettingsError(
            f"{where}: finding {rule.finding!r} may hold {{size}}, {{side}} and {{value}} only"
        )
    return rule


def _check_measurement(rule: Rule, where: str) -> None:
    """A threshold must suit what is measured."""
    if rule.measurement not in UNITS:
        raise SettingsError(f"{where}: no such measurement, known are {', '.join(UNITS)}")
    odd = sorted(set(rule.views) - {"CC", "MLO"})
    if odd:
        raise SettingsError(f"{where}: views are CC and MLO, got {odd[0]!r}")
    words = WORDS.get(rule.measurement, ())
    unknown = sorted({*rule.allowed, *rule.doubtful} - set(words))
    if words and unknown:
        raise SettingsError(f"{where}: it never says {unknown[0]!r}, but {', '.join(words)}")
    numeric = rule.low is not None or rule.high is not None
    if numeric == bool(words) or bool(rule.allowed) != bool(words):
        needed = f"allowed, a list of {', '.join(words)}" if words else "low, high or both"
        raise SettingsError(f"{where}: its threshold is {needed}")
    if rule.unit != UNITS[rule.measurement]:
        unit = UNITS[rule.measurement]
        raise SettingsError(f"{where}: its unit is {unit!r}, got {rule.unit!r}")


def _check_together(rules: tuple[Rule, ...], grades: tuple[Grade, ...], file: str) -> None:
    """No rule stands twice, and grades count weights that rules have."""
    taken: set[tuple[str, str]] = set()
    for rule in rules:
        for view in rule.views or ("CC", "MLO"):
            if (rule.measurement, view) in taken:
                raise SettingsError(f"{file}: two criteria for {rule.measurement!r}: keep one")
            taken.add((rule.measurement, view))
    weights = {rule.weight for rule in rules if rule.weight}
    unknown = sorted({weight for entry in grades for weight in entry.at_most} - weights)
    if unknown:
        known = ", ".join(sorted(weights)) or "none"
        raise SettingsError(f"{file}: a grade counts {unknown[0]!r}, weights of criteria are {known}")


def _grade(entry: Mapping[str, Any], file: str) -> Grade:
    where = f"{file}, grade {entry.get('grade', '')!r}"
    _check_keys(entry, {"grade", "at_most"}, {"grade"}, where)
    at_most = entry.get("at_most", {})
    whole = isinstance(at_most, dict) and all(type(count) is int for count in at_most.values())
    if not whole:
        raise SettingsError(f"{where}: at_most gives a whole number for each weight, got {at_most!r}")
    return Grade(_text(entry, "grade", where), dict(at_most))


def _read(entry: Mapping[str, Any], where: str) -> Rule:
    kinds = {item.name: item.type for item in fields(Rule)}
    needed = {item.name for item in fields(Rule) if item.default is MISSING}
    _check_keys(entry, set(kinds), needed, where)
    return Rule(**{key: _value(entry, key, kinds[key], where) for key in entry})


def _value(entry: Mapping[str, Any], key: str, kind: object, where: str) -> Any:
    value = entry[key]
    if kind is str:
        return _text(entry, key, where)
    if kind == float | None:
        if type(value) not in (int, float) or not math.isfinite(value):
            raise SettingsError(f"{where}: {key} is a number, got {value!r}")
        return float(value)
    if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
        raise SettingsError(f"{where}: {key} is a list of words, got {value!r}")
    return tuple(value)


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry[key]
    if not isinstance(value, str):
        raise SettingsError(f"{where}: {key} is a text, got {value!r}")
    return value


def _check_keys(entry: Mapping[str, Any], known: set[str], needed: set[str], where: str) -> None:
    unknown, missing = sorted(entry.keys() - known), sorted(needed - entry.keys())
    if unknown:
        raise SettingsError(
            f"{where}: unknown key {unknown[0]!r}, known are {', '.join(sorted(known))}"
        )
    if missing:
        raise SettingsError(f"{where}: the key {missing[0]!r} is missing: add it")
