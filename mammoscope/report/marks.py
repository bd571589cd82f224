"""Which findings a reader is shown: numbered through an exam, each on every view that shows it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count

from mammoscope.core import (
    BreastFindings,
    ExamFindings,
    ExamResult,
    Failed,
    Finding,
    FindingKind,
    Findings,
    NotAssessed,
)
from mammoscope.measures.shown import Images, is_shown, of_images
from mammoscope.report.document import titles
from mammoscope.report.verdict import SIDES


@dataclass(frozen=True)
class Marked:
    """One finding as a reader sees it.

    Attributes:
        number: Its name on pictures and in tables, from 1 through the exam.
        kind: What it looks like.
        score: Of all views together.
        location: Where in the breast, in words; empty where nobody can tell.
        seen: For each image that shows it the image's place among the exam's, and what it shows.
    """

    number: int
    kind: FindingKind
    score: float
    location: str
    seen: tuple[tuple[int, Finding], ...]


@dataclass(frozen=True)
class Group:
    """The findings of a breast, or of an image that does not count for one.

    Attributes:
        who: ``Right breast``, or the title of the image.
        marked: By falling score.
        reason: Why there are none; empty where they were looked for.
    """

    who: str
    marked: tuple[Marked, ...]
    reason: str = ""


def groups(exam: ExamResult) -> tuple[Group, ...]:
    """What a reader is shown of an exam: its breasts, then the images that count for none.

    Empty where no image was looked at.
    """
    images = of_images(exam.images)
    if not images:
        return ()
    answer = exam.answers.get("findings")
    breasts = answer.breasts if isinstance(answer, ExamFindings) else {}
    numbers, places = count(1), {image.about.name: at for at, image in enumerate(exam.images)}
    found, counted = [], set[str | None]()
    for side in sorted(breasts, reverse=True):
        one = breasts[side]
        if isinstance(one, BreastFindings):
            counted |= {one.cc, one.mlo}
            found.append(Group(SIDES[side], tuple(_of_breast(one, images, places, numbers))))
        else:
            found.append(Group(SIDES[side], (), _reason(one)))
    for image, title in zip(exam.images, titles(exam), strict=True):
        name = image.about.name
        if name in images and name not in counted:
            found.append(Group(title, tuple(_of_image(images[name], places[name], numbers))))
    return tuple(found)


def by_image(shown: Iterable[Group]) -> dict[int, list[tuple[int, Finding]]]:
    """For each image that shows one, by its place among the exam's: numbers and findings."""
    found: dict[int, list[tuple[int, Finding]]] = defaultdict(list)
    for group in shown:
        for one in group.marked:
            for place, finding in one.seen:
                found[place].append((one.number, finding))
    return found


def _of_breast(
    breast: BreastFindings, images: Images, places: Mapping[str, int], numbers: Iterator[int]
) -> Iterator[Marked]:
    for one in breast.findings:
        if is_shown(one, breast, images):
            seen = tuple(
                (places[name], images[name].findings[at])
                for name, at in ((breast.cc, one.cc), (breast.mlo, one.mlo))
                if name is not None and at is not None
            )
            yield Marked(next(numbers), one.kind, one.score, one.location, seen)


def _of_image(found: Findings, place: int, numbers: Iterator[int]) -> Iterator[Marked]:
    for one in found.shown:
        yield Marked(next(numbers), one.kind, one.score, one.location, ((place, one),))


def _reason(answer: NotAssessed | Failed) -> str:
    if isinstance(answer, Failed):
        return f"failed: {answer.error}"
    return f"not assessed: {answer.reason}"
