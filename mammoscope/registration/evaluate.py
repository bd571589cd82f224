"""The paper's yardstick (section 4) and ours, one line a lesion and method. No torch.

A method is a function from `Views` to `Placed`: it sees the pixels and what other rooms say of
them, and the truth never.

What is measured of a lesion whose CC box was placed on the MLO view:

- overlap of the rectified box with the MLO box, as the paper measures it; rectifying enlarges a box
  that was turned, and a larger box overlaps more;
- the same after the rectified box was shrunk about its centre to the CC box's own area;
- the distance of the boxes' centres;
- where the method names a part of the view to search: how large it is and whether it holds the
  centre of the MLO box.

Of the pair: which share of the CC view's breast was placed on the MLO view's pectoral muscle.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float

from mammoscope.core import Landmarks, Mammogram, Mask, Point
from mammoscope.io.pairs import Pair, PairedLesion
from mammoscope.scores.boxes import Box, areas, centres, corners, giou, iou, rectified, rescaled
from mammoscope.scores.landmarks import distance_mm

Points = Float[np.ndarray, "*any 2"]
NAN: Final = float("nan")
STRETCHED: Final = 0.1
"""A pair counts as stretched over the muscle from this share of the CC view's breast on; the paper
judged by eye."""
FIGURES: Final = (
    "iou", "giou", "own_area_iou", "own_area_giou", "centre_mm", "centre_percent", "on_muscle",
    "searched", "searched_mm2", "found",
)  # fmt: skip
STRIDE: Final = 8
"""Every so many pixels of the CC view's breast are placed, down and across."""


@dataclass(frozen=True, eq=False)
class Seen:
    """One view and what other rooms say of it, all in its source pixels.

    Attributes:
        mammogram: The source image.
        landmarks: None where nobody looked for them.
        mask: None where nobody outlined it.
    """

    mammogram: Mammogram
    landmarks: Landmarks | None = None
    mask: Mask | None = None


class Views(NamedTuple):
    """Both views of one breast, as a method sees them."""

    cc: Seen
    mlo: Seen


class Area(NamedTuple):
    """A part of the MLO view in which a lesion is looked for.

    Attributes:
        pixels: Its area in source pixels.
        holds: Whether a point (row, column) lies in it.
    """

    pixels: float
    holds: Callable[[Point], bool]


class Placed(NamedTuple):
    """What a method says of a pair.

    Attributes:
        to_mlo: From points (…, 2) of the CC view to points of the MLO view, both in source pixels;
            None where the method places none, which counts as no overlap.
        search: From a box of the CC view to where its lesion is looked for on the MLO view; None
            where the method names no such part.
        place: From a box of the CC view to the corners (n, 2) of what it becomes on the MLO view;
            None: its corners through `to_mlo`.
    """

    to_mlo: Callable[[Points], Points] | None = None
    search: Callable[[Box], Area] | None = None
    place: Callable[[Box], Points] | None = None


Method = Callable[[Views], Placed]
Chosen = Callable[[Pair], Method]
"""The method for a pair: one that was calibrated on other women, where it was calibrated."""


class Agreement(NamedTuple):
    """How well the placed box agrees with the MLO box; NaN where none was placed."""

    iou: float
    giou: float

    @property
    def overlaps(self) -> bool:
        """Whether they share any area."""
        return self.iou > 0


@dataclass(frozen=True)
class Case:
    """What was measured of one lesion.

    Attributes:
        pair: Whose it is.
        lesion: Which.
        as_rectified: Of the rectified box.
        own_area: Of the same box at the CC box's own area.
        centre_mm: Between the centres of the placed and the MLO box; NaN without spacing.
        centre_percent: The same in % of the MLO image's height.
        muscle: Share of the CC view's breast that was placed on the muscle; NaN without masks.
        searched: Area to be searched, as a share of breast and muscle on the MLO view; NaN where the
            method names none or there is no mask.
        searched_mm2: The same in mm²; NaN without spacing.
        found: Whether the part to be searched holds the centre of the MLO box; None where there is
            none.
    """

    pair: Pair
    lesion: PairedLesion
    as_rectified: Agreement
    own_area: Agreement
    centre_mm: float
    centre_percent: float
    muscle: float = NAN
    searched: float = NAN
    searched_mm2: float = NAN
    found: bool | None = None

    @property
    def stretched(self) -> float:
        """1 where the breast was stretched over the muscle, 0 where not, NaN where not known."""
        return NAN if np.isnan(self.muscle) else float(self.muscle > STRETCHED)


