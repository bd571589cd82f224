"""Findings of two views of a breast that are one and the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from jaxtyping import Float
from scipy.optimize import linear_sum_assignment

from mammoscope.core import OTHER, About, AlignedPair, Landmarks, PairView
from mammoscope.measures.location import Location, locate, place
from mammoscope.scores.boxes import Boxes, centres

HOPELESS: Final = -1e6
"""Stands for the logarithm of a probability of nothing."""


@dataclass(frozen=True)
class Match:
    """One finding of a breast, seen on both views or on one.

    Attributes:
        cc: Its place among the boxes of the CC view; None where that does not show it.
        mlo: The same of the MLO view.
        score: Above 0: how much more likely the partner's place is than the edge of the search
            region, as a logarithm, averaged over both directions; None without a partner.
        location: Where in the breast it lies.
    """

    cc: int | None
    mlo: int | None
    score: float | None
    location: Location


def match(
    pair: AlignedPair,
    boxes: Mapping[PairView, Float[np.ndarray, "_ 4"]],
    views: Mapping[PairView, tuple[Landmarks, About]],
) -> tuple[Match, ...]:
    """Pair the findings of two views by the search regions.

    Of all ways to pair them, the one with the highest sum of scores (Kuhn 1955; here by Jonker and
    Volgenant's method); a finding may stay without a partner, which scores 0.

    Args:
        pair: Both views on each other.
        boxes: Findings of each view (top, left, bottom, right), in its source pixels.
        views: What is known of each view, for the location.

    Returns:
        Pairs by their CC finding, then findings of CC alone, then those of MLO alone.
    """
    scores = (_scores(pair, "CC", boxes) + _scores(pair, "MLO", boxes).T) / 2
    partners = assigned(scores)
    count_cc, count_mlo = scores.shape
    taken = partners.values()
    found: list[tuple[int | None, int | None]] = [*sorted(partners.items())]
    found += [(cc, None) for cc in range(count_cc) if cc not in partners]
    found += [(None, mlo) for mlo in range(count_mlo) if mlo not in taken]
    return tuple(
        Match(
            cc,
            mlo,
            None if cc is None or mlo is None else float(scores[cc, mlo]),
            _location({"CC": cc, "MLO": mlo}, boxes, views),
        )
        for cc, mlo in found
    )


def assigned(scores: Float[np.ndarray, "rows columns"]) -> dict[int, int]:
    """The pairs of the highest sum of scores; none is below 0.

    Args:
        scores: Of each row with each column.

    Returns:
        Columns by their row; a row that is better left alone is left out.

    Example:
        >>> assigned(np.array([[0.9, 0.8], [0.85, 0.05], [-1.0, -2.0]]))
        {0: 1, 1: 0}
    """
    rows, columns = scores.shape
    costs = np.hstack([-scores, np.zeros((rows, rows))])
    pairs = zip(*(found.tolist() for found in linear_sum_assignment(costs)), strict=True)
    return {row: column for row, column in pairs if column < columns and scores[row, column] > 0}


def _scores(
    pair: AlignedPair, view: PairView, boxes: Mapping[PairView, Boxes]
) -> Float[np.ndarray, "asked candidates"]:
    """How much likelier each candidate's place is than the edge of each finding's search region."""
    asked, candidates = boxes[view], centres(boxes[OTHER[view]])
    found = np.full((len(asked), len(candidates)), HOPELESS)
    for index, (box, middle) in enumerate(zip(asked, centres(asked), strict=True)):
        size = float(box[2] - box[0]), float(box[3] - box[1])
        region = pair.search(view, (float(middle[0]), float(middle[1])), size)
        edge = np.concatenate([np.zeros((0, 2)), *region.outlines])
        if len(edge) and len(candidates):
            places = np.concatenate([candidates, edge])
            likely = np.maximum(pair.log_probability(view, middle[None], places)[0], HOPELESS)
            found[index] = likely[: len(candidates)] - np.median(likely[len(candidates) :])
    return found


def _location(
    indices: Mapping[PairView, int | None],
    boxes: Mapping[PairView, Boxes],
    views: Mapping[PairView, tuple[Landmarks, About]],
) -> Location:
    places = {}
    for view, index in indices.items():
        if index is not None:
            row, column = centres(boxes[view])[index].tolist()
            places[view] = place((row, column), view, *views[view])
    said = [about.laterality for _, about in views.values() if about.laterality]
    return locate(places, said[0].value if said else None)
