"""From the scores of images to those of a breast and of an exam, worked by hand."""

import math

import numpy as np
import pytest

from mammoscope.core import (
    About,
    ExamMalignancy,
    Failed,
    ImageResult,
    NotAssessed,
    Sourced,
)
from mammoscope.errors import UsageError
from mammoscope.measures.screening import (
    OF_BREASTS,
    OF_VIEWS,
    RULES,
    assess_exam,
    mean_log_odds,
    of_breast,
    of_exam,
)
from tests.synthetic_screening import malignancy

SHAPE = (60, 40)


def image(side, view, answer, set_aside="", again=""):
    about = About(
        f"{side} {view}{again}",
        SHAPE,
        view=Sourced(view, "test") if view else None,
        laterality=Sourced(side, "test") if side else None,
    )
    answer = malignancy(SHAPE, answer) if isinstance(answer, float) else answer
    return ImageResult(about, None, {"screening": answer}, np.zeros(SHAPE, np.uint8), set_aside)


@pytest.mark.parametrize(
    ("rule", "together"),
    [
        # odds 1:4 and 4:1 have logs that are opposite; odds 1:1 and 9:1 have 3:1 in the middle
        ("mean of log odds", {(0.2, 0.8): 0.5, (0.5, 0.9): 0.75, (0.3,): 0.3}),
        ("mean", {(0.2, 0.8): 0.5, (0.5, 0.9): 0.7, (0.3,): 0.3}),
        ("max", {(0.2, 0.8): 0.8, (0.5, 0.9): 0.9, (0.3,): 0.3}),
        # 1 - 0.8 · 0.2 and 1 - 0.5 · 0.1
        ("noisy-or", {(0.2, 0.8): 0.84, (0.5, 0.9): 0.95, (0.3,): 0.3}),
    ],
)
def test_each_rule_by_hand(rule, together):
    for scores, expected in together.items():
        assert RULES[rule](list(scores)) == pytest.approx(expected)
        views = {"CC": scores[:1], "MLO": scores[1:]}
        assert of_breast(views, rule) == pytest.approx(expected)


def test_the_rules_are_those_that_are_measured():
    assert set(RULES) == {"mean of log odds", "mean", "max", "noisy-or"}
    assert {OF_VIEWS, OF_BREASTS} <= set(RULES)


def test_certainty_has_a_score_too():
    assert mean_log_odds([0.0, 1.0]) == pytest.approx(0.5)
    assert 0.99 < mean_log_odds([1.0, 1.0]) < 1


@pytest.mark.parametrize("rule", RULES)
def test_a_repeated_view_does_not_count_twice(rule):
    once = of_breast({"CC": [0.9], "MLO": [0.2]}, rule)
    assert of_breast({"CC": [0.9, 0.9, 0.9], "MLO": [0.2]}, rule) == pytest.approx(once)


def test_repeats_of_a_view_are_meant_before_the_views_are():
    """Odds 1:1 and 9:1 on CC make 3:1; with 1:3 on MLO they are even."""
    assert of_breast({"CC": [0.5, 0.9], "MLO": [0.25]}, "mean of log odds") == pytest.approx(0.5)
    assert of_breast({"CC": [0.5, 0.9], "MLO": [0.25]}, "max") == pytest.approx(0.75)


def test_a_missing_view_does_not_count():
    for views in ({"MLO": [0.7]}, {"CC": [], "MLO": [0.7]}):
        assert all(of_breast(views, rule) == pytest.approx(0.7) for rule in RULES)
    with pytest.raises(UsageError, match="at least one view was expected"):
        of_breast({"CC": []})


def test_an_exam_is_as_bad_as_its_worse_breast():
    assert of_exam({"L": 0.2, "R": 0.6}) == 0.6
    assert of_exam({"L": 0.2}) == 0.2
    assert of_exam({"L": 0.2, "R": 0.6}, "noisy-or") == pytest.approx(1 - 0.8 * 0.4)


def test_views_become_breasts_and_breasts_an_exam():
    images = [
        image("R", "CC", 0.5), image("L", "CC", 0.2), image("R", "MLO", 0.9), image("L", "MLO", 0.2),
    ]  # fmt: skip
    answer = assess_exam(images, 0.7)
    assert isinstance(answer, ExamMalignancy)
    assert answer.breasts["R"].score == pytest.approx(0.75)
    assert answer.breasts["L"].score == pytest.approx(0.2)
    assert answer.breasts["R"].images == ("R CC", "R MLO")
    assert answer.score == answer.breasts["R"].score
    assert answer.threshold == 0.7
    assert assess_exam(images, rule="max").breasts["R"].score == pytest.approx(0.9)


def test_images_of_one_view_that_count_are_meant():
    images = [image("R", "CC", 0.5), image("R", "CC", 0.9, again="2"), image("R", "MLO", 0.25)]
    assert assess_exam(images).breasts["R"].score == pytest.approx(0.5)
    assert assess_exam(images).breasts["R"].images == ("R CC", "R CC2", "R MLO")


def test_what_is_set_aside_does_not_count():
    images = [image("R", "CC", 0.2), image("R", "CC", 0.9, "repeated view"), image("", "MLO", 0.9)]
    answer = assess_exam(images)
    assert answer.score == pytest.approx(0.2)
    assert set(answer.breasts) == {"R"}


@pytest.mark.parametrize(("unlike", "marked"), [(None, False), (1.0, False), (1.2, True)])
def test_one_marked_image_marks_its_breast(unlike, marked):
    odd = malignancy(SHAPE, 0.5, unlike=unlike)
    answer = assess_exam([image("R", "CC", 0.5), image("R", "MLO", odd), image("L", "CC", 0.5)])
    assert answer.breasts["R"].marked == marked
    assert not answer.breasts["L"].marked


def test_a_view_that_failed_leaves_the_other():
    answer = assess_exam([image("R", "CC", Failed("out of memory")), image("R", "MLO", 0.6)])
    assert answer.breasts["R"].score == pytest.approx(0.6)
    assert answer.breasts["R"].images == ("R MLO",)


def test_without_a_score_it_says_why():
    no_mass = NotAssessed("no mass")
    one_side = [image("R", "CC", no_mass), image("R", "MLO", no_mass)]
    assert assess_exam(one_side) == NotAssessed("R: no mass")
    assert assess_exam([*one_side, image("L", "CC", no_mass)]) == NotAssessed("no mass")
    failed = [image("R", "CC", Failed("out of memory")), image("R", "MLO", no_mass)]
    assert assess_exam(failed) == Failed("R: CC: out of memory")
    assert assess_exam([]) == NotAssessed("no image of a known breast and view")


def test_a_breast_without_a_reason_is_left_out():
    answer = assess_exam([image("R", "CC", 0.4), image("L", "CC", NotAssessed("no mass"))])
    assert set(answer.breasts) == {"R"}


def test_the_middle_of_log_odds_is_that():
    scores = [0.1, 0.35, 0.8]
    odds = math.exp(sum(math.log(one / (1 - one)) for one in scores) / 3)
    assert mean_log_odds(scores) == pytest.approx(odds / (1 + odds))
