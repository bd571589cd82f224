"""The public surface: what is promised to people who import it."""

import importlib.metadata
import inspect
import subprocess
import sys

import pytest

import mammoscope
from mammoscope.errors import SettingsError, WeightsError
from mammoscope.measures.profiles import DEFAULT_PROFILE
from tests.synthetic import mammogram_dataset, save
from tests.weights import synthetic_weights


def test_the_surface():
    assert mammoscope.__all__ == ["__version__", "analyze", "read", "register"]
    assert all(hasattr(mammoscope, name) for name in mammoscope.__all__)


def test_the_version_is_the_packages():
    assert mammoscope.__version__ == importlib.metadata.version("mammoscope")


def test_importing_costs_nothing():
    script = (
        "import sys, mammoscope; print({'numpy', 'pydicom', 'onnxruntime', 'torch'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_help_imports_nothing_heavy():
    heavy = "{'numpy', 'pydicom', 'onnxruntime', 'torch', 'rich', 'jinja2'}"
    script = (
        "import sys; sys.argv = ['mammoscope', '--help']\n"
        "from mammoscope.faces.cli import main\n"
        f"try:\n    main()\nexcept SystemExit:\n    print({heavy} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "set()"


def test_read_and_analyze(tmp_path, caplog):
    weights = synthetic_weights(tmp_path / "weights")
    path = save(mammogram_dataset("MLO", "R"), tmp_path / "in" / "R-MLO.dcm")
    (tmp_path / "in" / "broken.dcm").write_bytes(b"")
    mammogram = mammoscope.read(path)
    assert mammogram.pixels.shape == (240, 180)
    assert mammogram.about.view.value == "MLO"
    (exam,) = mammoscope.analyze([tmp_path / "in"], weights=weights)
    assert len(exam.images) == 1
    assert "broken.dcm: rejected" in caplog.text


def test_analyze_refuses_at_once(tmp_path):
    with pytest.raises(WeightsError):
        mammoscope.analyze([tmp_path], weights=tmp_path)
    with pytest.raises(SettingsError, match="acr, pgmi, iarc, paper"):
        mammoscope.analyze([tmp_path], weights=tmp_path, profile="strict")


def test_the_default_profile_is_the_measures():
    default = inspect.signature(mammoscope.analyze).parameters["profile"].default
    assert default == DEFAULT_PROFILE
