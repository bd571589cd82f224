"""The report in a real browser: it works, asks nobody for anything, and says no error."""

from collections.abc import Iterator

import pytest

from mammoscope.core import Note, Spacing
from mammoscope.report import write_exam, write_index
from mammoscope.report.document import exam_document

COPY = """const copied = (canvas) => {
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  const context = copy.getContext("2d", { willReadFrequently: true });
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, copy.width, copy.height).data.filter((_, at) => at % 4 === 0);
};"""
MEAN = f"""index => {{
  {COPY}
  const grey = copied(document.querySelectorAll("canvas")[index]);
  return grey.reduce((sum, value) => sum + value, 0) / grey.length;
}}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory, exam, image, positioned) -> str:
    spacing = Spacing(0.5, 0.5, "PixelSpacing")
    shown = exam(
        image("R", "CC", spacing=spacing),
        image("L", "CC", spacing=spacing, wall="right"),
        positioned("L", "MLO", spacing=spacing, notes=(Note("x", "Look at the outline."),)),
        image("R", "CC", spacing=spacing, set_aside="repeated view"),
    )
    folder = tmp_path_factory.mktemp("page")
    write_exam(shown, folder / shown.key)
    write_index(folder / "index.html", [exam_document(shown)], [])
    return (folder / shown.key / "report.html").as_uri()


@pytest.fixture
def page(browser, address) -> Iterator:
    opened = browser.new_page(viewport={"width": 1400, "height": 900})
    complaints, requests = [], []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("request", lambda request: requests.append(request.url))
    opened.goto(address)
    opened.wait_for_selector("html[data-ready]")
    settle(opened)
    yield opened
    settle(opened)
    assert complaints == []
    assert [url for url in requests if not url.startswith("data:")] == [address]
    opened.close()


def settle(page) -> None:
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def light(page, index: int = 0) -> float:
    settle(page)
    return page.evaluate(MEAN, index)


def view_box(page, index: int = 0) -> list[float]:
    settle(page)
    return [
        float(part) for part in page.locator("figure svg").nth(index).get_attribute("viewBox").split()
    ]


def test_outlines_are_switched_by_buttons_and_keys(page):
    outline = page.locator("figure path.breast").first
    assert outline.is_visible()
    page.get_by_role("button", name="Breast").click()
    assert not outline.is_visible()
    assert page.get_by_role("button", name="Breast").get_attribute("aria-pressed") == "false"
    page.keyboard.press("b")
    assert outline.is_visible()
    assert not page.locator("figure path.skin").first.is_visible()
    page.keyboard.press("s")
    assert page.locator("figure path.skin").first.is_visible()


def test_lines_of_positioning_are_switched_with_what_to_act_on(page):
    line = page.locator("figure path.posterior-nipple-line")
    advice = page.locator("figure .verdict li").first
    assert line.is_visible()
    assert advice.is_visible()
    page.get_by_role("button", name="Lines").click()
    assert not line.is_visible()
    assert not advice.is_visible()
    assert page.locator("figure .verdict .outcome").is_visible()
    page.keyboard.press("n")
    assert line.is_visible()


def test_the_nipple_line_ends_on_the_nipple(page):
    """The picture is 300 columns and 400 rows; the nipple of the left breast is at (200, 220)."""
    page.locator("figure").nth(2).focus()
    page.keyboard.press("+")
    settle(page)
    line = page.locator("figure path.posterior-nipple-line").bounding_box()
    pane = page.locator("figure").nth(2).bounding_box()
    left, top, width, _ = view_box(page, 2)
    scale = pane["width"] / width
    assert line["x"] + line["width"] - pane["x"] == pytest.approx((220.5 - left) * scale, abs=2.5)
    assert line["y"] + line["height"] - pane["y"] == pytest.approx((200.5 - top) * scale, abs=2.5)


def test_whether_to_repeat_is_seen_before_anything_else(page):
    summary = page.get_by_role("region", name="Positioning in short")
    assert summary.is_visible()
    assert summary.bounding_box()["y"] < 100
    summary.get_by_role("link", name="Figures").click()
    assert page.locator("#positioning h2").is_visible()


def test_window_and_level_change_what_is_seen(page):
    plain = light(page)
    page.locator("#level").fill("60")
    brighter = light(page)
    page.locator("#width").fill("60")
    harder = light(page)
    page.keyboard.press("0")
    assert brighter > plain + 20
    assert harder > brighter + 1
    assert light(page) == pytest.approx(plain, abs=0.01)


def test_every_grey_value_becomes_the_light_it_should(page):
    """LINEAR_EXACT of PS3.3 C.11.2.1.3.2: ((90 - 60) / 120 + 0.5) * 255 = 191.25."""
    page.locator("#level").fill("60")
    page.locator("#width").fill("120")
    settle(page)
    seen = f"""() => {{
      {COPY}
      const canvas = document.querySelector("canvas");
      return copied(canvas)[Math.round(canvas.height / 2) * canvas.width + canvas.width - 20];
    }}"""
    assert page.evaluate(seen) == pytest.approx(191, abs=2)


def test_dragging_with_the_tool_or_the_right_button_windows(page):
    box = page.locator("figure").first.bounding_box()
    plain = light(page)
    page.keyboard.press("w")
    page.mouse.move(box["x"] + 100, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 100, box["y"] + 100, steps=4)
    page.mouse.up()
    dragged = light(page)
    assert dragged > plain + 5
    page.keyboard.press("m")
    page.mouse.down(button="right")
    page.mouse.move(box["x"] + 100, box["y"] + 50, steps=4)
    page.mouse.up(button="right")
    assert light(page) > dragged + 2


def test_invert_is_the_negative(page):
    plain = light(page, 2)
    page.get_by_role("button", name="Invert").click()
    assert light(page, 2) > 2 * plain


def test_the_wheel_zooms_where_it_points_and_linked_images_follow_as_in_a_mirror(page):
    box = page.locator("figure").first.bounding_box()
    right, left = view_box(page, 0), view_box(page, 1)
    page.mouse.move(box["x"] + box["width"] - 100, box["y"] + 150)
    page.mouse.wheel(0, -600)
    near_right, near_left = view_box(page, 0), view_box(page, 1)
    assert near_right[2] < 0.6 * right[2]
    assert near_left[2] == pytest.approx(near_right[2] * left[2] / right[2], rel=1e-3)
    at = (box["width"] - 100) / box["width"]
    assert near_right[0] + at * near_right[2] == pytest.approx(right[0] + at * right[2], abs=0.1)
    from_wall = 300 - (near_right[0] + near_right[2])
    assert near_left[0] == pytest.approx(from_wall, abs=0.1)
    page.mouse.dblclick(box["x"] + 50, box["y"] + 50)
    assert view_box(page, 0) == pytest.approx(right, abs=0.01)


def test_unlinked_images_stay_where_they_are(page):
    page.keyboard.press("l")
    before = view_box(page, 1)
    page.locator("figure").first.focus()
    page.keyboard.press("+")
    page.keyboard.press("ArrowDown")
    assert view_box(page, 1) == before
    assert page.locator("output.zoom").inner_text() == "125 %"


def test_zooming_with_a_key_keeps_the_breast_in_sight(page):
    for _ in range(6):
        page.keyboard.press("+")
    left, top, width, height = view_box(page)
    assert left < 190 < left + width  # the middle of the breast, which spans columns 80 to 300
    assert top < 200 < top + height


def test_dragging_moves(page):
    box = page.locator("figure").first.bounding_box()
    page.keyboard.press("+")
    before = view_box(page)
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 240, box["y"] + 170, steps=3)
    page.mouse.up()
    after = view_box(page)
    scale = before[2] / box["width"]
    assert after[0] - before[0] == pytest.approx(-40 * scale, abs=0.1)
    assert after[1] - before[1] == pytest.approx(30 * scale, abs=0.1)


def test_outlines_lie_on_the_pixels(page):
    """Where the breast's path ends on the screen, the canvas changes from breast to background."""
    page.locator("figure").nth(1).focus()
    found = page.evaluate(
        f"""() => {{
          {COPY}
          const figure = document.querySelectorAll("figure")[1];
          const canvas = figure.querySelector("canvas"), box = figure.getBoundingClientRect();
          const edge = figure.querySelector("path.breast").getBoundingClientRect();
          const row = Math.round((edge.top + edge.height / 2 - box.top) * canvas.height / box.height);
          const grey = copied(canvas).slice(row * canvas.width, (row + 1) * canvas.width);
          const last = grey.findLastIndex((value) => value > 45);
          return [last * box.width / canvas.width, edge.right - box.left];
        }}"""
    )
    assert found[0] == pytest.approx(found[1], abs=2.5)


