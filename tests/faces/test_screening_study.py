"""The screening paper's study from the command line, on small synthetic images."""

import csv
import json
from dataclasses import replace
from importlib import import_module

import pytest

from mammoscope.errors import SettingsError, UsageError
from mammoscope.runtime import open_session

pytest.importorskip("torch", reason="needs mammoscope[train]")
study = import_module("mammoscope.faces.screening_study")
records = import_module("tests.screening.paper_records")

SMALL = {
    "cnn.network.backbone": "test_resnet", "vit.network.backbone": "test_vit", "network.size": "32",
    "pretrained": "false", "folds": "2", "rounds": "1", "optimisation.epochs": "1",
    "optimisation.steps": "1", "optimisation.batch": "4",
}  # fmt: skip


@pytest.fixture(autouse=True)
def data(tmp_path_factory, monkeypatch):
    """A data set of synthetic images, one of them twice, and one of unknown truth."""
    folder = tmp_path_factory.mktemp("images")
    found = records.write(folder)
    copied = folder / "synthetic-again.png"
    copied.write_bytes(found[0].image.read_bytes())
    found += [replace(found[0], image=copied), replace(found[1], cancer=None)]
    monkeypatch.setattr(study, "read_all", lambda data, datasets, known: (found, {}))
    return folder


@pytest.fixture
def plan(data, tmp_path):
    return study.Plan([data], ["lesions"], tmp_path / "out", SMALL)


def test_the_ablation_stands_beside_the_paper_and_is_not_trained_again(plan, capsys):
    study.evaluate(plan, [], as_json=False)
    said = capsys.readouterr()
    assert said.err.count("learns from") == 6
    assert "Ablation (Table 3)" in said.out
    assert "left out: 1 images that are another of the same woman again" in said.out
    assert "left out: 1 images whose truth nobody says" in said.out
    assert "Ablation (Table 3)" in (plan.out / "tables.txt").read_text()
    with (plan.out / "images.csv").open() as file:
        assert len({line["row"] for line in csv.DictReader(file)}) == 7
    with pytest.raises(UsageError, match="--resume goes on"):
        study.evaluate(plan, [], as_json=False)
    study.evaluate(replace(plan, resume=True), [], as_json=True)
    again = capsys.readouterr()
    assert "learns from" not in again.err
    counted, ablation, steps, *others = json.loads(again.out)
    assert counted["rows"] == [
        ["all", "16", "32", "16", "16"], ["training and validation", "12", "24", "12", "12"],
        ["test", "4", "8", "4", "4"],
    ]  # fmt: skip
    assert [row[1] for row in ablation["rows"]] == ["CNN", "ViT", "CNN", "CNN", "CNN", "CNN", "ViT"]
    assert [len(table["rows"]) for table in (steps, *others)] == [5, 7, 7, 7]
    assert [row[2] for row in others[0]["rows"][:3]] == ["0.50"] * 3


def test_training_ends_in_weights_with_a_card(plan, capsys):
    study.train(plan, "vit")
    folder = capsys.readouterr().out.splitlines()[-1].removeprefix("weights: ")
    card = open_session("screening", study.Path(folder)).card
    assert [entry.name for entry in card.training_data] == ["synthetic"]
    assert [line["figure"] for line in card.figures] == ["f1", "recall", "precision", "accuracy"]
    assert card.recipe["network"]["heads"][0] == {"name": "view", "classes": ["CC", "MLO"]}


def test_a_trained_row_is_called_what_it_is(plan, capsys):
    changes = SMALL | {"augmented": "false", "auxiliary": "false"}
    study.train(replace(plan, changes=changes), "cnn")
    assert "+ Threshold" in capsys.readouterr().out
    lines = (plan.out / "images.csv").read_text().splitlines()
    assert lines[1].startswith('"+ Threshold, CNN",')


def test_other_imagenet_weights_are_another_run(plan, tmp_path):
    run = [study._described(replace(plan, imagenet=given), [], ["cnn"])
           for given in ({}, {"cnn": "a.pt"}, {"cnn": "b.pt"})]  # fmt: skip
    assert len({str(one) for one in run}) == 3


def test_cards_of_the_competitions_data_say_what_they_may_be_used_for(data):
    rsna = [replace(one, dataset="RSNA") for one in records.write(data)]
    (about,) = study.training_data(rsna)
    assert "non-commercial" in about.licence
    assert "Kaggle (2022)" in about.citation


@pytest.mark.parametrize(
    ("change", "models", "says"),
    [
        ({}, ["yolo"], "--models takes cnn, vit"),
        ({"imagenet": {"yolo": "a"}}, [], "--imagenet takes cnn=FILE"),
        ({"changes": {"network.heads": "[]"}}, [], "heads follow the columns"),
        ({"changes": {"cnn.folds": "3"}}, [], "one split is for both models"),
        ({"changes": {"roi": "false"}}, [], "the rows of Table 3 set roi"),
    ],
)
def test_what_would_do_nothing_or_is_unknown_is_refused(plan, change, models, says):
    with pytest.raises(UsageError, match=says):
        study.evaluate(replace(plan, **change), models, as_json=False)
    assert not (plan.out / "run.json").exists()


def test_an_unknown_setting_leaves_no_run_behind(plan):
    with pytest.raises(SettingsError, match="colour"):
        study.train(replace(plan, changes={"colour": "red"}), "cnn")
    assert not (plan.out / "run.json").exists()
