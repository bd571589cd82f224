"""The positioning paper's study from the command line, on a miniature of VinDr-Mammo and on marks."""

import csv
import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import cv2
import pytest

from mammoscope.errors import SettingsError, UsageError
from mammoscope.io.marks import COLUMNS
from mammoscope.positioning.sets import by_hash
from tests.positioning import miniature_vindr
from tests.synthetic import breast_pixels

SMALL = {
    "network.size": "64", "network.channels": "[4, 6]", "optimisation.epochs": "1",
    "pretrained": "false",
}  # fmt: skip
SMALL_HEATMAPS = {
    "network.channels": "[4, 6]", "optimisation.epochs": "1", "spacing_mm": "2",
    "augmentation.geometry.crop": "[64, 48]", "optimisation.precision": "32-true",
}  # fmt: skip

pytest.importorskip("torch", reason="needs mammoscope[train]")
study = import_module("mammoscope.faces.positioning_study")


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vindr")
    return miniature_vindr.write(folder)


@pytest.fixture
def plan(data, tmp_path):
    return study.Plan(data, "vindr", tmp_path / "out", data.parent, SMALL, runs=1)


@pytest.fixture(scope="module")
def trained(cli, data, tmp_path_factory):
    out = tmp_path_factory.mktemp("train") / "out"
    settings = [word for key, value in SMALL.items() for word in ("--set", f"{key}={value}")]
    done = cli(
        "train", "positioning", "--model", "coordatt-u-net", "--images", data.parent, "--labels", data,
        "-o", out, "--runs", "2", *settings,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return out, done


def test_training_ends_in_the_better_run_as_weights(cli, trained):
    out, done = trained
    assert done.stdout.startswith("Landmark errors in mm (Table 1)")
    assert "CoordAtt UNet" in done.stdout
    assert f"use them with --weights {out / 'weights'}" in done.stdout
    assert cli("weights", "verify", "--weights", out / "weights").returncode == 0
    (card,) = json.loads(cli("weights", "list", "--json", "--weights", out / "weights").stdout)
    assert [entry["name"] for entry in card["training_data"]] == ["VinDr-Mammo"]
    assert {line["figure"] for line in card["figures"]} >= {"nipple mm", "pectoral angle °"}
    assert all(line["images"] == 4 for line in card["figures"])
    assert len(list(csv.DictReader((out / "cases.csv").open()))) == 8


def test_weights_are_measured_as_shipped(trained, plan, capsys):
    study.evaluate(replace(plan, weights=trained[0] / "weights"), ["shipped"], as_json=False)
    said = capsys.readouterr().out
    assert "Shipped weights" in said
    assert "learnt from: VinDr-Mammo" in said
    assert "Table 1, corrected" in said


def test_every_run_of_every_model_is_trained_once(plan, capsys):
    two = replace(plan, runs=2)
    study.evaluate(two, ["u-net"], as_json=False)
    said = capsys.readouterr()
    assert said.err.count("training on 6 images") == 2
    lines = list(csv.DictReader((plan.out / "cases.csv").open()))
    assert [(line["model"], line["run"]) for line in lines] == [("u-net", "1")] * 4 + [
        ("u-net", "2")
    ] * 4
    assert [line["truth"] for line in lines[:4]] == ["good", "poor", "good", "poor"]
    with pytest.raises(UsageError, match="--resume goes on"):
        study.evaluate(two, ["u-net"], as_json=False)
    study.evaluate(replace(two, resume=True), ["u-net"], as_json=False)
    again = capsys.readouterr()
    assert again.out == said.out
    assert "training" not in again.err
    with pytest.raises(UsageError, match="--resume goes on with the same settings"):
        study.evaluate(replace(two, resume=True, changes={}), ["u-net"], as_json=False)


def test_the_classifier_shows_where_it_looks(plan, monkeypatch, capsys):
    monkeypatch.setattr("mammoscope.positioning.network.RESNEXT", "test_resnet")
    study.evaluate(replace(plan, activation=True), ["resnext50"], as_json=True)
    (table,) = json.loads(capsys.readouterr().out)
    assert table["title"] == "Positioning quality (Table 2)"
    pictures = sorted((plan.out / "activation").iterdir())
    assert [path.name for path in pictures] == [
        "synthetic4L.png", "synthetic4R.png", "synthetic5L.png", "synthetic5R.png",
    ]  # fmt: skip
    assert cv2.imread(str(pictures[0])).shape == (240, 180, 3)
    with pytest.raises(UsageError, match="--activation shows where resnext50 looks"):
        study.evaluate(replace(plan, activation=True), ["u-net"], as_json=False)


@pytest.mark.slow
def test_heatmaps_are_trained_and_measured_too(plan, capsys):
    study.evaluate(replace(plan, changes=SMALL_HEATMAPS), ["heatmaps"], as_json=False)
    assert "Heatmaps" in capsys.readouterr().out


def test_marks_without_spacing(tmp_path, capsys):
    labels = marks(tmp_path / "marks")
    plan = study.Plan(labels, "marks", tmp_path / "out", None, SMALL, runs=1)
    study.evaluate(plan, ["attention-u-net"], as_json=False)
    said = capsys.readouterr().out
    assert "no spacing" in said
    assert "Landmark errors in % of the image's height" in said
    next((tmp_path / "marks").glob("*.png")).unlink()
    with pytest.raises(UsageError, match=r"1 of 4 images of marks\.csv are missing"):
        study.evaluate(plan, ["u-net"], as_json=False)


def marks(folder: Path) -> Path:
    """A table of synthetic films: two women who train, one for each other set; one read twice."""
    folder.mkdir()
    women = {}
    for number in range(90000, 91000):
        name = f"P_{number}"
        women.setdefault(by_hash(f"cbis {name}"), []).append(name)
    rows = []
    for name in (*women["train"][:2], women["validation"][0], women["test"][0]):
        image = f"{name}_LEFT_MLO.png"
        cv2.imwrite(str(folder / image), breast_pixels("MLO", "L", bits=8))
        rows.append(dict(zip(COLUMNS, (
            image, "cbis", "MLO", 240, 180, 1, "left", 120, 125, "yes", 0, 72, 168, 0, 1, 1,
        ), strict=True)))  # fmt: skip
    rows.append(rows[0] | {"reading": 2})
    with (folder / "marks.csv").open("w", newline="") as file:
        lines = csv.DictWriter(file, COLUMNS)
        lines.writeheader()
        lines.writerows(rows)
    return folder / "marks.csv"


def test_models_are_named_one_by_one_or_all_at_once():
    assert study.chosen(["all"]) == [
        "resnext50", "r-resnext50", "u-net", "attention-u-net", "coordatt-u-net",
    ]  # fmt: skip
    assert study.chosen(["shipped", "u-net", "u-net"]) == ["u-net", "shipped"]
    with pytest.raises(UsageError, match=r"--models takes all, resnext50.*; got vgg"):
        study.chosen(["vgg", "all"])


def test_how_often_is_said_once(plan):
    with pytest.raises(UsageError, match="--runs says how often"):
        study.evaluate(replace(plan, changes={"runs": "2"}), ["u-net"], as_json=False)


@pytest.mark.parametrize("name", ["u-net", "heatmaps"])
def test_an_unknown_setting_leaves_no_run_behind(plan, name):
    with pytest.raises(SettingsError, match="unknown setting 'colour'"):
        study.evaluate(replace(plan, changes={"colour": "red"}), [name], as_json=False)
    assert not (plan.out / "run.json").exists()


def test_vindr_needs_its_images(data, tmp_path):
    with pytest.raises(UsageError, match="vindr needs --images"):
        study.records_of(study.Plan(data, "vindr", tmp_path))
