import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from mammoscope.core import Criterion, Failed, InputRecord, Measurement, Note, Spacing
from mammoscope.report import write_exam, write_index
from mammoscope.report.document import exam_document
from mammoscope.report.html import exam_page, system_answers, warnings

HOSTILE = "<script>alert('x')</script>\"'&{{7*7}}.dcm"


class Page(HTMLParser):
    """The tags of a page and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text, self.parts = [], "", []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data
        self.parts.append(data)

    def all(self, tag):
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture
def page(exam):
    def read(*images, **settings):
        made = exam(*images, **settings)
        return Page(exam_page(made, exam_document(made)))

    return read


def test_everything_is_inside(page):
    shown = page()
    assert all(one["href"].startswith("data:image/jpeg;base64,") for one in shown.all("image"))
    assert len(shown.all("image")) == 4
    assert not shown.all("link")
    assert all("src" not in script for script in shown.all("script"))
    assert all(one["href"].startswith("#") for one in shown.all("a"))


def test_the_policy_allows_nothing_but_what_is_inside(page):
    (policy,) = [one["content"] for one in page().all("meta") if "content-security" in str(one).lower()]
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert "unsafe" not in policy
    assert len(re.findall("'sha256-[^']+'", policy)) == 2


def test_hostile_names_and_texts_are_escaped(page, image):
    note = (Note(HOSTILE, HOSTILE),)
    shown = page(image(name=HOSTILE, notes=note), image("L", answer=Failed(HOSTILE)), notes=note)
    assert len(shown.all("script")) == 1
    assert shown.text.count(HOSTILE) >= 4


def test_the_index_is_escaped_too(tmp_path, exam, image):
    document = exam_document(exam(image(name=HOSTILE), notes=(Note("x", HOSTILE),)))
    write_index(tmp_path / "index.html", [document], [InputRecord(HOSTILE, "rejected", HOSTILE, 27)])
    shown = Page((tmp_path / "index.html").read_text(encoding="utf-8"))
    assert not shown.all("script")
    assert shown.text.count(HOSTILE) == 3


def test_a_missing_view_is_an_empty_frame(page, image):
    text = re.sub(r"\s+", " ", page(image("R", "CC"), image("L", "CC"), image("L", "MLO")).text)
    assert "R MLO not in this exam" in text.replace("R MLOnot", "R MLO not")
    assert text.count("not in this exam") == 1


def test_an_exam_without_standard_views_has_no_empty_frames(page, image):
    assert "not in this exam" not in page(image("R", "ML"), image("R", "CC", set_aside="spot")).text


def test_all_systems_are_there(page):
    text = page().text
    assert all(
        name in text
        for name in ("Segmentation", "Positioning", "Registration", "Findings", "Screening")
    )
    assert text.count("not assessed: not installed") == 4
    assert "Research use, not a medical device." in text
    assert "segmentation 0123456789ab" in text


def test_a_scale_only_where_it_is_known(page, image):
    figures = page(image("R", "CC", spacing=Spacing(0.1, 0.1, "PixelSpacing")), image("L", "CC")).all(
        "figure"
    )
    assert [figure.get("data-mm") for figure in figures] == ["0.1", None]


def test_warnings_are_told_once_with_whom_they_concern(exam, image):
    film, faint = Note("film", "A film."), Note("faint", "Faint.")
    made = exam(
        image("R", notes=(film, faint, Note("cut off", "cut off"))),
        image("L", notes=(film,)),
        notes=(Note("missing view", "R CC is missing."),),
    )
    assert warnings(exam_document(made)) == {
        "Exam": ["R CC is missing."],
        "All images": ["A film."],
        "R MLO": ["Faint.", "Cut off."],
    }


def test_answers_that_differ_name_their_images(exam, image):
    made = exam_document(exam(image("R"), image("L", answer=Failed("out of memory"))))
    said = dict(system_answers(made))
    assert said["segmentation"] == [("R MLO", "result"), ("L MLO", "failed: out of memory")]
    assert said["screening"] == [("", "not assessed: not installed")]


def test_an_exam_with_its_own_answer_names_those_who_differ(exam, image, positioned, positioned_exam):
    said = dict(system_answers(exam_document(positioned_exam)))
    assert said["positioning"] == [("", "result")]
    mixed = replace(exam(positioned("R"), image("L", positioned=Failed("x"))), answers={
        "positioning": positioned_exam.answers["positioning"],
    })  # fmt: skip
    said = dict(system_answers(exam_document(mixed)))
    assert said["positioning"] == [("R MLO, Exam", "result"), ("L MLO", "failed: x")]


def told(page):
    """The words of a page, one space between them."""
    return " ".join(" ".join(page.parts).split())


def test_whether_to_repeat_comes_first(positioned_exam):
    shown = Page(exam_page(positioned_exam, exam_document(positioned_exam)))
    text = told(shown)
    # three images with a fail, two borderlines and an unassessed one each; one borderline of both
    assert "Repeat? 3 fail, 7 borderline" in text
    assert text.index("Repeat?") < text.index("Measurements")
    assert "R MLO ✕ fail: pectoral gap ◐ borderline: nipple in profile" in text
    assert "Both breasts ◐ borderline: pnl left minus right" in text


def test_what_to_act_on_stands_with_its_image(positioned_exam):
    text = told(Page(exam_page(positioned_exam, exam_document(positioned_exam))))
    advice = "Raise the nipple level by 14 mm. Look at the nipple. Look."
    assert f"R MLO ✕ fail 1 not assessable PNL 176.8 ± 2.5 mm {advice}" in text
    assert "L MLO ✓ pass" in text


def test_each_criterion_has_its_figure_threshold_and_outcome(positioned_exam):
    text = told(Page(exam_page(positioned_exam, exam_document(positioned_exam))))
    assert "Pectoral gap at most 10 mm 14.0 ± 3.3 mm ✕ fail" in text
    assert "1 without a limit Quantity Measured Posterior nipple line 176.8 ± 2.5 mm" in text
    assert "not assessable: no fat is told from gland" in text
    assert "−4.2 ± 3.5 mm ✓ pass" in text
    assert "grade: good" in text
    assert "profile iarc" in text


def test_millimetres_without_a_spacing_say_so(positioned, exam):
    gap = Measurement("pectoral gap", None, "mm", reason="no spacing")
    made = exam(positioned(criteria=(Criterion(gap, "at most 10 mm", "not assessable", "no spacing"),)))
    text = told(Page(exam_page(made, exam_document(made))))
    assert "Pectoral gap at most 10 mm not assessable: no spacing" in text
    assert "No criterion could be assessed" in text


def test_an_image_without_a_result_is_not_taken_for_a_good_one(positioned, image, exam):
    made = exam(positioned("R"), image("L", positioned=Failed("out of memory")))
    text = told(Page(exam_page(made, exam_document(made))))
    assert "No result for L MLO" in text
    assert "No positioning, failed: out of memory." in text


def test_without_positioning_nothing_is_said_of_it(page):
    text = page().text
    assert "Repeat?" not in text
    assert not [one for one in page().all("button") if one.get("data-line") == "mark"]


def test_advice_is_escaped(positioned, exam):
    value = Measurement(HOSTILE, 1.0, HOSTILE, 1.0)
    made = exam(positioned(criteria=(Criterion(value, HOSTILE, "fail", "", HOSTILE),)))
    shown = Page(exam_page(made, exam_document(made)))
    assert len(shown.all("script")) == 1
    assert shown.text.count(HOSTILE) >= 4


def test_the_index_counts_fails(tmp_path, positioned_exam, positioned, exam):
    good = exam(positioned("L", criteria=positioned_exam.images[3].answers["positioning"].criteria))
    documents = [exam_document(one) for one in (positioned_exam, exam(), good)]
    write_index(tmp_path / "index.html", documents, [])
    text = told(Page((tmp_path / "index.html").read_text(encoding="utf-8")))
    assert text.count("✕ 3 fail ◐ 7 borderline") == 1
    assert text.count("✓ no fail, no borderline") == 1
    assert "0 fail" not in text


def test_nothing_found_is_a_page_too(tmp_path):
    write_index(tmp_path / "index.html", [], [])
    assert "No input gave a result." in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_index_leads_to_each_exam(tmp_path, exam):
    document = write_exam(exam(), tmp_path / "0f1e2d3c4b5a")
    write_index(tmp_path / "index.html", iter([document]), [])
    shown = Page((tmp_path / "index.html").read_text(encoding="utf-8"))
    for link in [shown.all("a")[0]["href"], shown.all("img")[0]["src"]]:
        assert (tmp_path / link).is_file()


def test_a_report_of_large_pictures_stays_small(exam, image, tmp_path):
    import numpy as np

    grain = np.random.default_rng(1).integers(0, 256, (1600, 1000)).astype(np.uint8)
    write_exam(exam(*[replace(image(), preview=grain)] * 4), tmp_path)
    assert (tmp_path / "report.html").stat().st_size < 8_000_000
