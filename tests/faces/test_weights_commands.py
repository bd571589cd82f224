import json
import sys

import pytest

from mammoscope.faces import weights as commands
from mammoscope.faces.extras import absent
from tests.weights import synthetic_weights


def test_list_says_what_trained_them(cli, tmp_path):
    folder = synthetic_weights(tmp_path)
    said = cli("weights", "list", "--weights", folder).stdout
    assert "1 in" in said
    assert "trained on: none (CC0)" in said
    (card,) = json.loads(cli("weights", "list", "--json", "--weights", folder).stdout)
    assert card["name"] == "segmentation"


def test_verify_goes_through_all(cli, tmp_path):
    folder = synthetic_weights(synthetic_weights(tmp_path), "other")
    path = folder / "other.onnx"
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    done = cli("weights", "verify", "--weights", folder)
    assert done.returncode == 5
    broken, sound = done.stdout.splitlines()
    assert broken.startswith("BROKEN  other: other.onnx is damaged")
    assert sound.startswith("ok      segmentation")


def test_an_empty_folder_is_no_folder_of_weights(cli, tmp_path):
    done = cli("weights", "verify", "--weights", tmp_path)
    assert done.returncode == 5
    assert "manifest.json cannot be read" in done.stderr


@pytest.mark.skipif(bool(absent("train")), reason="needs mammoscope[train]")
def test_what_is_no_checkpoint_is_not_imported(cli, tmp_path):
    (tmp_path / "model.ckpt").write_bytes(b"\x80\x04K\x01.")
    words = ("weights", "import", "segmentation", tmp_path / "model.ckpt", "-o", tmp_path / "out")
    done = cli(*words)
    assert done.returncode == 5
    assert "model.ckpt" in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_was_imported_is_listed(tmp_path, monkeypatch, capsys):
    def converted(file, folder):
        synthetic_weights(folder)
        (folder / "manifest.json").unlink()
        return folder / "segmentation.onnx"

    stand_in = type(sys)("imported")
    stand_in.import_checkpoint = converted
    monkeypatch.setitem(sys.modules, "mammoscope.segmentation.imported", stand_in)
    monkeypatch.setattr(commands, "need", lambda extra: None)
    commands.convert(tmp_path / "model.ckpt", tmp_path / "out")
    assert "use it with --weights" in capsys.readouterr().out
    assert commands.verify(tmp_path / "out") == 0
