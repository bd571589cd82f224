"""The figures and the calibration of the shipped registration weights, pooled over folds of women.

    python scripts/measure_registration.py DATA WORK [--write WEIGHTS]

WORK is what train_registration.py wrote: every pair is laid on each other by a network that never saw
its woman. Landmarks and masks are those of the shipped networks, which had learnt from these films.
Prints the tables of ``mammoscope evaluate registration`` and a line of JSON a figure; with --write,
puts figures and calibration into the card and both into docs/models/registration.md.
"""

import argparse
import json
import pickle
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from registration_examples import FOLDS, all_pairs, fold_of
from registration_phantoms import errors
from train_registration import weights_of

from mammoscope.core import OTHER, NotAssessed, PairView
from mammoscope.faces.registration_study import looking
from mammoscope.faces.rooms import open_rooms
from mammoscope.faces.runs import figure_lines
from mammoscope.io import Reader
from mammoscope.io.pairs import Pair
from mammoscope.registration import baselines
from mammoscope.registration.evaluate import Case, Chosen, Views, score
from mammoscope.registration.guided.layout import VIEWS
from mammoscope.registration.guided.search import Pair as Aligned
from mammoscope.registration.guided.search import finer, threshold
from mammoscope.registration.infer import Registrar
from mammoscope.registration.learnt import learnt
from mammoscope.registration.tables import all_tables
from mammoscope.runtime import open_session, register
from mammoscope.scores.boxes import centres

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "models" / "registration.md"
START, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
LEVEL: Final = 0.9
HELD: Final = 0.92
"""What regions of `LEVEL` are to hold here: landmarks of women that nobody learnt from are worse."""
GRID: Final = np.geomspace(0.4, 2.5, 61)
OURS: Final = "guided"
NOMINAL: Final = "guided, spacing withheld"
PLACING: Final = {
    "identity": baselines.identity,
    "turned by 45°": baselines.turned,
    "landmarks": baselines.on_landmarks,
    "landmarks, stretched": baselines.on_stretched_landmarks,
}


@dataclass(frozen=True, eq=False)
class Searched:
    """A search for a lesion whose partner is known, by a network that never saw the woman.

    Attributes:
        pair: Whose it is.
        view: On which it was asked.
        asked: What it is calibrated by.
        scores: Logarithms of the probability of each cell of the other view, not calibrated.
        cell: Where the partner lies, in cells.
        mm2: Of a pixel of the common frame; NaN where the spacing is unknown.
    """

    pair: Pair
    view: PairView
    asked: str
    scores: np.ndarray
    place: tuple[int, int]
    mm2: float


@dataclass(frozen=True, eq=False)
class Measured:
    """Everything that was measured.

    Attributes:
        cases: By method.
        searches: Of lesions matched with certainty, both ways.
    """

    cases: Mapping[str, Sequence[Case]]
    searches: Sequence[Searched]


