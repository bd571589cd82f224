import sys
from pathlib import Path

import pytest
import torch

from mammoscope.core.settings import to_plain
from mammoscope.errors import WeightsError
from mammoscope.findings.dense.network import Network as DetectorNetwork
from mammoscope.findings.dense.network import Settings as Detector
from mammoscope.learn.boxed import save_examples
from mammoscope.learn.checkpoint import save_half
from mammoscope.screening.pooled.examples import save_answers
from mammoscope.screening.pooled.network import Answers
from mammoscope.screening.pooled.questions import CLASSES
from mammoscope.screening.pooled.recipe import Recipe
from mammoscope.screening.pooled.train import load_checkpoint, training_module
from tests.screening.miniature import examples, tiny

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture
def script(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import folds
    import train_screening

    return train_screening, folds


def test_a_detectors_checkpoint_is_none_of_this_room(tmp_path):
    save_half(tmp_path / "0.pt", training_module(tiny()).network, {"network": {}})
    with pytest.raises(WeightsError, match="no checkpoint of a pooled"):
        load_checkpoint(tmp_path / "0.pt")


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


class Nothing:
    state = None


def test_folds_never_share_a_woman(script, tmp_path, monkeypatch):
    """Each part learns from women of the others only, and begins with what never saw its own."""
    script, folds = script
    PARTS, part_of = folds.PARTS, folds.part_of
    made = examples(24)
    save_examples(tmp_path / "images.npz", [one.breast for one in made])
    save_answers(tmp_path / "answers.npz", {one.breast.name: (one.masses, one.about) for one in made})
    learnt, began = {}, []

    def train(training, validation, recipe, folder, *, detector, resume):
        learnt[folder.name] = {one.breast.woman for one in training}
        folder.mkdir(parents=True)
        save_half(folder / "last.ckpt", training_module(recipe).network, to_plain(recipe))

    monkeypatch.setattr(script, "train_examples", train)
    monkeypatch.setattr(script, "exported", lambda networks, recipe, folder: folder.mkdir(parents=True))
    monkeypatch.setattr(script, "read_checkpoint", lambda path: began.append(path.stem) or Nothing())
    arguments = [tmp_path / "images.npz", tmp_path / "answers.npz", tmp_path / "work"]
    detectors = ["--detectors", tmp_path]
    monkeypatch.setattr(sys, "argv", ["train_screening.py", *map(str, arguments + detectors)])
    (tmp_path / "work").mkdir()
    script.main()
    everyone = {one.breast.woman for one in made}
    for part in PARTS:
        assert everyone - learnt[part] == {one for one in everyone if part_of(one) == part} != set()
    assert learnt["last0"] == everyone
    assert began == ["0", "0", "1", "1", "2", "0"]
