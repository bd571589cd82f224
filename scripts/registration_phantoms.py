"""How far corresponding points lie apart on phantoms that no network learnt from."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from folds import weights_of
from registration_examples import UNSEEN

from mammoscope.core import OTHER, NotAssessed, PairView, Point
from mammoscope.faces.runs import figure_lines
from mammoscope.phantom import make_pair
from mammoscope.registration import baselines
from mammoscope.registration.evaluate import Views
from mammoscope.registration.guided import phantoms
from mammoscope.registration.guided.layout import VIEWS
from mammoscope.registration.infer import Aligned, Registrar
from mammoscope.registration.learnt import learnt
from mammoscope.runtime import open_session, weights_folder
from mammoscope.scores.landmarks import distance_mm

COUNT: Final = 40
ASKED: Final = 12
"""Points of each phantom whose search regions are looked at, asked on each view."""
PAPER: Final = "paper"
"""Folder in WORK of the weights of the paper's network, where it was trained."""


def errors(work: Path) -> list[dict[str, Any]]:
    """Lines for the card; what was measured is kept in a file."""
    kept = work / "phantom_errors.json"
    if not kept.is_file():
        kept.write_text(json.dumps(_measured(work)))
    found = json.loads(kept.read_text())
    lines = []
    for name, values in found.items():
        about = {"set": "phantoms", "figure": name}
        women = [str(place) for place in range(len(values))]
        lines += figure_lines(about, np.array(values, float), women)
    return lines


def _measured(work: Path) -> dict[str, list[float]]:
    registrar = Registrar(open_session("registration", weights_of(work, "last")))
    methods = {
        "identity": baselines.identity,
        "landmarks": baselines.on_landmarks,
    }
    if (weights_folder(work / PAPER) / "registration.onnx").is_file():
        methods["the paper's network, barely trained"] = learnt(
            open_session("registration", work / PAPER)
        )
    found: dict[str, list[float]] = {}
    for seed in range(UNSEEN, UNSEEN + COUNT):
        breast = make_pair(seed)
        views = phantoms.views(breast, np.random.default_rng(seed))
        places = phantoms.partners(breast)
        step = views.mlo.mammogram.spacing
        for name, method in methods.items():
            to_mlo = method(views).to_mlo
            if to_mlo is not None:
                apart = distance_mm(to_mlo(places[:, 0]), places[:, 1], step)
                found.setdefault(f"median error, {name}, mm", []).append(float(np.median(apart)))
        for name, value in _ours(registrar, views, places, seed).items():
            found.setdefault(name, []).append(value)
    return found


def _ours(registrar: Registrar, views: Views, places: np.ndarray, seed: int) -> Mapping[str, float]:
    cc, mlo = (registrar.prepare(seen.mammogram, seen.landmarks) for seen in views)
    if isinstance(cc, NotAssessed) or isinstance(mlo, NotAssessed):
        return {}
    aligned = registrar(cc, mlo)
    steps = {view: seen.mammogram.spacing for view, seen in zip(VIEWS, views, strict=True)}
    apart = distance_mm(aligned.warp.to_fixed(places[:, 0]), places[:, 1], steps["MLO"])
    found = {
        "median error, ours, by the warp, mm": float(np.median(apart)),
        "folds of the warp": float(aligned.warp.folds),
    }
    rng = np.random.default_rng(seed)
    drawn = places[rng.choice(len(places), ASKED, replace=False)]
    for side, view in enumerate(VIEWS):
        found |= _regions(aligned, view, drawn[:, side], drawn[:, 1 - side], steps)
    return found


def _regions(
    aligned: Aligned, view: PairView, asked: np.ndarray, partners: np.ndarray, steps: Mapping
) -> Mapping[str, float]:
    regions = [aligned.search(view, _point(place)) for place in asked]
    inside = [region.holds(_point(place)) for region, place in zip(regions, partners, strict=True)]
    mapped = np.array([region.mapped for region in regions])
    apart = distance_mm(mapped, partners, steps[OTHER[view]])
    return {
        f"90 % regions of any tissue that hold, asked on {view}": float(np.mean(inside)),
        f"median area of such a region, asked on {view}, mm²": float(
            np.median([region.area_mm2 for region in regions])
        ),
        f"median error, ours, most probable place, asked on {view}, mm": float(np.median(apart)),
    }


def _point(place: np.ndarray) -> Point:
    return float(place[0]), float(place[1])
