"""Malignancy in the document, the table and on the page."""

import json
from dataclasses import replace
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from mammoscope.core import Failed, NotAssessed
from mammoscope.measures import screening
from mammoscope.measures.reasons import NO_MASS
from mammoscope.report import write_exam
from mammoscope.report.document import exam_document
from mammoscope.report.html import exam_page, system_answers
from mammoscope.report.malignancy import NAME, scored
from mammoscope.report.summary import summary_rows
from tests.report.conftest import SHAPE
from tests.report.test_html import Page, told
from tests.synthetic_screening import WEIGHTS, malignancy

RESULT = Draft202012Validator(
    json.loads((files("mammoscope.report") / "schema" / "result-5.json").read_text(encoding="utf-8"))
)
R_CC, L_CC, R_MLO, L_MLO, AGAIN = range(5)


def saying(exam, answer):
    return replace(exam, answers={**exam.answers, "screening": answer})


@pytest.fixture(scope="session")
def scored_exam(found_exam):
    """The exam with findings with malignancy: of the right breast and its repeated CC, one of whose
    images is unlike those learnt from; of the left one there is no reason to ask."""
    answers = {
        "synthetic_R_CC.dcm": malignancy(SHAPE, 0.5, guided=True, unlike=0.4),
        "synthetic_R_MLO.dcm": malignancy(SHAPE, 0.9, at=(3, 2), guided=True, unlike=1.25),
        "synthetic_again.dcm": malignancy(SHAPE, 0.4),
        "synthetic_L_MLO.dcm": Failed("out of memory"),
    }
    images = tuple(
        replace(one, answers={**one.answers, "screening": answers.get(one.about.name, NO_MASS)})
        for one in found_exam.images
    )
    answer = screening.assess_exam(images, 0.6)
    return replace(found_exam, images=images, answers={**found_exam.answers, "screening": answer})


@pytest.fixture
def document(scored_exam):
    return json.loads(json.dumps(exam_document(scored_exam)))


@pytest.fixture(scope="module")
def text(scored_exam):
    return told(Page(exam_page(scored_exam, exam_document(scored_exam))))


def test_an_image_tells_its_score_and_what_it_is(document):
    """Of 400 rows and 300 columns six and four are looked at: cell 2, 1 is at 166.2, 112.

    The nipple is at 200, 79: 47 pixels of half a millimetre away, 33 of 220 on the way to the wall.
    """
    RESULT.validate(document)
    assert document["images"][R_CC]["answers"]["screening"] == {
        "status": "result", "name": "malignancy of a mass on film, research use", "score": 0.5,
        "marked": False, "unlike": 0.4, "guided": True, "place": [166.2, 112.0],
        "location": "right breast, outer half, anterior third, 24 mm on CC from the nipple",
        "scale": "nominal", "weights": WEIGHTS,
    }  # fmt: skip
    odd = document["images"][R_MLO]["answers"]["screening"]
    assert (odd["marked"], odd["unlike"]) == (True, 1.25)
    assert document["images"][AGAIN]["answers"]["screening"]["unlike"] is None


def test_a_breast_and_the_exam_tell_theirs(document):
    assert document["answers"]["screening"] == {
        "status": "result", "name": NAME, "score": 0.75, "threshold": 0.6, "above": True,
        "breasts": {
            "R": {"score": 0.75, "above": True, "marked": True,
                  "images": ["synthetic_R_CC.dcm", "synthetic_R_MLO.dcm"]},
        },
    }  # fmt: skip


@pytest.mark.parametrize(("threshold", "above"), [(None, None), (0.75, True), (0.7501, False)])
def test_a_score_stands_to_the_threshold_if_there_is_one(scored_exam, threshold, above):
    answer = replace(scored_exam.answers["screening"], threshold=threshold, score=0.75)
    document = exam_document(saying(scored_exam, answer))
    RESULT.validate(document)
    assert document["answers"]["screening"]["above"] is above
    assert document["answers"]["screening"]["threshold"] == threshold


def test_every_kind_of_answer_is_valid(scored_exam):
    for answer in (NotAssessed("no weights"), Failed("out of memory")):
        RESULT.validate(exam_document(saying(scored_exam, answer)))


@pytest.mark.parametrize(
    "change",
    [
        lambda image, exam: image.update(name="cancer score"),
        lambda image, exam: exam.update(name="malignancy"),
        lambda image, exam: image.update(score=1.2),
        lambda image, exam: image.pop("marked"),
        lambda image, exam: image["place"].append(1.0),
        lambda image, exam: image.update(attention=[]),
        lambda image, exam: exam.update(breasts={}),
        lambda image, exam: exam["breasts"].update(X=exam["breasts"]["R"]),
        lambda image, exam: exam["breasts"]["R"].update(images=[]),
        lambda image, exam: exam.update(above="yes"),
    ],
)
def test_the_schema_refuses_what_is_not_said_rightly(document, change):
    change(document["images"][R_CC]["answers"]["screening"], document["answers"]["screening"])
    assert not RESULT.is_valid(document)


