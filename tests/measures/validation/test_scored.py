import json
from dataclasses import replace

import numpy as np
import pytest

from mammoscope.measures.validation.groups import age_band, groups
from mammoscope.measures.validation.levels import known, units
from mammoscope.measures.validation.scored import Scored, measured
from tests.synthetic_validation import site

ONE = Scored("a.dcm", "synthetic", "1", "L", "CC", True, "B", 52.0, "one", 0.25, 0.5, (1.0, 2.0))


def test_an_image_survives_json():
    assert Scored.from_plain(json.loads(json.dumps(ONE.to_plain()))) == ONE


def test_an_image_without_a_score_survives_it_too():
    broken = replace(
        ONE, score=float("nan"), unlike=float("nan"), features=(), cancer=None, failed="why"
    )
    plain = json.loads(json.dumps(broken.to_plain(), allow_nan=False))
    back = Scored.from_plain(plain)
    assert np.isnan(back.score)
    assert back.failed == "why"
    assert back.cancer is None


@pytest.mark.parametrize("change", [{"colour": 1}, {"score": "high"}])
def test_what_is_no_image_is_refused(change):
    with pytest.raises((TypeError, ValueError)):
        Scored.from_plain(ONE.to_plain() | change)


def test_features_of_those_that_have_them():
    assert measured([ONE, replace(ONE, features=())]).tolist() == [[1.0, 2.0]]
    assert measured([]).shape == (0, 0)


def test_a_breast_has_the_score_of_its_views_and_a_woman_of_the_worse_breast():
    odds = {0.5: 1.0, 0.9: 9.0}
    images = [replace(ONE, view="CC", score=0.5), replace(ONE, view="MLO", score=0.9),
              replace(ONE, laterality="R", score=0.2, cancer=False)]  # fmt: skip
    breasts = units(images, "breast")
    middle = (odds[0.5] * odds[0.9]) ** 0.5
    assert [one.score for one in breasts] == pytest.approx([middle / (1 + middle), 0.2])
    (woman,) = units(images, "woman")
    assert woman.score == pytest.approx(0.75)
    assert woman.cancer is True


@pytest.mark.parametrize(
    ("told", "expected"),
    [((False, None), None), ((False, False), False), ((True, None), True), ((None, None), None)],
)
def test_one_cancer_counts_for_the_breast_and_none_must_be_known(told, expected):
    images = [
        replace(ONE, view=view, cancer=one) for view, one in zip(("CC", "MLO"), told, strict=True)
    ]
    (breast,) = units(images, "breast")
    assert breast.cancer is expected
    assert len(known([breast])) == (expected is not None)


def test_women_of_two_data_sets_are_two():
    images = [ONE, replace(ONE, dataset="another")]
    assert len(units(images, "woman")) == 2


def test_an_image_without_a_score_is_not_counted():
    assert units([replace(ONE, score=float("nan"))], "woman") == ()


def test_groups_are_told_apart_where_there_are_two():
    found = groups(site(8))
    assert list(found) == ["density", "view", "age", "machine"]
    assert list(found["density"]) == ["A", "B", "C", "D"]
    assert [len(members) for members in found["view"].values()] == [16, 16]


def test_what_nobody_says_comes_last_and_the_young_first():
    ages = (None, 72.0, 30.0, 55.0)
    found = groups([replace(ONE, age=age) for age in ages])
    assert list(found["age"]) == ["below 40", "50–59", "70–79", "not stated"]


@pytest.mark.parametrize(("age", "band"), [(39.9, "below 40"), (40, "40–49"), (80, "80 or more")])
def test_bands_begin_at_decades(age, band):
    assert age_band(float(age)) == band
