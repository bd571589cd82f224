import numpy as np
import pytest
import torch

from mammoscope.errors import SettingsError
from mammoscope.registration.guided.frame import CELL, COLUMNS, ROWS
from mammoscope.registration.guided.layout import said
from mammoscope.registration.guided.network import (
    Answers,
    Network,
    Settings,
    integrated,
    larger,
    moved,
    with_view,
)
from mammoscope.registration.guided.search import at

TINY = Settings((4, 4, 4, 4, 4), features=3, dropout=0.0)
CELLS = (ROWS // CELL, COLUMNS // CELL)


def lattice(seed=0, size=1.5):
    torch.manual_seed(seed)
    return larger(size * torch.randn(1, 2, ROWS // 32, COLUMNS // 32), CELLS) * 10


def test_a_steady_velocity_is_the_shift():
    velocity = torch.tensor([3.0, -5.0])[None, :, None, None].expand(1, 2, *CELLS)
    torch.testing.assert_close(integrated(velocity), velocity)


def test_a_shift_and_its_inverse_bring_every_point_back():
    velocity = lattice(size=0.7)
    there, back = integrated(velocity), integrated(-velocity)
    assert there.abs().max() > 5.0
    off = there + moved(back, there)
    inside = off[..., 5:-5, 5:-5]
    assert inside.abs().max() < 0.3


@pytest.mark.parametrize("seed", range(5))
def test_no_cell_folds_under_a_strong_velocity(seed):
    shift = integrated(lattice(seed, 2.0))[0].numpy()
    down, across = np.mgrid[0 : CELLS[0], 0 : CELLS[1]] * CELL
    place = np.stack([down, across]) + shift
    by_row, by_column = np.diff(place, axis=1)[:, :, :-1], np.diff(place, axis=2)[:, :-1]
    assert (by_row[0] * by_column[1] - by_row[1] * by_column[0]).min() > 0


def test_values_move_by_whole_cells():
    values = torch.arange(float(CELLS[0]))[:, None].expand(1, 1, *CELLS)
    shift = torch.zeros(1, 2, *CELLS)
    shift[:, 0] = 2 * CELL
    assert moved(values, shift)[0, 0, 10, 3] == pytest.approx(12.0)


def test_each_view_knows_which_it_is():
    both = with_view(torch.rand(3, 2, ROWS, COLUMNS))
    assert both.shape == (6, 2, ROWS, COLUMNS)
    assert both[:, 1].mean(dim=(1, 2)).tolist() == [0, 1, 0, 1, 0, 1]


def test_the_answer_is_taken_apart_as_it_was_put_together():
    torch.manual_seed(0)
    network = Network(TINY).eval()
    pairs = torch.rand(1, 2, ROWS, COLUMNS)
    with torch.no_grad():
        whole, answer = network(pairs), Answers(network)(pairs)
    parts = said(answer[0].numpy())
    for view, name in enumerate(("CC", "MLO")):
        for kind, values in zip(whole._fields, whole, strict=True):
            found = getattr(parts[name], kind)
            np.testing.assert_allclose(found, values[0, view].numpy(), atol=1e-6, err_msg=kind)


def test_numpy_reads_between_cells_as_torch_does():
    from mammoscope.registration.guided import loss

    torch.manual_seed(1)
    values = torch.randn(1, 3, *CELLS)
    points = torch.rand(1, 20, 2) * torch.tensor([ROWS - 1.0, COLUMNS - 1.0])
    expected = loss.at(values, points)[0].numpy()
    found = at(values[0].double().numpy(), points[0].double().numpy())
    np.testing.assert_allclose(found, expected, atol=1e-4)


@pytest.mark.parametrize("wrong", [{"channels": (4, 4)}, {"features": 0}, {"dropout": 1.0}])
def test_networks_that_cannot_be_are_refused(wrong):
    with pytest.raises(SettingsError):
        Settings(**wrong)
