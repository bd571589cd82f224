"""Whether an exam gives a reason to ask how malignant a mass looks: that a mass was found."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from mammoscope.core import (
    Answer,
    BreastFindings,
    ExamFindings,
    FindingKind,
    Findings,
    ImageResult,
    Laterality,
    Malignancy,
    NotAssessed,
)
from mammoscope.measures.shown import Images, is_shown, of_images

MASS: Final[FindingKind] = "mass"
NO_MASS: Final = NotAssessed("no mass was found, and the score says how malignant a mass looks")
NOT_SOUGHT: Final = NotAssessed("no mass was looked for, and the score says how malignant a mass looks")


def with_reason(
    images: Sequence[ImageResult], found: Answer, *, always: bool = False
) -> tuple[ImageResult, ...]:
    """Images whose malignancy is told only where the exam gives a reason to ask for it.

    The reason is a mass that a reader is shown: of the breast, where its views were counted together,
    and on any other image of it; for an image whose breast nobody names on that image.

    Args:
        images: Of one exam.
        found: What findings say of the exam.
        always: Tell it without a reason, too.
    """
    if always:
        return tuple(images)
    return tuple(_reasoned(image, images, found) for image in images)


def _reasoned(image: ImageResult, images: Sequence[ImageResult], found: Answer) -> ImageResult:
    if not isinstance(image.answers.get("screening"), Malignancy):
        return image
    side = _side(image)
    breast = [image] if side is None else [one for one in images if _side(one) == side]
    counted = found.breasts.get(side) if side and isinstance(found, ExamFindings) else None
    answers = of_images(breast)
    if _mass_shown(answers, counted if isinstance(counted, BreastFindings) else None):
        return image
    sought = any(MASS in one.heat for one in answers.values())
    said = NO_MASS if sought else NOT_SOUGHT
    return replace(image, answers={**image.answers, "screening": said})


def _mass_shown(answers: Images, counted: BreastFindings | None) -> bool:
    """Whether a reader is shown a mass of a breast, or of an image that counts for none."""
    if counted is None:
        return any(map(_marked, answers.values()))
    alone = [one for name, one in answers.items() if name not in (counted.cc, counted.mlo)]
    together = [one for one in counted.findings if one.kind == MASS]
    return any(is_shown(one, counted, answers) for one in together) or any(map(_marked, alone))


def _marked(findings: Findings) -> bool:
    return any(one.kind == MASS for one in findings.shown)


def _side(image: ImageResult) -> Laterality | None:
    return image.about.laterality.value if image.about.laterality else None
