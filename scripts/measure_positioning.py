"""The figures and the calibration of the shipped positioning weights, pooled over folds of women.

    python scripts/measure_positioning.py DATA WORK [--write WEIGHTS]

WORK is what train_positioning.py wrote: every image was answered by a network that never saw its
woman. Prints a line of JSON a figure; with --write, puts figures and calibration into the card and
the table into docs/models/positioning.md.
"""

import argparse
import json
import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from positioning_calibration import LEVEL, calibration_of, held
from positioning_examples import FOLDS, all_records, fold_of
from train_positioning import RECIPES

from mammoscope.core import LANDMARKS, Landmark, Landmarks
from mammoscope.faces.runs import figure_lines
from mammoscope.image.scale import as_shown
from mammoscope.io import Reader
from mammoscope.io.marks import MarkedImage, read_marks
from mammoscope.positioning.heatmaps.decode import in_profile, landmarks
from mammoscope.positioning.heatmaps.layout import Seen, seen
from mammoscope.positioning.marked import read
from mammoscope.runtime import register
from mammoscope.scores.landmarks import angle_error, distance_mm, foot, foot_inside, line_angle

DOCUMENT = Path(__file__).parents[1] / "docs" / "models" / "positioning.md"
START, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
GROUPS = (("film", "MLO"), ("processed", "MLO"), ("film", "CC"), ("processed", "CC"))
UNSURE = 3
LEAST = 5
"""Images that a figure is of, at least."""
Figures = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Case:
    """One marked image, and what is said of it by a network that never saw its woman.

    Attributes:
        record: The image.
        numbers: The network's; None for a second reading.
        seen: What the network saw; None for a second reading.
        said: The landmarks that the numbers come to, calibrated; None before that.
    """

    record: MarkedImage
    numbers: np.ndarray | None
    seen: Seen | None
    said: Landmarks | None = None

    @property
    def steps(self) -> tuple[float, float]:
        """A pixel's rows and columns in mm, or as shares of the image's height in per cent."""
        return self.record.spacing_mm or (100 / self.record.shape[0],) * 2

    def point(self, name: str) -> np.ndarray | None:
        """Where a landmark is said to be."""
        point = self.said.points[name].point if self.said else None
        return None if point is None else np.array(point)

    def mark(self, name: str) -> np.ndarray | None:
        """Where it was marked."""
        point = self.record.points.get(name)
        return None if point is None else np.array(point)


def main() -> None:
    """Measure, print, and write on request."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--write", type=Path, help="folder of weights")
    arguments = parser.parse_args()
    cases = list(cases_of(arguments.data, arguments.work))
    calibration = calibration_of(cases)
    answered = list(by_fold(cases))
    figures = [*measured(answered), *coverage(answered), *readings(arguments.data)]
    for figure in figures:
        print(json.dumps(figure))
    if arguments.write:
        write(arguments.write, figures, calibration)


def cases_of(data: Path, work: Path) -> Iterator[Case]:
    """Every marked image with its answer."""
    answers: Mapping[str, np.ndarray] = pickle.loads((work / "answers.pkl").read_bytes())
    with Reader() as reader:
        for record in all_records(data):
            if record.image.name in answers:
                recipe = RECIPES["near"]
                shown = as_shown(read(record, reader), recipe.raw)
                yield Case(record, answers[record.image.name], seen(shown, recipe.spacing_mm))


def fold(case: Case) -> int:
    """The fold of its woman."""
    return fold_of(case.record.woman)


def held_out(cases: Sequence[Case]) -> str:
    """What the figures are of, in words."""
    return f"held out, {len({fold(case) for case in cases})} of {FOLDS} folds"


def by_fold(cases: Sequence[Case]) -> Iterator[Case]:
    """Cases with landmarks whose calibration was found on the other folds."""
    for each in sorted({fold(case) for case in cases}):
        calibration = calibration_of([case for case in cases if fold(case) != each])
        yield from (answer(case, calibration) for case in cases if fold(case) == each)


def answer(case: Case, calibration: Mapping[str, float]) -> Case:
    """A case with its landmarks, as the room makes them of the network's numbers."""
    oblique = case.record.view == "MLO"
    points = landmarks(case.numbers, case.seen.mammogram.frame, calibration, oblique=oblique)
    profile = in_profile(case.numbers) if points["nipple"].point else None
    side, scale = case.seen.side, case.seen.scale
    return replace(case, said=Landmarks(points, profile, side, scale, "held out"))


