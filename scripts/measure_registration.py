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
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from folds import fold_of
from registration_phantoms import errors
from registration_searches import (
    DIGITAL,
    FILM,
    HELD,
    WITHHELD,
    Searched,
    all_searches,
    calibration,
    looked_at,
    median_lines,
    of_searches,
    sessions,
)

from mammoscope.faces.registration_study import PLACING
from mammoscope.faces.runs import figure_lines
from mammoscope.io.pairs import Pair
from mammoscope.registration import baselines
from mammoscope.registration.evaluate import Case, Chosen, Views, score
from mammoscope.registration.learnt import learnt
from mammoscope.registration.tables import all_tables
from mammoscope.runtime import register

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "models" / "registration.md"
START, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
OURS: Final = "guided"
NOMINAL: Final = "guided, spacing withheld"


Cases = Mapping[str, Sequence[Case]]


def main() -> None:
    """Measure what is not measured, print, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--write", type=Path, help="folder of the weights whose card is written")
    arguments = parser.parse_args()
    data, work = arguments.data, arguments.work
    searches: list[Searched] = kept(work / "searches.pkl", lambda: all_searches(data, work))
    cases: Cases = kept(work / "cases.pkl", lambda: all_cases(data, work, searches))
    tables = "\n\n".join(table.text() for table in all_tables(cases))
    figures = [
        *of_cases(cases[OURS]),
        *of_cases(cases[NOMINAL]),
        *against_rules(cases),
        *of_searches(searches),
        *errors(work),
    ]
    print(tables)
    for figure in figures:
        print(json.dumps(figure))
    if arguments.write:
        write(arguments.write, figures, calibration(searches), tables)


def kept(path: Path, make: Callable[[], Any]) -> Any:
    """What is made once."""
    if not path.is_file():
        path.write_bytes(pickle.dumps(make()))
    return pickle.loads(path.read_bytes())


def all_cases(data: Path, work: Path, searches: Sequence[Searched]) -> Cases:
    """Every method on every pair; each fold's network is calibrated on the other folds."""
    opened = sessions(work)
    for fold, session in enumerate(opened):
        others = [one for one in searches if fold_of(one.pair.woman) != fold]
        session.card = replace(session.card, calibration=calibration(others))
    placing = {name: _always(method) for name, method in PLACING.items()}
    ours = [learnt(session) for session in opened]
    cases: dict[str, list[Case]] = {name: [] for name in (*placing, OURS, NOMINAL)}
    kept_views: list[tuple[Pair, Views]] = []
    for pair, views in looked_at(data):
        method = ours[fold_of(pair.woman)]
        if pair.dataset == WITHHELD:
            cases[NOMINAL] += score(pair, views, method(views))
            continue
        kept_views.append((pair, views))
        for name, chosen in placing.items():
            cases[name] += score(pair, views, chosen(pair)(views))
        cases[OURS] += score(pair, views, method(views))
    return cases | by_rules(kept_views)


def by_rules(seen: Sequence[tuple[Pair, Views]]) -> dict[str, list[Case]]:
    """The clinic's rules, wide enough on other women to hold as much as our regions."""
    axes = [(pair, baselines.axes(views)) for pair, views in seen if pair.single and pair.cc_spacing]
    found = {}
    for name in baselines.RULES:
        rule = baselines.calibrated(name, baselines.differences(name, axes), HELD)
        found[f"nipple distance, {name}"] = [
            case for pair, views in seen for case in score(pair, views, rule(pair)(views))
        ]
    return found


def against_rules(cases: Cases) -> list[dict[str, Any]]:
    """How much less has to be searched than by the clinic's rules, on the same lesions."""
    lines = []
    for name in baselines.RULES:
        both = [
            (one, other)
            for one, other in zip(cases[OURS], cases[f"nipple distance, {name}"], strict=True)
            if one.pair.single and np.isfinite(one.searched_mm2) and np.isfinite(other.searched_mm2)
        ]
        about = {"set": FILM}
        women = [one.pair.woman for one, _ in both]
        for side, who in enumerate(("ours", name)):
            held = np.array([float(bool(pair[side].found)) for pair in both])
            figure = f"held by the searched part, {who} (same lesions as {name})"
            lines += figure_lines({**about, "figure": figure}, held, women)
        ratio = np.array([one.searched_mm2 / other.searched_mm2 for one, other in both])
        lines += median_lines({**about, "figure": f"searched area, ours to {name}"}, ratio, women)
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
    for name in (FILM, DIGITAL, WITHHELD):
        chosen = [case for case in cases if case.pair.single and case.pair.dataset == name]
        women = [case.pair.woman for case in chosen]
        for figure, value in columns.items():
            values = np.array([value(case) for case in chosen])
            lines += figure_lines({"set": name, "figure": figure}, values, women)
        distance = np.array([case.centre_mm for case in chosen])
        about = {"set": name, "figure": "distance of the boxes' centres, mm"}
        lines += median_lines(about, distance, women)
    return lines


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
    who = ", ".join(str(figure[key]) for key in ("set", "asked on") if key in figure)
    name = f"{figure['figure']}, median" if "of" in figure else figure["figure"]
    value = f"{figure['estimate']:.3g} ({figure['low']:.3g}–{figure['high']:.3g})"
    return f"| {who} | {name} | {figure['images']} | {value} |"


def _always(method: Any) -> Chosen:
    return lambda pair: method


if __name__ == "__main__":
    main()
