"""How sure a figure is."""

from collections.abc import Callable, Hashable, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy.stats import norm

from mammoscope.errors import UsageError


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
