import pytest
import torch

from mammoscope.errors import WeightsError
from mammoscope.learn.checkpoint import read_checkpoint


def saved(tmp_path, **parts):
    path = tmp_path / "a.ckpt"
    torch.save(parts, path)
    return path


def test_a_checkpoint_holds_the_recipe_and_the_networks_weights(tmp_path):
    state = {"network.a.weight": torch.ones(1), "other": torch.zeros(1)}
    found = read_checkpoint(saved(tmp_path, record={"epochs": 3}, state_dict=state))
    assert found.record == {"epochs": 3}
    assert found.state == {"a.weight": torch.ones(1)}


def test_the_running_mean_goes_before_the_last_weights(tmp_path):
    state = {"network.a": torch.ones(1), "averaged.a": torch.full((1,), 2.0)}
    found = read_checkpoint(saved(tmp_path, record={}, state_dict=state))
    assert found.state == {"a": torch.full((1,), 2.0)}


def test_a_foreign_checkpoint_is_refused(tmp_path):
    with pytest.raises(WeightsError, match=r"a\.ckpt.*no recipe"):
        read_checkpoint(saved(tmp_path, state_dict={}))
