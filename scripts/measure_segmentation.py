"""The figures of the shipped segmentation weights, on women who were held out.

    python scripts/measure_segmentation.py WEIGHTS MASKS [--split test] [--write]

WEIGHTS is a folder of weights, MASKS what make_masks.py wrote. Prints a table; with --write, puts
its lines into the card. Images whose muscle a network outlined (muscle_polygons.csv) are left
out: that would be marking one's own homework.
"""

import argparse
import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import spearmanr

from mammoscope.core import Mammogram, Segmentation
from mammoscope.image import for_display, probabilities_to_source
from mammoscope.image.scale import at_network_scale
from mammoscope.io import Reader
from mammoscope.io.annotations import SegmentationRecord, read_records
from mammoscope.runtime import open_session, register
from mammoscope.scores.intervals import bootstrap
from mammoscope.segmentation.evaluate import Case, score
from mammoscope.segmentation.infer import Segmenter
from mammoscope.segmentation.prepare import read, truth_of

MEASURES: dict[str, Callable[[Case], float]] = {
    "Dice breast": lambda case: case.breast,
    "Dice pectoral": lambda case: case.pectoral,
    "Dice overall": lambda case: case.overall,
    "pectoral missed": lambda case: float(not case.found()) if case.present else np.nan,
    "pectoral invented": lambda case: float(case.found()) if not case.present else np.nan,
}
GROUPS = (("film", "MLO"), ("film", "CC"), ("processed", "MLO"), ("processed", "CC"))
DOCUMENT = Path(__file__).parents[1] / "docs" / "models" / "segmentation.md"
START, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
WAYS = ("as shipped", "nominal scale", "without correction")


@dataclass(frozen=True)
class Line:
    """One image measured in one way."""

    way: str
    case: Case
    confidence: float


def main() -> None:
    """Measure, print, and write on request."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("weights", type=Path)
    parser.add_argument("masks", type=Path)
    parser.add_argument("--split", default="test")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    segmenter = Segmenter(open_session("segmentation", arguments.weights))
    records = honest(arguments.masks / f"{arguments.split}.csv")
    lines = list(measure(segmenter, records))
    figures = [{"set": arguments.split} | one for one in (*tables(lines), *confidence(lines))]
    for figure in figures:
        print(json.dumps(figure))
    if arguments.write:
        write(arguments.weights, figures)
        page = DOCUMENT.read_text()
        before, after = page.split(START)[0], page.split(END)[1]
        DOCUMENT.write_text(before + START + markdown(figures) + END + after)


def honest(table: Path) -> list[SegmentationRecord]:
    """The records of a table whose muscle was marked by eye, or is absent."""
    with table.open(newline="") as file:
        drawn = {row["mask"] for row in csv.DictReader(file) if row["muscle"] == "outline"}
    return [record for record in read_records(table) if record.truth.name not in drawn]


def measure(segmenter: Segmenter, records: list[SegmentationRecord]) -> Iterator[Line]:
    """Each image as shipped, without its spacing, and without the correction."""
    with Reader() as reader:
        for record in records:
            mammogram = read(record, reader)
            truth = truth_of(record, mammogram)
            shipped = segmenter(mammogram)
            yield _line("as shipped", record, shipped, truth)
            blind = replace(mammogram, about=replace(mammogram.about, spacing=None))
            nominal = segmenter(blind) if mammogram.about.spacing else shipped
            yield _line("nominal scale", record, nominal, truth)
            plain = uncorrected(segmenter, mammogram)
            yield Line("without correction", score(record, plain, truth), shipped.confidence)


def uncorrected(segmenter: Segmenter, mammogram: Mammogram) -> np.ndarray:
    """The network's labels in source pixels as they are."""
    small, _ = at_network_scale(for_display(mammogram), segmenter.spacing_mm)
    return probabilities_to_source(segmenter.probabilities(small), small.frame)


def tables(lines: list[Line]) -> Iterator[dict[str, Any]]:
    """Every measure of every group in every way, with a bootstrap interval by woman."""
    for way in WAYS:
        for kind, view in GROUPS:
            cases = [
                line.case
                for line in lines
                if line.way == way and (line.case.record.kind, line.case.record.view) == (kind, view)
            ]
            for measure_name, value in MEASURES.items():
                values = np.array([value(case) for case in cases], float)
                if not np.isfinite(values).any():
                    continue
                women = [case.record.woman for case in cases]
                estimate, low, high = bootstrap(values, women)
                known = np.isfinite(values)
                yield {
                    "way": way, "images": "film" if kind == "film" else "digital", "view": view,
                    "measure": measure_name, "value": round(estimate, 4),
                    "interval_95": [round(low, 4), round(high, 4)], "n": int(known.sum()),
                    "women": len({who for who, one in zip(women, known, strict=True) if one}),
                }  # fmt: skip


def confidence(lines: list[Line]) -> Iterator[dict[str, Any]]:
    """How the confidence of an image relates to what was measured on it."""
    shipped = [line for line in lines if line.way == "as shipped"]
    said = np.array([line.confidence for line in shipped])
    true = np.array([np.nanmean([line.case.breast, line.case.pectoral]) for line in shipped])
    yield {
        "measure": "confidence against mean Dice of breast and pectoral", "n": len(shipped),
        "mean_confidence": round(float(said.mean()), 4), "mean_dice": round(float(true.mean()), 4),
        "mean_absolute_difference": round(float(np.abs(said - true).mean()), 4),
        "spearman": round(float(spearmanr(said, true).statistic), 3),
    }  # fmt: skip
    low = said < 0.9
    yield {
        "measure": "images with a confidence below 0.9", "n": int(low.sum()),
        "their_mean_dice": round(float(true[low].mean()), 4) if low.any() else None,
        "the_others_mean_dice": round(float(true[~low].mean()), 4) if (~low).any() else None,
    }  # fmt: skip


def markdown(figures: list[dict[str, Any]]) -> str:
    """The figures as tables, one a way of measuring, and the lines on confidence."""
    text = []
    for way in WAYS:
        text.append(
            f"\n**{way.capitalize()}**\n\n| images | measure | value | 95 % | images, women |\n"
        )
        text.append("|---|---|---|---|---|\n")
        for one in figures:
            if one.get("way") == way:
                low, high = one["interval_95"]
                text.append(
                    f"| {one['images']} {one['view']} | {one['measure']} | {one['value']:.3f} "
                    f"| {low:.3f}–{high:.3f} | {one['n']}, {one['women']} |\n"
                )
    text.append("\n")
    for one in figures:
        if "way" not in one:
            rest = ", ".join(f"{key.replace('_', ' ')} {value}" for key, value in one.items()
                             if key not in ("set", "measure"))  # fmt: skip
            text.append(f"- {one['measure']}: {rest}\n")
    return "".join(text)


def write(folder: Path, figures: list[dict[str, Any]]) -> None:
    """Put the figures into the card; the weights stay as they are."""
    path = folder / "segmentation.json"
    card = json.loads(path.read_text())
    path.write_text(json.dumps(card | {"figures": figures}, indent=2) + "\n")
    register(folder, "segmentation", "segmentation.onnx", "segmentation.json")


def _line(way: str, record: SegmentationRecord, result: Segmentation, truth: np.ndarray) -> Line:
    return Line(way, score(record, result.mask.labels, truth), result.confidence)


if __name__ == "__main__":
    main()
