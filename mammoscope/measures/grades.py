"""One word for a breast, after its measurements, by the failures that a profile counts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from mammoscope.core import Criterion, Note, View
from mammoscope.measures.profiles import Profile

VIEWS: Final[tuple[View, ...]] = ("CC", "MLO")
GRADE_NOTE: Final = Note(
    "grade",
    "A grade counts what is measured here and nothing else; readers agree poorly on such grades: "
    "look at the measurements first.",
)


def grade(
    images: Mapping[View, Sequence[Criterion]], breast: Sequence[Criterion], profile: Profile
) -> str:
    """The grade of one breast.

    Args:
        images: Criteria of its views.
        breast: Criteria of the views together.
        profile: With grades, and rules that have a weight.

    Returns:
        A grade; two where borderline criteria decide between them (``perfect or good``); or
        ``no grade: why`` where anything that the grade needs is not assessable.
    """
    missing = [view for view in VIEWS if view not in images]
    if missing:
        return f"no grade: {missing[0]} is missing"
    outcomes: list[tuple[str, str]] = []
    for view, criteria in (*images.items(), (None, breast)):
        for criterion in criteria:
            rule = profile.rule(criterion.measurement.name, view)
            if rule is None or not rule.weight:
                continue
            if criterion.outcome == "not assessable":
                where = f" of {view}" if view else ""
                return f"no grade: {rule.measurement}{where}: {criterion.reason}"
            outcomes.append((rule.weight, criterion.outcome))
    best = _grade(Counter(weight for weight, outcome in outcomes if outcome == "fail"), profile)
    worst = _grade(Counter(weight for weight, outcome in outcomes if outcome != "pass"), profile)
    return best if best == worst else f"{best} or {worst}"


def _grade(failures: Counter[str], profile: Profile) -> str:
    for entry in profile.grades:
        if all(failures[weight] <= limit for weight, limit in entry.at_most.items()):
            return entry.grade
    return "no grade: the profile has none for so many failures"
