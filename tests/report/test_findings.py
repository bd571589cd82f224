"""Findings in the document, the table and the pictures."""

import json
from dataclasses import replace
from importlib.resources import files

import cv2
import numpy as np
import pytest
from jsonschema import Draft202012Validator

from mammoscope.core import FINDINGS, Failed, Frame, NotAssessed, Note
from mammoscope.report import write_exam
from mammoscope.report.document import exam_document
from mammoscope.report.findings import findings_document
from mammoscope.report.found import boxed, places_marked, thresholds, unsought
from mammoscope.report.hanging import hang
from mammoscope.report.heat import coloured, heat_on, over
from mammoscope.report.marks import by_image, groups
from mammoscope.report.pictures import FINDING_COLOUR, overlay
from mammoscope.report.shots import SIDE, pictured
from mammoscope.report.summary import summary_rows
from tests.synthetic_findings import NO_IMAGES, findings

SCHEMA = json.loads(
    (files("mammoscope.report") / "schema" / "result-5.json").read_text(encoding="utf-8")
)
RESULT = Draft202012Validator(SCHEMA)
GREEN = np.array(FINDING_COLOUR)


def saying(exam, answer):
    return replace(exam, answers={**exam.answers, "findings": answer})


@pytest.fixture
def document(found_exam):
    return json.loads(json.dumps(exam_document(found_exam)))


def test_each_image_tells_all_its_findings(document):
    RESULT.validate(document)
    answer = document["images"][0]["answers"]["findings"]
    assert answer["findings"][0] == {
        "kind": "mass", "box": [160.0, 120.0, 200.0, 160.0], "score": 0.8, "shown": True, "level": 1.0,
        "size_mm": [20.0, 20.0], "location": "",
    }  # fmt: skip
    assert [one["shown"] for one in answer["findings"]] == [True, False]
    assert answer["threshold"] == 0.3
    assert answer["assessed"] == ["mass"]
    assert set(answer["not_assessed"]) == set(FINDINGS[1:])
    assert set(answer["not_assessed"].values()) == {NO_IMAGES}
    assert answer["scale"] == "spacing"
    assert "heat" not in json.dumps(answer)


def test_without_a_spacing_there_is_no_size(document):
    answer = document["images"][4]["answers"]["findings"]
    assert answer["findings"][0]["size_mm"] is None
    assert answer["scale"] == "nominal"


def test_each_breast_counts_what_both_views_show_once(document):
    breasts = document["answers"]["findings"]["breasts"]
    assert breasts["R"] == {
        "status": "result", "cc": "synthetic_R_CC.dcm", "mlo": "synthetic_R_MLO.dcm", "matched": True,
        "findings": [
            {"kind": "mass", "cc": 0, "mlo": 0, "score": 0.85, "shown": True,
             "location": "right breast, upper outer quadrant"},
            {"kind": "mass", "cc": 1, "mlo": None, "score": 0.2, "shown": False, "location": ""},
        ],
    }  # fmt: skip
    assert [one["shown"] for one in breasts["L"]["findings"]] == [False]
    assert breasts["L"]["mlo"] is None


def test_a_partner_may_lift_a_finding_over_the_threshold(found_exam):
    """0.2 and 0.25 on the views, 0.35 together, shown from 0.3 on."""
    images = list(found_exam.images)
    for place, score in ((0, 0.2), (2, 0.25)):
        faint = findings((400, 300), (200, 150, 10, score))
        images[place] = replace(images[place], answers={**images[place].answers, "findings": faint})
    answer = found_exam.answers["findings"]
    right = answer.breasts["R"]
    lifted = replace(right, findings=(replace(right.findings[0], score=0.35),))
    breasts = {**answer.breasts, "R": lifted}
    exam = saying(replace(found_exam, images=tuple(images)), replace(answer, breasts=breasts))
    told = exam_document(exam)
    assert told["answers"]["findings"]["breasts"]["R"]["findings"][0]["shown"]
    assert not told["images"][0]["answers"]["findings"]["findings"][0]["shown"]
    assert set(by_image(groups(exam))) == {0, 2, 4}


def test_every_kind_of_answer_is_valid(found_exam):
    for answer in (NotAssessed("no weights"), Failed("out of memory")):
        RESULT.validate(exam_document(saying(found_exam, answer)))
        breasts = {**found_exam.answers["findings"].breasts, "L": answer}
        mixed = replace(found_exam.answers["findings"], breasts=breasts)
        RESULT.validate(exam_document(saying(found_exam, mixed)))


def test_the_schema_knows_every_kind():
    assert SCHEMA["$defs"]["kind"]["enum"] == list(FINDINGS)


