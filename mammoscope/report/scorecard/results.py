"""What a scorecard reads: the positioning verdicts in the ``result.json`` of exams."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from mammoscope.core import OUTCOMES, Outcome
from mammoscope.errors import InputError, UsageError
from mammoscope.report.document import SCHEMA
from mammoscope.report.exam import RESULT

Dimension = Literal["unit", "device", "operator", "week"]
DIMENSIONS: Final[tuple[Dimension, ...]] = ("unit", "device", "operator", "week")
FIELDS: Final[Mapping[Dimension, str]] = {
    "unit": "unit", "device": "device", "operator": "operator", "week": "acquired_week",
}  # fmt: skip
WEEK: Final = re.compile(r"\d{4}-W\d{2}")
Facts = Mapping[Dimension, str]
READ: Final = ("mammoscope/result-2", "mammoscope/result-3", "mammoscope/result-4", SCHEMA)
"""Documents whose verdicts stand in the same place."""


class Judged(NamedTuple):
    """One criterion of an image, a breast or a woman, with its verdict."""

    name: str
    threshold: str
    outcome: Outcome
    reason: str


@dataclass(frozen=True)
class Image:
    """One image of an exam.

    Attributes:
        name: What the user calls the file.
        sha256: Of its bytes; may be empty.
        side: ``L``, ``R``, or empty.
        view: ``CC``, ``MLO`` or another, or empty.
        set_aside: Why it is kept out of results of the exam; empty where it counts.
        facts: Where, on what, by whom and when it was taken; empty where nobody says.
        silent: Why there are no verdicts; empty where there are.
        criteria: Those that have a threshold.
    """

    name: str
    sha256: str
    side: str
    view: str
    set_aside: str
    facts: Facts
    silent: str
    criteria: tuple[Judged, ...]


@dataclass(frozen=True)
class Exam:
    """One exam of one run.

    Attributes:
        key: Its folder's name.
        finished: When its run ended, ISO 8601; empty where nobody says.
        profiles: Names of the thresholds that judged it.
        images: All of them.
        breasts: Criteria of CC with MLO by side.
        woman: Criteria of left with right.
    """

    key: str
    finished: str
    profiles: frozenset[str]
    images: tuple[Image, ...]
    breasts: Mapping[str, tuple[Judged, ...]]
    woman: tuple[Judged, ...]


class Loaded(NamedTuple):
    """What was read, and one sentence for each file that could not be."""

    exams: tuple[Exam, ...]
    problems: tuple[str, ...]


def load(paths: Sequence[Path], seen: Callable[[], None] = lambda: None) -> Loaded:
    """Read the exams of runs, of folders of runs, and single documents.

    Args:
        paths: Folders at any height, and files.
        seen: Called once for each document, for a progress bar.

    Raises:
        InputError: If no document could be read.
    """
    exams: list[Exam] = []
    problems: list[str] = []
    ends: dict[Path, str] = {}
    for path in paths:
        found = list(_documents(path))
        if not found:
            problems.append(f"{path}: expected a folder with {RESULT} in it or such a file, found none")
        for file in found:
            run = file.resolve().parent.parent
            if run not in ends:
                ends[run] = _finished(run)
            try:
                exams.append(replace(exam(_parsed(file)), finished=ends[run]))
            except InputError as error:
                problems.append(f"{file}: {error}")
            seen()
    if not exams:
        more = f" and {len(problems) - 1} more" if len(problems) > 1 else ""
        raise InputError(f"no result could be read: {problems[0]}{more}")
    return Loaded(tuple(exams), tuple(problems))


def exam(document: Any) -> Exam:
    """An exam's document without all that a scorecard does not count.

    Raises:
        InputError: If it is another's, or damaged.
    """
    if not isinstance(document, Mapping) or document.get("schema") not in READ:
        said = document.get("schema") if isinstance(document, Mapping) else None
        ours = isinstance(said, str) and said.startswith("mammoscope/result-")
        remedy = "analyse the exam again" if ours else "leave it out"
        raise InputError(
            f"expected a document {SCHEMA}, received {said if ours else 'another'}: {remedy}"
        )
    try:
        answer = document["answers"].get("positioning", {})
        told = answer.get("status") == "result"
        breasts = (
            {side: _judged(one["criteria"]) for side, one in answer["breasts"].items()} if told else {}
        )
        answers = [answer, *(image["answers"].get("positioning", {}) for image in document["images"])]
        return Exam(
            key=_text(document["key"]),
            finished="",
            profiles=frozenset(
                _text(one["profile"]) for one in answers if one.get("status") == "result"
            ),
            images=tuple(map(_image, document["images"])),
            breasts=breasts,
            woman=_judged(answer["woman"]["criteria"]) if told else (),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(
            f"a damaged {RESULT} ({type(error).__name__}): analyse the exam again"
        ) from None


def of_profile(exams: Iterable[Exam], profile: str | None = None) -> tuple[Exam, ...]:
    """The exams that one profile judged, and those that none did.

    Args:
        exams: From `load`.
        profile: Its name; None: there must be one only.

    Raises:
        UsageError: If verdicts of several profiles would be mixed, or nobody used the one named.
    """
    exams = tuple(exams)
    known = profiles(exams)
    if profile is None and len(known) > 1:
        raise UsageError(
            f"verdicts of the profiles {', '.join(known)} cannot be counted together: "
            "choose one with --profile, or analyse again with one"
        )
    if profile is not None and known and profile not in known:
        raise UsageError(f"no exam was judged by {profile!r}; there is {', '.join(known)}")
    chosen = {profile} if profile is not None else set(known)
    return tuple(exam for exam in exams if exam.profiles <= chosen)


def profiles(exams: Iterable[Exam]) -> list[str]:
    """Names of the thresholds that judged exams, in alphabetical order."""
    return sorted(frozenset().union(*(exam.profiles for exam in exams)))


def once(exams: Sequence[Exam]) -> tuple[tuple[Exam, ...], int]:
    """Each exam once: two that share an image are one, and the later run counts.

    A run without any verdict does not displace one with verdicts. Runs that do not say when they
    ended follow in the order given.

    Returns:
        The exams that count, in the order given, and how many do not.
    """
    order = sorted(
        range(len(exams)), key=lambda place: (bool(exams[place].profiles), exams[place].finished, place)
    )
    taken: set[tuple[str, str]] = set()
    kept = []
    for place in reversed(order):
        images = {_identity(exams[place], image) for image in exams[place].images}
        if not images & taken:
            kept.append(place)
        taken |= images
    return tuple(exams[place] for place in sorted(kept)), len(exams) - len(kept)


def monday(week: str) -> date:
    """The first day of a week of ISO 8601: ``2024-W05``.

    Raises:
        ValueError: If it is none.
    """
    if not WEEK.fullmatch(week):
        raise ValueError("no week of ISO 8601")
    return date.fromisocalendar(int(week[:4]), int(week[6:]), 1)


def _identity(exam: Exam, image: Image) -> tuple[str, str]:
    return ("", image.sha256) if image.sha256 else (exam.key, image.name)


def _documents(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    elif path.is_dir():
        found = (file for file in path.rglob(RESULT) if file.is_file())
        yield from sorted(file for file in found if ".unfinished" not in file.parts)


def _finished(run: Path) -> str:
    with suppress(OSError, ValueError, RecursionError, KeyError, TypeError):
        return _text(json.loads((run / "manifest.json").read_bytes())["finished"])
    return ""


def _parsed(file: Path) -> Any:
    try:
        return json.loads(file.read_bytes())
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise InputError("expected JSON, it is none or damaged: analyse the exam again") from None


def _image(document: Any) -> Image:
    facts = {dimension: _text(document[field]) for dimension, field in FIELDS.items()}
    if facts["week"]:
        monday(facts["week"])
    answer = document["answers"].get("positioning", {"status": "no answer"})
    told = answer["status"] == "result"
    why = ": ".join(_text(answer[key]) for key in ("status", "reason", "error") if key in answer)
    return Image(
        name=_text(document["name"]),
        sha256=_text(document["sha256"]),
        side=_fact(document["laterality"]),
        view=_fact(document["view"]),
        set_aside=_text(document["set_aside"]),
        facts=facts,
        silent="" if told else why,
        criteria=_judged(answer["criteria"]) if told else (),
    )


def _judged(criteria: Any) -> tuple[Judged, ...]:
    """The criteria that have a threshold; without one there is no verdict to count."""
    return tuple(
        Judged(
            _text(one["name"]), _text(one["threshold"]), _outcome(one["outcome"]), _text(one["reason"])
        )
        for one in criteria
        if one["threshold"]
    )


def _fact(fact: Any) -> str:
    return "" if fact is None else _text(fact["value"])


def _text(value: Any) -> str:
    """A text without what a terminal would obey."""
    if not isinstance(value, str):
        raise TypeError
    return "".join(letter if letter.isprintable() else " " for letter in value)


def _outcome(value: Any) -> Outcome:
    return OUTCOMES[OUTCOMES.index(value)]