def evaluate(
    pairs: Iterable[Pair],
    look: Callable[[Pair], Views],
    methods: Mapping[str, Chosen],
    advance: Callable[[], None] = lambda: None,
) -> dict[str, list[Case]]:
    """Cases by method; each pair is looked at once.

    Args:
        pairs: With the lesions to be placed.
        look: Reads both views and what other rooms say of them.
        methods: By name.
        advance: Called after each pair.
    """
    cases: dict[str, list[Case]] = {name: [] for name in methods}
    for pair in pairs:
        views = look(pair)
        for name, chosen in methods.items():
            cases[name] += score(pair, views, chosen(pair)(views))
        advance()
    return cases


def score(pair: Pair, views: Views, placed: Placed) -> list[Case]:
    """Measure what a method says of each lesion of a pair."""
    share = on_muscle(views, placed)
    return [_case(pair, lesion, views, placed, share) for lesion in pair.lesions]


def placed_box(lesion: PairedLesion, placed: Placed) -> Float[np.ndarray, "4"] | None:
    """The rectified box on the MLO view; None where the method places none."""
    if placed.place is not None:
        box = rectified(placed.place(lesion.cc))
    elif placed.to_mlo is not None:
        box = rectified(placed.to_mlo(corners(np.array(lesion.cc, float))))
    else:
        return None
    return box if np.isfinite(box).all() and areas(box) > 0 else None


def own_area(pair: Pair, lesion: PairedLesion) -> float:
    """The CC box's area in pixels of the MLO view; where a spacing is unknown pixels are equal."""
    area = float(areas(np.array(lesion.cc, float)))
    if pair.cc_spacing is None or pair.mlo_spacing is None:
        return area
    return area * float(np.prod(pair.cc_spacing) / np.prod(pair.mlo_spacing))


def on_muscle(views: Views, placed: Placed) -> float:
    """Share of the CC view's breast that is placed on the MLO view's muscle; NaN without masks."""
    cc, mlo = views.cc.mask, views.mlo.mask
    if placed.to_mlo is None or cc is None or mlo is None:
        return NAN
    points = STRIDE * np.argwhere(cc.breast[::STRIDE, ::STRIDE]).astype(float)
    if not len(points):
        return NAN
    places = np.rint(placed.to_mlo(points))
    inside = ((places >= 0) & (places < mlo.labels.shape)).all(axis=1)
    return float(mlo.pectoral[tuple(places[inside].astype(int).T)].sum() / len(points))


def _case(pair: Pair, lesion: PairedLesion, views: Views, placed: Placed, share: float) -> Case:
    box, true = placed_box(lesion, placed), np.array(lesion.mlo, float)
    searched = _searched(pair, lesion, views, placed)
    if box is None:
        nothing = Agreement(NAN, NAN)
        return Case(pair, lesion, nothing, nothing, NAN, NAN, share, *searched)
    shrunk = rescaled(box, own_area(pair, lesion))
    either = [Agreement(float(iou(one, true)), float(giou(one, true))) for one in (box, shrunk)]
    ends = centres(box), centres(true)
    rows = views.mlo.mammogram.pixels.shape[0]
    in_mm = float(distance_mm(*ends, pair.mlo_spacing)) if pair.mlo_spacing else NAN
    percent = 100 * float(distance_mm(*ends, (1.0, 1.0))) / rows
    return Case(pair, lesion, either[0], either[1], in_mm, percent, share, *searched)


def _searched(
    pair: Pair, lesion: PairedLesion, views: Views, placed: Placed
) -> tuple[float, float, bool | None]:
    if placed.search is None:
        return NAN, NAN, None
    area = placed.search(lesion.cc)
    row, column = centres(np.array(lesion.mlo, float)).tolist()
    whole = float(views.mlo.mask.body.sum()) if views.mlo.mask is not None else NAN
    in_mm2 = area.pixels * float(np.prod(pair.mlo_spacing)) if pair.mlo_spacing else NAN
    return area.pixels / (whole or NAN), in_mm2, area.holds((row, column))


def write_cases(cases: Mapping[str, Sequence[Case]], path: Path) -> None:
    """One line a lesion and method as CSV; cells are empty where there is no figure."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        lines.writerow(
            ("method", "woman", "laterality", "lesion", "kind", "single", "certain", *FIGURES)
        )
        for name, found in cases.items():
            lines.writerows(_line(name, case) for case in found)


def _line(name: str, case: Case) -> tuple[str, ...]:
    either = (*case.as_rectified, *case.own_area)
    numbers = (
        *either,
        case.centre_mm,
        case.centre_percent,
        case.muscle,
        case.searched,
        case.searched_mm2,
    )
    pair, lesion = case.pair, case.lesion
    return (
        name, pair.woman, pair.laterality, lesion.identifier, lesion.kind, str(pair.single).lower(),
        str(lesion.certain).lower(), *("" if np.isnan(one) else f"{one:.4f}" for one in numbers),
        "" if case.found is None else str(case.found).lower(),
    )  # fmt: skip


def women(cases: Sequence[Case]) -> list[str]:
    """Who each case is of: what intervals draw."""
    return [case.pair.woman for case in cases]
