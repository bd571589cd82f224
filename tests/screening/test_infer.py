"""The score of an image, alone and with what findings say of it."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from mammoscope.core import About, Finding, Findings, Frame, Spacing
from mammoscope.errors import WeightsError
from mammoscope.image.breast import prepare
from mammoscope.runtime import Session
from mammoscope.screening.infer import Scorer, at_cells, drawn, log_odds_of
from mammoscope.screening.likeness import features, reference_of
from mammoscope.screening.pooled.questions import CLASSES
from tests.screening.miniature import SHAPE, mammogram

FIRST, LAST = (2, 1), (7, 5)


class Split(Session):
    """Looks as much at two cells, of which the first is malignant, the second benign."""

    identity = "screening 0"

    def __init__(self, calibration, reference=None):
        taken = SimpleNamespace(raw="log inverted", spacing_mm=0.3)
        self.card = SimpleNamespace(
            classes=CLASSES, input=taken, calibration=calibration, reference=reference
        )

    def run(self, image):
        rows, columns = (side // 16 for side in image.shape[2:])
        answer = np.zeros((1, len(CLASSES), rows, columns), np.float32)
        answer[0, 0][FIRST], answer[0, 0][LAST] = 0.5, 0.5
        answer[0, 1][FIRST], answer[0, 1][LAST] = 0.8, 0.2
        return answer


def findings(frame, at, score=0.5):
    heat = np.full(frame.shape, 1e-4, np.float32)
    heat[at] = 1.0
    one = Finding("mass", (0.0, 0.0, 1.0, 1.0), score)
    return Findings((one,), {"mass": heat}, frame, {}, "nominal", "findings 0")


def odds(score):
    return np.log(score / (1 - score))


def test_alone_it_is_malignancy_weighted_by_the_networks_own_attention():
    """Half of 0.8 and half of 0.2; the card then doubles and shifts the odds."""
    assert Scorer(Split({}))(mammogram()).score == pytest.approx(0.5, abs=1e-6)
    said = Scorer(Split({"alone_scale": 2.0, "alone_shift": 1.0}))(mammogram())
    assert odds(said.score) == pytest.approx(1.0, abs=1e-5)
    assert not said.guided


@pytest.mark.parametrize(("at", "malignant"), [(FIRST, 0.8), (LAST, 0.2)])
def test_the_heatmap_of_findings_draws_attention(at, malignant):
    numbers = {"focus": 1.0, "scale": 1.0, "shift": 0.0}
    scorer = Scorer(Split(numbers))
    said = scorer(mammogram(), findings(scorer(mammogram()).frame, at))
    assert said.guided
    assert said.score == pytest.approx(malignant, abs=1e-3)
    assert np.unravel_index(said.attention.argmax(), said.attention.shape) == at


def test_signs_of_the_likeliest_masses_add_to_the_score():
    """Of three masses of 3, 6 and 3 mm the middle one is the likeliest; a fourth does not count."""
    scorer = Scorer(Split({"shift": 1.5, "signs": 0.5, "sign size": 2.0}))
    spaced = replace(mammogram(), about=About("synthetic", SHAPE, spacing=Spacing(0.3, 0.3, "tag")))
    plain = findings(scorer(spaced).frame, FIRST)
    boxes = [(20.0, 20.0, 40.0, 40.0), (80.0, 30.0, 120.0, 70.0), (90.0, 90.0, 110.0, 110.0)]
    marked = [Finding("mass", box, score) for box, score in zip(boxes, (0.4, 0.8, 0.4), strict=True)]
    other = Finding("mass", (0.0, 0.0, 100.0, 100.0), 0.1)
    told = replace(plain, findings=(other, *marked))
    weights = np.array([0.4, 0.8, 0.4]) ** 2
    mean = weights @ np.log([3.0, 6.0, 3.0]) / weights.sum()
    assert odds(scorer(spaced, told).score) == pytest.approx(0.5 * 2.0 * mean + 1.5, abs=1e-3)
    nothing = replace(plain, findings=())
    assert odds(scorer(spaced, nothing).score) == pytest.approx(1.5, abs=1e-3)


def test_a_heatmap_without_masses_is_none():
    scorer = Scorer(Split({"shift": 5.0}))
    plain = scorer(mammogram())
    of_others = Findings((), {}, plain.frame, {}, "nominal", "findings 0")
    assert scorer(mammogram(), of_others).score == plain.score


def test_a_heatmap_is_read_where_the_cell_lies():
    """Cells of 16 pixels in a heatmap of 8: each lies midway between four."""
    heat = np.arange(16, dtype=np.float32).reshape(4, 4)
    fine = Frame.of((32, 32)).before(((8.0, 0.0, 3.5), (0.0, 8.0, 3.5)), (4, 4))
    coarse = Frame.of((32, 32)).before(((16.0, 0.0, 7.5), (0.0, 16.0, 7.5)), (2, 2))
    np.testing.assert_allclose(at_cells(heat, fine, coarse), [[2.5, 4.5], [10.5, 12.5]])


def test_attention_keeps_its_sum_where_the_heatmap_sees_nothing():
    attention = np.array([[0.9, 0.1]], np.float32)
    np.testing.assert_allclose(drawn(attention, np.zeros((1, 2), np.float32), 1.0), attention)


def test_an_image_unlike_those_that_trained_it_is_marked():
    """The reference is of breasts whose numbers are all 5 above this one's."""
    own = features(prepare(mammogram(), "log inverted", 0.3))
    measured = own + np.random.default_rng(0).normal(5.0, 1.0, (60, len(own)))
    far = reference_of(measured, [*range(60)])
    near = reference_of(measured - 5.0, [*range(60)])
    assert Scorer(Split({}, far))(mammogram()).marked
    assert not Scorer(Split({}, near))(mammogram()).marked
    assert Scorer(Split({}))(mammogram()).unlike is None


def test_odds_are_bounded():
    assert log_odds_of(0.0) == pytest.approx(np.log(1e-4 / (1 - 1e-4)))
    assert log_odds_of(1.0) == pytest.approx(-log_odds_of(0.0))


def test_another_network_is_refused():
    other = Split({})
    other.card.classes = ("mass",)
    with pytest.raises(WeightsError, match="images take the weights that ship"):
        Scorer(other)
