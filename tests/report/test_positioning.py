import json
from importlib.resources import files
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from mammoscope.core import Criterion, Landmark, Measurement
from mammoscope.report.document import exam_document
from mammoscope.report.positioning import landmark_document, worst

DATA = Path(__file__).parents[1] / "data"
RESULT = Draft202012Validator(
    json.loads((files("mammoscope.report") / "schema" / "result-5.json").read_text(encoding="utf-8"))
)


@pytest.fixture(scope="module")
def document(positioned_exam):
    return json.loads(json.dumps(exam_document(positioned_exam)))


def test_positioning_is_valid_with_and_without_spacing(document):
    RESULT.validate(document)
    known, unknown = document["images"][2], document["images"][3]
    nipple = known["answers"]["positioning"]["landmarks"]["nipple"]
    assert nipple["point"] == [200.0, 79.0]
    assert nipple["sd_px"] == [3.0, 2.0]
    assert nipple["sd_mm"] == [1.5, 1.0]
    assert unknown["answers"]["positioning"]["landmarks"]["nipple"]["sd_mm"] is None
    assert known["answers"]["positioning"]["landmarks"]["inframammary fold"] == {
        "point": None, "shown": 0.02, "sd_px": None, "sd_mm": None, "covariance": None, "ellipse": None,
    }  # fmt: skip


def test_each_criterion_is_told_whole(document):
    answer = document["images"][2]["answers"]["positioning"]
    assert answer["outcome"] == "fail"
    assert answer["criteria"][0] == {
        "name": "pectoral gap",
        "value": 14.0,
        "unit": "mm",
        "sd": 2.0,
        "threshold": "at most 10 mm",
        "outcome": "fail",
        "reason": "",
        "advice": "Raise the nipple level by 14 mm",
    }
    assert answer["criteria"][5]["reason"] == "no fat is told from gland"


def test_breasts_and_woman_are_told(document):
    answer = document["answers"]["positioning"]
    assert answer["breasts"]["R"]["outcome"] == "pass"
    assert answer["breasts"]["R"]["criteria"][0]["value"] == -4.25
    assert answer["woman"]["outcome"] == "borderline"
    assert answer["grades"] == {"R": "good"}


def test_warnings_of_positioning_come_with_the_others(document):
    assert [note["code"] for note in document["notes"]] == ["one pair"]
    assert [note["code"] for note in document["images"][0]["notes"]] == ["nominal scale"]


def test_an_ellipse_holds_nine_of_ten():
    """sqrt(4.605 * 9) = 6.44 across and sqrt(4.605 * 4) = 4.29 down; turned, the axis is at 45°."""
    across = landmark_document(Landmark((1.0, 2.0), ((4.0, 0.0), (0.0, 9.0)), 1.0), None)["ellipse"]
    assert across == {"major_px": 6.44, "minor_px": 4.29, "angle_deg": 0.0}
    turned = landmark_document(Landmark((1.0, 2.0), ((5.0, 4.0), (4.0, 5.0)), 1.0), None)["ellipse"]
    assert turned == {"major_px": 6.44, "minor_px": 2.15, "angle_deg": 45.0}


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        (("pass", "fail", "borderline"), "fail"),
        (("pass", "borderline", "not assessable"), "borderline"),
        (("not assessable", "pass"), "pass"),
        (("not assessable",), "not assessable"),
        ((), "not assessable"),
    ],
)
def test_the_worst_outcome_decides(outcomes, expected):
    value = Measurement("pectoral gap", 1.0, "mm")
    assert worst([Criterion(value, "at most 10 mm", one) for one in outcomes]) == expected


def test_what_has_no_threshold_decides_nothing():
    assert worst([Criterion(Measurement("pectoral width", 1.0, "mm"), "", "pass")]) == "not assessable"


@pytest.mark.parametrize(
    "change",
    [
        lambda answer: answer.pop("profile"),
        lambda answer: answer["landmarks"].pop("nipple"),
        lambda answer: answer["landmarks"]["nipple"].update(ellipse=None),
        lambda answer: answer["landmarks"]["inframammary fold"].update(sd_px=[1.0, 1.0]),
        lambda answer: answer["criteria"][0].update(outcome="poor"),
        lambda answer: answer["criteria"][0].update(value=None),
        lambda answer: answer["criteria"][0].update(sd=-1),
        lambda answer: answer["lines"][0]["points"].append([1.0]),
        lambda answer: answer.update(in_profile=1.1),
        lambda answer: answer.update(patient="x"),
    ],
)
def test_the_schema_refuses_what_is_not_said_rightly(positioned_exam, change):
    made = json.loads(json.dumps(exam_document(positioned_exam)))
    change(made["images"][2]["answers"]["positioning"])
    assert not RESULT.is_valid(made)


def test_the_document_is_the_one_that_readers_know(document):
    """A change that breaks a reader needs a new schema."""
    known = json.loads((DATA / "synthetic_positioning.json").read_text(encoding="utf-8"))
    assert document["images"][2]["answers"]["positioning"] == known["image"]
    assert document["answers"]["positioning"] == known["exam"]
