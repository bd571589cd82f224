"""Both views on each other: where pixels and regions land on the page's pictures."""

import json
import re
from dataclasses import replace

import numpy as np
import pytest

from mammoscope.core import ExamRegistration, Failed, NotAssessed, Spacing
from mammoscope.report.aligned import BYTES, partners, sentences, upon
from mammoscope.report.document import exam_document, titles
from mammoscope.report.hanging import hang
from mammoscope.report.html import exam_page, system_answers
from mammoscope.report.summary import summary_rows
from tests.report.test_html import Page, told
from tests.synthetic_registration import Aligned, warp

ROWS = 200
HALF = Spacing(0.5, 0.5, "test")


def pairs(exam, rows=ROWS):
    return partners(hang(exam).hung, titles(exam), rows, exam.answers["registration"])


def aligned_exam(exam, positioned, wall="left", step=0.05, spacing=HALF):
    """The right breast with its chest wall as asked; it hangs with it on the right."""
    cc, mlo = (positioned("R", view, wall=wall, spacing=spacing) for view in ("CC", "MLO"))
    found = Aligned(cc.about, mlo.about, wall).with_regions(step)
    return replace(exam(cc, mlo), answers={"registration": ExamRegistration({"R": found})})


def test_a_bright_pixel_lands_where_the_warp_says():
    """The CC picture is half as high as its source, the MLO picture a third."""
    made = warp((600, 450), (400, 300), bend=6.0)
    picture = np.zeros((200, 150), np.uint8)
    picture[99:102, 79:82] = 255
    shown = upon(made, picture, (200, 150))
    row, column = (np.argwhere(shown > 128).mean(axis=0) + 0.5) * 3 - 0.5
    source = (np.array([100.0, 80.0]) + 0.5) * 2 - 0.5
    np.testing.assert_allclose([row, column], made.to_fixed(source), atol=1.5)


def test_beyond_the_cc_view_it_is_black():
    made = warp((400, 300), (400, 300))
    shown = upon(made, np.full((400, 300), 200, np.uint8), (400, 300))
    outside = made.to_moving(np.array([[0.0, 299.0], [399.0, 0.0], [200.0, 100.0]]))
    rows, columns = outside.T
    inside = (rows >= 0) & (rows < 400) & (columns >= 0) & (columns < 300)
    assert [shown[0, 299] > 0, shown[399, 0] > 0, shown[200, 100] > 0] == inside.tolist()
    assert not inside.all()


@pytest.mark.parametrize("wall", ["right", "left"])
def test_regions_lie_on_the_other_picture_as_it_hangs(exam, positioned, wall):
    made = aligned_exam(exam, positioned, wall)
    mirrored = wall == "left"
    breast = made.answers["registration"].breasts["R"]
    for index, view in enumerate(("CC", "MLO")):
        shown = json.loads(pairs(made)[index].regions)
        for one, region in zip(shown, breast.regions[view], strict=True):
            x, y, likely_x, likely_y, area, (outline,) = one
            row, column = region.asked
            assert y == pytest.approx((row + 0.5) / 2, abs=0.51)
            assert x == pytest.approx((299.5 - column if mirrored else column + 0.5) / 2, abs=0.51)
            ring = np.cumsum(np.array(outline).reshape(-1, 2), axis=0)
            middle = (ring.min(axis=0) + ring.max(axis=0)) / 2
            row, column = region.warped
            wanted = [(299.5 - column if mirrored else column + 0.5) / 2, (row + 0.5) / 2]
            np.testing.assert_allclose(middle, wanted, atol=1.5)
            assert likely_x == pytest.approx(wanted[0], abs=0.6)
            assert likely_y == pytest.approx(wanted[1] - 0.12 * 200 / 5, abs=0.6)
            assert area == pytest.approx(np.pi * 48 * 24 * 0.25 / 100, abs=0.051)


def test_each_picture_names_the_other(exam, positioned):
    found = pairs(aligned_exam(exam, positioned))
    assert (found[0].title, found[1].title) == ("R MLO", "R CC")
    assert (found[0].unit, found[0].level) == ("cm²", 0.9)
    assert found[0].over is None
    assert found[1].over.shape == (200, 150)


def test_the_overlay_hangs_as_its_view_does(exam, positioned):
    """Half of an ellipse at the chest wall: it is brightest there, on the right where it hangs."""
    for wall in ("left", "right"):
        over = pairs(aligned_exam(exam, positioned, wall))[1].over
        assert over[100, 140] > 50 > over[100, 5]


