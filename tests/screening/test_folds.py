"""Folds: by woman, stratified, the test set first."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mammoscope.errors import UsageError
from mammoscope.screening.folds import split


def population(ill, well, images, seed=0):
    """Women with and without cancer, each with images in any order; the first shows no cancer."""
    rng = np.random.default_rng(seed)
    women = [f"w{number}" for number in range(ill + well) for _ in range(images)]
    cancer = [int(woman[1:]) < ill for woman in women]
    if images > 1:
        cancer[0] = False
    order = rng.permutation(len(women))
    return [women[place] for place in order], [cancer[place] for place in order]


@given(st.integers(8, 30), st.integers(8, 30), st.integers(1, 4), st.integers(2, 5), st.integers(0, 9))
def test_no_woman_stands_on_two_sides(ill, well, images, folds, seed):
    women, cancer = population(ill, well, images, seed)
    parts = split(women, cancer, 0.2, folds, seed)
    tested = {women[place] for place in parts.test}
    validated = []
    for fold in parts.folds:
        learnt, valid = ({women[place] for place in side} for side in fold)
        assert not learnt & valid
        assert not (learnt | valid) & tested
        assert sorted((*fold.training, *fold.validation, *parts.test)) == list(range(len(women)))
        validated += fold.validation
    # every image outside the test validates once
    assert sorted((*validated, *parts.test)) == list(range(len(women)))


def test_a_fifth_of_the_women_tests_and_cancer_is_dealt_evenly():
    women, cancer = population(50, 200, 2)
    parts = split(women, cancer, 0.2, 5)
    ill = {woman for woman, there in zip(women, cancer, strict=True) if there}
    sides = [parts.test, *(fold.validation for fold in parts.folds)]
    counted = [{women[place] for place in side} for side in sides]
    assert [len(side) for side in counted] == [50, 40, 40, 40, 40, 40]
    assert [len(side & ill) for side in counted] == [10, 8, 8, 8, 8, 8]


def test_the_order_of_images_does_not_matter_and_the_seed_does():
    women, cancer = population(20, 20, 2)
    backwards = split(women[::-1], cancer[::-1], 0.2, 3)
    tested = {women[place] for place in split(women, cancer, 0.2, 3).test}
    assert {women[::-1][place] for place in backwards.test} == tested
    assert {women[place] for place in split(women, cancer, 0.2, 3, seed=1).test} != tested


@pytest.mark.parametrize(("ill", "well"), [(2, 20), (20, 2), (5, 20)])
def test_a_fold_without_both_is_refused(ill, well):
    with pytest.raises(UsageError, match="6 women or more with cancer"):
        split(*population(ill, well, 2), 0.2, 5)
