import numpy as np
import pytest

from mammoscope.measures import lines
from mammoscope.measures.uncertainty import standard_deviation

POINTS = {
    "nipple": np.array([100.0, 80.0]),
    "a": np.array([0.0, 40.0]),
    "b": np.array([70.0, 8.0]),
}
COVARIANCES = {
    "nipple": np.array([[4.0, 1.0], [1.0, 2.0]]),
    "a": np.array([[9.0, -2.0], [-2.0, 1.0]]),
    "b": np.array([[16.0, -5.0], [-5.0, 4.0]]),
}
SIZE = np.array([200.0, 150.0])
FUNCTIONS = {
    "gap": lambda p: lines.pectoral_gap(p["nipple"], p["a"], p["b"]),
    "angle": lambda p: lines.angle_between((p["a"], p["b"]), (np.zeros(2), np.array([1.0, 0.0]))),
    "length": lambda p: float(
        np.linalg.norm(lines.nipple_line_end(p["nipple"], p["a"], p["b"], SIZE, None) - p["nipple"])
    ),
    "distance": lambda p: lines.distance(p["nipple"], p["a"], p["b"]),
}


def monte_carlo(function, points, covariances, count: int = 4000) -> float:
    random = np.random.default_rng(0)
    drawn = {
        name: random.multivariate_normal(points[name], covariances[name], count) for name in points
    }
    return float(np.std([function({name: drawn[name][i] for name in points}) for i in range(count)]))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_as_monte_carlo(name):
    said = standard_deviation(FUNCTIONS[name], POINTS, COVARIANCES)
    assert said == pytest.approx(monte_carlo(FUNCTIONS[name], POINTS, COVARIANCES), rel=0.06)


def test_a_linear_function_is_exact():
    # 3 row - 2 column with variances 4 and 9 and covariance 1: 9*4 + 4*9 - 2*3*2*1 = 60
    covariance = {"a": np.array([[4.0, 1.0], [1.0, 9.0]])}
    said = standard_deviation(lambda p: float(3 * p["a"][0] - 2 * p["a"][1]), POINTS, covariance)
    assert said == pytest.approx(np.sqrt(60))


def test_at_a_fold_there_is_doubt_too():
    """Two lines that lie on each other: the angle can only grow, a derivative would say 0."""
    points = {"a": np.zeros(2), "b": np.array([100.0, 0.0])}
    said = standard_deviation(FUNCTIONS["angle"], points, {"b": np.diag([1.0, 1.0])})
    assert said == pytest.approx(np.degrees(0.01), rel=1e-3)


def test_certain_points_give_certain_values():
    assert standard_deviation(FUNCTIONS["gap"], POINTS, {"a": np.zeros((2, 2))}) == 0
    assert standard_deviation(FUNCTIONS["gap"], POINTS, {}) == 0


def test_twice_the_same():
    first, second = (standard_deviation(FUNCTIONS["gap"], POINTS, COVARIANCES) for _ in range(2))
    assert first == second
