import json
from dataclasses import replace
from importlib.resources import files

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from mammoscope.core import ExamRegistration, Failed, NotAssessed, Note, Warp
from mammoscope.report.document import exam_document
from mammoscope.report.registration import breast_document, region_document
from tests.synthetic_landmarks import about
from tests.synthetic_registration import Aligned

RESULT = Draft202012Validator(
    json.loads((files("mammoscope.report") / "schema" / "result-5.json").read_text(encoding="utf-8"))
)


def registered(exam, **breasts):
    answers = {**exam.answers, "registration": ExamRegistration(breasts)}
    return replace(exam, answers=answers)


def test_each_breast_is_told_of(registered_exam):
    document = json.loads(json.dumps(exam_document(registered_exam)))
    RESULT.validate(document)
    answer = document["answers"]["registration"]
    assert answer["status"] == "result"
    assert answer["breasts"]["L"] == {
        "status": "not assessed", "reason": "MLO: the nipple is not seen",
    }  # fmt: skip
    right = answer["breasts"]["R"]
    assert (right["cc"], right["mlo"]) == ("synthetic_R_CC.dcm", "synthetic_R_MLO.dcm")
    assert right["folds"] == 0
    assert right["weights"] == "registration 0123456789ab"


def test_the_map_can_be_made_again_from_the_document(registered_exam):
    right = exam_document(registered_exam)["answers"]["registration"]["breasts"]["R"]
    made = registered_exam.answers["registration"].breasts["R"].warp
    again = Warp(np.array(right["lattice"]), made.fixed, made.moving, made.affine)
    asked = np.array([[10.0, 20.0], [200.0, 150.0], [399.0, 299.0]])
    np.testing.assert_allclose(again.to_moving(asked), made.to_moving(asked), atol=0.01)
    np.testing.assert_allclose(right["affine"], made.affine, atol=1e-6)


def test_the_middle_region_of_each_view_is_told():
    """Half axes of a point's region: 0.12 and 0.06 heights of its view, of 900 rows each."""
    found = breast_document(Aligned(about("CC"), about("MLO")).with_regions())["regions"]
    area = np.pi * 108 * 54
    for view in ("CC", "MLO"):
        assert found[view]["level"] == 0.9
        assert found[view]["median_px"] == pytest.approx(area, abs=0.06)
        assert found[view]["median_mm2"] == pytest.approx(area * 0.04, abs=0.06)
    bare = Aligned(about("CC", spacing=None), about("MLO", spacing=None)).with_regions(0.2)
    assert breast_document(bare)["regions"]["MLO"]["median_mm2"] is None


def test_a_breast_that_failed_is_valid_too(registered_exam):
    right = registered_exam.answers["registration"].breasts["R"]
    RESULT.validate(exam_document(registered(registered_exam, R=right, L=Failed("out of memory"))))
    alone = replace(registered_exam, answers={"registration": NotAssessed("no weights")})
    RESULT.validate(exam_document(alone))


@pytest.mark.parametrize(
    "change",
    [
        lambda breast: breast.pop("lattice"),
        lambda breast: breast.update(lattice=breast["lattice"][:1]),
        lambda breast: breast["affine"].pop(),
        lambda breast: breast.update(scale="guessed"),
        lambda breast: breast["regions"]["CC"].pop("median_mm2"),
        lambda breast: breast.update(patient="x"),
    ],
)
def test_the_schema_refuses_what_is_not_said_rightly(registered_exam, change):
    document = json.loads(json.dumps(exam_document(registered_exam)))
    change(document["answers"]["registration"]["breasts"]["R"])
    assert not RESULT.is_valid(document)


def test_what_is_said_stays_small(registered_exam):
    text = json.dumps(exam_document(registered_exam)["answers"]["registration"])
    assert len(text) < 3000  # 63 nodes of a lattice, and words


def test_its_warnings_are_the_exams(registered_exam):
    right = registered_exam.answers["registration"].breasts["R"]
    marked = replace(right, notes=(Note("far", "The views are far apart."),))
    document = exam_document(registered(registered_exam, R=marked))
    assert {"code": "far", "text": "The views are far apart."} in document["notes"]


def test_a_region_is_told_in_plain_numbers():
    region = Aligned(about("CC"), about("MLO")).search("CC", (450.0, 300.0))
    told = json.loads(json.dumps(region_document(region)))
    assert told["view"] == "MLO"
    assert told["asked"] == [450.0, 300.0]
    assert told["area_mm2"] == pytest.approx(told["area_px"] * 0.04, abs=0.1)
    (outline,) = told["outlines"]
    assert outline[0] == outline[-1]
