"""The figures, the calibration and the reference of the screening weights that ship, over five parts.

    python scripts/measure_screening.py DATA WORK --detectors FINDINGS_WORK [--write WEIGHTS]

WORK is what train_screening.py wrote, FINDINGS_WORK what train_findings.py wrote: every woman is looked
at by a network and a detector that never saw her, and what makes it a probability is fitted
on the women of the other parts. Prints tables and a line of JSON a figure; with --write figures,
calibration, operating points and the reference of likeness go into the card, the tables into
docs/models/screening.md.
"""

import argparse
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
from screening_fitted import cross_fitted, fitted, guided, unguided
from screening_held_out import Looked, held_out

from mammoscope.measures.screening import OF_VIEWS, RULES, of_breast
from mammoscope.runtime import open_session, register
from mammoscope.scores.calibration import brier, expected_error, reliability
from mammoscope.scores.intervals import Interval
from mammoscope.scores.operating import (
    OperatingPoint,
    by_f1,
    by_recall_rate,
    by_sensitivity,
    on_card,
)
from mammoscope.scores.roc import auc_gain, auc_interval
from mammoscope.scores.table import Table
from mammoscope.screening.likeness import reference_of

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "models" / "screening.md"
START, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
FEW: Final = 20
"""Groups of fewer of either kind are not told."""
Line = dict[str, Any]


