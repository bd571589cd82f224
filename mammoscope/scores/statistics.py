"""The papers' tests, by SciPy. NaN values are left out; too few, or without any spread, give NaN."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from jaxtyping import Float
from scipy import stats

from mammoscope.errors import UsageError

Values = Float[np.ndarray, " n"]
Others = Float[np.ndarray, " m"]
NAN = float("nan")


class Comparison(NamedTuple):
    """Two means compared.

    Attributes:
        difference: First mean minus second.
        t: Student's t.
        p: Two-sided.
    """

    difference: float
    t: float
    p: float


class Analysis(NamedTuple):
    """Several means compared at once.

    Attributes:
        f: Of the one-way analysis of variance.
        p: Of the hypothesis that all means are equal.
        pairs: Tukey's p for each pair of names.
    """

    f: float
    p: float
    pairs: Mapping[tuple[str, str], float]


def unpaired(first: Values, second: Others) -> Comparison:
    """Student's t-test of two independent samples of equal variance."""
    one, other = first[np.isfinite(first)], second[np.isfinite(second)]
    if not (len(one) and len(other)):
        return Comparison(NAN, NAN, NAN)
    difference = float(one.mean() - other.mean())
    if min(len(one), len(other)) < 2 or not (np.ptp(one) or np.ptp(other)):
        return Comparison(difference, NAN, NAN)
    result = stats.ttest_ind(one, other)
    return Comparison(difference, float(result.statistic), float(result.pvalue))


def paired(first: Values, second: Others) -> Comparison:
    """Student's t-test of pairs; a pair with a NaN is left out, equal samples have a p of 1.

    Raises:
        UsageError: If the samples differ in length.
    """
    if len(first) != len(second):
        raise UsageError(f"pairs were expected, got {len(first)} and {len(second)} values")
    whole = np.isfinite(first) & np.isfinite(second)
    change = first[whole] - second[whole]
    if not len(change):
        return Comparison(NAN, NAN, NAN)
    difference = float(change.mean())
    if len(change) > 1 and not change.any():
        return Comparison(0.0, 0.0, 1.0)
    if not np.ptp(change):
        return Comparison(difference, NAN, NAN)
    result = stats.ttest_1samp(change, 0.0)
    return Comparison(difference, float(result.statistic), float(result.pvalue))


def analysis_of_variance(samples: Mapping[str, np.ndarray]) -> Analysis:
    """One-way analysis of variance, with Tukey's honestly significant difference for each pair.

    Samples with fewer than two values take no part; NaN where no sample has any spread.
    """
    finite = {name: values[np.isfinite(values)] for name, values in samples.items()}
    usable = {name: values for name, values in finite.items() if len(values) > 1}
    if len(usable) < 2 or not any(np.ptp(values) for values in usable.values()):
        return Analysis(NAN, NAN, {})
    result = stats.f_oneway(*usable.values())
    tukey = stats.tukey_hsd(*usable.values()).pvalue
    names = list(usable)
    pairs = {(names[i], names[k]): float(tukey[i, k]) for i, k in combinations(range(len(names)), 2)}
    return Analysis(float(result.statistic), float(result.pvalue), pairs)


def bonferroni(level: float, comparisons: int) -> float:
    """The level of significance of each of several comparisons.

    Raises:
        UsageError: If nothing is compared.
    """
    if comparisons < 1:
        raise UsageError(f"at least one comparison was expected, got {comparisons}")
    return level / comparisons


def mean_and_deviation(values: Sequence[float] | np.ndarray) -> tuple[float, float]:
    """Mean and standard deviation of a sample (n - 1), without NaN values; NaN where undefined."""
    sample = np.asarray(values, float)
    sample = sample[np.isfinite(sample)]
    mean = float(sample.mean()) if len(sample) else NAN
    return mean, float(sample.std(ddof=1)) if len(sample) > 1 else NAN
