"""Images cut by what is known of them."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from mammoscope.measures.validation.scored import Scored

DECADE: Final = 10
NOBODY_SAYS: Final = "not stated"
OLDEST: Final = 80
YOUNGEST: Final = 40


def age_band(age: float | None) -> str:
    """The decade of an age, the youngest and the oldest together.

    Example:
        >>> age_band(57.0), age_band(38.0), age_band(91.0)
        ('50–59', 'below 40', '80 or more')
    """
    if age is None:
        return ""
    if age < YOUNGEST:
        return f"below {YOUNGEST}"
    if age >= OLDEST:
        return f"{OLDEST} or more"
    first = int(age) // DECADE * DECADE
    return f"{first}–{first + DECADE - 1}"


BY: Final[Mapping[str, Callable[[Scored], str]]] = {
    "data set": lambda one: one.dataset,
    "density": lambda one: one.density,
    "view": lambda one: one.view,
    "age": lambda one: age_band(one.age),
    "machine": lambda one: one.machine,
}
"""What images are grouped by; an empty word where nobody says."""


def groups(images: Sequence[Scored]) -> dict[str, dict[str, list[Scored]]]:
    """Groups by what makes them; what has fewer than two is left out."""
    found: dict[str, dict[str, list[Scored]]] = {}
    for by, of in BY.items():
        members: dict[str, list[Scored]] = {}
        for one in images:
            members.setdefault(of(one) or NOBODY_SAYS, []).append(one)
        if len(members) > 1:
            order = sorted(members, key=lambda name: (name == NOBODY_SAYS, _first(name), name))
            found[by] = {name: members[name] for name in order}
    return found


def _first(name: str) -> bool:
    """``below 40`` comes before ``40–49``."""
    return not name.startswith("below")
