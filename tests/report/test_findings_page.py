"""Findings on the page: the words, and boxes and heatmaps in a real browser."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from mammoscope.core import NotAssessed
from mammoscope.report import write_exam, write_index
from mammoscope.report.document import exam_document
from mammoscope.report.html import exam_page
from tests.report.test_html import Page, told
from tests.report.test_page import settle

R_CC, L_CC, R_MLO, L_MLO, AGAIN = range(5)
COLOUR = """async ([index, x, y]) => {
  const heat = document.querySelectorAll("figure.pane svg")[index].querySelector("image.heat");
  const image = Object.assign(new Image(), { src: heat.getAttribute("href") });
  await image.decode();
  const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  const at = (share, size) => Math.floor(share * size);
  return [...context.getImageData(at(x, canvas.width), at(y, canvas.height), 1, 1).data];
}"""


@pytest.fixture(scope="module")
def text(found_exam):
    return told(Page(exam_page(found_exam, exam_document(found_exam))))


def test_each_finding_is_in_its_breasts_table(text):
    assert "2 places to look at" in text
    row = "1 Mass Right breast, upper outer quadrant 0.85 R CC 0.80 20 × 20 mm R MLO 0.70 24 × 24 mm"
    assert f"Right breast Finding Score Seen on {row}" in text
    assert "R CC found at scale 1 × R MLO found at scale 1 ×" in text
    assert "R CC (2) Finding Score Seen on 2 Mass 0.50 R CC (2) size unknown" in text


def test_nothing_marked_is_not_called_normal(text):
    assert "Left breast Nothing marked – which does not say that nothing is there." in text
    assert "No findings, failed: out of memory." in text
    assert "not a diagnosis" in text


def test_what_was_not_looked_for_is_said_with_the_reason(text):
    assert "Not looked for (no real training images): suspicious calcification, asymmetry," in text
    assert "Marked from 0.30 on" in text


def test_each_finding_has_its_pictures(found_exam):
    page = Page(exam_page(found_exam, exam_document(found_exam)))
    pictures = [one["alt"] for one in page.all("img")]
    assert pictures == [
        "R CC around finding 1, and the same under its heatmap",
        "R MLO around finding 1, and the same under its heatmap",
        "R CC (2) around finding 2, and the same under its heatmap",
    ]
    assert all(one["src"].startswith("data:image/jpeg;base64,") for one in page.all("img"))
    heat = [one for one in page.all("image") if one.get("class") == "heat"]
    assert len(heat) == 4  # of L MLO there is none
    assert "findings 0123456789ab" in told(page)


def test_without_findings_nothing_is_said_of_them(registered_exam):
    page = Page(exam_page(registered_exam, exam_document(registered_exam)))
    assert not [one for one in page.all("button") if one.get("data-line") in ("finding", "heat")]
    assert "to look at" not in told(page)
    assert "Nothing marked" not in told(page)


def test_a_breast_that_was_not_counted_says_why(found_exam):
    answer = found_exam.answers["findings"]
    breasts = {**answer.breasts, "L": NotAssessed("no view was looked at")}
    exam = replace(
        found_exam, answers={**found_exam.answers, "findings": replace(answer, breasts=breasts)}
    )
    text = told(Page(exam_page(exam, exam_document(exam))))
    assert "Left breast Not assessed: no view was looked at." in text


def test_the_index_counts_places(tmp_path, found_exam, registered_exam):
    write_index(tmp_path / "index.html", map(exam_document, (found_exam, registered_exam)), [])
    text = told(Page((tmp_path / "index.html").read_text(encoding="utf-8")))
    assert text.count("2 places to look at") == 1
    assert text.count("to look at") == 1


@pytest.fixture(scope="module")
def address(tmp_path_factory, found_exam) -> str:
    folder = tmp_path_factory.mktemp("findings")
    write_exam(found_exam, folder)
    return (folder / "report.html").as_uri()


@pytest.fixture
def page(browser, address) -> Iterator:
    opened = browser.new_page(viewport={"width": 1400, "height": 900})
    complaints = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(address)
    opened.wait_for_selector("html[data-ready]")
    settle(opened)
    yield opened
    settle(opened)
    assert complaints == []
    opened.close()


def boxes(page, index):
    return page.locator("figure.pane").nth(index).locator("g.finding")


@pytest.mark.browser
def test_boxes_are_switched_by_button_and_key(page):
    first = boxes(page, R_CC).first
    assert first.is_visible()
    assert first.text_content().strip() == "1 mass 0.80"
    page.get_by_role("button", name="Findings", exact=True).click()
    assert not first.is_visible()
    page.keyboard.press("f")
    assert first.is_visible()
    assert boxes(page, L_CC).count() == 0


@pytest.mark.browser
def test_the_heatmap_is_off_until_it_is_asked_for(page):
    heat = page.locator("figure.pane image.heat").first
    button = page.get_by_role("button", name="Heatmap")
    assert not heat.is_visible()
    assert button.get_attribute("aria-pressed") == "false"
    page.keyboard.press("h")
    assert heat.is_visible()
    assert button.get_attribute("aria-pressed") == "true"
    button.click()
    assert not heat.is_visible()


@pytest.mark.browser
def test_the_heatmap_is_warm_where_the_finding_is(page):
    """Of R CC it lies at row 180 of 400, column 140 of 300; a corner is clear."""
    *_, opaque = page.evaluate(COLOUR, [R_CC, 140 / 300, 180 / 400])
    *_, clear = page.evaluate(COLOUR, [R_CC, 0.01, 0.99])
    assert opaque > 120
    assert clear == 0


@pytest.mark.browser
def test_a_box_lies_where_its_finding_is_at_any_zoom(page):
    """The box of R CC begins at column 120 and row 160, whose middle is 120.5 and 160.5 in SVG."""
    for _ in range(3):
        settle(page)
        seen = boxes(page, R_CC).locator("rect").bounding_box()
        pane = page.locator("figure.pane").nth(R_CC).bounding_box()
        part = page.locator("figure.pane svg").nth(R_CC).get_attribute("viewBox")
        left, top, width, height = map(float, part.split())
        assert seen["x"] - pane["x"] == pytest.approx((120.5 - left) / width * pane["width"], abs=2)
        assert seen["y"] - pane["y"] == pytest.approx((160.5 - top) / height * pane["height"], abs=2)
        page.locator("figure.pane").nth(R_CC).focus()
        page.keyboard.press("+")


@pytest.mark.browser
def test_letters_keep_their_size(page):
    label = boxes(page, R_CC).locator("text")
    before = label.bounding_box()["height"]
    page.locator("figure.pane").nth(R_CC).focus()
    for _ in range(4):
        page.keyboard.press("+")
    settle(page)
    assert label.bounding_box()["height"] == pytest.approx(before, abs=1)
    assert 12 < before < 26


@pytest.mark.browser
def test_a_number_shows_its_finding_alone_on_every_view(page):
    row = page.locator("tbody[data-finding='1']")
    row.get_by_role("button").click()
    assert boxes(page, R_CC).first.is_visible()
    assert boxes(page, R_MLO).first.is_visible()
    assert not boxes(page, AGAIN).first.is_visible()
    assert row.get_by_role("button").get_attribute("aria-pressed") == "true"
    page.keyboard.press("Escape")
    assert boxes(page, AGAIN).first.is_visible()
    assert row.get_by_role("button").get_attribute("aria-pressed") == "false"
    page.locator("tbody[data-finding='2']").get_by_role("button").click()
    assert not boxes(page, R_CC).first.is_visible()
    page.locator("tbody[data-finding='2']").get_by_role("button").click()
    assert boxes(page, R_CC).first.is_visible()


@pytest.mark.browser
def test_pointing_at_a_row_lights_its_boxes(page):
    page.locator("tbody[data-finding='1'] th").hover()
    assert "lit" in boxes(page, R_CC).first.get_attribute("class")
    assert "lit" in boxes(page, R_MLO).first.get_attribute("class")
    page.mouse.move(5, 5)
    assert "lit" not in boxes(page, R_CC).first.get_attribute("class")


@pytest.mark.browser
def test_what_is_printed_is_what_is_seen(page):
    page.keyboard.press("f")
    page.keyboard.press("h")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("figure.pane image.heat").first.is_visible()
    assert page.locator("figure.pane image").first.is_visible()
    assert not boxes(page, R_CC).first.is_visible()
    page.keyboard.press("f")
    page.keyboard.press("h")
    assert not page.locator("figure.pane image.heat").first.is_visible()
    assert boxes(page, R_CC).first.is_visible()


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 900])
def test_a_narrow_page_needs_no_sideways_scrolling(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    settle(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") == width


@pytest.mark.browser
def test_without_script_there_are_boxes_and_no_heatmap(browser, address):
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(address)
    assert boxes(opened, R_CC).first.is_visible()
    assert not opened.locator("figure.pane image.heat").first.is_visible()
    context.close()
