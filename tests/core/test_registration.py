import numpy as np
import pytest

from mammoscope.core import Warp
from mammoscope.errors import GeometryError

SHAPE = (401, 301)
OTHER_SHAPE = (380, 320)
TURN = np.array([[0.8, -0.3], [0.2, 0.9]])
SHIFT = np.array([40.0, -12.0])
AFFINE = ((0.8, -0.3, 40.0), (0.2, 0.9, -12.0))


def nodes(rows=9, columns=7):
    """The points of the MLO view at the nodes of a lattice."""
    axes = np.linspace(0, SHAPE[0] - 1, rows), np.linspace(0, SHAPE[1] - 1, columns)
    return np.stack(np.meshgrid(*axes, indexing="ij"), axis=2)


def warp(lattice):
    return Warp(lattice, SHAPE, OTHER_SHAPE, AFFINE)


def straight():
    return warp(nodes() @ TURN.T + SHIFT)


def bent():
    """A smooth bend of up to 15 pixels on the affine map."""
    grid = nodes()
    wave = np.sin(grid[..., ::-1] / 60)
    return warp(grid @ TURN.T + SHIFT + 15 * wave)


def points(count=200, margin=0.0):
    rng = np.random.default_rng(4)
    low = -margin * np.array(SHAPE)
    return rng.uniform(low, np.array(SHAPE) - 1 - low, (count, 2))


def test_an_affine_lattice_is_its_affine_map_inside_and_beyond():
    asked = points(margin=0.5)
    np.testing.assert_allclose(straight().to_moving(asked), asked @ TURN.T + SHIFT, atol=1e-9)


def test_nodes_are_where_the_lattice_says():
    made = bent()
    np.testing.assert_allclose(made.to_moving(nodes()), made.lattice, atol=1e-9)
    np.testing.assert_allclose(made.step, [50.0, 50.0])


def test_between_nodes_the_map_is_bilinear():
    made = bent()
    corners = made.lattice[2:4, 3:5]
    middle = made.to_moving(np.array([125.0, 175.0]))
    np.testing.assert_allclose(middle, corners.mean(axis=(0, 1)), atol=1e-9)


def test_beyond_the_lattice_the_border_cell_goes_on():
    made = bent()
    inner, edge = made.to_moving(np.array([[25.0, 100.0], [0.0, 100.0]]))
    np.testing.assert_allclose(made.to_moving(np.array([-25.0, 100.0])), 2 * edge - inner, atol=1e-9)


@pytest.mark.parametrize("made", [straight(), bent()])
@pytest.mark.parametrize("margin", [0.0, 0.2])
def test_to_and_fro_comes_back(made, margin):
    asked = points(margin=margin)
    np.testing.assert_allclose(made.to_fixed(made.to_moving(asked)), asked, atol=0.01)


def test_any_shape_of_points_is_kept():
    made = bent()
    assert made.to_moving(np.zeros((3, 4, 2))).shape == (3, 4, 2)
    assert made.to_fixed(np.array([100.0, 100.0])).shape == (2,)


def test_the_determinant_of_an_affine_map_is_worked_by_hand():
    """0.8 · 0.9 - (-0.3) · 0.2 = 0.78."""
    np.testing.assert_allclose(straight().determinants(), 0.78)
    assert straight().determinants().shape == (8, 6, 4)
    assert straight().folds == 0
    assert bent().folds == 0


def test_a_stretch_is_its_own_determinant():
    """A column of nodes moved half a cell right: cells before it widen to 1.5, those after narrow."""
    grid = nodes()
    grid[:, 3, 1] += 25
    found = warp(grid).determinants()
    np.testing.assert_allclose(found[:, 2], 1.5)
    np.testing.assert_allclose(found[:, 3], 0.5)


@pytest.mark.parametrize(
    ("shift", "folds"),
    [
        ((0.0, 49.0), 0),
        ((0.0, 51.0), 2),  # past its right neighbour: both cells on that side turn over in a corner
        ((24.0, 24.0), 0),
        ((26.0, 26.0), 1),  # past the diagonal of the cell below on the right, and of no other
    ],
)
def test_a_node_that_passes_its_neighbours_folds_cells(shift, folds):
    grid = nodes()
    grid[4, 3] += shift
    assert warp(grid).folds == folds


def test_mirroring_is_no_fold():
    assert warp(nodes()[:, ::-1]).folds == 0


@pytest.mark.parametrize("lattice", [np.zeros((1, 5, 2)), np.full((3, 3, 2), np.nan)])
def test_what_is_no_lattice_is_refused(lattice):
    with pytest.raises(GeometryError, match="finite lattice"):
        warp(lattice)
