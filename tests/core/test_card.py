import json
from dataclasses import replace

import numpy as np
import pytest

from mammoscope.core.card import Card, CardInput, Probe, TrainingData
from mammoscope.errors import SettingsError, WeightsError

CARD = Card(
    name="segmentation",
    version="0.1.0",
    sha256="0" * 64,
    system="segmentation",
    input=CardInput(0.4, 1, 16),
    settings={"channels": [16, 32]},
    recipe={"epochs": 2},
    classes=("background", "breast", "pectoral"),
    training_data=(TrainingData("made up", "CC0", "nobody", "none"),),
    figures=({"dice": 0.5, "low": 0.4, "high": 0.6},),
    not_for=("a diagnosis",),
    probe=Probe(0, (1, 1, 4, 4), (0.0, 1.0), 1e-3),
)


def test_a_card_survives_json():
    assert Card.from_dict(json.loads(json.dumps(CARD.to_dict()))) == CARD


def test_a_card_that_does_not_say_means_what_ships():
    document = CARD.to_dict()
    for key in ("raw", "stretch"):
        del document["input"][key]
    assert Card.from_dict(document).input == CardInput(0.4, 1, 16, "log inverted", True)


def test_an_unknown_look_of_raw_images_is_refused():
    document = CARD.to_dict()
    document["input"]["raw"] = "upside down"
    with pytest.raises(WeightsError, match="upside down"):
        Card.from_dict(document)


def test_another_schema_is_refused():
    with pytest.raises(WeightsError, match="schema 1 was expected, got 2"):
        Card.from_dict(CARD.to_dict() | {"schema": 2})


@pytest.mark.parametrize("part", ["probe", "input", "sha256", "training_data"])
def test_a_missing_part_is_refused(part):
    document = CARD.to_dict()
    del document[part]
    with pytest.raises(WeightsError, match=part):
        Card.from_dict(document)


@pytest.mark.parametrize("where", ["card", "input", "probe"])
def test_an_unknown_key_is_refused(where):
    document = json.loads(json.dumps(CARD.to_dict()))
    (document if where == "card" else document[where])["colour"] = 1
    with pytest.raises(SettingsError, match="unknown key 'colour'"):
        Card.from_dict(document)


def test_an_unknown_system_is_refused():
    with pytest.raises(WeightsError, match="telepathy"):
        Card.from_dict(CARD.to_dict() | {"system": "telepathy"})


def test_the_probe_samples_even_steps_through_the_output():
    probe = Probe(0, (1, 1, 2, 2), (0.0, 0.0, 0.0), 1e-3)
    assert probe.sample(np.arange(9).reshape(3, 3)).tolist() == [0, 4, 8]


def test_the_probe_knows_its_network_and_no_other():
    probe = Probe.of(lambda image: image * 2, (1, 1, 8, 8))
    assert probe.matches(probe.image() * 2)
    assert not probe.matches(probe.image() * 2.1)
    assert not probe.matches(np.full((1, 1, 8, 8), np.nan))
    assert not replace(probe, seed=1).matches(replace(probe, seed=1).image() * 2)