def test_without_a_spacing_areas_are_shares_of_the_breast(exam, positioned):
    made = aligned_exam(exam, positioned, spacing=None)
    found = pairs(made)
    breast = made.images[1].answers["segmentation"].breast_px
    assert found[0].unit == "% of the breast"
    assert json.loads(found[0].regions)[0][4] == round(100 * np.pi * 48 * 24 / breast)
    bare = replace(made.images[1], answers={"segmentation": NotAssessed("no weights")})
    assert pairs(replace(made, images=(made.images[0], bare)))[0].unit == ""


def test_a_fine_lattice_is_thinned_to_what_a_page_can_hold(exam, positioned):
    coarse, fine = (pairs(aligned_exam(exam, positioned, step=step))[0] for step in (0.05, 0.005))
    assert len(fine.regions) <= BYTES
    assert len(json.loads(fine.regions)) > 5 * len(json.loads(coarse.regions))


def test_the_reach_is_one_and_a_half_steps(exam, positioned):
    """A step across is 0.05 of 300 columns in pictures of half the size: 7.5; down it is 10."""
    assert pairs(aligned_exam(exam, positioned))[0].reach == pytest.approx(1.5 * 7.5, abs=0.1)


def test_no_registration_no_partners(exam):
    assert partners(hang(exam()).hung, titles(exam()), ROWS, NotAssessed("no weights")) == {}


def test_each_breast_is_told_in_words(registered_exam):
    document = exam_document(registered_exam)
    # half axes of 48 and 24 pixels of half a millimetre
    assert dict(sentences(document)) == {
        "Right breast": "CC is aligned with MLO. A search region typically covers 9 cm² of CC or "
        "9 cm² of MLO.",
        "Left breast": "Not assessed: MLO: the nipple is not seen.",
    }
    assert dict(system_answers(document))["registration"] == [
        ("Right breast", "result"), ("Left breast", "not assessed: MLO: the nipple is not seen"),
    ]  # fmt: skip
    answers = {**registered_exam.answers, "registration": NotAssessed("no weights")}
    assert sentences(exam_document(replace(registered_exam, answers=answers))) == []


def test_the_page_holds_both(registered_exam):
    shown = Page(exam_page(registered_exam, exam_document(registered_exam)))
    figures = shown.all("figure")
    assert [one.get("data-partner") for one in figures] == ["R MLO", None, "R CC", None]
    assert len(json.loads(figures[0]["data-regions"])) == 100
    (over,) = [one for one in shown.all("image") if one.get("class") == "over"]
    assert over["href"].startswith("data:image/jpeg;base64,")
    assert over["opacity"] == "0"
    text = told(shown)
    assert "Right breast CC is aligned with MLO." in text
    assert "Left breast Not assessed: MLO: the nipple is not seen." in text
    assert "registration 0123456789ab" in text
    assert "90 times of 100" in text


def test_a_page_without_registration_offers_none(exam):
    shown = Page(exam_page(exam(), exam_document(exam())))
    assert "Cursor" not in shown.text
    assert not [one for one in shown.all("button") if one.get("data-do") == "over"]


def test_what_a_breast_adds_to_a_page_is_small(registered_exam):
    bare = replace(registered_exam, answers={"positioning": registered_exam.answers["positioning"],
        "registration": NotAssessed("no weights")})  # fmt: skip
    without, page = (len(exam_page(one, exam_document(one))) for one in (bare, registered_exam))
    assert page - without < 150_000


def test_the_summary_tells_of_each_breast(registered_exam):
    rows = list(summary_rows([exam_document(registered_exam)], []))
    said = [row["registration"] for row in rows]
    assert said[0] == said[2] == "result"
    assert said[1] == said[3] == "not assessed: MLO: the nipple is not seen"


def test_an_error_with_markup_is_escaped(registered_exam):
    hostile = "<script>alert(1)</script>"
    breasts = {**registered_exam.answers["registration"].breasts, "L": Failed(hostile)}
    made = replace(registered_exam, answers={"registration": ExamRegistration(breasts),
        "positioning": registered_exam.answers["positioning"]})  # fmt: skip
    text = exam_page(made, exam_document(made))
    assert len(re.findall("<script", text)) == 1
