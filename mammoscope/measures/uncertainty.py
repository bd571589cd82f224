"""How sure a quantity is whose points are only known to an ellipse each."""

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from jaxtyping import Float

INTERVAL: Final = 1.645
"""Standard deviations on either side of a value that hold 90 % of a normal distribution."""

Points = Mapping[str, np.ndarray]
"""Points (row, column) by name."""
Covariances = Mapping[str, np.ndarray]
"""Of row and column, in the squared unit of the points, shape (2, 2) each."""


def standard_deviation(
    function: Callable[[Points], float], points: Points, covariances: Covariances
) -> float:
    """Standard deviation of a function of independent points, by propagation to first order.

    Each point is moved by one standard deviation along both axes of its ellipse, to and fro; the
    squared changes of the function are averaged for to and fro and summed over axes and points. That
    is exact for a function that is linear, and holds at a fold (an absolute value, a nearest edge),
    where a derivative is zero or none.

    Args:
        function: Of all points.
        points: Where they are.
        covariances: Of those that are not certain.

    Returns:
        In the unit of the function.

    Example:
        >>> square = np.diag([9.0, 16.0])
        >>> standard_deviation(lambda p: float(p["a"].sum()), {"a": np.zeros(2)}, {"a": square})
        5.0
    """
    here = function(points)
    variance = 0.0
    for name in sorted(covariances.keys() & points.keys()):
        for step in half_axes(covariances[name]):
            moved = [function({**points, name: points[name] + sign * step}) for sign in (-1, 1)]
            variance += sum((value - here) ** 2 for value in moved) / 2
    return float(np.sqrt(variance))


def half_axes(covariance: Float[np.ndarray, "2 2"]) -> Float[np.ndarray, "2 2"]:
    """Half axes of the ellipse of one standard deviation, one a row, the shorter first."""
    values, vectors = np.linalg.eigh(covariance)
    return np.sqrt(np.clip(values, 0, None))[:, None] * vectors.T
