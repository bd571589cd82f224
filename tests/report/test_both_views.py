"""The cursor and the overlay in a real browser."""

from collections.abc import Iterator

import pytest

from mammoscope.report import write_exam
from tests.report.test_page import COPY, settle

pytestmark = pytest.mark.browser

CC, MLO = 0, 2
"""The right breast's panes: its picture hangs with the chest wall on the right."""
GREY = f"""([index, x, y]) => {{
  {COPY}
  const canvas = document.querySelectorAll("figure canvas")[index];
  const box = canvas.getBoundingClientRect();
  const column = Math.round(x * canvas.width / box.width);
  const row = Math.round(y * canvas.height / box.height);
  return copied(canvas)[row * canvas.width + column];
}}"""


@pytest.fixture(scope="module")
def address(tmp_path_factory, registered_exam) -> str:
    folder = tmp_path_factory.mktemp("both_views")
    write_exam(registered_exam, folder)
    return (folder / "report.html").as_uri()


@pytest.fixture
def context(browser) -> Iterator:
    opened = browser.new_context(viewport={"width": 1400, "height": 900}, has_touch=True)
    yield opened
    opened.close()


@pytest.fixture
def page(context, address) -> Iterator:
    opened = context.new_page()
    complaints = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.goto(address)
    opened.wait_for_selector("html[data-ready]")
    settle(opened)
    yield opened
    settle(opened)
    assert complaints == []


def on_screen(page, index, x, y):
    """Where a pixel of a picture is seen."""
    settle(page)
    box = page.locator("figure").nth(index).bounding_box()
    part = page.locator("figure svg").nth(index).get_attribute("viewBox")
    left, top, width, height = map(float, part.split())
    return box["x"] + (x - left) / width * box["width"], box["y"] + (y - top) / height * box["height"]


def middle(page, index):
    """The middle of the region on a pane, in pixels of its picture; None where there is none."""
    settle(page)
    shown = page.locator("figure").nth(index).locator("path.outline")
    if not shown.get_attribute("d"):
        return None
    box = shown.evaluate("path => { const b = path.getBBox(); return [b.x, b.y, b.width, b.height]; }")
    return box[0] + box[2] / 2, box[1] + box[3] / 2


def expected(exam, view, x, y):
    """The warped place of the point nearest to a pixel, both as they hang: not mirrored."""
    regions = exam.answers["registration"].breasts["R"].regions[view]
    nearest = min(regions, key=lambda one: (one.asked[0] - y) ** 2 + (one.asked[1] - x) ** 2)
    return nearest.warped[1] + 0.5, nearest.warped[0] + 0.5


@pytest.mark.parametrize(("here", "there", "view"), [(CC, MLO, "CC"), (MLO, CC, "MLO")])
def test_pointing_at_one_view_shows_its_region_on_the_other(page, registered_exam, here, there, view):
    page.mouse.move(*on_screen(page, here, 182, 161))
    assert middle(page, there) == pytest.approx(expected(registered_exam, view, 182, 161), abs=1.5)
    assert middle(page, here) is None
    found = page.locator("figure").nth(there).locator(".found")
    assert found.inner_text() == "Search region 9 cm², 90 % sure"
    page.mouse.move(*on_screen(page, 1, 100, 100))
    assert middle(page, there) is None
    assert not found.is_visible()


def test_the_region_follows_zoom(page, registered_exam):
    page.locator("figure").nth(CC).focus()
    for _ in range(4):
        page.keyboard.press("+")
    page.mouse.move(*on_screen(page, CC, 182, 161))
    assert middle(page, MLO) == pytest.approx(expected(registered_exam, "CC", 182, 161), abs=1.5)


def test_a_finger_taps(page, registered_exam):
    page.touchscreen.tap(*on_screen(page, CC, 182, 161))
    assert middle(page, MLO) == pytest.approx(expected(registered_exam, "CC", 182, 161), abs=1.5)


