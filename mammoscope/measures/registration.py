"""The CC and the MLO view of each breast of an exam on each other: which views, and why not."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple, Protocol, TypeVar, runtime_checkable

from mammoscope.core import (
    AlignedPair,
    ExamRegistration,
    Failed,
    ImageResult,
    Landmarks,
    Laterality,
    Mammogram,
    NotAssessed,
    PairView,
    Positioning,
    Registration,
)
from mammoscope.io import chosen, set_aside

SIDES: Final[tuple[Laterality, ...]] = ("R", "L")
PAIR: Final[tuple[PairView, ...]] = ("CC", "MLO")
Laid = TypeVar("Laid")


@runtime_checkable
class Aligner(Protocol):
    """The registration room: one view after the other, then both views of a breast."""

    def prepare(self, mammogram: Mammogram, landmarks: Landmarks | None) -> Any:
        """What the room keeps of one view, without its pixels; or `NotAssessed` with the reason."""

    def __call__(self, cc: Any, mlo: Any) -> AlignedPair:
        """Lay two views on each other: what `prepare` kept of the CC view, and of the MLO view."""


class Kept(NamedTuple):
    """One image of an exam.

    Attributes:
        image: Its results.
        kept: From `Aligner.prepare`; `NotAssessed` or `Failed` where it kept nothing.
    """

    image: ImageResult
    kept: Any


def one_of_each_view(images: Sequence[Kept]) -> tuple[Kept, ...]:
    """Set aside the repeats of a standard view, all but the one that counts."""
    counting = {id(one) for one in chosen(images, lambda one: one.image.about).values()}
    return tuple(
        one
        if one.image.set_aside or id(one) in counting
        else one._replace(image=replace(one.image, set_aside="repeated view"))
        for one in images
    )


def prepare(aligner: Aligner, mammogram: Mammogram, image: ImageResult) -> Any:
    """What the registration room keeps of one image, or why nothing.

    Args:
        aligner: The room.
        mammogram: The image.
        image: Its results so far: the landmarks stand in its positioning.
    """
    if reason := set_aside(mammogram.about):
        return NotAssessed(reason)
    answer = image.answers.get("positioning")
    return aligner.prepare(mammogram, answer.landmarks if isinstance(answer, Positioning) else None)


def align_breasts(
    images: Sequence[Kept], align: Callable[[Any, Any], Laid | Failed]
) -> dict[Laterality, Laid | NotAssessed | Failed]:
    """Lay CC and MLO of each breast on each other.

    Args:
        images: Of one exam; those that are set aside do not count.
        align: From what was kept of a CC and of a MLO view to how they lie on each other.

    Returns:
        For each breast that has an image.
    """
    return {
        side: _breast(views, align) for side in SIDES if (views := _views(images, side)) is not None
    }


def assess_exam(
    breasts: Mapping[Laterality, Registration | NotAssessed | Failed],
) -> ExamRegistration | NotAssessed | Failed:
    """The answer for an exam; without a result for any breast one that says why.

    Args:
        breasts: From `align_breasts`.
    """
    if any(isinstance(one, Registration) for one in breasts.values()):
        return ExamRegistration(breasts)
    return none_assessed(breasts)


def none_assessed(breasts: Mapping[Laterality, object]) -> NotAssessed | Failed:
    """Why no breast of an exam has a result: what failed, else what each says.

    Args:
        breasts: Their answers, of which none is a result.
    """
    errors = {side: one.error for side, one in breasts.items() if isinstance(one, Failed)}
    reasons = {side: one.reason for side, one in breasts.items() if isinstance(one, NotAssessed)}
    if errors:
        return Failed(_together(errors))
    return NotAssessed(_together(reasons) if reasons else "no image of a known breast and view")


def why_none(answers: Mapping[PairView, Any]) -> NotAssessed | Failed:
    """What the views of a breast say that have no result; a failure before a reason.

    Args:
        answers: Of each view.
    """
    errors = [f"{view}: {one.error}" for view, one in answers.items() if isinstance(one, Failed)]
    if errors:
        return Failed("; ".join(errors))
    reasons = {one.reason for one in answers.values() if isinstance(one, NotAssessed)}
    return NotAssessed("; ".join(sorted(reasons)) or "no view was looked at")


def _views(images: Sequence[Kept], side: Laterality) -> dict[PairView, list[Kept]] | None:
    """Images of one breast by view, those that count first; None where it has none."""
    of_breast: dict[PairView, list[Kept]] = {view: [] for view in PAIR}
    met = False
    for one in sorted(images, key=lambda kept: not kept.image.standard):
        laterality, view = one.image.about.laterality, one.image.about.view
        if laterality is None or laterality.value != side:
            continue
        met = True
        if view is not None and view.value in ("CC", "MLO"):
            of_breast[view.value].append(one)
    return of_breast if met else None


def _breast(
    views: Mapping[PairView, Sequence[Kept]], align: Callable[[Any, Any], Laid | Failed]
) -> Laid | NotAssessed | Failed:
    kept = {}
    for view in PAIR:
        if not views[view]:
            return NotAssessed(f"no {view} view")
        first = views[view][0]
        if not first.image.standard:
            return NotAssessed(f"no {view} view but one set aside: {first.image.set_aside}")
        if isinstance(first.kept, NotAssessed):
            return NotAssessed(f"{view}: {first.kept.reason}")
        if isinstance(first.kept, Failed):
            return Failed(f"{view}: {first.kept.error}")
        kept[view] = first.kept
    return align(kept["CC"], kept["MLO"])


def _together(said: Mapping[Laterality, str]) -> str:
    """One sentence for both breasts, once where they say the same."""
    if len(said) == len(SIDES) and len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"{side}: {text}" for side, text in said.items())
