"""From inputs to results: exams, one after the other."""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from mammoscope.core import Exam, ExamResult, InputRecord
from mammoscope.errors import InputError
from mammoscope.io import Found, Reader, group
from mammoscope.io.survey import Scanned, record, survey
from mammoscope.measures.registration import Kept, one_of_each_view
from mammoscope.pipeline.exams import assess_exam
from mammoscope.pipeline.images import keep
from mammoscope.pipeline.plan import Plan


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
            images.append(keep(reader.read(item.source), plan))
        except InputError as error:
            records.append(record(item.source.name, error, item.about.digest))
    if not images:
        return Assessed(None, tuple(records))
    notes = group([one.image.about for one in images], lambda about: about)[0].notes
    told = assess_exam(one_of_each_view(images), plan)
    result = ExamResult(
        key=exam.key,
        study=exam.study,
        images=told.images,
        answers=told.answers,
        notes=tuple(
            dict.fromkeys((*notes, *(note for note in exam.notes if note.code == "two patients")))
        ),
    )
    return Assessed(result, tuple(records))
