import numpy as np
import pytest
import torch

from mammoscope.phantom.draw import draw
from mammoscope.phantom.pose import (
    column,
    from_detector,
    magnification,
    muscle_front,
    pose,
    rim,
    to_detector,
    to_plane,
    to_tissue,
)
from mammoscope.phantom.recipe import Settings
from mammoscope.phantom.volumes import compressed_mm3, uncompressed_mm3
from tests.phantom.plans import breast, cc, mlo

DRAWN = [(plan, view) for seed in (0, 1) for plan in draw(seed).breasts for view in plan.views]
ODD = Settings(errors=("rotation", "sagging", "nipple not in profile"), sides=("L",))
DRAWN += [(plan, view) for plan in draw(2, ODD).breasts for view in plan.views]


def tissue(plan, count=400, seed=0):
    """Points within the breast, and some behind the base's plane."""
    rng = np.random.default_rng(seed)
    found = rng.uniform(-1, 1, (6 * count, 3))
    inside = np.hypot(np.hypot(found[:, 0], found[:, 1]), np.maximum(found[:, 2], 0)) < 0.98
    scale = np.where(found[:, 2:] > 0, plan.depth_mm, 20.0)
    found[:, :2] *= plan.base_mm
    found[:, 2:] *= scale
    return torch.from_numpy(found[inside][:count])


@pytest.mark.parametrize(("plan", "view"), DRAWN)
def test_back_is_the_inverse_of_forth(plan, view):
    held, points = pose(plan, view), tissue(plan)

    up, b, z = to_plane(held, points).unbind(-1)
    back = torch.stack(to_tissue(held, column(held, up, b, z)), dim=-1)

    assert float((back - points).abs().max()) < 1e-2


@pytest.mark.parametrize(("plan", "view"), DRAWN)
def test_no_small_cube_changes_its_volume(plan, view):
    """Determinants by central differences of 0.2 mm; the axes' order makes them negative."""
    held, points, step = pose(plan, view), tissue(plan, seed=1), 0.1
    shifts = torch.eye(3, dtype=torch.float64) * step
    columns = [(to_plane(held, points + s) - to_plane(held, points - s)) / (2 * step) for s in shifts]
    found = torch.linalg.det(torch.stack(columns, dim=-1))

    near_kink = points[:, 2].abs() < 2 * step
    assert float((found[~near_kink] + 1).abs().median()) < 1e-4
    assert float((found[~near_kink] + 1).abs().quantile(0.99)) < 0.01


@pytest.mark.parametrize(("plan", "view"), DRAWN)
def test_volume_is_kept_within_two_per_cent(plan, view):
    assert compressed_mm3(pose(plan, view)) == pytest.approx(uncompressed_mm3(plan), rel=0.02)


def test_half_a_spheroid_is_counted():
    assert uncompressed_mm3(breast()) == pytest.approx(2 / 3 * np.pi * 65**2 * 55, rel=0.005)


@pytest.mark.parametrize("view", [cc(), mlo(), mlo(tilt=-0.3, sag=0.2)])
def test_the_nipple_comes_to_lie_where_it_is_asked_for(view):
    plan = breast()
    held = pose(plan, view)
    apex = torch.tensor([[0, 0, plan.depth_mm]], dtype=torch.float64)

    down, _ = to_detector(held, to_plane(held, apex))[0].tolist()

    assert down == pytest.approx(view.nipple_row_mm, abs=0.2)


@pytest.mark.parametrize("degrees", [12.0, 22.0, 35.0])
def test_the_muscles_front_has_the_angle_that_is_asked_for(degrees):
    """The front at half height, well above its lower end, is a straight line at the angle."""
    plan, view = breast(), mlo(pectoral_deg=degrees)
    held = pose(plan, view)
    share = torch.linspace(0.35, 0.6, 30, dtype=torch.float64) * plan.base_mm
    x = y = share / np.sqrt(2)
    front = torch.stack([x, y, -muscle_front(plan, x, y)], dim=-1)

    _, b, z = to_plane(held, front).unbind(-1)
    slope = np.polyfit(b.numpy(), z.numpy(), 1)[0]

    assert np.degrees(np.arctan(slope)) == pytest.approx(degrees, abs=1.0)


def test_a_ray_and_the_point_that_it_hits_agree():
    held = pose(breast(), mlo())
    up, b, z = 10.0, torch.tensor([20.0]), torch.tensor([30.0])

    down, across = to_detector(held, torch.stack([torch.full((1,), up), b, z], dim=-1)).unbind(-1)
    again = from_detector(held, up, down, across)

    assert torch.allclose(torch.cat(again), torch.cat([b, z]), atol=1e-4)


def test_what_lies_higher_is_magnified_more():
    """650 mm from the focus to the detector, 20 mm from it to the support: 650 / 605 at 25 mm."""
    assert magnification(25.0) == pytest.approx(650 / 605)


def test_a_roll_moves_the_front_and_not_the_base():
    plan = breast()
    straight, rolled = pose(plan, cc()), pose(plan, cc(roll_deg=20.0))
    points = torch.tensor([[20.0, 0.0, 0.0], [20.0, 0.0, 50.0]], dtype=torch.float64)

    moved = (to_plane(straight, points) - to_plane(rolled, points)).norm(dim=-1)

    assert float(moved[0]) < 0.1
    assert float(moved[1]) > 3


def test_the_outline_is_the_breasts_farthest_tissue():
    plan, view = breast(), cc()
    held = pose(plan, view)

    inner = to_plane(held, tissue(plan, 2000))[:, 2].max()

    assert float(inner) < float(rim(held)[:, 2].max())
