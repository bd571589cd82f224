import hashlib
from dataclasses import replace

import numpy as np
import pytest
import torch

from mammoscope.errors import SettingsError
from mammoscope.phantom import Settings, make_exam, make_pair
from mammoscope.phantom.anatomy import tissue
from mammoscope.phantom.draw import draw
from mammoscope.phantom.make import PAIR
from mammoscope.phantom.truth import POSITIONING_ERRORS, TISSUES
from mammoscope.phantom.view import take
from mammoscope.scores.texture import spectral_exponent

SMALL = Settings(pixel_mm=1.0, voxel_mm=2.0, points=500)


@pytest.fixture(scope="module")
def exam():
    return make_exam(3, replace(SMALL, findings=("mass", "lymph node")))


@pytest.fixture(scope="module")
def views(exam):
    return {(view.laterality, view.view): view for view in exam.views}


def digest(exam) -> str:
    whole = hashlib.sha256()
    for view in exam.views:
        for image in (view.exposure, view.labels, view.gland_mm, view.thickness_mm):
            whole.update(image.tobytes())
    return whole.hexdigest()


def test_the_same_seed_is_the_same_bytes(exam):
    again, other = (make_exam(seed, replace(SMALL, findings=("mass", "lymph node"))) for seed in (3, 4))

    assert digest(again) == digest(exam)
    assert digest(other) != digest(exam)
    assert again.settings == exam.settings


def test_four_views_with_the_chest_wall_on_their_side(exam, views):
    assert [(view.laterality, view.view) for view in exam.views] == [
        ("R", "CC"), ("L", "CC"), ("R", "MLO"), ("L", "MLO")
    ]  # fmt: skip
    for (side, _), view in views.items():
        wall = view.labels[:, -1 if side == "R" else 0]
        assert view.chest_wall == {"R": "right", "L": "left"}[side]
        assert (wall > 0).sum() > 60


def test_volumes_agree_within_two_per_cent(exam):
    for breast in exam.breasts.values():
        assert list(breast.volume_mm3.values()) == pytest.approx(
            [breast.volume_mm3["uncompressed"]] * 3, rel=0.02
        )


def test_the_same_tissue_lies_on_the_breast_in_both_views(exam):
    for breast in exam.breasts.values():
        for name, view in breast.views.items():
            shown = breast.places[name][breast.visible[name]]
            row, column = np.rint(shown).astype(int).T
            rows, columns = view.labels.shape
            held = view.labels[row.clip(0, rows - 1), column.clip(0, columns - 1)] > 0
            assert held.mean() > 0.98


def test_the_first_point_is_the_nipple(exam):
    for breast in exam.breasts.values():
        assert TISSUES[breast.tissue[0]] == "nipple"
        for name, view in breast.views.items():
            far = np.hypot(*(breast.places[name][0] - view.landmarks["nipple"]))
            assert far * view.spacing_mm < 8


def test_tissue_at_the_skin_of_one_view_is_at_the_same_depth_in_the_other(exam):
    """Distance from the chest wall goes with depth in both views: ranks correlate."""
    breast = exam.breasts["L"]
    inner = breast.points_mm[:, 2] > 5
    depths = [breast.places[name][inner, 1] for name in ("CC", "MLO")]
    ranks = [depth.argsort().argsort() for depth in depths]

    assert np.corrcoef(*ranks)[0, 1] > 0.6


def test_labels_are_of_what_the_rays_went_through(views):
    for view in views.values():
        assert (view.thickness_mm[view.labels == 0] <= 0.5).all()
        assert (view.gland_mm <= view.thickness_mm + 0.1).all()
        assert view.exposure[view.labels == 0].mean() == pytest.approx(1, abs=0.05)
        assert view.exposure[view.labels > 0].mean() < 0.3


