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

MAKERS = {
    "segmentation": synthetic_weights,
    "positioning": synthetic_landmarks,
    "registration": synthetic_registration,
    "findings": synthetic_findings,
    "screening": synthetic_screening,
}


@pytest.fixture
def own(tmp_path, monkeypatch):
    """A folder that passes for the package's."""
    monkeypatch.setattr(weights, "OWN", tmp_path / "own")
    monkeypatch.delenv(weights.VARIABLE, raising=False)
    return tmp_path / "own"


def every(folder):
    for make in MAKERS.values():
        make(folder)
    return folder


def test_every_system_with_the_identity_of_its_weights(own):
    every(own)
    opened = open_rooms(threads=1)
    assert list(opened.rooms) == list(MAKERS)
    assert [identity.split()[0] for identity in opened.weights] == list(MAKERS)


def test_screening_comes_with_its_operating_point_where_the_card_has_one(tmp_path):
    opened = open_rooms(synthetic_screening(tmp_path / "with", threshold_f1=0.4), threads=1)
    assert opened.malignancy_from == 0.4
    assert open_rooms(synthetic_screening(tmp_path / "without"), threads=1).malignancy_from is None


def test_classes_for_research_are_refused_where_there_are_none(tmp_path):
    with pytest.raises(WeightsError, match=r"weights of findings were expected in .*, there are none"):
        open_rooms(synthetic_weights(tmp_path / "other"), threads=1, research=True)
    with pytest.raises(WeightsError, match="it has mass: name weights that have such"):
        open_rooms(synthetic_findings(tmp_path / "mine"), threads=1, research=True)


@pytest.mark.parametrize("name", MAKERS)
def test_the_package_must_hold_all(own, name):
    for other in MAKERS.keys() - {name}:
        MAKERS[other](own)
    for folder in (None, own):
        with pytest.raises(WeightsError, match=f"no weights named '{name}'"):
            open_rooms(folder, threads=1)


@pytest.mark.parametrize("name", MAKERS)
def test_a_folder_of_ones_own_may_hold_one(tmp_path, name):
    assert set(open_rooms(MAKERS[name](tmp_path), threads=1).rooms) == {name}


def test_a_folder_of_ones_own_must_hold_one(tmp_path):
    with pytest.raises(WeightsError, match="no weights in"):
        open_rooms(tmp_path, threads=1)
    synthetic_weights(tmp_path, "other")
    with pytest.raises(WeightsError, match="no weights named 'segmentation'"):
        open_rooms(tmp_path, threads=1)