def main() -> None:
    """Measure what is not measured, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--write", type=Path, help="folder of the weights whose card is written")
    arguments = parser.parse_args()
    kept = arguments.work / "measured.pkl"
    if not kept.is_file():
        kept.write_bytes(pickle.dumps(measure(arguments.data, arguments.work)))
    measured: Measured = pickle.loads(kept.read_bytes())
    tables = "\n\n".join(table.text() for table in all_tables(measured.cases))
    figures = [
        *of_cases(measured.cases[OURS]),
        *({**line, "scale": "withheld"} for line in of_cases(measured.cases[NOMINAL])),
        *of_searches(measured.searches),
    ]
    figures += errors(arguments.work)
    print(tables)
    for figure in figures:
        print(json.dumps(figure))
    if arguments.write:
        write(arguments.write, figures, calibration(measured.searches), tables)


def measure(data: Path, work: Path) -> Measured:
    """Every method on every pair, each of our networks on the women it never saw."""
    rooms = open_rooms().rooms
    sessions = [open_session("registration", weights_of(work, str(fold))) for fold in range(FOLDS)]
    pairs = [pair for pair in all_pairs(data) if pair.lesions]
    with Reader() as reader:
        look = looking(rooms, reader)
        seen = [look(pair) for pair in pairs]
        axes = [
            (pair, baselines.axes(views))
            for pair, views in zip(pairs, seen, strict=True)
            if pair.single and pair.cc_spacing and pair.mlo_spacing
        ]
        methods: dict[str, Chosen] = {name: _always(method) for name, method in PLACING.items()}
        methods[OURS] = lambda pair: learnt(sessions[fold_of(pair.woman)])
        for name in baselines.RULES:
            rule = baselines.calibrated(name, baselines.differences(name, axes))
            methods[f"nipple distance, {name}"] = rule
        cases: dict[str, list[Case]] = {name: [] for name in (*methods, NOMINAL)}
        searches: list[Searched] = []
        for pair, views in zip(pairs, seen, strict=True):
            for name, chosen in methods.items():
                cases[name] += score(pair, views, chosen(pair)(views))
            registrar = Registrar(sessions[fold_of(pair.woman)])
            searches += searched(pair, views, registrar)
            if pair.cc_spacing and pair.mlo_spacing:
                bare = replace(pair, cc_spacing=None, mlo_spacing=None)
                unscaled = look(bare)
                cases[NOMINAL] += score(bare, unscaled, methods[OURS](pair)(unscaled))
                searches += searched(bare, unscaled, registrar)
    return Measured(cases, searches)


def searched(pair: Pair, views: Views, registrar: Registrar) -> list[Searched]:
    """Searches both ways for the lesions that are certain."""
    cc, mlo = (registrar.prepare(seen.mammogram, seen.landmarks) for seen in views)
    if isinstance(cc, NotAssessed) or isinstance(mlo, NotAssessed):
        return []
    aligned: Aligned = replace(registrar(cc, mlo).pair, calibration={})
    found = []
    for lesion in pair.lesions:
        middles = {
            view: centres(np.array(box, float))
            for view, box in zip(VIEWS, (lesion.cc, lesion.mlo), strict=True)
        }
        for view in VIEWS if lesion.certain else ():
            other = aligned.views[OTHER[view]]
            point = (float(middles[view][0]), float(middles[view][1]))
            where = np.rint(other.frame.from_source(middles[OTHER[view]]))
            row, column = np.clip(where, 0, np.array(other.pixels.shape) - 1).astype(int).tolist()
            step, scores = other.spacing_mm, aligned.scores(view, point, finding=True)
            mm2 = other.pixel**2 * step[0] * step[1] if step else np.nan
            found.append(Searched(pair, view, aligned.asked(view), scores, (row, column), mm2))
    return found


def held(search: Searched, temperature: float) -> tuple[bool, float]:
    """Whether the region of `LEVEL` holds the partner, and its area in pixels of the frame."""
    scores = search.scores / temperature
    probability = np.exp(scores - scores.max())
    region = finer(probability) >= threshold(probability, LEVEL)
    return bool(region[search.place]), float(region.sum())


def temperature(searches: Sequence[Searched]) -> float:
    """The lowest at which the regions hold their share."""
    low, high = 0, len(GRID) - 1
    while low < high:
        middle = (low + high) // 2
        if np.mean([held(search, GRID[middle])[0] for search in searches]) >= HELD:
            high = middle
        else:
            low = middle + 1
    return float(GRID[low])


def calibration(searches: Sequence[Searched]) -> dict[str, float]:
    """For the card: temperatures by what is asked."""
    return {
        asked: round(temperature([one for one in searches if one.asked == asked]), 4)
        for asked in sorted({one.asked for one in searches})
    }


def of_searches(searches: Sequence[Searched]) -> list[dict[str, Any]]:
    """Shares held and areas, each fold by the temperature of the others."""
    lines = []
    for asked in sorted({one.asked for one in searches}):
        alike = [one for one in searches if one.asked == asked]
        known = {
            fold: temperature([one for one in alike if fold_of(one.pair.woman) != fold])
            for fold in range(FOLDS)
        }
        results = [held(one, known[fold_of(one.pair.woman)]) for one in alike]
        lines += of_regions(alike, results, {"asked on": asked})
        plain = [held(one, 1.0) for one in alike]
        lines += of_regions(alike, plain, {"asked on": f"{asked}, as a point"})
    return lines


def of_regions(
    searches: Sequence[Searched], results: Sequence[tuple[bool, float]], about: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Shares held and areas, film and digital apart."""
    lines = []
    for name in ("CBIS-DDSM", "CDD-CESM"):
        chosen = [place for place, one in enumerate(searches) if one.pair.dataset == name]
        women = [searches[place].pair.woman for place in chosen]
        inside = np.array([float(results[place][0]) for place in chosen])
        area = np.array([results[place][1] * searches[place].mm2 for place in chosen])
        which = {"set": name, **about}
        lines += figure_lines({**which, "figure": "90 % regions that hold"}, inside, women)
        lines += median_lines({**which, "figure": "area of a 90 % region, mm²"}, area, women)
    return lines