@pytest.mark.parametrize(
    "change",
    [
        lambda image, breast: image["findings"][0].update(kind="cancer"),
        lambda image, breast: image["findings"][0]["box"].pop(),
        lambda image, breast: image["findings"][0].update(score=1.2),
        lambda image, breast: image["findings"][0].pop("level"),
        lambda image, breast: image["not_assessed"].update(cancer="x"),
        lambda image, breast: image.pop("threshold"),
        lambda image, breast: breast.pop("matched"),
        lambda image, breast: breast["findings"][0].update(cc=None, mlo=None),
        lambda image, breast: breast["findings"][0].update(cc=-1),
    ],
)
def test_the_schema_refuses_what_is_not_said_rightly(document, change):
    change(
        document["images"][0]["answers"]["findings"], document["answers"]["findings"]["breasts"]["R"]
    )
    assert not RESULT.is_valid(document)


def test_warnings_are_told(found_exam):
    noted = replace(found_exam.images[0].answers["findings"], notes=(Note("faint", "A faint image."),))
    first = replace(found_exam.images[0], answers={**found_exam.images[0].answers, "findings": noted})
    right = found_exam.answers["findings"].breasts["R"]
    breasts = {"R": replace(right, notes=(Note("apart", "Listed apart."),))}
    exam = saying(
        replace(found_exam, images=(first, *found_exam.images[1:])),
        replace(found_exam.answers["findings"], breasts=breasts),
    )
    told = exam_document(exam)
    assert {"code": "faint", "text": "A faint image."} in told["images"][0]["notes"]
    assert {"code": "apart", "text": "Listed apart."} in told["notes"]


def test_no_minus_before_nothing():
    told = findings_document(findings((400, 300), (20, 19.96, 20, 0.8)))
    assert str(told["findings"][0]["box"]) == "[0.0, 0.0, 40.0, 40.0]"


def test_the_table_counts_findings(found_exam, document):
    rows = list(summary_rows([document], []))
    of_image = [(row.get("findings_shown"), row.get("finding_score")) for row in rows]
    assert of_image == [(1, 0.8), (0, 0.1), (1, 0.7), (None, None), (1, 0.5)]
    of_breast = [(row.get("breast_findings_shown"), row.get("breast_finding_score")) for row in rows]
    assert of_breast == [(1, 0.85), (0, 0.1), (1, 0.85), (0, 0.1), (1, 0.85)]
    assert rows[3]["findings"] == "failed: out of memory"
    nothing = exam_document(saying(found_exam, NotAssessed("no weights")))
    assert "breast_findings_shown" not in next(summary_rows([nothing], []))


def test_findings_are_numbered_through_the_exam(found_exam):
    found = groups(found_exam)
    assert [group.who for group in found] == ["Right breast", "Left breast", "R CC (2)"]
    (both,), nothing, (own,) = (group.marked for group in found)
    assert (both.number, own.number) == (1, 2)
    assert [place for place, _ in both.seen] == [0, 2]
    assert nothing == ()
    shown = by_image(found)
    assert {place: [number for number, _ in those] for place, those in shown.items()} == {
        0: [1], 2: [1], 4: [2],
    }  # fmt: skip


def test_without_an_answer_of_the_exam_each_image_speaks_for_itself(found_exam):
    found = groups(saying(found_exam, Failed("out of memory")))
    assert [group.who for group in found] == ["R CC", "L CC", "R MLO", "R CC (2)"]
    assert [len(group.marked) for group in found] == [1, 0, 1, 1]


def test_a_breast_without_findings_says_why(found_exam):
    answer = found_exam.answers["findings"]
    for said, reason in ((NotAssessed("x"), "not assessed: x"), (Failed("y"), "failed: y")):
        breasts = {"R": answer.breasts["R"], "L": said}
        found = groups(saying(found_exam, replace(answer, breasts=breasts)))
        assert [group.reason for group in found if group.who == "Left breast"] == [reason]


def test_where_nothing_was_looked_for_there_is_nothing_to_show(registered_exam, document):
    assert groups(registered_exam) == ()
    assert places_marked(exam_document(registered_exam)) == 0
    assert thresholds(exam_document(registered_exam)) == []
    assert places_marked(document) == 2
    assert thresholds(document) == [0.3]
    assert unsought(document) == [(NO_IMAGES, list(FINDINGS[1:]))]


def test_a_heatmap_lies_where_its_findings_do():
    found = findings((400, 300), (200, 100, 20, 0.8))
    for shape in ((400, 300), (200, 150)):
        laid = heat_on(found, shape)
        assert laid.shape == shape
        row, column = np.unravel_index(laid.argmax(), shape)
        assert abs(row - 200 * shape[0] / 400) <= 4
        assert abs(column - 100 * shape[1] / 300) <= 4
        assert laid.max() == pytest.approx(0.8, abs=0.05)


