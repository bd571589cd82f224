"""Say what fails in the positioning of an exam: python examples/positioning.py EXAM [PROFILE]."""

import sys
from collections.abc import Iterable

import mammoscope
from mammoscope.core import Criterion, ExamPositioning, Positioning


def tell(where: str, criteria: Iterable[Criterion]) -> None:
    """Print each criterion that fails, its value beside its threshold, and what to do."""
    for one in criteria:
        if one.outcome == "fail":
            found = one.measurement
            value = f"{found.value:.1f}" if isinstance(found.value, float) else found.value
            print(f"{where}: {found.name} {value} {found.unit}, {one.threshold}. {one.advice}")


path, *profile = sys.argv[1:]
for exam in mammoscope.analyze([path], profile=profile[0] if profile else "iarc"):
    for image in exam.images:
        answer = image.answers["positioning"]
        if isinstance(answer, Positioning):
            tell(image.about.name, answer.criteria)
        else:
            print(f"{image.about.name}: {answer}")
    together = exam.answers["positioning"]
    if isinstance(together, ExamPositioning):
        for side, criteria in together.breasts.items():
            tell(f"breast {side}", criteria)
        tell("both breasts", together.woman)
