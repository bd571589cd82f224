"""Positioning in words: what decides, what to act on, figures with their uncertainty."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from mammoscope.core import Outcome
from mammoscope.measures.uncertainty import INTERVAL
from mammoscope.report.files import Document
from mammoscope.report.words import sentence

SYMBOLS: Final[Mapping[Outcome, str]] = {
    "pass": "✓",
    "borderline": "◐",
    "fail": "✕",
    "not assessable": "–",
}
SIDES: Final = {"R": "Right breast", "L": "Left breast"}


@dataclass(frozen=True)
class Verdict:
    """The criteria of an image, of a breast or of a woman.

    Attributes:
        who: ``R MLO``, ``Right breast``, ``Both breasts``.
        outcome: The worst.
        criteria: As in the document.
        grade: Of a breast where the profile has grades; else empty.
    """

    who: str
    outcome: Outcome
    criteria: tuple[Document, ...]
    grade: str = ""

    @property
    def judged(self) -> tuple[Document, ...]:
        """Those that the profile has a threshold for."""
        return tuple(one for one in self.criteria if one["threshold"])

    @property
    def others(self) -> tuple[Document, ...]:
        """Those that it has none for."""
        return tuple(one for one in self.criteria if not one["threshold"])

    @property
    def urgent(self) -> tuple[Document, ...]:
        """What failed, then what is borderline."""
        order = ("fail", "borderline")
        return tuple(one for outcome in order for one in self.criteria if one["outcome"] == outcome)

    @property
    def advice(self) -> tuple[str, ...]:
        """Sentences to act on, none twice."""
        return tuple(dict.fromkeys(sentence(one["advice"]) for one in self.urgent if one["advice"]))

    @property
    def nipple_line(self) -> str:
        """Length of the posterior nipple line; empty where it has none."""
        found = [one for one in self.criteria if one["name"] == "posterior nipple line"]
        return next((figure(one) for one in found if one["value"] is not None), "")

    @property
    def unassessed(self) -> int:
        """How many criteria have a threshold and could not be assessed."""
        return sum(one["outcome"] == "not assessable" for one in self.judged)


def image_verdicts(document: Document) -> dict[str, Verdict]:
    """The verdict on each image that has one, by the image's title."""
    answers = {image["title"]: image["answers"].get("positioning") for image in document["images"]}
    return {
        title: Verdict(title, answer["outcome"], tuple(answer["criteria"]))
        for title, answer in answers.items()
        if answer and answer["status"] == "result"
    }


def exam_verdicts(document: Document) -> list[Verdict]:
    """The verdicts on each breast and on both, where there are criteria."""
    answer = document["answers"].get("positioning", {})
    if answer.get("status") != "result":
        return []
    breasts = [
        Verdict(
            SIDES[side], judged["outcome"], tuple(judged["criteria"]), answer["grades"].get(side, "")
        )
        for side, judged in sorted(answer["breasts"].items(), reverse=True)
    ]
    woman = Verdict("Both breasts", answer["woman"]["outcome"], tuple(answer["woman"]["criteria"]))
    return [one for one in (*breasts, woman) if one.criteria]


def verdicts(document: Document) -> list[Verdict]:
    """Every verdict of an exam: on images, breasts, both."""
    return [*image_verdicts(document).values(), *exam_verdicts(document)]


def counts(document: Document) -> Counter[Outcome]:
    """How many criteria of an exam that have a threshold came out how."""
    return Counter(
        criterion["outcome"] for verdict in verdicts(document) for criterion in verdict.judged
    )


def unanswered(document: Document) -> list[str]:
    """Titles of the images whose positioning has no result."""
    return [
        image["title"]
        for image in document["images"]
        if image["answers"].get("positioning", {}).get("status") != "result"
    ]


def profile(document: Document) -> str:
    """Name of the thresholds; empty where nothing was assessed."""
    answers = [document, *document["images"]]
    found = [one["answers"].get("positioning", {}).get("profile") for one in answers]
    return next((name for name in found if name), "")


def figure(criterion: Mapping[str, Any]) -> str:
    """A value with its 90 % interval and unit: ``14.0 ± 3.3 mm``.

    Example:
        >>> figure({"value": 14.0, "sd": 2.0, "unit": "mm"})
        '14.0 ± 3.3 mm'
        >>> figure({"value": -0.01, "sd": 2.0, "unit": "°"})
        '0.0 ± 3.3°'
        >>> figure({"value": "convex", "sd": None, "unit": ""})
        'convex'
    """
    value, sd, unit = criterion["value"], criterion["sd"], criterion["unit"]
    if value is None:
        return "—"
    if isinstance(value, str):
        return value
    digits = 1 if unit else 2
    shown = f"{value:z.{digits}f}".replace("-", "−")
    spread = "" if sd is None else f" ± {INTERVAL * sd:.{digits}f}"
    return f"{shown}{spread}{'' if unit in ('', '°') else ' '}{unit}"
