import numpy as np
import pytest
import torch

from mammoscope.phantom.bodies import shadow
from mammoscope.phantom.findings import as_lesion, draw_findings
from mammoscope.phantom.grains import Grain, draw_grain, grains
from mammoscope.phantom.lesion_plans import CALCIFICATIONS, MASSES, lesions
from mammoscope.phantom.pose import pose
from mammoscope.phantom.recipe import Settings
from mammoscope.phantom.sheet import sheet
from mammoscope.phantom.truth import LESION_KINDS
from tests.phantom.plans import breast, cc, lesion, mlo

CPU = torch.device("cpu")
KINDS = [lesion(shape=shape, margins=margins) for shape, words in MASSES.items() for margins in words]
CLUSTERS = [
    lesion("calcifications", shape, margins)
    for shape, words in CALCIFICATIONS.items()
    for margins in words
]  # fmt: skip


def grid(reach: float, step: float):
    along = torch.arange(-reach, reach + step / 2, step)
    return -along[:, None], along[None]


@pytest.mark.parametrize("angle", [0.0, 45.0])
def test_a_round_mass_holds_the_volume_of_its_axes(angle):
    body = shadow(lesion(diameter=20.0), angle, *grid(15, 0.25))

    assert float(body.sum()) * 0.25**2 == pytest.approx(4 / 3 * np.pi * 10**3 * 0.95**2, rel=0.08)


@pytest.mark.parametrize("plan", KINDS)
def test_every_mass_lies_within_its_reach(plan):
    body = shadow(plan, 0.0, *grid(15, 0.5))

    assert float(body.max()) > 0.3 * plan.diameter_mm
    assert float(body[0].max()) == 0


def test_spicules_reach_farther_than_the_body():
    b, z = grid(15, 0.2)
    plain, with_them = (shadow(lesion(shape=one), 0.0, b, z) for one in ("round", "spiculated"))
    far = torch.hypot(b, z) > 7.5

    assert not (plain[far] > 0.02).any()
    assert int((with_them[far] > 0.02).sum()) > 100


def test_a_lymph_node_has_fat_within():
    kinds = ("mass", "lymph node")
    whole, node = (shadow(lesion(kind, "oval"), 0.0, *grid(12, 0.25)) for kind in kinds)

    assert 0.5 * float(whole.sum()) < float(node.sum()) < 0.95 * float(whole.sum())


@pytest.mark.parametrize("pixel", [0.05, 0.1, 1.0])
@pytest.mark.parametrize("middle", [(10.0, 10.0), (10.31, 9.72)])
def test_a_grain_keeps_its_volume_in_any_pixel(pixel, middle):
    """A ball of 0.2 mm radius, two thirds of it mineral: 4/3 π 0.2³ · 2/3 = 0.02234 mm³."""
    image = np.zeros((21, 21), np.float32)

    draw_grain(image, Grain((0, 0, 0), 0.2, 1.0, 0.3, 0.0), np.array(middle), pixel, 2 / 3)

    assert image.sum() * pixel**2 == pytest.approx(0.02234, rel=0.05)


def test_a_grain_outside_changes_nothing():
    image = np.zeros((5, 5), np.float32)

    draw_grain(image, Grain((0, 0, 0), 0.2, 1.0, 0.0, 0.0), np.array([40.0, 2.0]), 0.1, 1.0)

    assert not image.any()


@pytest.mark.parametrize("plan", CLUSTERS)
def test_every_cluster_has_grains_about_its_middle(plan):
    places = np.array([grain.place for grain in grains(plan)])

    assert len(places) >= 1
    assert np.abs(places).max() <= plan.diameter_mm


@pytest.mark.parametrize("kind", LESION_KINDS)
@pytest.mark.parametrize("view", [cc(), mlo()])
def test_the_box_holds_the_centre(kind, view):
    shape, margins = {
        "mass": ("oval", "obscured"), "lymph node": ("oval", "circumscribed"),
        "calcifications": ("clustered", "punctate"),
    }.get(kind, ("", ""))  # fmt: skip
    plan = breast(lesion(kind, shape, margins, 14.0, (0.1, 0.15, 0.5)))
    held = pose(plan, view)
    area = sheet(held, 0.5, 1.0, fold=False)

    _, (found,) = draw_findings(plan, view, held, area, CPU)
    told = as_lesion(found, area, flipped=False)
    mirror = as_lesion(found, area, flipped=True)

    top, left, bottom, right = told.box
    assert top < told.centre[0] < bottom
    assert left < told.centre[1] < right
    assert mirror.box == pytest.approx((top, 359 - right, bottom, 359 - left))


def test_a_lesion_behind_the_images_edge_has_no_box():
    plan = breast(lesion(place=(0.1, 0.1, 0.0)))
    view = cc(edge_mm=40.0)
    held = pose(plan, view)
    area = sheet(held, 0.5, 1.0, fold=False)

    _, (found,) = draw_findings(plan, view, held, area, CPU)

    assert as_lesion(found, area, flipped=False).box is None


def test_what_is_asked_for_is_shared_between_the_breasts():
    asked = Settings(findings=("mass", "asymmetry", "lymph node"))

    planned = lesions(asked, np.random.default_rng(0))

    assert [one.kind for one in planned["R"]] == ["mass", "lymph node"]
    assert [(one.kind, one.identifier) for one in planned["L"]] == [("asymmetry", 1)]


def test_drawn_lesions_are_of_every_kind():
    found = {
        one.kind
        for seed in range(120)
        for held in lesions(Settings(), np.random.default_rng(seed)).values()
        for one in held
    }

    assert found == set(LESION_KINDS)
