"""From inputs to results: one exam at a time, one image after the other.

The rooms are handed in; what each says of every image is a result, not assessed, or failed.
Only one image's pixels are in memory at a time.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Final, NamedTuple, TypedDict, TypeVar

import numpy as np
from jaxtyping import UInt8

from mammoscope.core import (
    AlignedPair,
    Answer,
    Exam,
    ExamResult,
    Failed,
    Findings,
    ImageResult,
    InputRecord,
    Landmarks,
    Laterality,
    Mammogram,
    NotAssessed,
    Positioning,
    Registration,
    Segmentation,
    Sourced,
)
from mammoscope.errors import InputError, MammoscopeError, SkippedInput
from mammoscope.image import (
    check_side,
    chest_wall_side,
    for_display,
    outline,
    to_preview,
    two_breasts,
)
from mammoscope.io import Found, Reader, group, set_aside
from mammoscope.io.survey import Scanned, record, survey
from mammoscope.measures import findings, image_checks, positioning, registration
from mammoscope.measures.profiles import DEFAULT_PROFILE, Profile, load_profile
from mammoscope.measures.registration import Aligner, Kept

NOT_INSTALLED: Final = NotAssessed("not installed")
NO_WEIGHTS: Final = NotAssessed("no weights")
RAW: Final = NotAssessed("image for processing: this system needs an image for presentation")
PREVIEW_ROWS: Final = 1600

Said = TypeVar("Said")

log = logging.getLogger(__name__)


class Rooms(TypedDict, total=False):
    """The systems that have weights; each that is missing answers "not assessed: no weights"."""

    segmentation: Callable[[Mammogram], Segmentation]
    positioning: Callable[[Mammogram], Landmarks]
    registration: Aligner
    findings: Callable[[Mammogram], Findings]


@dataclass(frozen=True)
class Plan:
    """How every image and exam is assessed.

    Attributes:
        rooms: The systems at work.
        profile: Thresholds of the positioning criteria.
        preview_rows: Height of the pictures for the report, at most.
    """

    rooms: Rooms
    profile: Profile = field(default_factory=partial(load_profile, DEFAULT_PROFILE))
    preview_rows: int = PREVIEW_ROWS


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


class Assessed(NamedTuple):
    """What became of one exam.

    Attributes:
        result: None where none of its images could be read.
        records: What became of the images that could not.
    """

    result: ExamResult | None
    records: tuple[InputRecord, ...]


def analyze(
    found: Iterable[Found],
    reader: Reader,
    plan: Plan,
    without_result: Callable[[InputRecord], None],
) -> Iterator[ExamResult]:
    """Analyse inputs, one exam at a time.

    Args:
        found: What `mammoscope.io.find` yields.
        reader: Reads sources.
        plan: How every exam is assessed.
        without_result: Called once for each input that is in no exam's result.
    """
    seen = survey(found, reader)
    for each in seen.records:
        without_result(each)
    for exam in seen.exams:
        assessed = assess(exam, reader, plan)
        for each in assessed.records:
            without_result(each)
        if assessed.result is not None:
            yield assessed.result


def assess(exam: Exam[Scanned], reader: Reader, plan: Plan) -> Assessed:
    """Read and assess the images of one exam, one after the other.

    Args:
        exam: From `survey`.
        reader: Reads sources.
        plan: How it is assessed.
    """
    images: list[Kept] = []
    records: list[InputRecord] = []
    for item in exam.items:
        try:
            images.append(_kept(reader.read(item.source), plan))
        except InputError as error:
            records.append(record(item.source.name, error, item.about.digest))
    if not images:
        return Assessed(None, tuple(records))
    notes = group([one.image.about for one in images], lambda about: about)[0].notes
    counted = registration.one_of_each_view(images)
    result = ExamResult(
        key=exam.key,
        study=exam.study,
        images=tuple(one.image for one in counted),
        answers=_exam_answers(counted, plan),
        notes=tuple(
            dict.fromkeys((*notes, *(note for note in exam.notes if note.code == "two patients")))
        ),
    )
    return Assessed(result, tuple(records))


def assess_image(mammogram: Mammogram, plan: Plan) -> ImageResult:
    """Everything that the rooms say of one image.

    Raises:
        SkippedInput: If it shows two breasts.
    """
    display = for_display(mammogram)
    found = outline.find(display.pixels)
    if two_breasts(display.pixels, found):
        raise SkippedInput("expected one breast, received an image of two: cut it in the middle", 75)
    side = chest_wall_side(display.pixels, found.body > 0)
    preview = to_preview(display, plan.preview_rows)
    result = ImageResult(
        about=mammogram.about,
        chest_wall=Sourced(side, "pixels"),
        answers=_answers(mammogram, preview, plan),
        preview=preview,
        set_aside=set_aside(mammogram.about),
        notes=check_side(mammogram.about, side),
    )
    return replace(result, notes=(*result.notes, *image_checks(result)))


def _answers(
    mammogram: Mammogram, preview: UInt8[np.ndarray, "rows columns"], plan: Plan
) -> dict[str, Answer]:
    outlined = _guarded("segmentation", partial(_segmented, mammogram, plan.rooms))
    position = partial(_positioned, mammogram, outlined, preview, plan)
    positioned = _guarded("positioning", position)
    return {
        "segmentation": outlined,
        "positioning": positioned,
        "findings": _guarded("findings", partial(_searched, mammogram, positioned, plan.rooms)),
    }


def _segmented(mammogram: Mammogram, rooms: Rooms) -> Answer:
    return rooms["segmentation"](mammogram) if "segmentation" in rooms else NO_WEIGHTS


def _positioned(
    mammogram: Mammogram, outlined: Answer, preview: UInt8[np.ndarray, "rows columns"], plan: Plan
) -> Answer:
    if "positioning" not in plan.rooms:
        return NO_WEIGHTS
    if reason := positioning.reason_not_assessed(mammogram.about):
        return NotAssessed(reason)
    landmarks = plan.rooms["positioning"](mammogram)
    segmentation = outlined if isinstance(outlined, Segmentation) else None
    return positioning.assess_image(landmarks, segmentation, mammogram.about, preview, plan.profile)


def _searched(mammogram: Mammogram, positioned: Answer, rooms: Rooms) -> Answer:
    """The findings of an image, each with its place in the breast."""
    if mammogram.about.kind == "for processing":
        return RAW
    if "findings" not in rooms:
        return NO_WEIGHTS
    landmarks = positioned.landmarks if isinstance(positioned, Positioning) else None
    return findings.located(rooms["findings"](mammogram), landmarks, mammogram.about)


def _kept(mammogram: Mammogram, plan: Plan) -> Kept:
    """Everything that the rooms say of one image, and what registration keeps of it."""
    image, rooms = assess_image(mammogram, plan), plan.rooms
    if "registration" not in rooms:
        return Kept(image, NO_WEIGHTS)
    ask: Callable[[], Any] = partial(registration.prepare, rooms["registration"], mammogram, image)
    return Kept(image, _guarded("registration", ask))


def _exam_answers(images: Sequence[Kept], plan: Plan) -> dict[str, Answer]:
    results, rooms = [one.image for one in images], plan.rooms
    breasts = _laid(images, rooms)
    return {
        "positioning": _guarded("positioning", partial(_fitted, results, plan)),
        "registration": _guarded("registration", partial(_registered, breasts, rooms)),
        "findings": _guarded("findings", partial(_counted, results, breasts, rooms)),
        "screening": NOT_INSTALLED,
    }


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
        images, lambda cc, mlo: _guarded("registration", partial(lay, cc, mlo))
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


def _guarded(system: str, ask: Callable[[], Said]) -> Said | Failed:
    """A system's answer; a failure costs that answer and nothing else."""
    try:
        return ask()
    except MammoscopeError as error:
        return Failed(str(error))
    except Exception as error:
        log.debug("%s failed", system, exc_info=True)
        return Failed(f"{type(error).__name__} in {system}: report it with --debug's output")
