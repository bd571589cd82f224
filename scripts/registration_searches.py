"""Searches for lesions whose partner is known, by networks that never saw the woman."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
from folds import FOLDS, fold_of, weights_of
from registration_examples import all_pairs

from mammoscope.core import OTHER, NotAssessed, PairView
from mammoscope.faces.registration_study import looking
from mammoscope.faces.rooms import open_rooms
from mammoscope.faces.runs import figure_lines
from mammoscope.io import Reader
from mammoscope.io.pairs import Pair
from mammoscope.registration.evaluate import Views
from mammoscope.registration.guided.layout import VIEWS
from mammoscope.registration.guided.search import Pair as Aligned
from mammoscope.registration.guided.search import finer, threshold
from mammoscope.registration.infer import Registrar
from mammoscope.runtime import Session, open_session
from mammoscope.scores.boxes import centres

LEVEL: Final = 0.9
HELD: Final = 0.92
"""What regions of `LEVEL` are to hold here: landmarks of women that nobody learnt from are worse."""
GRID: Final = np.geomspace(0.4, 2.5, 61)
FILM, DIGITAL, WITHHELD = "CBIS-DDSM", "CDD-CESM", "CBIS-DDSM, spacing withheld"


@dataclass(frozen=True, eq=False)
class Searched:
    """A search for a lesion whose partner is known, by a network that never saw the woman.

    Attributes:
        pair: Whose it is.
        view: On which it was asked.
        asked: What it is calibrated by.
        scores: Logarithms of the probability of each cell of the other view, not calibrated.
        place: Where the partner lies, in pixels of the common frame.
        mm2: Of a pixel of the common frame; NaN where the spacing is unknown.
    """

    pair: Pair
    view: PairView
    asked: str
    scores: np.ndarray
    place: tuple[int, int]
    mm2: float


def all_searches(data: Path, work: Path) -> list[Searched]:
    """Every search for a certain lesion by the network that never saw the woman, not calibrated."""
    found: list[Searched] = []
    registrars = [Registrar(session) for session in sessions(work)]
    for pair, views in looked_at(data):
        found += searched(pair, views, registrars[fold_of(pair.woman)])
    return found


def sessions(work: Path) -> list[Session]:
    """The networks of the folds."""
    return [open_session("registration", weights_of(work, str(fold))) for fold in range(FOLDS)]


def looked_at(data: Path) -> Iterator[tuple[Pair, Views]]:
    """Pairs with lesions and their views; film of known spacing again as if nobody knew it."""
    rooms = open_rooms().rooms
    with Reader() as reader:
        look = looking(rooms, reader)
        for pair in all_pairs(data):
            if not pair.lesions:
                continue
            yield pair, look(pair)
            if pair.cc_spacing and pair.mlo_spacing:
                bare = replace(pair, cc_spacing=None, mlo_spacing=None, dataset=WITHHELD)
                yield bare, look(bare)


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
    for name in (FILM, DIGITAL, WITHHELD):
        chosen = [place for place, one in enumerate(searches) if one.pair.dataset == name]
        women = [searches[place].pair.woman for place in chosen]
        inside = np.array([float(results[place][0]) for place in chosen])
        area = np.array([results[place][1] * searches[place].mm2 for place in chosen])
        which = {"set": name, **about}
        lines += figure_lines({**which, "figure": "90 % regions that hold"}, inside, women)
        lines += median_lines({**which, "figure": "area of a 90 % region, mm²"}, area, women)
    return lines


def median_lines(about: Mapping[str, object], values: np.ndarray, women: Sequence[str]) -> list:
    """A card's line for a median."""
    return figure_lines(
        {**about, "of": "median"}, values, women, lambda sample: float(np.median(sample))
    )