def test_far_from_the_breast_there_is_none(page):
    page.mouse.move(*on_screen(page, CC, 182, 161))
    assert middle(page, MLO) is not None
    page.mouse.move(*on_screen(page, CC, 5, 395))
    assert middle(page, MLO) is None


def test_keys_move_the_cursor_and_tell_a_screen_reader(page):
    page.locator("figure").nth(CC).focus()
    before = page.locator("figure svg").nth(CC).get_attribute("viewBox")
    page.keyboard.press("Shift+ArrowUp")
    first = middle(page, MLO)
    page.keyboard.press("Shift+ArrowRight")
    second = middle(page, MLO)
    page.keyboard.press("Shift+ArrowLeft")
    assert middle(page, MLO) == first
    assert second[0] > first[0] + 5
    assert page.locator("figure svg").nth(CC).get_attribute("viewBox") == before
    assert page.locator("#partner").inner_text() == "R MLO: Search region 9 cm², 90 % sure"
    page.keyboard.press("Escape")
    assert middle(page, MLO) is None


def test_the_cursor_is_switched_off(page):
    page.mouse.move(*on_screen(page, CC, 182, 161))
    outline = page.locator("figure").nth(MLO).locator("path.outline")
    assert outline.is_visible()
    page.keyboard.press("c")
    assert not outline.is_visible()
    assert page.get_by_role("button", name="Cursor").get_attribute("aria-pressed") == "false"


def test_the_slider_fades_one_view_over_the_other(page, registered_exam):
    place = page.locator("figure").nth(MLO).bounding_box()
    seen = on_screen(page, MLO, 250, 60)
    at = [MLO, seen[0] - place["x"], seen[1] - place["y"]]
    slider = page.get_by_label("Fade R CC over R MLO")
    plain = page.evaluate(GREY, at)
    slider.fill("100")
    settle(page)
    whole = page.evaluate(GREY, at)
    slider.fill("50")
    settle(page)
    half = page.evaluate(GREY, at)
    assert abs(whole - plain) > 60
    assert half == pytest.approx((plain + whole) / 2, abs=3)
    assert page.locator(".faded").inner_text() == "R CC 50 %"
    page.keyboard.press("o")
    settle(page)
    assert page.evaluate(GREY, at) == plain
    assert slider.input_value() == "0"


def test_the_slider_takes_keys_and_moves_no_image(page):
    page.get_by_label("Fade R CC over R MLO").focus()
    before = page.locator("figure svg").nth(MLO).get_attribute("viewBox")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    assert page.locator(".faded").inner_text() == "R CC 3 %"
    settle(page)
    assert page.locator("figure svg").nth(MLO).get_attribute("viewBox") == before


def test_tone_changes_both_views(page):
    page.keyboard.press("o")
    page.get_by_label("Fade R CC over R MLO").fill("100")
    settle(page)
    place = page.locator("figure").nth(MLO).bounding_box()
    seen = on_screen(page, MLO, 250, 200)
    at = [MLO, seen[0] - place["x"], seen[1] - place["y"]]
    plain = page.evaluate(GREY, at)
    page.keyboard.press("i")
    settle(page)
    assert page.evaluate(GREY, at) == pytest.approx(255 - plain, abs=2)


def test_only_breasts_that_are_aligned_have_a_slider(page):
    assert page.get_by_role("slider", name="Fade").count() == 1
    assert page.get_by_text("MLO: the nipple is not seen").first.is_visible()


def test_what_is_printed_is_what_is_seen(page):
    page.get_by_label("Fade R CC over R MLO").fill("50")
    page.evaluate("() => window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert page.locator("image.over").get_attribute("opacity") == "0.5"
    assert page.locator("image.over").is_visible()
    assert not page.locator(".fade").is_visible()
    assert page.locator(".faded").is_visible()


@pytest.mark.parametrize("width", [390, 900])
def test_a_narrow_page_needs_no_sideways_scrolling(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    settle(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") == width


def test_without_script_no_view_is_faded(browser, address):
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(address)
    assert not opened.locator(".fade").is_visible()
    assert opened.locator("image.over").get_attribute("opacity") == "0"
    context.close()
