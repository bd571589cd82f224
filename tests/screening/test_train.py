import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from mammoscope.core.settings import to_plain
from mammoscope.errors import WeightsError
from mammoscope.findings.dense.network import Network as DetectorNetwork
from mammoscope.findings.dense.network import Settings as Detector
from mammoscope.image.windows import network_image
from mammoscope.learn.boxed import save_examples
from mammoscope.learn.checkpoint import save_half
from mammoscope.screening.pooled.examples import save_answers
from mammoscope.screening.pooled.network import Answers
from mammoscope.screening.pooled.predict import logits
from mammoscope.screening.pooled.questions import CLASSES
from mammoscope.screening.pooled.recipe import Recipe
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
    torch.nn.init.normal_(network.described.weight)
    one = examples(1)[0]
    plain, mirrored = logits(network, [one], ((1.0, False), (1.0, True)), torch.device("cpu"))[0]
    shown = network_image(one.breast.image.astype(np.float32) / np.float32(255))
    answer = Answers([network])(torch.from_numpy(shown))[0].detach().numpy()
    share = (answer[0] * answer[1]).sum()
    assert answer[0].sum() == pytest.approx(1, abs=1e-5)
    assert plain == pytest.approx(np.log(share / (1 - share)), abs=1e-4)
    assert mirrored != pytest.approx(plain, abs=1e-6)


def test_it_begins_with_what_a_detector_sees_and_where(tmp_path):
    """Until it has learnt, it finds masses where the detector of the same settings does."""
    settings = Detector((8, 8, 8, 8), fused=8, hidden=8, dropout=0.0)
    detector = DetectorNetwork(settings).eval()
    shown = torch.rand(1, 3, 288, 320)
    torch.nn.init.normal_(detector.mlp[2].weight)
    network = training_module(tiny(), detector.state_dict()).network.eval()
    with torch.no_grad():
        torch.testing.assert_close(network(shown).where, detector(shown)[:, 0], rtol=1e-4, atol=1e-4)
    with pytest.raises(WeightsError, match="same channels was expected"):
        training_module(Recipe.default(), detector.state_dict())


def test_a_mirrored_answer_is_that_of_the_mirror_image():
    """Cells change places and so does the side; the answer of both is the mean."""
    network = training_module(tiny()).network.eval()
    torch.nn.init.normal_(network.described.weight)
    shown = torch.rand(1, 3, 256, 288)
    with torch.no_grad():
        alone, both = Answers([network]), Answers([network], mirrored=True)
        plain, turned, mean = alone(shown), alone(shown.flip(-1)).flip(-1), both(shown)
    side = CLASSES.index("right")
    turned[:, side] = 1 - turned[:, side]
    torch.testing.assert_close(mean, (plain + turned) / 2)


def test_folds_never_share_a_woman(script, tmp_path, monkeypatch):
    """Each fold learns from women of the others only, and each woman is scored once."""
    made = examples(24)
    save_examples(tmp_path / "images.npz", [one.breast for one in made])
    save_answers(tmp_path / "answers.npz", {one.breast.name: (one.masses, one.about) for one in made})
    learnt = {}

    def train(training, validation, recipe, folder, *, detector, resume):
        learnt[folder.name] = {one.breast.woman for one in training}
        folder.mkdir()
        save_half(folder / "last.ckpt", training_module(tiny()).network, to_plain(tiny()))

    monkeypatch.setattr(script, "train_examples", train)
    arguments = [tmp_path / "images.npz", tmp_path / "answers.npz", tmp_path / "work"]
    monkeypatch.setattr(sys, "argv", ["train_screening.py", *map(str, arguments)])
    (tmp_path / "work").mkdir()
    script.main()
    scored = []
    for fold in ("0a", "0b", "1a", "1b", "2"):
        with np.load(tmp_path / "work" / f"screening_{fold}.npz") as kept:
            women = set(kept["women"].tolist())
        assert not women & learnt[fold]
        scored += sorted(women)
    everyone = sorted(one.breast.woman for one in made)
    assert sorted(scored) == everyone == sorted(learnt["last0"])
