"""Measurements against the thresholds of a profile. A boundary passes."""

from typing import Final

from mammoscope.core import Criterion, Measurement, Outcome
from mammoscope.measures.advice import advice, quantity
from mammoscope.measures.profiles import Rule
from mammoscope.measures.uncertainty import INTERVAL

NO_THRESHOLD: Final = "the profile sets no threshold"


def judge(measurement: Measurement, rule: Rule | None) -> Criterion:
    """Give a measurement its verdict.

    Args:
        measurement: A quantity, with or without a value.
        rule: Of a profile; None where it sets none.

    Returns:
        ``borderline`` where a threshold lies within 1.645 standard deviations of the value, or the
        word is one that the rule doubts; ``not assessable`` with its reason where there is no value
        or no threshold.
    """
    threshold = threshold_text(rule) if rule else ""
    if measurement.value is None:
        return Criterion(measurement, threshold, "not assessable", measurement.reason)
    if rule is None:
        return Criterion(measurement, "", "not assessable", NO_THRESHOLD)
    problem = _mismatch(measurement, rule)
    if problem:
        return Criterion(measurement, threshold, "not assessable", problem)
    outcome = _outcome(measurement, rule)
    return Criterion(measurement, threshold, outcome, advice=advice(measurement, rule, outcome))


def threshold_text(rule: Rule) -> str:
    """A rule for a reader: ``at most 10 mm``."""
    if rule.allowed:
        return " or ".join(rule.allowed)
    if rule.low is None:
        return f"at most {quantity(rule.high or 0.0, rule.unit)}"
    if rule.high is None:
        return f"at least {quantity(rule.low, rule.unit)}"
    return f"{quantity(rule.low, '')} to {quantity(rule.high, rule.unit)}"


def _mismatch(measurement: Measurement, rule: Rule) -> str:
    number = isinstance(measurement.value, float)
    if number == bool(rule.allowed):
        said = "a number" if number else "a word"
        return f"the profile's threshold does not fit: the measurement is {said}"
    thresholds = [value for value in (rule.low, rule.high) if value]
    if number and thresholds and measurement.unit != rule.unit:
        return f"the profile's threshold is in {rule.unit or 'no unit'}, not in {measurement.unit}"
    return ""


def _outcome(measurement: Measurement, rule: Rule) -> Outcome:
    value = measurement.value
    if not isinstance(value, float):
        if value in rule.doubtful:
            return "borderline"
        return "pass" if value in rule.allowed else "fail"
    margin = INTERVAL * (measurement.sd or 0.0)
    thresholds = [limit for limit in (rule.low, rule.high) if limit is not None]
    if any(abs(value - limit) < margin for limit in thresholds):
        return "borderline"
    low = rule.low is None or value >= rule.low
    return "pass" if low and (rule.high is None or value <= rule.high) else "fail"
