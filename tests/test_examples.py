"""Every example runs, on synthetic images."""

import os
import re
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from mammoscope.faces.extras import absent
from tests.synthetic import mammogram_dataset, save
from tests.synthetic_masks import SMALL, images_with_masks
from tests.weights import synthetic_landmarks, synthetic_weights

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"
STRICT = """
name = "strict"
title = "what no breast fulfils"
[[criteria]]
measurement = "posterior nipple line"
source = "ours"
low = 1000
unit = "mm"
finding = "the posterior nipple line is {size} long"
too_low = "Pull more of the breast into the image"
"""


@pytest.fixture(scope="module")
def image(tmp_path_factory):
    return save(mammogram_dataset("MLO", "R"), tmp_path_factory.mktemp("exam") / "R-MLO.dcm")


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    weights = synthetic_landmarks(synthetic_weights(tmp_path_factory.mktemp("weights")))
    environment = os.environ | {"MAMMOSCOPE_WEIGHTS": str(weights)}

    def run(name, *words, **variables):
        start = [sys.executable, str(EXAMPLES / name), *map(str, words)]
        done = subprocess.run(
            start, env=environment | variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


def test_read_image(example, image):
    said = example("read_image.py", image)
    assert "for presentation, 240 x 180 pixels" in said
    assert "MLO" in said


def test_areas(example, image, tmp_path):
    (tmp_path / "broken.dcm").write_bytes(b"")
    said = example("areas.py", image, tmp_path)
    assert "R-MLO.dcm: breast" in said
    assert "cm²" in said
    assert "broken.dcm" in said
    assert "rejected" in said


def test_positioning(example, image, tmp_path):
    said = example("positioning.py", image.parent)
    assert "NotAssessed" not in said
    assert "Failed" not in said
    strict = tmp_path / "strict.toml"
    strict.write_text(STRICT)
    said = example("positioning.py", image.parent, strict)
    assert "R-MLO.dcm: posterior nipple line " in said
    assert " mm, at least 1000 mm. Pull more of the breast into the image" in said


def test_overlay(example, image, tmp_path):
    example("overlay.py", image, tmp_path / "synthetic.png")
    assert (tmp_path / "synthetic.png").read_bytes().startswith(b"\x89PNG")


def test_phantom(example, tmp_path):
    said = example("phantom.py", tmp_path).splitlines()
    names = ["R_CC", "L_CC", "R_MLO", "L_MLO"]
    assert [line.partition(":")[0] for line in said] == [f"{name}_ge-like.dcm" for name in names]
    assert all(float(line.split()[-1]) > 0.5 for line in said)


def test_register(example, tmp_path):
    shipped = files("mammoscope") / "weights"
    said = example("register.py", tmp_path, MAMMOSCOPE_WEIGHTS=str(shipped))
    places = dict(re.findall(r"^(.+): row (\d+), column \d+$", said, re.M))
    assert (places["asked on CC"], places["in truth"]) == ("192", "126")
    assert 0 < int(places["on MLO, most probably"]) < 429
    assert re.search(r"^to be searched: \d+ mm²; holds it: (True|False)$", said, re.M)
    assert "\nright breast, " in said
    assert "a simulated image" in said


@pytest.mark.skipif(bool(absent("train")), reason="needs mammoscope[train]")
def test_train_on_masks(example, tmp_path):
    folder = images_with_masks(tmp_path / "synthetic")
    small = [f"{key}={value}" for key, value in SMALL.items()]
    said = example("train_on_masks.py", folder, tmp_path / "out", *small)
    assert "Dice by view (Table 5)" in said
    assert (tmp_path / "out" / "weights" / "manifest.json").is_file()


def test_no_example_is_forgotten():
    tested = Path(__file__).read_text()
    assert all(f'"{path.name}"' in tested for path in EXAMPLES.glob("*.py"))
