import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from mammoscope.errors import WeightsError
from mammoscope.learn.boxed import save_examples
from mammoscope.learn.checkpoint import save_half
from mammoscope.screening.pooled.examples import save_answers
from mammoscope.screening.pooled.frame import network_image
from mammoscope.screening.pooled.network import Answers
from mammoscope.screening.pooled.predict import logits
from mammoscope.screening.pooled.train import load_checkpoint, training_module
from tests.screening.miniature import examples, tiny

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import train_screening

    return train_screening


def test_a_detectors_checkpoint_is_none_of_this_room(tmp_path):
    save_half(tmp_path / "0.pt", training_module(tiny()).network, {"network": {}})
    with pytest.raises(WeightsError, match="no checkpoint of a pooled"):
        load_checkpoint(tmp_path / "0.pt")


def test_predictions_are_those_of_the_exported_answer():
    network = training_module(tiny()).network.eval()
    torch.nn.init.normal_(network.head[-1].weight)
    one = examples(1)[0]
    plain, mirrored = logits(network, [one], ((1.0, False), (1.0, True)), torch.device("cpu"))[0]
    shown = network_image(one.breast.image.astype(np.float32) / np.float32(255))
    answer = Answers(network)(torch.from_numpy(shown))[0].detach().numpy()
    share = (answer[0] * answer[1]).sum()
    assert answer[0].sum() == pytest.approx(1, abs=1e-5)
    assert plain == pytest.approx(np.log(share / (1 - share)), abs=1e-4)
    assert mirrored != pytest.approx(plain, abs=1e-6)


def test_folds_never_share_a_woman(script, tmp_path, monkeypatch):
    """Each fold learns from women of the others only, and each woman is scored once."""
    made = examples(12)
    save_examples(tmp_path / "images.npz", [one.breast for one in made])
    save_answers(tmp_path / "answers.npz", {one.breast.name: (one.masses, one.about) for one in made})
    learnt = {}

    def train(training, validation, recipe, folder):
        learnt[folder.name] = {one.breast.woman for one in training}
        return training_module(tiny()).network

    monkeypatch.setattr(script, "train_examples", train)
    arguments = [tmp_path / "images.npz", tmp_path / "answers.npz", tmp_path / "work"]
    monkeypatch.setattr(sys, "argv", ["train_screening.py", *map(str, arguments)])
    (tmp_path / "work").mkdir()
    script.main()
    scored = []
    for fold in ("0", "1", "2"):
        with np.load(tmp_path / "work" / f"screening_{fold}.npz") as kept:
            women = set(kept["women"].tolist())
        assert not women & learnt[fold]
        scored += sorted(women)
    everyone = sorted(one.breast.woman for one in made)
    assert sorted(scored) == everyone == sorted(learnt["last"])
