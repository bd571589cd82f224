"""One sentence to act on, in the words of a profile."""

from mammoscope.core import Measurement, Outcome
from mammoscope.measures.profiles import Rule
from mammoscope.measures.uncertainty import INTERVAL


def advice(measurement: Measurement, rule: Rule, outcome: Outcome) -> str:
    """What to do about a measurement.

    Returns:
        Empty for a pass and for what is not assessable.
    """
    if outcome not in ("fail", "borderline"):
        return ""
    finding = rule.finding.format(**_figures(measurement, rule))
    if measurement.value in rule.doubtful:
        return f"Judge by eye whether {rule.finding.format(size='', side='', value=rule.allowed[0])}."
    if outcome == "fail":
        act = _act(measurement, rule)
        return f"{act}: {finding}." if act else f"{finding[:1].upper()}{finding[1:]}."
    return f"Borderline, judge by eye before repeating: {finding}{_doubt(measurement)}."


def quantity(value: float, unit: str) -> str:
    """A number for a reader: ``18 mm``, ``7.5°``; one digit after the point below 10."""
    rounded = f"{value:.1f}" if abs(value) < 10 else f"{value:.0f}"
    text = rounded.removesuffix(".0").replace("-", "−")
    text = "0" if text == "−0" else text
    return text + (unit if unit in ("", "°") else f" {unit}")


def _figures(measurement: Measurement, rule: Rule) -> dict[str, str]:
    value = measurement.value
    if isinstance(value, float):
        return {
            "size": quantity(abs(value), measurement.unit),
            "side": rule.sides[0] if value >= 0 else rule.sides[1],
            "value": quantity(value, measurement.unit),
        }
    return {"size": "", "side": "", "value": str(value)}


def _act(measurement: Measurement, rule: Rule) -> str:
    value = measurement.value
    if not isinstance(value, float):
        return rule.otherwise
    return rule.too_low if rule.low is not None and value < rule.low else rule.too_high


def _doubt(measurement: Measurement) -> str:
    if not isinstance(measurement.value, float) or measurement.sd is None:
        return ""
    return f", give or take {quantity(INTERVAL * measurement.sd, measurement.unit)}"
