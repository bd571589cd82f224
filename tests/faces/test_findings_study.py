"""The findings paper's study from the command line, on a miniature of VinDr-Mammo."""

import csv
import json
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import cv2
import pytest

from mammoscope.errors import SettingsError, UsageError
from mammoscope.faces.findings_shipped import Plan, evaluate_shipped
from mammoscope.runtime import open_session
from tests.findings import miniature_vindr

SMALL = {
    "network.size": "32", "network.hidden": "4", "network.kinds": '["mass", "asymmetry"]',
    "normals": "every image", "pretrained": "false", "sampling.shift": "5",
    "optimisation.epochs": "1", "optimisation.steps": "2", "optimisation.batch": "4",
}  # fmt: skip

pytest.importorskip("torch", reason="needs mammoscope[train]")
study = import_module("mammoscope.faces.findings_study")


@pytest.fixture(scope="module", autouse=True)
def small_resnet():
    """Stands in for ResNet50: the same code, few weights."""
    network = import_module("mammoscope.findings.network")
    with pytest.MonkeyPatch.context() as patch:
        small = network.BACKBONES | {"resnet50": network.Make("test_resnet")}
        patch.setattr(network, "BACKBONES", small)
        yield


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return miniature_vindr.write(tmp_path_factory.mktemp("vindr"), 18, 3)


@pytest.fixture
def plan(data, tmp_path):
    return Plan([data], ["vindr"], tmp_path / "out", SMALL)


@pytest.fixture(scope="module")
def trained(data, tmp_path_factory):
    plan = Plan([data], ["vindr"], tmp_path_factory.mktemp("train") / "out", SMALL)
    study.train(plan, "resnet50")
    return plan


def test_training_ends_in_weights_with_a_card(trained):
    # opening them asks for the answer to the probe
    card = open_session("findings", trained.out / "resnet50" / "weights").card
    assert [entry.name for entry in card.training_data] == ["VinDr-Mammo"]
    assert {line["figure"] for line in card.figures} == {"F1 of No Finding", "F1 of mass"}
    assert "Patches by class (second table)" in (trained.out / "tables.txt").read_text()


def test_every_test_patch_has_a_row(trained):
    with (trained.out / "patches.csv").open() as file:
        found = list(csv.DictReader(file))
    # two studies of three have a mass in both views; every image gives a normal patch too
    assert [row["shows"] for row in found] == ["mass"] * 4 + ["No Finding"] * 6
    assert {row["backbone"] for row in found} == {"resnet50"}
    assert all(0 <= float(row["mass"]) <= 1 for row in found)
    assert {row["suspicious calcification"] for row in found} == {""}


def test_a_backbone_is_trained_once_and_stands_beside_the_paper(plan, capsys):
    drawn = replace(plan, activation=True, sizes=True)
    study.evaluate(drawn, ["resnet50"], as_json=False)
    said = capsys.readouterr()
    assert said.err.count("resnet50: training on patches of") == 1
    assert "F1 by class and backbone (first table)" in said.out
    assert "Patches by class (second table): ResNet50" in said.out
    assert "Probability of findings at several scales" in said.out
    for name, columns in (("activation", 32), ("sizes", 6 * 32)):
        pictures = sorted((plan.out / "resnet50" / name).iterdir())
        assert len(pictures) == 4
        assert pictures[0].name.startswith("image18CC-")
        assert cv2.imread(str(pictures[0])).shape[1] == columns
    with pytest.raises(UsageError, match="--resume goes on"):
        study.evaluate(drawn, ["resnet50"], as_json=False)
    study.evaluate(replace(plan, resume=True), ["resnet50"], as_json=True)
    again = capsys.readouterr()
    assert "training" not in again.err
    counted, first, second = json.loads(again.out)
    assert counted["rows"][2] == ["test", "3", "6", "2", "4", "mass 4"]
    assert first["head"][-2:] == ["ResNet50", "paper"]
    assert second["rows"][-1][0] == "weighted mean"


SMALL_DENSE = {
    "optimisation.epochs": "1", "optimisation.steps": "2", "optimisation.batch": "2",
    "optimisation.precision": "32-true", "crop": "[320, 288]", "network.channels": "[4, 4, 4, 4]",
    "network.fused": "4", "network.hidden": "4",
}  # fmt: skip


@pytest.mark.slow
def test_the_dense_network_is_trained_and_measured_on_whole_images(plan, capsys):
    study.train(replace(plan, changes=SMALL_DENSE), "dense")
    said = capsys.readouterr()
    assert "dense: training on" in said.err
    assert "dense: Sensitivity for mass at false positives an image (6 images)" in said.out
    weights = plan.out / "dense" / "weights"
    card = open_session("findings", weights).card
    assert [line["images"] for line in card.figures] == [6] * 4
    again = Plan(plan.data, plan.datasets, plan.out.parent / "again", weights=weights)
    evaluate_shipped(again, as_json=True)
    counted, froc = json.loads(capsys.readouterr().out)
    assert "learnt from: VinDr-Mammo" in counted["notes"][0]
    assert froc["rows"][0][1] == "4"


def test_models_are_named_one_by_one_or_all_at_once():
    assert study.chosen(["all"]) == [
        "resnet50", "efficientnetv2", "densenet", "swin", "mobilenet", "vgg19",
    ]  # fmt: skip
    assert study.chosen(["shipped", "dense", "vgg19", "dense"]) == ["vgg19", "dense", "shipped"]
    with pytest.raises(UsageError, match=r"--models takes all, resnet50.*; got yolo"):
        study.chosen(["yolo"])


@pytest.mark.parametrize(
    ("change", "models", "says"),
    [
        ({}, ["dense", "vgg19"], "--set is for"),
        ({"imagenet": Path("a")}, ["resnet50", "vgg19"], "--imagenet is of one backbone"),
        ({"changes": {}, "imagenet": Path("a")}, ["dense"], "--imagenet is of one backbone"),
        ({"weights": Path("a")}, ["vgg19"], "--models shipped"),
        ({"changes": {}, "activation": True}, ["dense"], "--activation and --sizes"),
        ({"changes": {}, "sizes": True}, ["dense", "shipped"], "--activation and --sizes"),
        ({"changes": {"network.backbone": "swin"}}, ["vgg19"], "named as a model"),
    ],
)  # fmt: skip
def test_an_option_that_would_do_nothing_is_refused(plan, change, models, says):
    with pytest.raises(UsageError, match=says):
        study.evaluate(replace(plan, **change), models, as_json=False)
    assert not (plan.out / "run.json").exists()


@pytest.mark.parametrize("model", ["dense", "resnet50"])
def test_an_unknown_setting_leaves_no_run_behind(plan, model):
    with pytest.raises(SettingsError, match="colour"):
        study.train(replace(plan, changes={"colour": "red"}), model)
    assert not (plan.out / "run.json").exists()