def main() -> None:
    """Measure what is not measured, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--detectors", type=Path, required=True, help="where train_findings.py worked")
    parser.add_argument("--findings", type=Path, help="folder of the findings weights that ship")
    parser.add_argument("--write", type=Path, help="folder of the weights whose card is written")
    arguments = parser.parse_args()
    calibration = open_session("findings", arguments.findings).card.calibration
    films = held_out(arguments.data, arguments.work, arguments.detectors, calibration)
    numbers = cross_fitted(films)
    scores, plain = guided(films, numbers), unguided(films, numbers)
    true = np.array([one.true for one in films])
    found = points(films, scores)
    lines = [
        *image_lines(films, scores, plain), *breast_lines(films, scores),
        *calibration_lines(scores, true), *point_lines(found, len(breasts_of(films))),
    ]  # fmt: skip
    tables = [area_table(lines), curve_table(scores, true)]
    text = "\n\n".join(table.text() for table in tables)
    print(text)
    for line in lines:
        print(json.dumps(line))
    print(json.dumps({"calibration": fitted(films) | on_card(found)}))
    if arguments.write:
        numbers = fitted(films) | on_card(found)
        write(arguments.write, lines, numbers, reference(films, scores), text)


def image_lines(films: Sequence[Looked], scores: np.ndarray, plain: np.ndarray) -> list[Line]:
    """Areas under the ROC curve of single images, by group; what the heatmap of findings adds."""
    women, true = [one.image.woman for one in films], np.array([one.true for one in films])
    found = np.array([one.likeliest for one in films])
    lines = [
        _line("image", "AUC", "all", len(films), auc_interval(scores, true, women)),
        _line("image", "AUC", "network alone", len(films), auc_interval(plain, true, women)),
        _line("image", "AUC", "score of findings alone", len(films), auc_interval(found, true, women)),
        _line(
            "image",
            "gain",
            "by the heatmap of findings",
            len(films),
            auc_gain(plain, scores, true, women),
        ),
    ]
    for name, of in GROUPS.items():
        values = [of(one) for one in films]
        for value in sorted(set(values)):
            here = np.array([one == value for one in values])
            if min(true[here].sum(), (~true[here]).sum()) < FEW:
                continue
            some = [woman for woman, inside in zip(women, here.tolist(), strict=True) if inside]
            area = auc_interval(scores[here], true[here], some)
            lines.append(_line("image", "AUC", f"{name} {value}", len(some), area))
    return lines


def breasts_of(films: Sequence[Looked]) -> dict[tuple[str, str], list[int]]:
    """Places of the films of each breast."""
    breasts: dict[tuple[str, str], list[int]] = {}
    for place, one in enumerate(films):
        breasts.setdefault((one.image.woman, one.image.laterality), []).append(place)
    return breasts


def scored(places: Sequence[int], films: Sequence[Looked], scores: np.ndarray, rule: str) -> float:
    """The score of a breast, as the pipeline makes it."""
    views: dict[str, list[float]] = {}
    for place in places:
        views.setdefault(films[place].image.view, []).append(float(scores[place]))
    return of_breast(views, rule)


def points(films: Sequence[Looked], scores: np.ndarray) -> list[OperatingPoint]:
    """Where a breast's score may be called high, and what that achieves on the breasts that chose it.

    Scores are of networks that never saw the women; the thresholds did, so what is achieved flatters.
    """
    breasts = breasts_of(films)
    women = [woman for woman, _ in breasts]
    true = np.array([any(films[place].true for place in places) for places in breasts.values()])
    said = np.array([scored(places, films, scores, OF_VIEWS) for places in breasts.values()])
    return [
        by_f1(said, true, women), by_sensitivity(0.9, said, true, women),
        by_recall_rate(0.5, said, true, women),
    ]  # fmt: skip


def point_lines(found: Sequence[OperatingPoint], count: int) -> list[Line]:
    """What each operating point achieves."""
    return [
        _line("breast", name, f"at {one.name}, {one.threshold.estimate:.2f}", count, value)
        for one in found
        for name, value in one.achieved._asdict().items()
        if isinstance(value, Interval)
    ]


def breast_lines(films: Sequence[Looked], scores: np.ndarray) -> list[Line]:
    """Areas of breasts by each rule, and what a second view adds to either."""
    breasts = breasts_of(films)
    women = [woman for woman, _ in breasts]
    true = np.array([any(films[place].true for place in places) for places in breasts.values()])
    lines, by_rule = [], {}
    for rule in RULES:
        by_rule[rule] = np.array([scored(places, films, scores, rule) for places in breasts.values()])
        lines.append(_line("breast", "AUC", rule, len(women), auc_interval(by_rule[rule], true, women)))
    both = np.array([len(places) > 1 for places in breasts.values()])
    of_both = [woman for woman, there in zip(women, both.tolist(), strict=True) if there]
    for view in ("CC", "MLO"):
        single = np.array(
            [
                np.mean(
                    [scores[place] for place in places if films[place].image.view == view] or [np.nan]
                )
                for places in breasts.values()
            ]
        )
        here = both & np.isfinite(single)
        some = [woman for woman, there in zip(women, here.tolist(), strict=True) if there]
        added = auc_gain(single[here], by_rule[OF_VIEWS][here], true[here], some)
        lines.append(_line("breast", "gain", f"of both views over {view}", len(some), added))
    area = auc_interval(by_rule[OF_VIEWS][both], true[both], of_both)
    return [*lines, _line("breast", "AUC", "with both views", len(of_both), area)]


def calibration_lines(scores: np.ndarray, true: np.ndarray) -> list[Line]:
    """How far probabilities hold that other women calibrated."""
    return [
        {
            "unit": "image",
            "figure": name,
            "group": "all",
            "count": len(scores),
            "estimate": round(value, 4),
        }
        for name, value in (
            ("Brier score", brier(scores, true)),
            ("expected calibration error", expected_error(scores, true)),
        )
    ]


GROUPS: Final[Mapping[str, Callable[[Looked], str]]] = {
    "digitiser": lambda one: one.digitiser or "not named",
    "view": lambda one: one.image.view,
    "density": lambda one: str(one.image.density),
    "largest subtlety": lambda one: str(max((each.subtlety or 0) for each in one.image.findings)),
}


def area_table(lines: Sequence[Line]) -> Table:
    """A row a figure with an interval."""
    rows = tuple(
        (
            line["unit"], line["figure"], line["group"], str(line["count"]),
            "{estimate:.3f} ({low:.3f}–{high:.3f})".format(**line) if "low" in line
            else f"{line['estimate']:.3f}",
        )
        for line in lines
    )  # fmt: skip
    return Table("Malignancy of a mass on film", ("", "figure", "of", "count", "95 % interval"), rows)


def curve_table(scores: np.ndarray, true: np.ndarray) -> Table:
    """The reliability curve."""
    rows = tuple(
        (f"{part.said:.3f}", f"{part.found:.3f}", str(part.answers))
        for part in reliability(scores, true)
    )
    return Table("Reliability: ten bins of equal counts", ("said", "malignant", "images"), rows)


def reference(films: Sequence[Looked], scores: np.ndarray) -> Mapping[str, Any]:
    """What the films were like, for the card."""
    measured, women = np.array([one.features for one in films]), [one.image.woman for one in films]
    return asdict(reference_of(measured, women, scores.tolist()))


def write(
    folder: Path,
    lines: Sequence[Line],
    numbers: Mapping[str, float],
    known: Mapping[str, Any],
    text: str,
) -> None:
    """Put figures, calibration and reference into the card, and the tables into the document."""
    path = folder / "screening.json"
    card = json.loads(path.read_text())
    card |= {"figures": list(lines), "calibration": dict(numbers), "reference": dict(known)}
    path.write_text(json.dumps(card, indent=2) + "\n")
    register(folder, "screening", "screening.onnx", "screening.json")
    document = DOCUMENT.read_text(encoding="utf-8")
    before, rest = document.split(START)
    DOCUMENT.write_text(f"{before}{START}```\n{text}\n```\n{END}{rest.split(END)[1]}", encoding="utf-8")


def _line(unit: str, figure: str, group: str, count: int, found: Interval) -> Line:
    rounded = {key: round(value, 4) for key, value in found._asdict().items()}
    return {"unit": unit, "figure": figure, "group": group, "count": count, **rounded}


if __name__ == "__main__":
    main()
