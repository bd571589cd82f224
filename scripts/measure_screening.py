"""The figures, the calibration and the reference of the screening weights that ship, over five parts.

    python scripts/measure_screening.py DATA WORK --detectors FINDINGS_WORK [--write WEIGHTS]

WORK is what train_screening.py wrote, FINDINGS_WORK what train_findings.py wrote: every woman is looked
at by a network and a detector that never saw her, and what makes it a probability is fitted
on other women. Prints tables and a line of JSON a figure; with --write figures,
calibration, operating points and the reference of likeness go into the card, the tables into
docs/models/screening.md.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
from folds import PARTS
from screening_figures import (
    Line,
    breast_lines,
    breasts_of,
    calibration_lines,
    exam_lines,
    image_lines,
    point_lines,
    points,
)
from screening_fitted import cross_fitted, fitted, guided, told_by_others, unguided
from screening_held_out import Looked, held_out

from mammoscope.runtime import open_session, register
from mammoscope.scores.calibration import reliability
from mammoscope.scores.operating import on_card
from mammoscope.scores.table import Table
from mammoscope.screening.likeness import reference_of

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "models" / "screening.md"
START, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def main() -> None:
    """Measure what is not measured, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--detectors", type=Path, required=True, help="where train_findings.py worked")
    parser.add_argument("--parts", nargs="*", default=PARTS, help="of women; all have to be written")
    parser.add_argument("--findings", type=Path, help="folder of the findings weights that ship")
    parser.add_argument("--write", type=Path, help="folder of the weights whose card is written")
    arguments = parser.parse_args()
    calibration = open_session("findings", arguments.findings).card.calibration
    films = held_out(arguments.data, arguments.work, arguments.detectors, calibration, arguments.parts)
    numbers = cross_fitted(films)
    scores, plain = guided(films, numbers), unguided(films, numbers)
    true = np.array([one.true for one in films])
    found = points(films, scores)
    lines = [
        *image_lines(films, scores, plain, told_by_others(films)), *breast_lines(films, scores),
        *exam_lines(films, scores),
        *calibration_lines(scores, true), *point_lines(found, len(breasts_of(films).women)),
    ]  # fmt: skip
    tables = [area_table(lines), curve_table(scores, true)]
    text = "\n\n".join(table.text() for table in tables)
    print(text)
    for line in lines:
        print(json.dumps(line))
    print(json.dumps({"calibration": fitted(films) | on_card(found)}))
    if arguments.write:
        if set(arguments.parts) != set(PARTS):
            raise SystemExit(
                f"a card tells of all women: measure {', '.join(PARTS)}, or leave --write out"
            )
        numbers = fitted(films) | on_card(found)
        write(arguments.write, lines, numbers, reference(films, scores), text)


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


if __name__ == "__main__":
    main()
