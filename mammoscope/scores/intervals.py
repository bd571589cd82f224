"""How sure a figure is."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Float, Int
from scipy.stats import norm

from mammoscope.errors import UsageError

Groups = Sequence[Hashable] | np.ndarray
Weights = Float[np.ndarray, "draws n"]
BLOCK: Final = 1 << 22
"""How many weights are held at once."""


class Interval(NamedTuple):
    """A figure and the limits between which it lies with the confidence asked for."""

    estimate: float
    low: float
    high: float


def bootstrap(
    values: Float[np.ndarray, " n"],
    groups: Sequence[Hashable],
    statistic: Callable[[np.ndarray], float] = lambda sample: float(np.mean(sample)),
    level: float = 0.95,
    repeats: int = 2000,
    seed: int = 0,
) -> Interval:
    """Percentile bootstrap that draws whole groups: all images of a woman, or none.

    Args:
        values: One value an image; NaN values are left out.
        groups: Who each belongs to.
        statistic: Of the drawn values; a draw for which it is NaN is left out.
        level: Of confidence.
        repeats: How often the groups are drawn.
        seed: Of the draws.

    Raises:
        UsageError: If there is no value, or not one group for each.
    """
    if len(groups) != len(values):
        raise UsageError(f"one group for each of {len(values)} values was expected, got {len(groups)}")
    by_group: dict[Hashable, list[float]] = {}
    for value, group in zip(values.tolist(), groups, strict=True):
        if np.isfinite(value):
            by_group.setdefault(group, []).append(value)
    if not by_group:
        raise UsageError("an interval needs at least one value, got none that is finite")
    members = [np.array(found) for found in by_group.values()]
    rng = np.random.default_rng(seed)
    draws = rng.integers(0, len(members), (repeats, len(members)))
    drawn = [statistic(np.concatenate([members[index] for index in draw])) for draw in draws]
    low, high = np.nanquantile(drawn, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return Interval(statistic(np.concatenate(members)), low, high)


def weighted_bootstrap(
    statistic: Callable[[Weights], Float[np.ndarray, "draws figures"]],
    groups: Groups,
    level: float = 0.95,
    repeats: int = 2000,
    seed: int = 0,
) -> tuple[Interval, ...]:
    """The draws of `bootstrap`, told by how often each image was drawn: many at once, so it is fast.

    Figures that are reckoned together share their draws, so that of two figures and their difference
    each has its interval.

    Args:
        statistic: Of weights, a row a draw: figures, a row a draw; NaN where a draw tells nothing.
        groups: Who each image belongs to.
        level: Of confidence.
        repeats: How often the groups are drawn.
        seed: Of the draws.

    Returns:
        An interval of each figure, NaN limits where no draw tells anything.

    Raises:
        UsageError: If there is no image.
    """
    if not len(groups):
        raise UsageError("an interval needs one image or more, got none")
    drawn = np.concatenate([statistic(weights) for weights in _weights(groups, repeats, seed)])
    found = statistic(np.ones((1, len(groups))))[0]
    tails = [(1 - level) / 2, (1 + level) / 2]
    return tuple(_interval(one, drawn[:, place], tails) for place, one in enumerate(found.tolist()))


def _interval(estimate: float, drawn: Float[np.ndarray, " draws"], tails: Sequence[float]) -> Interval:
    told = drawn[~np.isnan(drawn)]
    low, high = np.quantile(told, tails).tolist() if len(told) else (float("nan"), float("nan"))
    return Interval(estimate, low, high)


def _weights(groups: Groups, repeats: int, seed: int) -> Iterator[Weights]:
    """How often each image is drawn, some draws at a time."""
    places = _places(groups)
    count = int(places.max()) + 1
    draws = np.random.default_rng(seed).integers(0, count, (repeats, count))
    rows = max(1, BLOCK // len(places))
    for start in range(0, repeats, rows):
        part = draws[start : start + rows]
        flat = part + count * np.arange(len(part))[:, None]
        times = np.bincount(flat.ravel(), minlength=count * len(part)).reshape(len(part), count)
        yield times[:, places].astype(float)


def _places(groups: Groups) -> Int[np.ndarray, " n"]:
    """A number for each group, in the order of their first images."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(one, len(numbers)) for one in groups])


def wilson(successes: int, total: int, level: float = 0.95) -> Interval:
    """A proportion with Wilson's score interval; NaN limits of nothing counted.

    Raises:
        UsageError: If more succeeded than there are.

    Source:
        Wilson, Probable inference, the law of succession, and statistical inference,
        J. Am. Stat. Assoc. 22:209-212 (1927).
    """
    if not 0 <= successes <= total:
        raise UsageError(f"0 to {total} successes were expected, got {successes}")
    if not total:
        return Interval(float("nan"), float("nan"), float("nan"))
    z = float(norm.ppf((1 + level) / 2))
    share = successes / total
    middle = (share + z**2 / (2 * total)) / (1 + z**2 / total)
    reach = z / (1 + z**2 / total) * (share * (1 - share) / total + z**2 / (4 * total**2)) ** 0.5
    return Interval(share, max(0.0, middle - reach), min(1.0, middle + reach))
