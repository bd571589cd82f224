"""Which systems a folder of weights sets to work, and which folders refuse."""

import pytest

from mammoscope.errors import WeightsError
from mammoscope.faces.rooms import open_rooms
from mammoscope.runtime import weights
from tests.weights import (
    synthetic_findings,
    synthetic_landmarks,
    synthetic_registration,
    synthetic_screening,
    synthetic_weights,
)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A folder that passes for the package's."""
    monkeypatch.setattr(weights, "OWN", tmp_path / "own")
    monkeypatch.delenv(weights.VARIABLE, raising=False)
    return tmp_path / "own"


def every(folder):
    return synthetic_findings(synthetic_registration(synthetic_landmarks(synthetic_weights(folder))))


def test_every_system_with_the_identity_of_its_weights(own):
    every(own)
    opened = open_rooms(threads=1)
    names = ["segmentation", "positioning", "registration", "findings"]
    assert set(opened.rooms) == set(names)
    assert [identity.split()[0] for identity in opened.weights] == names


def test_screening_is_opened_where_it_is_listed_with_its_operating_point(own, tmp_path):
    every(own)
    assert open_rooms(threads=1).malignancy_from is None
    synthetic_screening(own, threshold_f1=0.4)
    opened = open_rooms(threads=1)
    assert list(opened.rooms)[-1] == "screening"
    assert opened.weights[-1].startswith("screening")
    assert opened.malignancy_from == 0.4
    alone = open_rooms(synthetic_screening(tmp_path / "mine"), threads=1)
    assert set(alone.rooms) == {"screening"}
    assert alone.malignancy_from is None


def test_classes_for_research_are_refused_where_there_are_none(tmp_path):
    with pytest.raises(WeightsError, match=r"weights of findings were expected in .*, there are none"):
        open_rooms(synthetic_weights(tmp_path / "other"), threads=1, research=True)
    with pytest.raises(WeightsError, match="it has mass: name weights that have such"):
        open_rooms(synthetic_findings(tmp_path / "mine"), threads=1, research=True)


@pytest.mark.parametrize(
    "make", [synthetic_weights, synthetic_landmarks, synthetic_registration, synthetic_findings]
)
def test_the_package_must_hold_all(own, make):
    make(own)
    with pytest.raises(WeightsError, match="no weights named"):
        open_rooms(threads=1)
    with pytest.raises(WeightsError, match="no weights named"):
        open_rooms(own, threads=1)


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (synthetic_weights, "segmentation"),
        (synthetic_landmarks, "positioning"),
        (synthetic_registration, "registration"),
        (synthetic_findings, "findings"),
    ],
)
def test_a_folder_of_ones_own_may_hold_one(tmp_path, make, name):
    assert set(open_rooms(make(tmp_path), threads=1).rooms) == {name}


def test_a_folder_of_ones_own_must_hold_one(tmp_path):
    with pytest.raises(WeightsError, match="no weights in"):
        open_rooms(tmp_path, threads=1)
    synthetic_weights(tmp_path, "other")
    with pytest.raises(WeightsError, match="no weights named 'segmentation'"):
        open_rooms(tmp_path, threads=1)
