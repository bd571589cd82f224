"""The installed weights measured from the command line."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from mammoscope.errors import UsageError, WeightsError
from mammoscope.faces import findings_shipped as shipped
from mammoscope.faces.findings_shipped import Plan, evaluate_shipped, read_images
from tests.findings import miniature_vindr
from tests.registration import miniature_cbis
from tests.synthetic_findings import findings
from tests.weights import synthetic_findings


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return miniature_vindr.write(tmp_path_factory.mktemp("vindr"), 1, 3)


@pytest.fixture
def plan(data, tmp_path, monkeypatch):
    monkeypatch.setattr(shipped, "Finder", lambda session: look)
    weights = synthetic_findings(tmp_path / "weights")
    return Plan([data], ["vindr"], tmp_path / "out", weights=weights)


def look(mammogram):
    """One finding, in the mass of every study that has one."""
    return findings(mammogram.pixels.shape, (112.0, 60.0, 16.0, 0.8), threshold=0.5)


def test_the_published_test_set_is_measured(plan, capsys):
    evaluate_shipped(plan, as_json=True)
    counted, froc = json.loads(capsys.readouterr().out)
    assert counted["rows"] == [["test", "3", "6", "2", "4", "mass 4"]]
    assert any("learnt from" in note for note in counted["notes"])
    assert froc["title"] == "Sensitivity for mass at false positives an image (6 images)"
    # two false positives on six images, and all scores alike: more than 0.25 an image
    assert froc["rows"][0][:3] == ["all", "4", "0.000 (0.000–1.000)"]
    assert froc["rows"][0][3].startswith("1.000")
    assert "4 of 4 lesions, 0.33 false positives" in froc["notes"][0]
    with (plan.out / "cases.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [row["what"] for row in rows].count("lesion") == 4
    assert [row["what"] for row in rows].count("false positive") == 2
    with pytest.raises(UsageError, match="--resume goes on"):
        evaluate_shipped(plan, as_json=True)


def test_data_that_only_train_are_not_measured(plan, tmp_path):
    training = miniature_vindr.write(tmp_path / "training", 1, 0)
    with pytest.raises(UsageError, match="all 2 images are of training sets"):
        evaluate_shipped(replace(plan, data=[training]), as_json=True)


def test_weights_are_missed_before_anything_is_read(plan, tmp_path):
    with pytest.raises(WeightsError):
        evaluate_shipped(replace(plan, weights=tmp_path / "none"), as_json=True)
    assert not (plan.out / "run.json").exists()


def test_data_sets_are_measured_together(plan, tmp_path, capsys):
    lesions = miniature_cbis.lesions_table(tmp_path / "lesions", women=1)
    both = replace(plan, data=[*plan.data, lesions], datasets=["vindr", "lesions"])
    evaluate_shipped(both, as_json=False)
    said = capsys.readouterr().out
    assert "on CBIS-DDSM" in said
    assert "on VinDr-Mammo" in said


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"datasets": ["vindr", "cbis"]}, "1 --data need one --dataset or 1, got 2"),
        ({"datasets": ["inbreast"]}, "lesions, cesm, cesm-masks, phantoms; got inbreast"),
        ({"data": [Path("nowhere")]}, "no nowhere: expected is a folder of VinDr-Mammo"),
    ],
)  # fmt: skip
def test_data_that_are_not_there_are_named(plan, change, says):
    with pytest.raises(UsageError, match=says):
        read_images(replace(plan, **change))


@pytest.mark.parametrize(
    "change", [{"changes": {"a": "1"}}, {"imagenet": Path("a")}, {"activation": True}, {"sizes": True}]
)
def test_an_option_of_training_is_refused(plan, change):
    with pytest.raises(UsageError, match="trained here"):
        evaluate_shipped(replace(plan, **change), as_json=False)


def test_the_command_line_says_what_it_takes(cli, plan):
    done = cli(
        "evaluate", "findings", "--data", plan.data[0], "--dataset", "all", "-o", plan.out,
        "--weights", plan.weights,
    )  # fmt: skip
    assert done.returncode == 2
    assert "--dataset takes vindr" in done.stderr
