import pytest
import torch

from mammoscope.errors import WeightsError
from mammoscope.learn.checkpoint import validation_loss
from mammoscope.learn.fit import BEST, LAST, once


def test_the_validation_loss_is_that_of_the_best_epoch(tmp_path):
    path = tmp_path / BEST
    states = {
        "best": {"best_model_score": torch.tensor(0.25)}, "newest": {"best_model_score": None},
        "stopping": {"best_score": torch.tensor(9.0)},
    }  # fmt: skip
    torch.save({"callbacks": states}, path)
    assert validation_loss(path) == 0.25
    torch.save({"callbacks": {}}, path)
    with pytest.raises(WeightsError, match="holds no validation loss"):
        validation_loss(path)


def test_a_training_is_done_once_and_goes_on_where_it_was_broken_off(tmp_path):
    asked = []

    def broken(resume):
        asked.append(resume)
        (tmp_path / LAST).touch()
        raise KeyboardInterrupt

    def whole(resume):
        asked.append(resume)
        return "trained"

    with pytest.raises(KeyboardInterrupt):
        once(tmp_path, broken, str)
    assert once(tmp_path, whole, str) == "trained"
    assert once(tmp_path, whole, str) == str(tmp_path / BEST)
    assert asked == [False, True]
