"""From inputs to results: header scan, duplicates, exams, and then one exam at a time.

The rooms are handed in; what each says of every image is a result, not assessed, or failed.
Only one image's pixels are in memory at a time.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, Literal, NamedTuple, TypedDict

import numpy as np
from jaxtyping import UInt8

from mammoscope.core import (
    About,
    Answer,
    Exam,
    ExamResult,
    Failed,
    ImageResult,
    InputRecord,
    Landmarks,
    Mammogram,
    NotAssessed,
    Segmentation,
    Sourced,
)
from mammoscope.errors import InputError, MammoscopeError, RejectedInput, SkippedInput
from mammoscope.image import (
    check_side,
    chest_wall_side,
    for_display,
    outline,
    to_preview,
    two_breasts,
)
from mammoscope.io import Found, Reader, Source, chosen, duplicates, group, set_aside
from mammoscope.measures import image_checks, positioning
from mammoscope.measures.profiles import DEFAULT_PROFILE, Profile, load_profile

NOT_INSTALLED: Final = NotAssessed("not installed")
NO_WEIGHTS: Final = NotAssessed("no weights")
RAW: Final = NotAssessed("image for processing: this system needs an image for presentation")
PREVIEW_ROWS: Final = 1600

log = logging.getLogger(__name__)


class Rooms(TypedDict, total=False):
    """The systems that have weights; each that is missing answers "not assessed: no weights"."""

    segmentation: Callable[[Mammogram], Segmentation]
    positioning: Callable[[Mammogram], Landmarks]


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


class Scanned(NamedTuple):
    """An input whose header has been read."""

    source: Source
    about: About


@dataclass(frozen=True)
class Survey:
    """Everything that was found, before a result is made of it.

    Attributes:
        exams: In the order in which the first image of each was met.
        records: What became of the inputs that are in none.
    """

    exams: tuple[Exam[Scanned], ...]
    records: tuple[InputRecord, ...]

    @property
    def images(self) -> int:
        """How many images the exams hold."""
        return sum(len(exam.items) for exam in self.exams)

    @property
    def found(self) -> int:
        """How many inputs there are: images of the exams and records."""
        return self.images + len(self.records)


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


def survey(found: Iterable[Found], reader: Reader, seen: Callable[[], None] = lambda: None) -> Survey:
    """Read every header, drop what comes twice, and sort the rest into exams.

    Args:
        found: What `mammoscope.io.find` yields.
        reader: Reads sources.
        seen: Called once for each input, for a progress bar.
    """
    scanned: list[Scanned] = []
    records: list[InputRecord] = []
    for item in found:
        if isinstance(item, InputRecord):
            records.append(item)
        else:
            try:
                scanned.append(Scanned(item, reader.about(item)))
            except InputError as error:
                records.append(record(item.name, error))
        seen()
    once = duplicates(scanned, _about, lambda item: reader.pixel_digest(item.source))
    exams = group([scanned[index] for index in once.kept], _about)
    return Survey(tuple(exams), (*records, *once.dropped))


def assess(exam: Exam[Scanned], reader: Reader, plan: Plan) -> Assessed:
    """Read and assess the images of one exam, one after the other.

    Args:
        exam: From `survey`.
        reader: Reads sources.
        plan: How it is assessed.
    """
    images: list[ImageResult] = []
    records: list[InputRecord] = []
    for item in exam.items:
        try:
            images.append(assess_image(reader.read(item.source), plan))
        except InputError as error:
            records.append(record(item.source.name, error, item.about.digest))
    if not images:
        return Assessed(None, tuple(records))
    notes = group([image.about for image in images], lambda about: about)[0].notes
    counted = _one_of_each_view(images)
    result = ExamResult(
        key=exam.key,
        study=exam.study,
        images=counted,
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


def record(name: str, error: InputError, digest: str = "") -> InputRecord:
    """What an error of reading means for the input."""
    outcome: Literal["rejected", "skipped"]
    outcome = "rejected" if isinstance(error, RejectedInput) else "skipped"
    return InputRecord(name, outcome, str(error), error.number, digest)


def _answers(
    mammogram: Mammogram, preview: UInt8[np.ndarray, "rows columns"], plan: Plan
) -> dict[str, Answer]:
    outlined = _guarded("segmentation", partial(_segmented, mammogram, plan.rooms))
    position = partial(_positioned, mammogram, outlined, preview, plan)
    raw = mammogram.about.kind == "for processing"
    return {
        "segmentation": outlined,
        "positioning": _guarded("positioning", position),
        "findings": RAW if raw else NOT_INSTALLED,
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


def _exam_answers(images: Sequence[ImageResult], plan: Plan) -> dict[str, Answer]:
    fitted = _guarded("positioning", partial(_fitted, images, plan))
    return {"positioning": fitted, "registration": NOT_INSTALLED, "screening": NOT_INSTALLED}


def _fitted(images: Sequence[ImageResult], plan: Plan) -> Answer:
    """How the views of an exam are positioned together."""
    if "positioning" not in plan.rooms:
        return NO_WEIGHTS
    return positioning.assess_exam(images, plan.profile)


def _guarded(system: str, ask: Callable[[], Answer]) -> Answer:
    """A system's answer; a failure costs that answer and nothing else."""
    try:
        return ask()
    except MammoscopeError as error:
        return Failed(str(error))
    except Exception as error:
        log.debug("%s failed", system, exc_info=True)
        return Failed(f"{type(error).__name__} in {system}: report it with --debug's output")


def _one_of_each_view(images: list[ImageResult]) -> tuple[ImageResult, ...]:
    """Set aside the repeats of a standard view, all but the one that counts."""
    counting = {id(image) for image in chosen(images, lambda image: image.about).values()}
    return tuple(
        image if image.set_aside or id(image) in counting else replace(image, set_aside="repeated view")
        for image in images
    )


def _about(item: Scanned) -> About:
    return item.about
