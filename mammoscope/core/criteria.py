"""Measured quantities of positioning, and the verdicts that a profile of thresholds gives them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from mammoscope.core.landmarks import Landmarks, Point
from mammoscope.core.mammogram import Laterality, Note

Outcome = Literal["pass", "borderline", "fail", "not assessable"]
OUTCOMES: Final[tuple[Outcome, ...]] = ("pass", "borderline", "fail", "not assessable")


@dataclass(frozen=True)
class Measurement:
    """One quantity, before any verdict.

    Attributes:
        name: A stable name for a script: ``pectoral gap``.
        value: A number, a word (``convex``), or None where it cannot be had.
        unit: ``mm``, ``°``, ``%``, or empty.
        sd: Standard deviation of a number, in its unit; None for a word or where unknown.
        reason: Why there is no value; empty where there is one.
    """

    name: str
    value: float | str | None
    unit: str = ""
    sd: float | None = None
    reason: str = ""


@dataclass(frozen=True)
class Criterion:
    """A quantity with its verdict.

    Attributes:
        measurement: The quantity.
        threshold: What it must fulfil, for a reader: ``at most 10 mm``; empty where the profile
            sets none.
        outcome: ``borderline`` where a threshold lies within the 90 % interval of the value.
        reason: Why it is not assessable; empty where it is.
        advice: One sentence to act on for a failure or a borderline; else empty.
    """

    measurement: Measurement
    threshold: str
    outcome: Outcome
    reason: str = ""
    advice: str = ""


@dataclass(frozen=True)
class Line:
    """A line to draw, in source pixels.

    Attributes:
        kind: ``pectoral line``, ``posterior nipple line``, ``chest wall``, ``nipple axis``, ``gap``.
        points: From the first to the last.
    """

    kind: str
    points: tuple[Point, ...]


@dataclass(frozen=True)
class Positioning:
    """How one image is positioned.

    Attributes:
        landmarks: Where its anatomy lies.
        profile: Name of the thresholds.
        criteria: Of this image, in the order of a reader's interest.
        lines: What a radiographer would draw.
        notes: Warnings.
    """

    landmarks: Landmarks
    profile: str
    criteria: tuple[Criterion, ...]
    lines: tuple[Line, ...]
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True)
class ExamPositioning:
    """How the views of an exam fit together.

    Attributes:
        profile: Name of the thresholds.
        breasts: Criteria of CC with MLO, for each breast that has an image.
        woman: Criteria of left with right.
        grades: A grade for each breast where the profile has grades, after the measurements.
        notes: Warnings.
    """

    profile: str
    breasts: Mapping[Laterality, tuple[Criterion, ...]]
    woman: tuple[Criterion, ...]
    grades: Mapping[Laterality, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
