"""A site's operating point, kept in a copy of the weights."""

import json

import pytest

from mammoscope.errors import UsageError
from mammoscope.faces.operating_point import keep
from mammoscope.faces.rooms import open_rooms
from mammoscope.report.validation.document import SCHEMA
from mammoscope.runtime import load
from tests.weights import synthetic_screening, synthetic_weights

SHARE = {"estimate": 0.9, "low": 0.8, "high": 1.0}


def point(name="sensitivity 90", at=0.31, *, here=True):
    return {
        "name": name, "chosen_here": here, "threshold": {"estimate": at, "low": 0.25, "high": 0.38},
        "sensitivity": SHARE, "specificity": SHARE, "recall_rate": SHARE, "ppv": None,
    }  # fmt: skip


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
        ({"levels": {"breast": {"counted": 0, "points": []}}}, "f1", "it has none: no breast with"),
        ({"weights": "screening 0123"}, "sensitivity 90", "validate these, or name those"),
        ({"schema": "another"}, "sensitivity 90", "validation-1 was expected"),
        ({"levels": None}, "sensitivity 90", "is no validation"),
    ],
)
def test_what_does_not_fit_leaves_nothing(folder, validation, tmp_path, changes, by, said):
    with pytest.raises(UsageError, match=said):
        keep(validation(**changes), by, tmp_path / "ours", folder)
    assert not (tmp_path / "ours").exists()


def test_nothing_is_overwritten(folder, validation, tmp_path):
    with pytest.raises(UsageError, match="name a folder that does not"):
        keep(validation(), "sensitivity 90", folder, folder)


def test_a_file_that_is_none(folder, tmp_path):
    (tmp_path / "text.json").write_text("no JSON")
    for path in (tmp_path / "text.json", tmp_path / "absent.json"):
        with pytest.raises(UsageError, match=r"name the validation\.json"):
            keep(path, "f1", tmp_path / "ours", folder)
