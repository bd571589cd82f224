"""The figures and the calibration of the shipped findings weights, pooled over folds of women.

    python scripts/measure_findings.py DATA WORK REGISTRATIONS [--write WEIGHTS]

WORK is what train_findings.py wrote, REGISTRATIONS what train_registration.py wrote with the same
folds: every woman is looked at by networks that never saw her. Landmarks are those of the shipped
network, which had learnt from these films. Prints tables and a line of JSON a figure; with --write
figures, calibration and operating points go into the card, the tables into docs/models/findings.md.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from findings_figures import (
    calibration_lines,
    calibration_table,
    froc_lines,
    froc_table,
    group_lines,
    operating_points,
    windowed_lines,
)
from findings_held_out import held_out, windowed
from findings_scored import all_scored, cross_fitted, fitted

from mammoscope.runtime import register

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "models" / "findings.md"
START, END = "<!-- figures -->\n", "<!-- end of figures -->\n"


def main() -> None:
    """Measure what is not measured, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("registrations", type=Path)
    parser.add_argument(
        "--only", type=int, nargs="*", help="look at the women of these folds, then stop"
    )
    parser.add_argument("--windowed", type=int, default=60, help="images looked at in both ways")
    parser.add_argument("--write", type=Path, help="folder of the weights whose card is written")
    arguments = parser.parse_args()
    places = arguments.data, arguments.work, arguments.registrations
    if arguments.only is not None:
        held_out(*places, arguments.only)
        return
    images = all_scored(held_out(*places))
    folds, shipped = cross_fitted(images), fitted(images)
    froc, groups = froc_lines(images, folds), group_lines(images, folds)
    alone = all_scored(windowed(arguments.data, arguments.work, arguments.windowed))
    windows = windowed_lines(images, alone)
    tables = [
        froc_table(froc, "Masses found at so many false positives an image", "figure"),
        froc_table(groups, "Film by group, single views, thresholds of all film", "group"),
        froc_table(windows, "The same network at once and window by window", "figure"),
        calibration_table(images, folds),
    ]
    text = "\n\n".join(table.text() for table in tables)
    figures = [*froc, *groups, *windows, *calibration_lines(images, folds)]
    print(text)
    for figure in figures:
        print(json.dumps(figure))
    print(json.dumps({"rescoring": asdict(shipped.rescoring)}))
    if arguments.write:
        numbers = {**shipped.calibration, **operating_points(images, shipped)}
        write(arguments.write, figures, numbers, text)


def write(
    folder: Path, figures: Sequence[Mapping[str, Any]], numbers: Mapping[str, float], text: str
) -> None:
    """Put figures and calibration into the card, and the tables into the document."""
    path = folder / "findings.json"
    card = json.loads(path.read_text())
    card["figures"], card["calibration"] = list(figures), dict(numbers)
    path.write_text(json.dumps(card, indent=2) + "\n")
    register(folder, "findings", "findings.onnx", "findings.json")
    document = DOCUMENT.read_text(encoding="utf-8")
    before, rest = document.split(START)
    after = rest.split(END)[1]
    body = f"```\n{text}\n```\n"
    DOCUMENT.write_text(before + START + body + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