def test_an_image_grows_and_shrinks(page):
    small = page.locator("figure").nth(1).bounding_box()
    page.keyboard.press("2")
    large = page.locator("figure").nth(1).bounding_box()
    assert large["width"] > 1.8 * small["width"]
    page.keyboard.press("Escape")
    assert page.locator("figure").nth(1).bounding_box() == small


def test_the_scale_bar_is_as_long_as_it_says(page):
    rule = page.locator(".scale").first
    assert rule.is_visible()
    long = float(rule.locator("i").bounding_box()["width"])
    stated = float(rule.locator("span").inner_text().removesuffix(" mm"))
    width = page.locator("figure").first.bounding_box()["width"]
    assert long == pytest.approx(stated / 0.5 * width / view_box(page)[2], abs=1.5)


def test_all_can_be_reached_with_the_keyboard(page):
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(
            page.evaluate("() => document.activeElement.tagName + document.activeElement.className")
        )
    assert any(one.startswith("FIGURE") for one in seen)
    assert any(one.startswith("INPUT") for one in seen)
    assert sum(one.startswith("BUTTON") for one in seen) >= 11


@pytest.mark.parametrize("width", [390, 900])
def test_a_narrow_page_needs_no_sideways_scrolling(page, width):
    page.set_viewport_size({"width": width, "height": 800})
    settle(page)
    assert page.evaluate("() => document.documentElement.scrollWidth") == width


def test_without_script_all_is_still_seen(browser, address):
    context = browser.new_context(java_script_enabled=False)
    opened = context.new_page()
    opened.goto(address)
    assert opened.locator("figure image").first.is_visible()
    assert opened.locator("figure path.breast").first.is_visible()
    assert not opened.locator(".tools").is_visible()
    context.close()


def test_the_index_shows_its_thumbnails_and_leads_to_the_report(browser, address):
    opened = browser.new_page()
    complaints = []
    opened.on("console", lambda message: complaints.append(message.text))
    opened.goto(address.rsplit("/", 2)[0] + "/index.html")
    opened.wait_for_function("() => document.querySelector('.card img').naturalWidth > 100")  # lazy
    opened.get_by_role("link", name="0f1e2d3c4b5a").click()
    opened.wait_for_selector("html[data-ready]")
    assert opened.url == address
    assert complaints == []
    opened.close()
