"""The paper's yardstick (section 3.4), one line an image and run. No torch."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float

from mammoscope.core import Landmarks, Mammogram
from mammoscope.io import Reader, Source
from mammoscope.io.marks import MarkedImage
from mammoscope.positioning.marked import is_poor, marked, read
from mammoscope.positioning.preprocess import MARGIN, ORDER, extend_line
from mammoscope.scores.landmarks import angle_error, distance_mm, foot, foot_inside, line_angle

Three = Float[np.ndarray, "3 2"]
Locate = Callable[[Mammogram], Landmarks]
NAN: Final = float("nan")


class Errors(NamedTuple):
    """How far an answer lies from the marks: Table 1's first four, all in one unit.

    Attributes:
        foot: Of the perpendicular from the nipple ("Perp").
        lower: Lower end of the pectoral line ("Pec1"), where it meets the border.
        upper: Upper end ("Pec2").
        nipple: The nipple.
    """

    foot: float
    lower: float
    upper: float
    nipple: float


NOTHING: Final = Errors(NAN, NAN, NAN, NAN)


class Answer(NamedTuple):
    """What a model says of one image.

    Attributes:
        points: In source pixels and in the order of `preprocess.ORDER`; None where it gives none.
        poor: A classifier's word; None: the points decide.
    """

    points: Three | None
    poor: bool | None = None


@dataclass(frozen=True)
class Case:
    """What was measured on one image in one run.

    Attributes:
        record: The image.
        run: Counted from 1.
        mm: Errors at the detector (`MarkedImage.spacing_mm` as it is); NaN without spacing.
        height: Errors in % of the image's height.
        angle: Between the pectoral lines in degrees; in pixels where there is no spacing.
        said_poor: The decision; None where the model gave no answer.
        truly_poor: The marks' own.
        magnification: What lengths at the detector are divided by; None where the header is silent.
    """

    record: MarkedImage
    run: int
    mm: Errors
    height: Errors
    angle: float
    said_poor: bool | None
    truly_poor: bool
    magnification: float | None = None

    @property
    def corrected(self) -> Errors:
        """Errors in the breast, in mm; NaN where no magnification is known."""
        return Errors(*(value / (self.magnification or NAN) for value in self.mm))


def score(
    record: MarkedImage,
    answer: Answer,
    run: int = 1,
    magnification: float | None = None,
    margin: float = MARGIN,
) -> Case:
    """Measure one answer. The ends of both lines are extended to the border, as in section 3.1."""
    poor = is_poor(record)
    points = answer.points
    if points is None or not _is_line(points):
        return Case(record, run, NOTHING, NOTHING, NAN, answer.poor, poor, magnification)
    steps, shape = record.spacing_mm, record.shape
    said, true = _with_foot(record, points, margin), _with_foot(record, marked(record), margin)
    apart = distance_mm(said, true, steps) if steps else np.full(len(said), NAN)
    rows = np.array(steps) / (steps[0] * shape[0]) if steps else np.full(2, 1 / shape[0])
    height = 100 * distance_mm(said, true, (float(rows[0]), float(rows[1])))
    angles = [line_angle(upper, lower, steps) for _, lower, upper, _ in (said, true)]
    outside = not foot_inside(said[0], shape)
    return Case(
        record, run, Errors(*apart.tolist()), Errors(*height.tolist()), float(angle_error(*angles)),
        outside if answer.poor is None else answer.poor, poor, magnification,
    )  # fmt: skip


def located(locate: Locate, mammogram: Mammogram) -> Answer:
    """The room as it is shipped: no points where it does not see all three."""
    said = locate(mammogram)
    if not said.seen(*ORDER):
        return Answer(None)
    return Answer(np.array([said.points[name].point for name in ORDER], float))


def answers_of(
    locate: Locate, records: Sequence[MarkedImage], advance: Callable[[], None] = lambda: None
) -> list[Answer]:
    """Answers to records, read one after the other.

    Raises:
        InputError: If an image cannot be read.
    """
    answers = []
    with Reader() as reader:
        for record in records:
            answers.append(located(locate, read(record, reader)))
            advance()
    return answers


def magnifications(records: Sequence[MarkedImage]) -> list[float | None]:
    """What each header gives as EstimatedRadiographicMagnificationFactor, where it is used.

    Raises:
        InputError: If an image cannot be read.
    """
    with Reader() as reader:
        headers = [reader.about(Source(record.image.name, record.image)) for record in records]
    return [
        about.spacing.magnification if about.spacing and about.spacing.magnification != 1 else None
        for about in headers
    ]


def write_cases(cases: Mapping[str, Sequence[Case]], path: Path) -> None:
    """One line an image and run as CSV; cells are empty where there is no figure."""
    figures = [f"{name}_{unit}" for unit in ("mm", "percent") for name in Errors._fields]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow((
            "model", "run", "dataset", "image", *figures, "angle", "said", "truth", "magnification",
        ))  # fmt: skip
        for model, measured in cases.items():
            lines.writerows(_line(model, case) for case in measured)


def _line(model: str, case: Case) -> tuple[str, ...]:
    numbers = (*case.mm, *case.height, case.angle)
    words = {None: "", True: "poor", False: "good"}
    return (
        model, str(case.run), case.record.dataset, case.record.image.name,
        *("" if np.isnan(number) else f"{number:.4f}" for number in numbers),
        words[case.said_poor], words[case.truly_poor],
        "" if case.magnification is None else f"{case.magnification:.4f}",
    )  # fmt: skip


def _with_foot(record: MarkedImage, points: Three, margin: float) -> Float[np.ndarray, "4 2"]:
    """Foot, lower and upper end on the border, nipple."""
    lower, upper, nipple = points
    meeting = foot(nipple, upper, lower, record.spacing_mm)
    upper, lower = extend_line(upper, lower, record.shape, margin)
    return np.stack([meeting, lower, upper, nipple])


def _is_line(points: Three) -> bool:
    return bool(np.isfinite(points).all() and (points[0] != points[1]).any())
