"""Numbers 76 to 82 of docs/bad-inputs.md: refused before anything is loaded or run."""

import hashlib
import json
import pickle
from dataclasses import fields, replace

import numpy as np
import pytest

from mammoscope.core.card import NETWORK_SETTINGS
from mammoscope.errors import SettingsError, WeightsError
from mammoscope.runtime.session import names, open_session
from mammoscope.runtime.weights import VARIABLE, register
from tests.weights import card_of, edit_card, synthetic_weights, threshold_network, with_nan, write


@pytest.fixture
def folder(tmp_path):
    return synthetic_weights(tmp_path / "weights")


def test_sound_weights_run(folder):
    session = open_session("segmentation", folder, threads=1)
    bright = session.run(np.full((1, 1, 16, 32), 0.9, np.float32))
    assert bright.shape == (1, 3, 16, 32)
    assert bright[0, 1].min() > 0.99
    assert session.identity == f"segmentation {session.card.sha256[:12]}"


def test_the_environment_names_the_folder(folder, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(folder))
    assert names() == ("segmentation",)
    assert open_session("segmentation").card.name == "segmentation"


def test_76_a_flipped_byte(folder):
    path = folder / "segmentation.onnx"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(WeightsError, match="is damaged: SHA-256"):
        open_session("segmentation", folder)


def test_77_a_truncated_file(folder):
    path = folder / "segmentation.onnx"
    data = path.read_bytes()
    path.write_bytes(data[:100])
    with pytest.raises(WeightsError, match=f"{len(data)} bytes were expected, got 100"):
        open_session("segmentation", folder)


def test_77_a_pointer_instead_of_weights(folder):
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"
    (folder / "segmentation.onnx").write_text(pointer)
    with pytest.raises(WeightsError, match="Git LFS pointer"):
        open_session("segmentation", folder)


@pytest.mark.parametrize(
    ("data", "what"), [(pickle.dumps([1]), "a pickle"), (b"PK\x03\x04..", "torch")]
)
def test_78_a_pickle_renamed(folder, data, what):
    (folder / "segmentation.onnx").write_bytes(data)
    with pytest.raises(WeightsError, match=what):
        open_session("segmentation", folder)


def test_78_holds_where_the_manifest_lists_the_pickle(folder):
    data = pickle.dumps([1])
    (folder / "segmentation.onnx").write_bytes(data)
    edit_card(folder, sha256=hashlib.sha256(data).hexdigest())
    register(folder, "segmentation", "segmentation.onnx", "segmentation.json")
    with pytest.raises(WeightsError, match="ONNX was expected, got a pickle"):
        open_session("segmentation", folder)


def test_79_weights_that_are_no_numbers(tmp_path):
    data = with_nan(threshold_network())
    card = replace(card_of(threshold_network()), sha256=hashlib.sha256(data).hexdigest())
    write(tmp_path, data, card)
    with pytest.raises(WeightsError, match="NaN or infinity"):
        open_session("segmentation", tmp_path)


def test_80_two_networks_swapped(folder):
    synthetic_weights(folder, "screening", weight=20.0)
    first, second = folder / "segmentation.onnx", folder / "screening.onnx"
    first.write_bytes(second.read_bytes())
    with pytest.raises(WeightsError, match=r"is damaged|bytes were expected"):
        open_session("segmentation", folder)


def test_80_swapped_with_their_cards(folder):
    synthetic_weights(folder, "screening", weight=20.0)
    text = (folder / "manifest.json").read_text()
    listed = json.loads(text)
    one, other = listed["weights"]
    one["name"], other["name"] = other["name"], one["name"]
    (folder / "manifest.json").write_text(json.dumps(listed))
    with pytest.raises(WeightsError, match="the card of 'segmentation' was expected, got 'screening'"):
        open_session("segmentation", folder)


def test_80_swapped_and_signed_anew(tmp_path):
    data = threshold_network(20.0)
    card = replace(card_of(threshold_network(30.0)), sha256=hashlib.sha256(data).hexdigest())
    write(tmp_path, data, card)
    with pytest.raises(WeightsError, match="not the network of their card"):
        open_session("segmentation", tmp_path)


def test_81_a_card_of_another_schema(folder):
    edit_card(folder, schema=7)
    with pytest.raises(WeightsError, match="schema 1 was expected, got 7"):
        open_session("segmentation", folder)


def test_81_another_major_version(folder):
    edit_card(folder, version="9.0.0")
    with pytest.raises(WeightsError, match=r"made by mammoscope 9\.0\.0"):
        open_session("segmentation", folder)


def test_81_an_operator_set_of_the_future(tmp_path):
    data = threshold_network(opset=99)
    card = replace(card_of(threshold_network()), sha256=hashlib.sha256(data).hexdigest())
    write(tmp_path, data, card)
    with pytest.raises(WeightsError, match=r"onnxruntime .* cannot load"):
        open_session("segmentation", tmp_path)


def test_82_an_unknown_key_in_the_card(folder):
    edit_card(folder, input={"spacing_mm": 0.4, "channels": 1, "multiple": 16, "flip": True})
    with pytest.raises(SettingsError, match="unknown key 'flip' in input"):
        open_session("segmentation", folder)


def test_a_folder_without_manifest(tmp_path):
    with pytest.raises(WeightsError, match=r"manifest\.json cannot be read"):
        open_session("segmentation", tmp_path)


def test_a_name_that_is_not_listed(folder):
    with pytest.raises(WeightsError, match="no weights named 'findings'"):
        open_session("findings", folder)


def test_a_damaged_manifest(folder):
    (folder / "manifest.json").write_text("{")
    with pytest.raises(WeightsError, match="damaged"):
        open_session("segmentation", folder)


def test_register_refuses_a_card_of_other_weights(folder):
    edit_card(folder, sha256="0" * 64)
    with pytest.raises(WeightsError, match="describes weights 000000000000"):
        register(folder, "segmentation", "segmentation.onnx", "segmentation.json")


def test_82_an_unknown_network_setting(folder):
    edit_card(folder, settings={"channels": [8, 16], "swish": True})
    with pytest.raises(SettingsError, match="unknown key 'swish' in settings"):
        open_session("segmentation", folder)


def test_known_settings_are_those_of_the_networks():
    network = pytest.importorskip("mammoscope.segmentation.network")
    assert NETWORK_SETTINGS["segmentation"] == {field.name for field in fields(network.Settings)}
