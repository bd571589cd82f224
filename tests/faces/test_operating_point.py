"""A site's operating point, kept in a copy of the weights."""

import json

import pytest

from mammoscope.errors import OutputError, UsageError
from mammoscope.faces import operating_point
from mammoscope.faces.operating_point import keep
from mammoscope.faces.rooms import open_rooms
from mammoscope.report.validation import DOCUMENT, PAGE
from mammoscope.report.validation.document import SCHEMA
from mammoscope.runtime import load
from tests.screening import miniature_rsna
from tests.weights import edit_card, synthetic_screening, synthetic_weights

SHARE = {"estimate": 0.9, "low": 0.8, "high": 1.0}


def point(name="sensitivity 90", at=0.31, *, here=True):
    return {
        "name": name, "chosen_here": here, "threshold": {"estimate": at, "low": 0.25, "high": 0.38},
        "sensitivity": SHARE, "specificity": SHARE, "recall_rate": SHARE,
        "ppv": dict.fromkeys(SHARE),
    }  # fmt: skip


@pytest.fixture
def data(tmp_path):
    """Two women; one breast has a cancer."""
    rows = [
        miniature_rsna.row(woman, 10 * woman + place, side, "CC", cancer=str(int(woman + place == 0)))
        for woman in range(2)
        for place, side in enumerate("LR")
    ]
    return miniature_rsna.published(tmp_path / "rsna", rows)


@pytest.fixture
def folder(tmp_path):
    return synthetic_screening(synthetic_weights(tmp_path / "weights"), threshold_f1=0.5)


@pytest.fixture
def validation(tmp_path, folder):
    card = load("screening", folder).card

    def written(**changes):
        path = tmp_path / "validation.json"
        told = {
            "schema": SCHEMA, "weights": f"screening {card.sha256[:12]}", "datasets": ["site"],
            "scored_by": [card.calibrated_by(points=False)],
            "levels": {"breast": {"counted": 40, "points": [point("f1", 0.6, here=False), point()]}},
        } | changes  # fmt: skip
        path.write_text(json.dumps(told))
        return path

    return written


def test_the_copy_calls_high_what_the_site_chose(folder, validation, tmp_path, capsys):
    keep(validation(), "sensitivity 90", tmp_path / "ours", folder)
    assert "high from 0.3100 (0.2500–0.3800)" in capsys.readouterr().out
    card = load("screening", tmp_path / "ours").card
    assert card.calibration == {
        "threshold_f1": 0.5, "threshold_chosen": 0.31, "low_chosen": 0.25, "high_chosen": 0.38,
    }  # fmt: skip
    group = "chosen by sensitivity 90 on site, which flatters"
    assert [(one["figure"], one["group"], one["count"]) for one in card.figures] == [
        (figure, group, 40) for figure in ("sensitivity", "specificity", "recall rate")
    ]
    opened = open_rooms(tmp_path / "ours", threads=1)
    assert set(opened.rooms) == {"segmentation", "screening"}
    assert opened.malignancy_from == 0.31
    assert load("screening", folder).card.calibration == {"threshold_f1": 0.5}


def test_another_choice_takes_the_place_of_the_first(folder, validation, tmp_path, capsys):
    keep(validation(), "sensitivity 90", tmp_path / "first", folder)
    breast = {"counted": 9, "points": [point("recall 10", 0.7)]}
    keep(validation(levels={"breast": breast}), "recall 10", tmp_path / "ours", tmp_path / "first")
    card = load("screening", tmp_path / "ours").card
    assert card.calibration["threshold_chosen"] == 0.7
    assert {one["group"] for one in card.figures} == {"chosen by recall 10 on site, which flatters"}
    capsys.readouterr()


@pytest.mark.parametrize(
    ("changes", "by", "said"),
    [
        ({}, "recall 10", "no point 'recall 10' of breasts; it has sensitivity 90"),
        ({}, "f1", "no point 'f1' of breasts"),
        ({"levels": {"breast": {"counted": 0, "points": []}}}, "f1", "it has none: outcomes of"),
        ({"levels": {"breast": {"counted": 0, "points": {}}}}, "f1", "it has none: outcomes of"),
        ({"levels": {"breast": {"counted": 0, "points": [{}]}}}, "f1", "is no validation"),
        ({"scored_by": ["0123"]}, "sensitivity 90", "validate with these, or name the others"),
        ({"scored_by": None}, "sensitivity 90", "is no validation"),
        ({"datasets": None}, "sensitivity 90", "is no validation"),
        ({"schema": "another"}, "sensitivity 90", "validation-1 was expected, got another"),
        ({"levels": None}, "sensitivity 90", "is no validation"),
    ],
)
def test_what_does_not_fit_leaves_nothing(folder, validation, tmp_path, changes, by, said):
    with pytest.raises(UsageError, match=said):
        keep(validation(**changes), by, tmp_path / "ours", folder)
    assert not (tmp_path / "ours").exists()


def test_another_calibration_is_no_longer_what_scored(folder, validation, tmp_path):
    path = validation()
    edit_card(folder, "screening", calibration={"threshold_f1": 0.5, "alone_shift": 1.0})
    with pytest.raises(UsageError, match="another calibration"):
        keep(path, "sensitivity 90", tmp_path / "ours", folder)
    edit_card(folder, "screening", calibration={"threshold_f1": 0.7})
    keep(path, "sensitivity 90", tmp_path / "ours", folder)


def test_a_copy_that_fails_leaves_nothing(folder, validation, tmp_path, monkeypatch):
    def fails(source, target):
        raise OSError(28, "No space left on device")

    path = validation()
    before = sorted(tmp_path.iterdir())
    monkeypatch.setattr(operating_point.shutil, "copyfile", fails)
    with pytest.raises(OutputError, match="No space left"):
        keep(path, "sensitivity 90", tmp_path / "ours", folder)
    assert sorted(tmp_path.iterdir()) == before


def test_from_the_command_line(cli, data, folder, tmp_path):
    out = tmp_path / "out"
    words = ("--data", data, "--dataset", "rsna", "-o", out, "--weights", folder)
    assert (
        cli("validate", "screening", *words, "--recall-rate", 0.3, "--sensitivity", 0.5).returncode == 0
    )
    assert "at most 30 %" in (out / PAGE).read_text()
    told = out / DOCUMENT
    kept = cli(
        "weights", "point", told, "--by", "sensitivity 50", "-o", tmp_path / "ours", "--weights", folder
    )
    assert kept.returncode == 0, kept.stderr
    (point,) = (
        one for one in json.loads(told.read_text())["levels"]["breast"]["points"]
        if one["name"] == "sensitivity 50"
    )  # fmt: skip
    assert open_rooms(tmp_path / "ours", threads=1).malignancy_from == point["threshold"]["estimate"]
    again = cli("validate", "screening", *words[:-1], tmp_path / "ours", "--resume")
    assert again.returncode == 2
    assert "calibration" in again.stderr


def test_nothing_is_overwritten(folder, validation, tmp_path):
    with pytest.raises(UsageError, match="name a folder that does not"):
        keep(validation(), "sensitivity 90", folder, folder)


def test_a_file_that_is_none(folder, tmp_path):
    (tmp_path / "text.json").write_text("no JSON")
    for path in (tmp_path / "text.json", tmp_path / "absent.json"):
        with pytest.raises(UsageError, match=r"name the validation\.json"):
            keep(path, "f1", tmp_path / "ours", folder)
