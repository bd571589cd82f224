"""The installed weights measured from the command line."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from mammoscope.errors import UsageError
from mammoscope.faces.findings_shipped import Plan, evaluate_shipped, read_images
from tests.findings import miniature_vindr
from tests.registration import miniature_cbis


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return miniature_vindr.write(tmp_path_factory.mktemp("vindr"), 1, 3)


@pytest.fixture
def plan(data, tmp_path):
    return Plan([data], ["vindr"], tmp_path / "out")


def test_the_published_test_set_is_measured(plan, capsys):
    evaluate_shipped(plan, as_json=True)
    counted, *froc = json.loads(capsys.readouterr().out)
    assert counted["rows"] == [["test", "3", "6", "2", "4", "mass 4"]]
    assert any("learnt from" in note for note in counted["notes"])
    assert [table["title"] for table in froc] == [
        "Sensitivity for mass at false positives an image (6 images)"
    ]
    assert froc[0]["rows"][0][:2] == ["all", "4"]
    with (plan.out / "cases.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert sum(row["what"] == "lesion" for row in rows) == 4
    with pytest.raises(UsageError, match="--resume goes on"):
        evaluate_shipped(plan, as_json=True)


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


def test_the_command_line_says_what_it_takes(cli, data, tmp_path):
    done = cli(
        "evaluate", "findings", "--data", data, "--dataset", "all", "-o", tmp_path / "out"
    )  # fmt: skip
    assert done.returncode == 2
    assert "--dataset takes vindr" in done.stderr
