import numpy as np
import pytest
import torch

from mammoscope.phantom.anatomy import Volume
from mammoscope.phantom.pose import pose
from mammoscope.phantom.rays import paths
from tests.phantom.plans import breast, cc, lesion

FAT = Volume(torch.zeros(4, 4, 4), (-30.0, -30.0, -30.0), 20.0)
MIDDLE = torch.tensor([[120.0]])


def through(plan, view, down, across, volume=FAT, step=0.4):
    held = pose(plan, view).to(torch.device("cpu"), torch.float32)
    return paths(plan, held, volume, step, down, across)


def test_the_middle_is_as_thick_as_the_plates_are_apart_along_the_ray():
    across = torch.tensor([[30.0]])

    found = through(breast(), cc(), MIDDLE, across)

    assert float(found.thickness) == pytest.approx(50 * np.hypot(1, 30 / 650), rel=1e-3)
    assert float(found.skin) == pytest.approx(2 * 1.5 * np.hypot(1, 30 / 650), rel=0.02)


def test_nothing_beside_the_breast():
    found = through(breast(), cc(), MIDDLE, torch.tensor([[170.0]]))

    assert [float(one) for one in found] == [0, 0, 0, 0]


def test_gland_fills_what_skin_and_muscle_leave():
    solid = Volume(torch.ones(4, 4, 4), (-300.0, -300.0, -300.0), 200.0)

    found = through(breast(), cc(), MIDDLE, torch.tensor([[30.0]]), solid)

    filled = found.gland + found.skin + found.muscle
    assert float(filled) == pytest.approx(float(found.thickness), rel=1e-4)


def test_the_shadow_holds_the_breasts_volume():
    """The shadow's integral, each ray's cross-section by its magnification at half height."""
    plan, view = breast(muscle_mm=(90.0, 0.0, 0.0)), cc(edge_mm=90.0 * np.sqrt(2 * 65 / 50))
    down, across = torch.arange(0.5, 240, 1)[:, None], torch.arange(0.5, 180, 1)[None]

    found = through(plan, view, down, across, step=1.0).thickness
    oblique = torch.sqrt(1 + ((down - 120) ** 2 + across**2) / 650**2)

    shadow = float((found / oblique).sum()) / (650 / 605) ** 2
    assert shadow == pytest.approx(2 / 3 * np.pi * 65**2 * 55, rel=0.02)


def test_a_pulled_skin_leaves_less_tissue():
    plain, pulled = (
        through(plan, cc(), torch.tensor([[121.0]]), torch.arange(60.0, 110.0, 1.0)[None])
        for plan in (breast(), breast(lesion("skin retraction", "", "", 20.0, (0.0, 0.0, 1.0))))
    )

    assert float(pulled.thickness.sum()) < 0.97 * float(plain.thickness.sum())
