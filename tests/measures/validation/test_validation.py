from dataclasses import replace

import numpy as np
import pytest

from mammoscope.measures.validation.drifted import drifted
from mammoscope.measures.validation.figures import figures, operating_points, with_curves
from mammoscope.measures.validation.levels import Unit
from mammoscope.measures.validation.summary import validation
from mammoscope.measures.validation.words import advice
from mammoscope.scores.intervals import Interval
from tests.synthetic_validation import REFERENCE, card, site


def members(*told):
    return [Unit(str(place), score, cancer) for place, (score, cancer) in enumerate(told)]


FOUR = members((0.1, False), (0.4, False), (0.35, True), (0.8, True))


def test_figures_worked_by_hand():
    told = [*FOUR, Unit("5", 0.9, None)]
    found = with_curves(figures(told, "image"), told, {"f1": Interval(0.35, 0.3, 0.4)})
    # three of four pairs are in order; (0.01 + 0.16 + 0.4225 + 0.04) / 4
    assert found.auc.estimate == 0.75
    assert found.brier == pytest.approx(0.158125)
    assert (found.counted, found.women, found.cancers, found.unknown) == (4, 4, 2, 1)
    card, *here = found.points
    done = card.achieved
    assert (done.sensitivity.estimate, done.specificity.estimate) == (1.0, 0.5)
    assert (done.recall_rate.estimate, done.ppv.estimate) == (0.75, pytest.approx(2 / 3))
    assert [one.name for one in here] == ["f1", "recall 10", "sensitivity 90"]
    assert here[2].achieved.sensitivity.estimate == 1.0
    assert found.roc == ((0.0, 0.0), (0.0, 0.5), (0.5, 0.5), (0.5, 1.0), (1.0, 1.0))


def test_net_benefit_worked_by_hand():
    found = with_curves(figures(FOUR, "image"), FOUR, {})
    (at,) = (one for one in found.curve if one.threshold == 0.4)
    # at 0.4 one cancer and one other are high: 1 / 4 - 1 / 4 · 0.4 / 0.6; of all 2 / 4 - 2 / 4 · 2 / 3
    assert at.benefit.estimate == pytest.approx(1 / 12)
    assert at.of_all == pytest.approx(1 / 6)


def test_outcomes_of_one_kind_give_no_area():
    told = members((0.2, False), (0.6, False))
    found = with_curves(figures(told, "breast"), told, {"f1": Interval(0.5, 0.5, 0.5)})
    assert found.auc is None
    assert found.why == "no AUC: all 2 with a known outcome have none"
    assert found.brier == pytest.approx(0.2)
    assert not found.points
    sick = figures(members((0.2, True)), "woman")
    assert "all 1 with a known outcome have cancer" in sick.why


def test_unknown_outcomes_give_no_figure():
    found = figures(members((0.2, None)), "image")
    assert found.why == "no AUC: no image has a known outcome"
    assert found.brier is None
    assert found.unknown == 1


def test_operating_points_are_those_of_the_card():
    numbers = {"scale": 1.0, "threshold_f1": 0.4, "threshold_recall_10": 0.6}
    numbers |= {"low_f1": 0.3, "high_f1": 0.5}
    found = operating_points(numbers)
    assert found == {"f1": Interval(0.4, 0.3, 0.5), "recall 10": Interval(0.6, 0.6, 0.6)}


def test_everything_is_counted():
    images = [*site(30), replace(site(1)[0], woman="x", score=float("nan"), failed="broken")]
    found = validation(images, card(), {"odd views": 2})
    assert (found.images, found.scored, found.women) == (121, 120, 30)
    assert found.failed == {"broken": 1}
    assert [one.level for one in found.levels] == ["image", "breast", "woman"]
    assert [one.counted for one in found.levels] == [120, 60, 30]
    assert found.levels[1].cancers == 10
    assert sum(group.images for group in found.groups["machine"]) == 120
    assert found.before[0] == (0.1, 0.1)
    assert found.levels[0].points[0].name == "f1"


def test_the_same_images_have_not_drifted():
    found = drifted(site(400, told=False), REFERENCE)
    assert [one.drift.verdict for one in found.inputs] == ["alike"] * 3
    assert found.scores.drift.verdict == "alike"
    assert found.unlike < 0.03 * found.judged
    assert all("lie where those lie" in line for line in advice(found))


def test_moved_images_are_named_with_what_to_do():
    found = drifted(site(400, told=False, moved=2.0), REFERENCE)
    first = found.inputs[0]
    assert (first.name, first.drift.verdict) == ("grain", "far")
    assert first.steps == pytest.approx(2.0, abs=0.1)
    said = " ".join(advice(found))
    assert "differ from the training images in grain. Look for the cause" in said
    assert "height" not in said
    assert "unlike the training images: their scores are marked" in said


def test_moved_scores_alone_point_at_the_women():
    found = drifted(site(400, told=False, raised=1.5), REFERENCE)
    assert found.scores.drift.verdict in ("moved", "far")
    said = " ".join(advice(found))
    assert "Scores lie lower than on the card" in said
    assert "the women may be others" in said
    assert "choose it anew" in said


def test_few_women_tell_nothing():
    found = drifted(site(6, told=False), REFERENCE)
    assert "too few women" in " ".join(advice(found))


def test_a_card_without_a_reference_compares_nothing():
    images = [replace(one, unlike=float("nan")) for one in site(4)]
    found = drifted(images, None)
    assert found.inputs == ()
    assert found.scores is None
    assert "tells nothing of the images" in advice(found)[0]


def test_a_card_that_tells_no_scores_compares_images_alone():
    found = drifted(site(50), replace(REFERENCE, scores=()))
    assert found.scores is None
    assert len(found.inputs) == 3
    assert np.isfinite(found.inputs[0].steps)