def test_muscle_lies_in_the_upper_corner_of_an_mlo(views):
    for side in "RL":
        muscle = views[side, "MLO"].labels == 2
        corner = muscle[0, -1 if side == "R" else 0]
        assert corner
        assert not muscle[-50:].any()


def test_landmarks_of_a_cc_hold_no_pectoral_line(views):
    for side in "RL":
        assert views[side, "CC"].landmarks["pectoral upper"] is None
        assert views[side, "MLO"].landmarks["pectoral upper"] is not None


def test_a_lesion_has_one_number_in_both_views_and_attenuates(exam):
    breast = exam.breasts["R"]
    (cc,), (mlo,) = (breast.views[name].lesions for name in ("CC", "MLO"))

    assert (cc.kind, cc.identifier, cc.diameter_mm) == (mlo.kind, mlo.identifier, mlo.diameter_mm)


def test_a_mass_is_darker_in_the_exposure_than_the_breast_without_it():
    asked = replace(SMALL, sides=("L",))
    plan = draw(3, replace(asked, findings=("mass",)))
    with_it, without = (make_exam(3, replace(asked, findings=one)) for one in (("mass",), ()))
    view = with_it.breasts["L"].views["CC"]
    (mass,) = view.lesions

    row, column = np.rint(mass.centre).astype(int)
    assert plan.breasts[0].lesions[0].kind == "mass"
    assert mass.box is not None
    assert view.exposure[row, column] < np.median(view.exposure[view.labels == 1])
    assert not without.breasts["L"].views["CC"].lesions


@pytest.mark.parametrize("error", POSITIONING_ERRORS)
def test_errors_are_told_where_they_are_made(error):
    made = make_pair(1, replace(PAIR, errors=(error,)))

    only_oblique = error in ("too little pectoral", "sagging")
    assert made.views["MLO"].errors == (error,)
    assert made.views["CC"].errors == (() if only_oblique else (error,))


def test_what_errors_do():
    plain, little, rolled = (
        make_pair(5, replace(PAIR, errors=one)).views["MLO"]
        for one in ((), ("too little pectoral",), ("nipple not in profile",))
    )

    assert (little.labels == 2).sum() < 0.6 * (plain.labels == 2).sum()
    assert plain.nipple_in_profile
    assert not rolled.nipple_in_profile


def test_pairs_take_turns_in_their_side():
    assert [make_pair(seed, replace(PAIR, points=10)).laterality for seed in (0, 1)] == ["R", "L"]


@pytest.mark.slow
@pytest.mark.parametrize("density", ["B", "D"])
def test_texture_has_the_published_spectrum(density):
    """Exponents of 2.7 to 3.2."""
    plan = draw(1, Settings(density=density, findings=(), sides=("L",))).breasts[0]
    view = take(plan, plan.views[0], tissue(plan, 0.4, torch.device("cpu")), 0.2, 0.4)
    inside = (view.labels == 1) & (view.thickness_mm > 0.9 * view.compressed_mm)

    assert 2.7 < spectral_exponent(-np.log(view.exposure), inside, view.spacing_mm) < 3.2


@pytest.mark.parametrize("wrong", [{"pixel_mm": 0.0}, {"voxel_mm": -1.0}, {"points": 0}])
def test_settings_that_cannot_be_are_refused(wrong):
    with pytest.raises(SettingsError, match="must be"):
        Settings(**wrong)


def test_a_seed_is_a_recipe():
    assert draw(7) == draw(7)
    assert draw(7) != draw(8)


def test_lesions_middles_are_tissue_points_and_no_other_lies_in_a_mass(exam):
    breast = exam.breasts["R"]
    (mass,) = breast.views["CC"].lesions

    far = np.linalg.norm(breast.points_mm - breast.points_mm[1], axis=1)
    assert TISSUES[breast.tissue[1]] == "lesion"
    assert (np.delete(far, 1) > mass.diameter_mm / 2).all()
    assert breast.places["CC"][1] == pytest.approx(mass.centre, abs=0.01)