def test_a_heatmap_of_a_mirrored_crop_lies_there_too():
    """One cell of 10 pixels: its middle is 24.5 down and, mirrored in 100 columns, 70.5 across."""
    frame = Frame.of((60, 100)).flip().crop(10, 0, 40, 60).resize((4, 6))
    heat = np.zeros((4, 6), np.float32)
    heat[1, 2] = 1
    found = replace(findings((60, 100)), heat={"mass": heat}, frame=frame)
    laid = heat_on(found, (60, 100))
    ((row, column),) = frame.to_source(np.array([[1.0, 2.0]]))
    assert (row, column) == (24.5, 74.5)
    lit = np.argwhere(laid > 0.8)
    np.testing.assert_allclose(lit.mean(axis=0), [24.5, 74.5], atol=0.01)


def test_of_several_kinds_the_highest_score_is_seen():
    found = findings((80, 80), (40, 40, 10, 0.2))
    other = np.full_like(found.heat["mass"], 0.5)
    laid = heat_on(replace(found, heat={**found.heat, "asymmetry": other}), (80, 80))
    assert laid[40, 40] == pytest.approx(0.5)


def test_colours_are_clear_where_nothing_is_and_bright_where_much_is():
    colours = coloured(np.array([[0.0, 0.1, 0.5, 1.0]], np.float32))
    assert colours[0, 0, 3] == 0
    assert (np.diff(colours[0, :, 3].astype(int)) > 0).all()
    assert (np.diff(colours[0, :, :3].astype(int).sum(axis=1)) > 0).all()
    grey = np.full((1, 4), 90, np.uint8)
    assert over(grey, np.zeros((1, 4), np.float32)).tolist() == [[[90, 90, 90]] * 4]


def test_a_box_hangs_as_its_picture_does(found_exam, exam):
    """R CC hangs unmirrored; as a left breast's with the chest wall on the right it is mirrored."""
    image = found_exam.images[0]
    one = image.answers["findings"].findings[0]
    hung = hang(exam(image)).places[0].hung
    (box,) = boxed([(1, one)], hung, (400, 300))
    assert (box.left, box.top, box.width, box.height) == (120.5, 160.5, 40, 40)
    assert box.label == 160.5
    (half,) = boxed([(1, one)], hung, (200, 150))
    assert (half.left, half.top, half.width, half.height) == (60.2, 80.2, 20, 20)
    (turned,) = boxed([(1, one)], replace(hung, mirrored=True, wall="left"), (400, 300))
    assert (turned.left, turned.width) == (139.5, 40)
    assert turned.label == 139.5
    assert not turned.below
    (upper,) = boxed([(1, replace(one, box=(5.0, 5.0, 25.0, 25.0)))], hung, (400, 300))
    assert upper.below


def test_a_findings_picture_is_its_crop_and_the_same_warm():
    """A box of 40 pixels: the crop shows 88 of them in 220, so the box's edge is 60 in and 160 out."""
    found = findings((400, 300), (200, 150, 20, 0.8))
    preview = np.full((400, 300), 90, np.uint8)
    plain, warm = pictured(found.findings[0], found, preview)
    assert plain.shape == (SIDE, SIDE, 3)
    assert (plain == 90).all()
    near = np.abs(warm[100, 50:70].astype(int) - GREEN).max(axis=1)
    assert abs(int(near.argmin()) + 50 - 60) <= 1
    assert near.min() < 60
    red, _, blue = warm[110, 110].astype(int)
    assert red > blue + 80


def test_the_picture_of_an_image_has_its_boxes(found_exam):
    """The box of R CC runs from row 160 to 200 and from column 120 to 160."""
    image = found_exam.images[0]
    plain = overlay(image)
    marked = overlay(image, [(1, image.answers["findings"].findings[0])])
    changed = np.argwhere((plain != marked).any(axis=2))
    assert changed[:, 0].max() == pytest.approx(200, abs=1)
    assert changed[:, 0].min() < 155
    assert np.abs(marked[180, 119:122].astype(int) - GREEN).max(axis=1).min() < 20
    assert (marked[180, 125:155] == plain[180, 125:155]).all()


def test_pictures_of_findings_are_written_when_asked_for(tmp_path, found_exam):
    write_exam(found_exam, tmp_path / "a", preview=True)
    names = ["1-R-CC.png", "2-L-CC.png", "3-R-MLO.png", "5-R-CC.png"]
    assert sorted(path.name for path in (tmp_path / "a/heatmaps").iterdir()) == names
    warm = cv2.imread(str(tmp_path / "a/heatmaps/1-R-CC.png"))
    assert warm.shape == (400, 300, 3)
    assert np.ptp(warm[180, 140].astype(int)) > 60
    assert np.ptp(warm[390, 5].astype(int)) == 0
    write_exam(found_exam, tmp_path / "b")
    assert not (tmp_path / "b/heatmaps").exists()
