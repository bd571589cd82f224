"""Sets of different women."""

from pathlib import Path

import pytest

from mammoscope.errors import UsageError
from mammoscope.io.pairs import Pair, PairedLesion
from mammoscope.registration.sets import split

EDGES = (0.0, 0.0, 1.0, 1.0)


def pair(woman, side="L", part=None, *, sure=True):
    lesion = PairedLesion("1", EDGES, EDGES, "mass", sure)
    image = Path(f"{woman}{side}.png")
    return Pair(f"P_{woman}", side, "synthetic", image, image, (lesion,), 1, part=part)


def women(pairs):
    return {pair.woman for pair in pairs}


def test_no_woman_is_in_two_sets():
    pairs = [pair(number, side) for number in range(90) for side in "LR"]
    sets = split(pairs, 0.25)
    parts = [women(part) for part in (sets.training, sets.validation, sets.test)]
    assert [len(part) for part in parts] == [60, 20, 10]  # 122 of 1,107 test, a quarter validates
    assert set.union(*parts) == women(pairs)
    assert women(split(pairs[::-1], 0.25).test) == parts[2]


def test_the_published_test_set_is_kept():
    pairs = [pair(number, part="test" if number < 3 else "training") for number in range(11)]
    sets = split(pairs, 0.25)
    assert women(sets.test) == {"P_0", "P_1", "P_2"}
    assert (len(sets.training), len(sets.validation), sets.left_out) == (6, 2, 0)


def test_a_woman_who_tests_does_not_train():
    pairs = [pair(number, part="training") for number in range(5)] + [pair(0, "R", "test")]
    sets = split(pairs, 0.25)
    assert sets.left_out == 1
    assert "P_0" not in women(sets.development)
    assert [one.laterality for one in sets.test] == ["R"]


def test_lesions_whose_matching_is_assumed_are_apart():
    pairs = [pair(number, part="test" if number < 3 else "training", sure=number not in (0, 3))
             for number in range(11)]  # fmt: skip
    sets = split(pairs, 0.25)
    assert women(sets.uncertain) == {"P_0"}
    assert women(sets.test) == {"P_1", "P_2"}
    assert "P_3" not in women(sets.development)


def test_sets_that_cannot_be_are_refused():
    with pytest.raises(UsageError, match="for all pairs or for none"):
        split([pair(0), pair(1, part="test")], 0.25)
    with pytest.raises(UsageError, match="of 1 pairs is empty"):
        split([pair(0)], 0.25)
    with pytest.raises(UsageError, match="is empty"):
        split([], 0.25)
