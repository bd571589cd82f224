import json
from dataclasses import asdict, replace

import numpy as np
import pytest

from mammoscope.core.card import Card
from mammoscope.core.reference import LEVELS, Reference
from mammoscope.errors import SettingsError, WeightsError
from tests.core.test_card import CARD

REFERENCE = Reference(
    features=("height", "width"),
    means=(10.0, 20.0),
    deviations=(2.0, 5.0),
    precision=((1.0, 0.0), (0.0, 4.0)),
    limit=2.0,
    quantiles=(tuple(9 + level for level in LEVELS), tuple(19 + level for level in LEVELS)),
    scores=LEVELS,
    women=100,
)


def test_the_distance_counts_deviations():
    # one deviation of the first and one of the second, which counts four times: √(1 + 4) over 2
    assert REFERENCE.distance(np.array([12.0, 25.0])) == pytest.approx(np.sqrt(5) / 2)
    there = REFERENCE.distance(np.array([[10.0, 20.0], [14.0, 20.0]]))
    assert there.tolist() == [0.0, 1.0]


def test_correlated_features_count_once():
    inverse = np.linalg.inv([[1.0, 0.6], [0.6, 1.0]])
    alike = replace(REFERENCE, precision=tuple(map(tuple, inverse.tolist())), limit=1.0)
    # along the correlation 2 / 1.6, across it 2 / 0.4
    assert alike.distance(np.array([12.0, 25.0])) ** 2 == pytest.approx(1.25)
    assert alike.distance(np.array([12.0, 15.0])) ** 2 == pytest.approx(5.0)


def test_a_card_keeps_its_reference():
    card = replace(CARD, reference=REFERENCE)
    assert Card.from_dict(json.loads(json.dumps(card.to_dict()))) == card


def test_a_card_without_one_does_not_speak_of_it():
    assert "reference" not in CARD.to_dict()
    assert Card.from_dict(CARD.to_dict()).reference is None


def test_an_unknown_key_of_it_is_refused():
    document = CARD.to_dict() | {"reference": asdict(REFERENCE) | {"colour": 1}}
    with pytest.raises(SettingsError, match="unknown key 'colour' in reference"):
        Card.from_dict(document)


def test_a_missing_part_of_it_is_refused():
    entry = asdict(REFERENCE)
    del entry["limit"]
    with pytest.raises(WeightsError, match="limit"):
        Card.from_dict(CARD.to_dict() | {"reference": entry})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"means": (1.0,)}, r"means of a card's reference of shape \(2,\) were expected, got \(1,\)"),
        ({"precision": ((1.0, 0.0),)}, "precision"),
        ({"quantiles": ((0.0,), (1.0,))}, "quantiles"),
        ({"scores": (0.5,)}, "scores"),
        ({"deviations": (1.0, 0.0)}, "positive deviations"),
        ({"limit": float("nan")}, "limit"),
        ({"means": (1.0, float("inf"))}, "finite means"),
    ],
)
def test_a_reference_that_cannot_be_is_refused(change, says):
    with pytest.raises(WeightsError, match=says):
        replace(REFERENCE, **change)


def test_scores_may_be_unknown():
    assert replace(REFERENCE, scores=()).scores == ()
