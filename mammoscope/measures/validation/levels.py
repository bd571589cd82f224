"""Images, the breasts that they show, and the women."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from jaxtyping import Bool, Float

from mammoscope.measures.screening import of_breast, of_exam
from mammoscope.measures.validation.scored import Scored

Level = Literal["image", "breast", "woman"]
LEVELS: tuple[Level, ...] = get_args(Level)


@dataclass(frozen=True)
class Unit:
    """An image, a breast or a woman with a score.

    Attributes:
        woman: Data set and pseudonym.
        score: 0–1.
        cancer: Whether cancer was proven; None where nobody says.
    """

    woman: Hashable
    score: float
    cancer: bool | None


def units(images: Iterable[Scored], level: Level) -> tuple[Unit, ...]:
    """What is judged at a level; images without a score do not count.

    A breast's score is that of `mammoscope.measures.screening`, from all of its views, a woman's that
    of the breast that looks worse. A breast has cancer where one of its images does, and a woman where
    one of her breasts does; there is none where all are known to have none.
    """
    counted = [one for one in images if one.score == one.score]
    if level == "image":
        return tuple(Unit(_woman(one), one.score, one.cancer) for one in counted)
    breasts: dict[tuple[str, str, str], list[Scored]] = defaultdict(list)
    for one in counted:
        breasts[one.breast].append(one)
    found = {breast: _breast(members) for breast, members in breasts.items()}
    if level == "breast":
        return tuple(found.values())
    sides: dict[tuple[str, str], dict[str, Unit]] = defaultdict(dict)
    for (dataset, woman, side), unit in found.items():
        sides[dataset, woman][side] = unit
    return tuple(_both(of_woman) for of_woman in sides.values())


def known(members: Sequence[Unit]) -> tuple[Unit, ...]:
    """Those whose outcome is known."""
    return tuple(one for one in members if one.cancer is not None)


def scores(members: Sequence[Unit]) -> Float[np.ndarray, " n"]:
    """Of each."""
    return np.array([one.score for one in members], float)


def outcomes(members: Sequence[Unit]) -> Bool[np.ndarray, " n"]:
    """Of each; they must be known."""
    return np.array([bool(one.cancer) for one in members], bool)


def women(members: Sequence[Unit]) -> list[Hashable]:
    """Of each."""
    return [one.woman for one in members]


def _woman(one: Scored) -> tuple[str, str]:
    return one.dataset, one.woman


def _breast(members: Sequence[Scored]) -> Unit:
    views: dict[str, list[float]] = defaultdict(list)
    for one in members:
        views[one.view].append(one.score)
    return Unit(_woman(members[0]), of_breast(views), _cancer([one.cancer for one in members]))


def _both(sides: dict[str, Unit]) -> Unit:
    found = list(sides.values())
    score = of_exam({side: one.score for side, one in sides.items()})  # type: ignore[misc]
    return Unit(found[0].woman, score, _cancer([one.cancer for one in found]))


def _cancer(told: Sequence[bool | None]) -> bool | None:
    """One that is proven counts for all; else all must be known."""
    if any(told):
        return True
    return None if None in told else False
