from dataclasses import replace

import numpy as np
import pytest
import torch

from mammoscope.core import NotAssessed, SearchRegion, Sourced
from mammoscope.errors import WeightsError
from mammoscope.registration.guided import loss, train
from mammoscope.registration.guided.frame import CELL, COLUMNS, NIPPLE, ROWS, prepare
from mammoscope.registration.guided.layout import Said, said
from mammoscope.registration.guided.network import Answers, Network, Settings
from mammoscope.registration.guided.recipe import Recipe
from mammoscope.registration.guided.search import Pair, density, outlines, threshold
from mammoscope.registration.infer import Aligned, Registrar, stacked
from mammoscope.runtime import open_session
from mammoscope.runtime.weights import register
from tests.registration.guided_pairs import NIPPLE as MARKED
from tests.registration.guided_pairs import PLACES, landmarks, mammogram, mirrored

CELLS = (ROWS // CELL, COLUMNS // CELL)
VIEWS = ("CC", "MLO")


def flat(spread=(20.0, 8.0), shift=(0.0, 0.0)):
    """An answer that knows anatomy alone."""
    nothing = np.zeros((3, *CELLS))
    moved = np.broadcast_to(np.array(shift)[:, None, None], (2, *CELLS)).copy()
    wide = np.broadcast_to(np.log(spread)[:, None, None], (2, *CELLS)).copy()
    return Said(nothing, nothing.copy(), np.zeros((1, *CELLS)), moved, moved.copy(), wide)


def a_pair(cc=None, mlo=None, calibration=None, views=None):
    held = views or {
        view: prepare(mammogram(view), landmarks(view), view, "log inverted") for view in VIEWS
    }
    return Pair(held, {"CC": cc or flat(), "MLO": mlo or flat()}, calibration or {})


def search(pair, view, point, size=None):
    return Aligned(pair, pair.warp(), "none").search(view, point, size)


def test_nothing_is_looked_for_outside_of_the_breast():
    pair = a_pair()
    region = search(pair, "CC", (120.0, 108.0))
    frame = pair.views["MLO"].frame
    lines = np.concatenate([frame.from_source(line) for line in region.outlines])
    body = np.argwhere(pair.views["MLO"].body)
    apart = np.sqrt(((lines[:, None] - body[None, ::7]) ** 2).sum(axis=2)).min(axis=1)
    assert apart.max() < 3 * CELL


def test_searches_of_numpy_are_those_that_torch_learnt():
    torch.manual_seed(0)
    network = Network(Settings((4, 4, 4, 4, 4), features=3, dropout=0.0)).eval()
    everywhere = np.ones((ROWS, COLUMNS), bool)
    pair = a_pair()
    pair = replace(
        pair, views={name: replace(view, body=everywhere) for name, view in pair.views.items()}
    )
    images = torch.from_numpy(stacked([pair.views[view] for view in VIEWS]))
    with torch.no_grad():
        answer, whole = Answers(network)(images)[0].numpy(), network(images)
    pair = replace(pair, said=said(answer))
    for side, view in enumerate(VIEWS):
        place = pair.views[view].frame.from_source(np.array([PLACES[view]]))
        points = torch.from_numpy(place).float()[None]
        expected = loss.search(whole, points, loss.by_anatomy(whole, points, side), side)[0, 0]
        np.testing.assert_allclose(
            pair.scores(view, PLACES[view], finding=True), expected.numpy(), atol=2e-3
        )


def test_density_falls_and_counts_what_lies_far():
    near, far = density(np.array([0.0, 36.0]))
    assert far < near
    assert far == pytest.approx(np.log(0.05 / 9) - 2.0, abs=1e-3)


def test_anatomy_alone_expects_the_nipple_at_the_nipple():
    pair = a_pair()
    region = search(pair, "CC", MARKED)
    np.testing.assert_allclose(region.warped, MARKED, atol=0.05)
    np.testing.assert_allclose(region.mapped, MARKED, atol=CELL)
    assert region.view == "MLO"
    assert region.area_mm2 == pytest.approx(region.area_px)


def test_a_region_holds_its_share_and_is_smallest():
    probability = np.random.default_rng(0).random((20, 20)) ** 6
    probability /= probability.sum()
    region = probability >= threshold(probability, 0.9)
    assert probability[region].sum() >= 0.9
    assert probability[region].sum() - probability[region].min() < 0.9
    assert probability[region].min() >= probability[~region].max()


def test_a_colder_search_for_a_finding_has_a_smaller_region():
    warm, cold = (a_pair(calibration={"CC, scale known": value}) for value in (1.0, 0.5))
    areas = [search(one, "CC", PLACES["CC"], (9.0, 9.0)).area_px for one in (warm, cold)]
    assert areas[1] < 0.8 * areas[0]
    any_tissue = [search(one, "CC", PLACES["CC"]).area_px for one in (warm, cold)]
    assert any_tissue[0] == any_tissue[1] == areas[0]


def test_a_shift_moves_the_warp_both_ways():
    pair = a_pair(cc=flat(shift=(8.0, 0.0)), mlo=flat(shift=(-8.0, 0.0)))
    warp = pair.warp()
    frames = [pair.views[view].frame for view in VIEWS]
    there = frames[0].to_source(np.array([100.0, 80.0]))
    on_mlo = frames[1].to_source(np.array([108.0, 80.0]))
    np.testing.assert_allclose(warp.to_fixed(there), on_mlo, atol=0.05)
    np.testing.assert_allclose(warp.to_moving(on_mlo), there, atol=0.05)
    assert warp.folds == 0


def test_the_affine_of_a_pair_without_bend_is_its_warp():
    warp = a_pair().warp()
    points = np.array([[10.0, 20.0], [200.0, 90.0]])
    matrix = np.array(warp.affine)
    by_affine = points @ matrix[:, :2].T + matrix[:, 2]
    np.testing.assert_allclose(by_affine, warp.to_moving(points), atol=0.05)


def test_what_answers_is_found_and_probabilities_name_it():
    cc, mlo = flat(spread=(60.0, 60.0)), flat(spread=(60.0, 60.0))
    cc.asks[0] = 12.0
    mlo.answers[0, 30, 20] = 12.0
    pair = a_pair(cc, mlo)
    region = search(pair, "CC", PLACES["CC"])
    frame = pair.views["MLO"].frame
    place = np.array([30 * CELL + 1.5, 20 * CELL + 1.5])
    np.testing.assert_allclose(frame.from_source(np.array(region.mapped)), place, atol=1.0)
    chances = pair.at_places("CC", np.array([PLACES["CC"]]), np.array([place, place + 30]))
    assert chances[0, 0] - chances[0, 1] > 10


def test_outlines_enclose_their_region():
    region = np.zeros((ROWS, COLUMNS), bool)
    region[50:70, 60:100] = True
    view = a_pair().views["CC"]
    (line,) = outlines(region, view)
    inside = view.frame.from_source(line)
    np.testing.assert_allclose(inside.min(axis=0), (49.5, 59.5), atol=0.2)
    np.testing.assert_allclose(inside.max(axis=0), (69.5, 99.5), atol=0.2)


def test_a_hole_has_an_outline_of_its_own_and_is_not_held():
    region = np.zeros((ROWS, COLUMNS), bool)
    region[50:80, 60:100] = True
    region[60:70, 75:85] = False
    view = a_pair().views["CC"]
    lines = outlines(region, view)
    found = SearchRegion("CC", (0.0, 0.0), (0.0, 0.0), (0.0, 0.0), 0.9, lines, 0.0, None)
    said = {
        place: found.holds(tuple(view.frame.to_source(np.array(place, float)).tolist()))
        for place in ((55, 65), (65, 80), (79, 99), (85, 80), (65, 30))
    }
    assert said == {
        (55, 65): True, (65, 80): False, (79, 99): True, (85, 80): False, (65, 30): False
    }  # fmt: skip


@pytest.fixture(scope="module")
def registrar(tmp_path_factory):
    torch.manual_seed(0)
    network = Network(Settings((4, 4, 4, 4, 4), features=3, dropout=0.0))
    path = train.export(network, Recipe.default(), tmp_path_factory.mktemp("weights"))
    register(path.parent, path.stem, path.name, path.with_suffix(".json").name)
    return Registrar(open_session(path.stem, path.parent))


def aligned(registrar, views):
    return registrar(*(registrar.prepare(*view) for view in views))


def test_two_images_become_a_registration(registrar):
    said = aligned(registrar, [(mammogram(view), landmarks(view)) for view in VIEWS]).registration
    assert said.scale == "spacing"
    assert said.warp.folds == 0
    assert len(said.regions["CC"]) > 50
    for view, regions in said.regions.items():
        assert {region.view for region in regions} == {VIEWS[1 - VIEWS.index(view)]}


def test_mirrored_images_give_the_mirrored_answer(registrar):
    plain = aligned(registrar, [(mammogram(view), landmarks(view)) for view in VIEWS])
    turned = aligned(registrar, [mirrored(view) for view in VIEWS])
    last = mammogram("CC").pixels.shape[1] - 1
    row, column = PLACES["CC"]
    one = plain.search("CC", (row, column), (18.0, 14.0))
    other = turned.search("CC", (row, last - column), (18.0, 14.0))
    np.testing.assert_allclose(other.mapped, (one.mapped[0], last - one.mapped[1]), atol=1.0)
    np.testing.assert_allclose(other.warped, (one.warped[0], last - one.warped[1]), atol=0.2)


def test_views_that_cannot_be_laid_on_each_other_say_why(registrar):
    lateral = replace(mammogram("CC").about, view=Sourced("ML", "test"))
    assert registrar.prepare(replace(mammogram("CC"), about=lateral), None) == NotAssessed(
        "not a CC or MLO view"
    )
    said = registrar.prepare(mammogram("CC"), landmarks("CC", nipple=None))
    assert isinstance(said, NotAssessed)


def test_other_weights_are_refused():
    with pytest.raises(WeightsError, match="train a guided network"):
        Registrar(open_session("positioning"))


def test_the_nipple_of_the_frame_is_the_marked_one():
    frame = a_pair().views["MLO"].frame
    np.testing.assert_allclose(frame.to_source(np.array(NIPPLE)), MARKED, atol=1e-6)