def apart(case: Case, name: str) -> float:
    """Distance of a landmark from its mark; NaN where either is missing."""
    said, true = case.point(name), case.mark(name)
    return np.nan if said is None or true is None else float(distance_mm(said, true, case.steps))


def angle(case: Case) -> float:
    """Between the said and the marked pectoral line, in degrees."""
    lines = [
        [of(name) for name in ("pectoral upper", "pectoral lower")] for of in (case.point, case.mark)
    ]
    if any(end is None for line in lines for end in line):
        return np.nan
    one, other = (line_angle(*line, case.steps) for line in lines)
    return float(angle_error(one, float(other)))


def feet(case: Case) -> tuple[np.ndarray, np.ndarray] | None:
    """The said and the marked foot of the posterior nipple line."""
    names = ("nipple", "pectoral upper", "pectoral lower")
    found = [[of(name) for name in names] for of in (case.point, case.mark)]
    if any(point is None for points in found for point in points):
        return None
    one, other = (foot(*points, case.steps) for points in found)
    return one, other


def foot_apart(case: Case) -> float:
    """Distance of the feet."""
    both = feet(case)
    return np.nan if both is None else float(distance_mm(*both, case.steps))


def decided_alike(case: Case) -> float:
    """Whether the paper's criterion is decided as by the marks."""
    both = feet(case)
    if both is None:
        return np.nan
    one, other = (bool(foot_inside(point, case.record.shape)) for point in both)
    return float(one == other)


def sure(case: Case) -> bool:
    """Whether the nipple's mark is sure or fair."""
    return case.record.quality.get("nipple", UNSURE) < UNSURE


def told(case: Case, name: str) -> float:
    """Whether a landmark is said to be shown where it is marked, and not where it is not."""
    if name not in case.record.points:
        return np.nan
    return float((case.point(name) is None) == (case.record.points[name] is None))


def profile_told(case: Case) -> float:
    """Whether the nipple's being in profile is said as marked."""
    said = case.said.in_profile if case.said else None
    if said is None or case.record.in_profile is None:
        return np.nan
    return float((said >= 0.5) == case.record.in_profile)


MEASURES: Mapping[str, Callable[[Case], float]] = {
    "nipple": lambda case: apart(case, "nipple"),
    "nipple, sure or fair marks": lambda case: apart(case, "nipple") if sure(case) else np.nan,
    "pectoral upper": lambda case: apart(case, "pectoral upper"),
    "pectoral lower": lambda case: apart(case, "pectoral lower"),
    "foot of the posterior nipple line": foot_apart,
    "inframammary fold": lambda case: apart(case, "inframammary fold"),
    "chest wall upper": lambda case: apart(case, "chest wall upper"),
    "chest wall lower": lambda case: apart(case, "chest wall lower"),
    "pectoral angle": angle,
    "paper's criterion decided as from the marks": decided_alike,
    "nipple told as shown": lambda case: told(case, "nipple"),
    "pectoral line told as shown": lambda case: told(case, "pectoral upper"),
    "inframammary fold told as shown": lambda case: told(case, "inframammary fold"),
    "nipple in profile told": profile_told,
}


def unit(name: str, spaced: bool) -> str:
    """Of a measure."""
    if name == "pectoral angle":
        return "°"
    if "told" in name or "decided" in name:
        return "share"
    return "mm" if spaced else "% of the height"