def test_the_table_has_its_columns(scored_exam):
    rows = list(summary_rows([exam_document(scored_exam)], []))
    right, left = rows[R_MLO], rows[L_CC]
    assert (right["malignancy_score"], right["malignancy_marked"]) == (0.9, "yes")
    assert (right["breast_malignancy_score"], right["exam_malignancy_score"]) == (0.75, 0.75)
    assert right["exam_malignancy_above"] == "yes"
    assert rows[R_CC]["malignancy_marked"] == "no"
    assert left.get("malignancy_score", "") == left["breast_malignancy_score"] == ""
    assert left["exam_malignancy_score"] == 0.75
    assert left["screening"].startswith("not assessed: no mass was found")


def test_each_breast_stands_with_its_images(document):
    right, left = scored(document)
    assert right.breast.who == "Right breast"
    assert right.breast.said == "at or above the threshold 0.60"
    assert [one.who for one in right.images] == ["R CC", "R MLO", "R CC (2)"]
    assert [one.score for one in right.images] == [0.5, 0.9, 0.4]
    assert left.breast.score is None
    assert left.images[0].said.startswith("not assessed: no mass was found")
    assert left.images[1].said == "failed: out of memory"


def test_a_reason_that_all_images_give_is_told_once(scored_exam):
    images = list(scored_exam.images)
    images[L_MLO] = replace(
        images[L_MLO], answers={**images[L_MLO].answers, "screening": NotAssessed(NO_MASS.reason)}
    )
    _, left = scored(exam_document(replace(scored_exam, images=tuple(images))))
    assert left.images == ()
    assert left.breast.said == f"not assessed: {NO_MASS.reason}"


def test_an_image_of_an_unknown_breast_stands_alone(scored_exam):
    images = list(scored_exam.images)
    images[AGAIN] = replace(images[AGAIN], about=replace(images[AGAIN].about, laterality=None))
    exam = replace(scored_exam, images=tuple(images))
    *_, alone = scored(exam_document(exam))
    assert alone.breast is None
    assert [one.who for one in alone.images] == ["? CC"]
    assert "? CC" in told(Page(exam_page(exam, exam_document(exam))))


def test_the_page_says_what_the_score_is(text):
    assert "Malignancy of a mass on film, research use How malignant the mass looks" in text
    assert "Not a diagnosis, and not a score for screening" in text
    assert "cancer" not in text.lower()


def test_the_page_has_every_score(text):
    assert "Right breast At or above the threshold 0.60 Unlike the images that trained it" in text
    assert "0.75 0.75 R CC Right breast, outer half" in text
    assert "Exam 0.75, at or above the threshold 0.60 – that of the breast that looks worse." in text
    assert f"L CC Not assessed: {NO_MASS.reason} —" in text
    assert "anterior third; kept out of the breast's score: repeated view 0.40" in text
    assert "No malignancy, failed: out of memory." in text
    assert WEIGHTS in text


def test_a_page_without_a_score_has_no_section(found_exam, registered_exam):
    for exam in (found_exam, registered_exam):
        assert scored(exam_document(exam)) == []
        assert "Malignancy" not in told(Page(exam_page(exam, exam_document(exam))))


def test_the_systems_say_whose_score_there_is(document):
    said = dict(system_answers(document))["screening"]
    assert said[0] == ("R CC, R MLO, R CC (2), Exam", "result")


def test_without_a_threshold_nothing_is_said_of_it(scored_exam):
    answer = replace(scored_exam.answers["screening"], threshold=None)
    exam = saying(scored_exam, answer)
    text = told(Page(exam_page(exam, exam_document(exam))))
    assert "Exam 0.75 – that of the breast" in text
    assert "the threshold" not in text


def test_without_landmarks_there_are_no_words(image, exam):
    shown = image("R", "CC")
    alone = exam(replace(shown, answers={**shown.answers, "screening": malignancy(SHAPE, 0.4)}))
    answer = screening.assess_exam(alone.images)
    document = exam_document(saying(alone, answer))
    RESULT.validate(document)
    assert document["images"][0]["answers"]["screening"]["location"] == ""
    assert document["answers"]["screening"]["score"] == 0.4


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1400])
def test_the_table_fits_its_page(browser, tmp_path, scored_exam, width):
    write_exam(scored_exam, tmp_path)
    page = browser.new_page(viewport={"width": width, "height": 900})
    page.goto((tmp_path / "report.html").as_uri())
    page.wait_for_selector("html[data-ready]")
    table = page.locator("table.malignancy").bounding_box()
    panel = page.locator("#malignancy").bounding_box()
    assert table["width"] <= panel["width"] + 1
    assert page.evaluate("() => document.documentElement.scrollWidth") == width
    assert page.locator("table.malignancy meter").count() == 4
    page.close()
