"""One exam: what every system says of breasts and of both breasts together."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from mammoscope.core import (
    AlignedPair,
    Answer,
    Failed,
    ImageResult,
    Laterality,
    NotAssessed,
    Registration,
)
from mammoscope.measures import findings, positioning, registration, screening
from mammoscope.measures.reasons import with_reason
from mammoscope.measures.registration import Aligner, Kept
from mammoscope.pipeline.plan import NO_WEIGHTS, Plan, Rooms, guarded


class Laid(NamedTuple):
    """Both views of a breast on each other: to be asked of any point, and what is said of them."""

    pair: AlignedPair
    registration: Registration

    @classmethod
    def of(cls, aligner: Aligner, cc: Any, mlo: Any) -> "Laid":
        """What was kept of a CC and of an MLO view."""
        pair = aligner(cc, mlo)
        return cls(pair, pair.registration)


Breasts = Mapping[Laterality, Laid | NotAssessed | Failed]


class Told(NamedTuple):
    """The images of an exam with what is told of each, and what is told of the exam."""

    images: tuple[ImageResult, ...]
    answers: dict[str, Answer]


def assess_exam(images: Sequence[Kept], plan: Plan) -> Told:
    """What the systems say of an exam, and of its images once the whole exam is known.

    Args:
        images: Of one exam, the repeats of a view set aside.
        plan: How it is assessed.
    """
    results, rooms = [one.image for one in images], plan.rooms
    breasts = _laid(images, rooms)
    counted = guarded("findings", partial(_counted, results, breasts, rooms))
    told = with_reason(results, counted, always=plan.malignancy_always)
    answers = {
        "positioning": guarded("positioning", partial(_fitted, results, plan)),
        "registration": guarded("registration", partial(_registered, breasts, rooms)),
        "findings": counted,
        "screening": guarded("screening", partial(_scored, told, plan)),
    }
    return Told(told, answers)


def _fitted(images: Sequence[ImageResult], plan: Plan) -> Answer:
    """How the views of an exam are positioned together."""
    if "positioning" not in plan.rooms:
        return NO_WEIGHTS
    return positioning.assess_exam(images, plan.profile)


def _laid(images: Sequence[Kept], rooms: Rooms) -> Breasts:
    """The views of each breast on each other, made once for all that asks them."""
    if "registration" not in rooms:
        return {}
    lay = partial(Laid.of, rooms["registration"])
    return registration.align_breasts(
        images, lambda cc, mlo: guarded("registration", partial(lay, cc, mlo))
    )


def _registered(breasts: Breasts, rooms: Rooms) -> Answer:
    """How the views of each breast lie on each other."""
    if "registration" not in rooms:
        return NO_WEIGHTS
    return registration.assess_exam(
        {side: one.registration if isinstance(one, Laid) else one for side, one in breasts.items()}
    )


def _counted(images: Sequence[ImageResult], breasts: Breasts, rooms: Rooms) -> Answer:
    """The findings of each breast, those of both views counted once."""
    if "findings" not in rooms:
        return NO_WEIGHTS
    pairs = {side: one.pair for side, one in breasts.items() if isinstance(one, Laid)}
    return findings.assess_exam(images, pairs)


def _scored(images: Sequence[ImageResult], plan: Plan) -> Answer:
    """The malignancy of each breast and of the exam."""
    if "screening" not in plan.rooms:
        return NO_WEIGHTS
    return screening.assess_exam(images, plan.malignancy_from)
