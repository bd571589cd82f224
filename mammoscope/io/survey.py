"""Every input's header, before any pixel is read: duplicates dropped, the rest sorted into exams."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from mammoscope.core import About, Exam, InputRecord
from mammoscope.errors import InputError, RejectedInput
from mammoscope.io.exams import duplicates, group
from mammoscope.io.files import Found
from mammoscope.io.reader import Reader
from mammoscope.io.sources import Source


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


def record(name: str, error: InputError, digest: str = "") -> InputRecord:
    """What an error of reading means for the input."""
    outcome: Literal["rejected", "skipped"]
    outcome = "rejected" if isinstance(error, RejectedInput) else "skipped"
    return InputRecord(name, outcome, str(error), error.number, digest)


def _about(item: Scanned) -> About:
    return item.about
