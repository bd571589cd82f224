"""Both parts of the loss, worked by hand."""

import numpy as np
import pytest
import torch

from mammoscope.registration import loss
from mammoscope.registration.affine import turning
from mammoscope.registration.loss import Truth, giou, masked_mse, overlap, parts, total
from mammoscope.registration.network import Registered, resampled
from mammoscope.scores import boxes

STILL = torch.tensor([[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]])


def theta(*numbers):
    return torch.tensor(numbers, dtype=torch.float32).reshape(1, 2, 3)


def test_giou_with_overlap():
    # 2 x 2 and 2 x 2, one apart both ways: shared 1, union 7, around both 9
    found = giou(torch.tensor([0.0, 0.0, 2.0, 2.0]), torch.tensor([1.0, 1.0, 3.0, 3.0]))
    assert float(found) == pytest.approx(1 / 7 - 2 / 9)


def test_giou_without_overlap():
    # two of 1 x 1, two apart: union 2, around both 4
    found = giou(torch.tensor([0.0, 0.0, 1.0, 1.0]), torch.tensor([3.0, 0.0, 4.0, 1.0]))
    assert float(found) == pytest.approx(-0.5)


def test_giou_is_that_of_the_scores():
    rng = np.random.default_rng(0)
    starts, sizes = rng.uniform(-1, 1, (2, 50, 2)), rng.uniform(0.01, 1, (2, 50, 2))
    one, other = np.concatenate([starts, starts + sizes], axis=-1)
    ours = giou(torch.from_numpy(one), torch.from_numpy(other)).numpy()
    np.testing.assert_allclose(ours, boxes.giou(one, other), rtol=1e-9)


def test_the_mean_is_over_the_overlap_alone():
    # 4 x 4; the overlap is the left half, where the views differ by 0.1 in four of eight pixels
    fixed, moved = torch.zeros(1, 1, 4, 4), torch.zeros(1, 1, 4, 4)
    moved[..., 0] = 0.1
    moved[..., 3] = 0.9
    mask = torch.zeros(1, 1, 4, 4, dtype=torch.bool)
    mask[..., :2] = True
    assert float(masked_mse(fixed, moved, mask)) == pytest.approx(25.5**2 / 2)


def test_to_have_nothing_in_common_costs_all_that_the_mlo_view_shows():
    # θ looks four widths to the right of the CC view; the MLO view's film is half of the square
    films = torch.ones(1, 2, 8, 8, dtype=torch.bool)
    films[:, 1, :, 4:] = False
    mlo, away = torch.full((1, 1, 8, 8), 0.2), theta(1, 0, 8, 0, 1, 0)
    assert (overlap(away, films) == films[:, 1:]).all()
    box = [-0.2, -0.2, 0.2, 0.2]
    true = Truth(mlo, films, torch.tensor([[[box, box]]]))
    said = Registered(away, resampled(torch.ones(1, 1, 8, 8), away))
    assert float(parts(said, true).mse) == pytest.approx(51.0**2, rel=1e-5)


def test_the_overlap_of_two_films():
    # films of 8 x 4 in the middle of squares of 8; θ shows the CC view a quarter to the left
    films = torch.zeros(1, 2, 8, 8, dtype=torch.bool)
    films[..., 2:6] = True
    shared = overlap(theta(1, 0, 0.5, 0, 1, 0), films)[0, 0]
    expected = torch.zeros(8, 8, dtype=torch.bool)
    expected[:, 2:4] = True
    assert (shared == expected).all()
    assert (overlap(STILL, films)[0, 0] == films[0, 0]).all()


def test_a_box_through_the_inverse_and_rectified():
    # θ takes (x, y) to (2x, 2y + 0.5): the box 0–1 × 0–1 comes from 0–0.5 × -0.25–0.25
    back = loss.through_inverse(
        loss.corners(torch.tensor([[[0.0, 0.0, 1.0, 1.0]]])), theta(2, 0, 0, 0, 2, 0.5)
    )
    assert loss.rectified(back)[0, 0].tolist() == pytest.approx([0.0, -0.25, 0.5, 0.25])


def test_a_turned_box_is_rectified_to_a_larger_one_below_the_middle():
    # a CC lesion at three o'clock, 0.2 wide; turned clockwise by 45° it lies at half past four
    box = torch.tensor([[[0.5, -0.1, 0.7, 0.1]]])
    back = loss.through_inverse(loss.corners(box), torch.tensor(turning(45.0))[None])
    left, top, right, bottom = loss.rectified(back)[0, 0].tolist()
    middle, half = 0.6 * np.sqrt(0.5), 0.1 * np.sqrt(2)
    assert (left, right) == pytest.approx((middle - half, middle + half))
    assert (top, bottom) == pytest.approx((middle - half, middle + half))


def truth(*lesions):
    films = torch.ones(1, 2, 8, 8, dtype=torch.bool)
    return Truth(torch.full((1, 1, 8, 8), 0.2), films, torch.tensor([lesions]))


def test_the_whole_loss():
    # grey differs by 0.1 everywhere; of two lesions one is met, the other is off by its own width
    same, off = [0.0, 0.0, 0.25, 0.25], [0.25, 0.0, 0.5, 0.25]
    true = truth([same, same], [same, off])
    said = Registered(STILL, torch.full((1, 1, 8, 8), 0.1))
    mse, giou_loss = parts(said, true)
    assert float(mse) == pytest.approx(25.5**2, rel=1e-5)
    assert float(giou_loss) == pytest.approx((0.0 + 1.0) / 2)
    assert float(total(said, true, 1000.0)) == pytest.approx(25.5**2 + 500.0, rel=1e-5)


def test_both_parts_move_the_transformation():
    picture = torch.linspace(0, 1, 64).reshape(1, 1, 8, 8)
    box = [-0.2, -0.2, 0.2, 0.2]
    true = Truth(picture, torch.ones(1, 2, 8, 8, dtype=torch.bool), torch.tensor([[[box, box]]]))
    for part in (0, 1):
        moving = theta(1, 0, 0.3, 0, 1, 0.1).requires_grad_()
        parts(Registered(moving, resampled(picture, moving)), true)[part].backward()
        assert moving.grad.isfinite().all()
        assert (moving.grad != 0).all()
