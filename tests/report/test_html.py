import re
from html.parser import HTMLParser

import pytest

from mammoscope.core import Failed, InputRecord, Note, Spacing
from mammoscope.report import write_exam, write_index
from mammoscope.report.document import exam_document
from mammoscope.report.html import exam_page, system_answers, warnings

HOSTILE = "<script>alert('x')</script>\"'&{{7*7}}.dcm"


class Page(HTMLParser):
    """The tags of a page and its text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.text = [], ""
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text += data

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
    from dataclasses import replace

    import numpy as np

    grain = np.random.default_rng(1).integers(0, 256, (1600, 1000)).astype(np.uint8)
    write_exam(exam(*[replace(image(), preview=grain)] * 4), tmp_path)
    assert (tmp_path / "report.html").stat().st_size < 8_000_000