def of_cases(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """The paper's yardsticks and ours on breasts with one lesion, film and digital apart."""
    columns: Mapping[str, Callable[[Case], float]] = {
        "boxes overlap, rectified": lambda case: float(case.as_rectified.overlaps),
        "boxes overlap at their own area": lambda case: float(case.own_area.overlaps),
        "IoU at their own area": lambda case: float(np.nan_to_num(case.own_area.iou)),
        "stretched over the muscle": lambda case: case.stretched,
    }
    lines = []
    for name in ("CBIS-DDSM", "CDD-CESM"):
        chosen = [case for case in cases if case.pair.single and case.pair.dataset == name]
        women = [case.pair.woman for case in chosen]
        for figure, value in columns.items():
            values = np.array([value(case) for case in chosen])
            lines += figure_lines({"set": name, "figure": figure}, values, women)
        distance = np.array([case.centre_mm for case in chosen])
        about = {"set": name, "figure": "distance of the boxes' centres, mm"}
        lines += median_lines(about, distance, women)
    return lines


def median_lines(about: Mapping[str, object], values: np.ndarray, women: Sequence[str]) -> list:
    """A card's line for a median."""
    return figure_lines(
        {**about, "of": "median"}, values, women, lambda sample: float(np.median(sample))
    )


def write(
    folder: Path, figures: Sequence[Mapping[str, Any]], found: Mapping[str, float], tables: str
) -> None:
    """Put figures and calibration into the card, and both with the tables into the document."""
    path = folder / "registration.json"
    card = json.loads(path.read_text())
    card["figures"], card["calibration"] = list(figures), dict(found)
    path.write_text(json.dumps(card, indent=2) + "\n")
    register(folder, "registration", "registration.onnx", "registration.json")
    text = DOCUMENT.read_text(encoding="utf-8")
    before, rest = text.split(START)
    after = rest.split(END)[1]
    lines = [row(figure) for figure in figures]
    head = "| Set | Figure | n | Estimate (95 % interval) |\n|---|---|---|---|\n"
    body = f"```\n{tables}\n```\n\n{head}" + "\n".join(lines) + "\n"
    DOCUMENT.write_text(before + START + body + END + after, encoding="utf-8")


def row(figure: Mapping[str, Any]) -> str:
    """A line of the document's table."""
    who = ", ".join(str(figure[key]) for key in ("set", "scale", "asked on") if key in figure)
    name = f"{figure['figure']}, median" if "of" in figure else figure["figure"]
    value = f"{figure['estimate']:.3g} ({figure['low']:.3g}–{figure['high']:.3g})"
    return f"| {who} | {name} | {figure['images']} | {value} |"


def _always(method: Any) -> Chosen:
    return lambda pair: method


if __name__ == "__main__":
    main()