def measured(cases: Sequence[Case]) -> Iterator[dict[str, Any]]:
    """Means with 95 % intervals over women, and medians, by kind and view."""
    for kind, view in GROUPS:
        group = [case for case in cases if (case.record.kind, case.record.view) == (kind, view)]
        for spaced in (True, False):
            members = [case for case in group if (case.record.spacing_mm is not None) == spaced]
            for name, measure in MEASURES.items():
                about = {"set": held_out(cases), "kind": kind, "view": view, "figure": name}
                yield from figures_of(about | {"unit": unit(name, spaced)}, members, measure)


def coverage(cases: Sequence[Case]) -> Iterator[dict[str, Any]]:
    """How many of the held-out landmarks their 90 % regions hold."""
    for name in LANDMARKS:
        about = {"set": held_out(cases), "figure": f"{name} within its {LEVEL:.0%} region"}
        yield from figures_of(about | {"unit": "share"}, cases, partial(held, name=name))


def figures_of(
    about: Mapping[str, Any], cases: Sequence[Case], measure: Callable[[Case], float]
) -> Iterator[dict[str, Any]]:
    """The mean of a measure with its 95 % interval over women, and its median; none of too few."""
    values = np.array([measure(case) for case in cases], float)
    if np.isfinite(values).sum() >= LEAST:
        for line in figure_lines(about, values, [case.record.woman for case in cases]):
            share = about["unit"] == "share"
            yield line if share else line | {"median": round(float(np.nanmedian(values)), 4)}


def readings(data: Path) -> Iterator[dict[str, Any]]:
    """How far two readings of the same image lie apart, as the networks are measured."""
    marks = read_marks(data / "landmarks_train.csv")
    second = {mark.image: mark for mark in marks if mark.reading == 2}
    pairs = [
        Case(mark, None, None, spoken(second[mark.image]))
        for mark in marks
        if mark.reading == 1 and mark.image in second
    ]
    for name in ("nipple", "pectoral angle", "foot of the posterior nipple line"):
        about = {"set": "two readings by eye", "figure": name, "unit": unit(name, spaced=False)}
        yield from figures_of(about, pairs, MEASURES[name])


def spoken(mark: MarkedImage) -> Landmarks:
    """A second reading as if a network had said it."""
    points = {
        name: Landmark(mark.points.get(name), ((0.0, 0.0), (0.0, 0.0)), 1.0) for name in LANDMARKS
    }
    return Landmarks(points, None, "left", "nominal", "second reading")


def write(weights: Path, figures: Figures, calibration: Mapping[str, float]) -> None:
    """Put figures and calibration into the card, the table into the page."""
    path = weights / "positioning.json"
    card = json.loads(path.read_text()) | {"figures": list(figures), "calibration": dict(calibration)}
    path.write_text(json.dumps(card, indent=2) + "\n")
    register(weights, "positioning", "positioning.onnx", "positioning.json")
    page = DOCUMENT.read_text()
    before, after = page.split(START)[0], page.split(END)[1]
    DOCUMENT.write_text(before + START + markdown(figures) + END + after)


def markdown(figures: Figures) -> str:
    """The figures as a table."""
    lines = ["| Set | Images | Figure | n | Mean (95 % interval) | Median |", "|--|--|--|--|--|--|"]
    for one in figures:
        share = one["unit"] == "share"
        scale, end = (100, " %") if share else (1, f" {one['unit']}")
        mean, low, high = (f"{one[key] * scale:.3g}" for key in ("estimate", "low", "high"))
        middle = f"{one['median']:.3g}" if "median" in one else ""
        group = " ".join(str(one.get(key, "")) for key in ("kind", "view"))
        what = group.replace("processed", "digital")
        cells = (one["set"], what, one["figure"], one["images"], f"{mean}{end} ({low}–{high})", middle)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
