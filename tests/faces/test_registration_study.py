"""The registration paper's study from the command line, on miniatures of CBIS-DDSM."""

import csv
import json
import shutil
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pytest

import mammoscope
from mammoscope.errors import SettingsError, UsageError
from mammoscope.runtime.weights import register
from tests.registration import miniature_cbis

SMALL = {
    "network.size": "64", "network.blocks": "[1, 1, 1, 1]", "network.planes": "[4, 4, 8, 8]",
    "network.norms": "own", "detector.epochs": "1", "optimisation.epochs": "1",
    "optimisation.steps": "3", "pretrained": "false",
}  # fmt: skip

pytest.importorskip("torch", reason="needs mammoscope[train]")
study = import_module("mammoscope.faces.registration_study")


@pytest.fixture(scope="module")
def lesions(tmp_path_factory):
    return miniature_cbis.lesions_table(tmp_path_factory.mktemp("lesions"), women=12)


@pytest.fixture(scope="module")
def cbis(tmp_path_factory):
    return miniature_cbis.dicom(tmp_path_factory.mktemp("cbis"), women=6, tests=2)


@pytest.fixture
def plan(lesions, tmp_path):
    return study.Plan([lesions], "lesions", tmp_path / "out")


def lines(plan):
    return list(csv.DictReader((plan.out / "cases.csv").open()))


@pytest.fixture(scope="module")
def trained(cli, cbis, tmp_path_factory):
    out = tmp_path_factory.mktemp("train") / "out"
    settings = [word for key, value in SMALL.items() for word in ("--set", f"{key}={value}")]
    done = cli(
        "train",
        "registration",
        "--model",
        "paper",
        "--data",
        cbis,
        "--layout",
        "cbis",
        "-o",
        out,
        *settings,
    )
    assert done.returncode == 0, done.stderr
    return out, done


def test_training_ends_in_weights_measured_on_the_published_test_set(cli, trained):
    out, done = trained
    assert done.stdout.startswith("Pairs of views with the same lesion in both")
    assert "66.7" in done.stdout
    assert "Loss by epoch (Fig. 3)" in done.stdout
    assert f"--weights {out / 'weights'}" in done.stdout
    assert cli("weights", "verify", "--weights", out / "weights").returncode == 0
    (card,) = json.loads(cli("weights", "list", "--json", "--weights", out / "weights").stdout)
    assert [entry["name"] for entry in card["training_data"]] == ["CBIS-DDSM"]
    assert {line["figure"] for line in card["figures"]} >= {"boxes overlap", "centre % of height"}
    assert all(line["images"] == 2 for line in card["figures"])
    rows = list(csv.DictReader((out / "cases.csv").open()))
    assert [(row["method"], row["woman"]) for row in rows] == [
        ("paper", "P_00006"),
        ("paper", "P_00007"),
    ]


def test_trained_weights_are_measured_as_shipped(trained, plan, cbis, capsys):
    shipped = replace(plan, data=[cbis], layout="cbis", weights=trained[0] / "weights")
    study.evaluate(shipped, ["shipped"], as_json=False)
    assert "The shipped weights learnt from: CBIS-DDSM" in capsys.readouterr().out
    before = list(csv.DictReader((trained[0] / "cases.csv").open()))
    for one, other in zip(lines(plan), before, strict=True):
        assert one["giou"] == other["giou"]


def test_baselines_are_measured_on_all_pairs_where_no_test_set_is_named(plan, capsys):
    study.evaluate(plan, ["baselines"], as_json=True)
    tables = json.loads(capsys.readouterr().out)
    assert [table["title"] for table in tables][:2] == [
        "Pairs of views with the same lesion in both", "Breasts with one lesion",
    ]  # fmt: skip
    assert tables[0]["rows"][0][:4] == ["test", "12", "12", "12"]
    rows = lines(plan)
    assert len({row["method"] for row in rows}) == 6
    assert len(rows) == 6 * 12
    assert all(row["certain"] == row["single"] == "true" for row in rows)


def test_the_paper_is_trained_beside_the_baselines_once(plan, capsys):
    both = replace(plan, changes=SMALL)
    study.evaluate(both, ["baselines", "paper"], as_json=False)
    said = capsys.readouterr()
    assert said.err.count("paper: training on 8 pairs") == 1
    assert {row["method"] for row in lines(plan)} >= {"paper", "identity", "nipple distance, arc"}
    with pytest.raises(UsageError, match="--resume goes on"):
        study.evaluate(both, ["baselines", "paper"], as_json=False)
    study.evaluate(replace(both, resume=True), ["baselines", "paper"], as_json=False)
    again = capsys.readouterr()
    assert again.out == said.out
    assert "training" not in again.err


GUIDED = {
    "network.channels": "[4, 4, 4, 4, 4]", "network.features": "3", "optimisation.epochs": "1",
    "optimisation.patience": "1",
}  # fmt: skip


def test_the_guided_network_is_trained_and_then_maps_points(plan, lesions, capsys):
    study.train(replace(plan, changes=GUIDED), "guided")
    said = capsys.readouterr()
    assert "guided: training on 8 pairs" in said.err
    assert "Breasts with one lesion" in said.out
    assert {row["method"] for row in lines(plan)} == {"guided"}
    images = [lesions.parent / f"images/P_00001_LEFT_{view}.png" for view in ("CC", "MLO")]
    package = Path(mammoscope.__file__).parent / "weights"
    own = plan.out / "weights"
    register(
        own, "positioning", *(copied(package, own, f"positioning.{end}") for end in ("onnx", "json"))
    )
    found = mammoscope.register(*images, point=(50.0, 40.0), weights=own)
    assert 0 <= found.region.mapped[0] <= 120
    assert found.registration.weights.startswith("registration ")


def copied(folder, to, name):
    shutil.copy(folder / name, to / name)
    return name


def test_settings_of_two_networks_are_not_mixed(plan):
    with pytest.raises(UsageError, match="training one network"):
        study.evaluate(replace(plan, changes=GUIDED), ["paper", "guided"], as_json=False)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"changes": {"weight": "10"}}, "--models paper"),
        ({"imagenet": Path("some.pth")}, "--models paper"),
        ({"weights": Path("folder")}, "--models shipped"),
    ],
)
def test_an_option_that_would_do_nothing_is_refused(plan, change, says):
    with pytest.raises(UsageError, match=says):
        study.evaluate(replace(plan, **change), ["baselines"], as_json=False)


def test_an_unknown_setting_is_said_before_anything_is_read(plan):
    with pytest.raises(SettingsError, match="speed"):
        study.evaluate(replace(plan, changes={"speed": "1"}, data=[]), ["paper"], as_json=False)
    assert not (plan.out / "run.json").exists()


def test_a_folder_stands_for_the_table_in_it(plan, lesions):
    pairs, notes = study.read_pairs(replace(plan, data=[lesions.parent]))
    assert (len(pairs), notes) == (12, [])


def test_the_command_line_names_its_models(cli, lesions, tmp_path):
    done = cli(
        "evaluate", "registration", "--data", lesions, "--layout", "lesions", "-o", tmp_path / "out",
        "--models", "best",
    )  # fmt: skip
    assert done.returncode == 2
    assert "baselines" in done.stderr
