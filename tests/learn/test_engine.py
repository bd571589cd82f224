import importlib
import subprocess
import sys

import pytest

from mammoscope.learn import engine


def test_lightning_imports_beside_a_torchvision_of_another_build():
    importlib.import_module("lightning")
    code = "from mammoscope.learn.engine import lightning; print(lightning.__name__)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.returncode) == ("lightning", 0)


def test_where_torchvision_is_absent_nothing_happens(monkeypatch):
    def absent(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(engine.importlib, "import_module", absent)
    engine.make_importable()


def test_other_faults_of_torchvision_are_not_hidden(monkeypatch):
    def broken(name):
        raise RuntimeError("libjpeg is missing")

    monkeypatch.setattr(engine.importlib, "import_module", broken)
    with pytest.raises(RuntimeError, match="libjpeg"):
        engine.make_importable()
