"""Training and evaluation from the command line, on a few synthetic images."""

import csv
import json
from dataclasses import replace

import pytest

from mammoscope.errors import UsageError
from mammoscope.faces.extras import absent
from mammoscope.faces.outlined import Outlined, records_of, training_data
from tests.synthetic_masks import SMALL, images_with_masks

WORDS = (
    *(word for key, value in SMALL.items() for word in ("--set", f"{key}={value}")),
    "--test", "2", "--validation", "1",
)  # fmt: skip

needs_training = pytest.mark.skipif(bool(absent("train")), reason="needs mammoscope[train]")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return images_with_masks(tmp_path_factory.mktemp("outlined") / "Synthetic")


@pytest.fixture(scope="module")
def trained(cli, data, tmp_path_factory):
    out = tmp_path_factory.mktemp("train") / "out"
    words = ("train", "segmentation", "--data", data, "--layout", "masks", "--spacing", "1", "-o", out)
    done = cli(*words, *WORDS)
    assert done.returncode == 0, done.stderr
    return words, out, done


@needs_training
def test_training_ends_in_weights_that_are_valid(cli, trained):
    _, out, done = trained
    assert done.stdout.startswith("Dice by view (Table 5)")
    assert "Warning" not in done.stderr
    assert "Checkpoint directory" not in done.stderr
    assert "LeafSpec" not in done.stderr
    verified = cli("weights", "verify", "--weights", out / "weights")
    assert verified.returncode == 0, verified.stdout
    (card,) = json.loads(cli("weights", "list", "--json", "--weights", out / "weights").stdout)
    assert card["settings"]["channels"] == [2, 4]
    assert [entry["name"] for entry in card["training_data"]] == ["Synthetic"]
    assert {figure["figure"] for figure in card["figures"]} >= {"breast Dice", "overall Dice"}
    assert len(list(csv.DictReader((out / "cases.csv").open()))) == 2


@needs_training
def test_a_trained_network_analyses(cli, trained, exams, tmp_path):
    done = cli("analyze", exams, "-o", tmp_path / "out", "--weights", trained[1] / "weights")
    assert done.returncode == 0, done.stderr


@needs_training
def test_training_does_not_overwrite(cli, trained):
    words, _, _ = trained
    again = cli(*words, *WORDS)
    assert again.returncode == 2
    assert "--resume goes on" in again.stderr


@needs_training
def test_the_weights_that_are_installed_are_measured(cli, data, tmp_path):
    done = cli(
        "evaluate", "segmentation", "shipped", "--data", data, "--layout", "masks", "--spacing", "1",
        "-o", tmp_path / "out", "--json",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)[0]["title"] == "Dice by view (Table 5)"
    assert "Dice by data set (Table 7)" in (tmp_path / "out" / "tables.txt").read_text()


def test_every_data_set_needs_its_layout(data):
    with pytest.raises(UsageError, match="--layout takes table, masks, inbreast, mini-mias, got maze"):
        records_of(Outlined([data], ["maze"]))
    with pytest.raises(UsageError, match="3 --data need one --layout or 3"):
        records_of(Outlined([data] * 3, ["masks", "masks"]))


def test_records_carry_what_the_command_line_says(data):
    records = records_of(
        Outlined([data], ["masks"], mapping={"0": "0", "1": "2"}, kind="film", spacing_mm=0.5)
    )
    assert {(record.kind, record.spacing_mm, record.view) for record in records} == {
        ("film", 0.5, "MLO")
    }
    assert records[0].mapping == ((0, 0), (1, 2))
    with pytest.raises(UsageError, match="--mapping takes numbers"):
        records_of(Outlined([data], ["masks"], mapping={"breast": "1"}))


@needs_training
def test_compare_says_what_it_needs_before_it_trains(data, tmp_path):
    from mammoscope.faces.study import Plan, evaluate

    plan = Plan(Outlined([data], ["masks"]), tmp_path / "out")
    with pytest.raises(UsageError, match="compare needs --external"):
        evaluate(plan, "compare", as_json=False)
    odd = replace(plan, external=data, external_mapping={"breast": "1"})
    with pytest.raises(UsageError, match="--external-mapping takes numbers"):
        evaluate(odd, "compare", as_json=False)
    beyond = replace(plan, external=data, external_mapping={"1": "7"})
    with pytest.raises(UsageError, match=r"our classes are \[0, 1, 2\], got \[7\]"):
        evaluate(beyond, "compare", as_json=False)
    assert not (tmp_path / "out" / "run.json").exists()


def test_public_data_sets_are_cited(data):
    (entry,) = training_data(records_of(Outlined([data], ["masks"])))
    assert entry.name == "Synthetic"
