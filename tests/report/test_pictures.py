from dataclasses import replace

import cv2
import numpy as np
import pytest

from mammoscope.core import Failed, Frame, Landmark, Mask
from mammoscope.report import write_exam
from mammoscope.report.drawn import drawn, ring
from mammoscope.report.hanging import hang
from mammoscope.report.outline import outlines, path
from mammoscope.report.panes import pane
from mammoscope.report.pictures import (
    BREAST_COLOUR,
    PECTORAL_COLOUR,
    POSITIONING_COLOUR,
    dashes,
    overlay,
    reduced,
)
from mammoscope.report.thumbnail import thumbnail


def test_an_outline_runs_along_the_last_pixels_inside():
    region = np.zeros((20, 20), bool)
    region[5:15, 6:16] = True
    (line,) = outlines(region, (20, 20))
    assert line.min(axis=0).tolist() == [5, 6]
    assert line.max(axis=0).tolist() == [14, 15]
    assert line[0].tolist() == line[-1].tolist()


def test_an_outline_of_a_smaller_picture_lies_where_the_region_does():
    region = np.zeros((100, 200), bool)
    region[20:80, 40:160] = True
    (line,) = outlines(region, (50, 100))
    assert line.min(axis=0).tolist() == [9.75, 19.75]  # centre of source pixel 20 is (20 + .5) / 2 - .5
    assert line.max(axis=0).tolist() == [39.25, 79.25]


def test_no_outline_runs_along_the_edge_of_the_image():
    region = np.zeros((40, 40), bool)
    region[10:30, :15] = True
    (line,) = outlines(region, (40, 40))
    assert {tuple(line[0]), tuple(line[-1])} == {(10.0, 0.0), (29.0, 0.0)}
    assert line.tolist().count([20.0, 0.0]) == 0


def test_a_region_between_three_edges_has_the_lines_that_are_left():
    region = np.zeros((40, 40), bool)
    region[:, 10:] = True
    (line,) = outlines(region, (40, 40))
    assert sorted(line.tolist()) == [[0.0, 10.0], [39.0, 10.0]]
    assert outlines(np.ones((40, 40), bool), (40, 40)) == []


def test_a_hole_has_its_outline_too():
    region = np.zeros((40, 40), bool)
    region[5:35, 5:35] = True
    region[15:25, 15:25] = False
    assert len(outlines(region, (40, 40))) == 2


def test_svg_has_x_first_and_centres_at_halves():
    assert path([np.array([[0.0, 0.0], [3.0, 10.0]])]) == "M0.5 0.5L10.5 3.5"
    assert path([]) == ""


def test_an_overlay_shows_both_regions_and_leaves_the_rest_grey(image):
    picture = overlay(image("L", "MLO"))
    assert np.abs(picture[200, 215:225] - np.array(BREAST_COLOUR)).max(axis=1).min() < 60
    assert np.abs(picture[:170, :170] - np.array(PECTORAL_COLOUR)).max(axis=2).min() < 60
    assert (picture[200, 100] == 90).all()
    assert (picture[:5, -5:] == 5).all()


def test_a_picture_is_never_enlarged():
    grey = np.zeros((100, 50), np.uint8)
    assert reduced(grey, 200).shape == (100, 50)
    assert reduced(grey, 40).shape == (40, 20)


def test_a_pane_is_mirrored_with_its_outlines(image, exam):
    plain = pane(hang(exam(image("L", "MLO"))).places[3].hung, "L MLO")
    turned = pane(hang(exam(image("L", "MLO", wall="right"))).places[3].hung, "L MLO")
    assert turned.lines["breast"]
    assert plain.lines["breast"]
    assert turned.fit == plain.fit
    assert turned.wall == plain.wall == "left"
    assert turned.mirrored
    assert not plain.mirrored
    assert "mirrored" in turned.remarks[0]


def test_the_first_look_is_tight_at_the_chest_wall(image, exam):
    left = pane(hang(exam(image("L", "CC"))).places[1].hung, "L CC")
    assert left.fit.left == 0
    assert left.fit.top == pytest.approx(21 - 8, abs=0.1)
    right = pane(hang(exam(image("R", "CC"))).places[0].hung, "R CC")
    assert right.fit.left + right.fit.width == 300


def test_a_breast_that_fills_the_image_is_shown_whole(image, exam):
    full = image("L", "CC")
    mask = Mask(np.ones((400, 300), np.uint8), Frame.of((400, 300)))
    answer = replace(full.answers["segmentation"], mask=mask)
    shown = pane(hang(exam(image("L", "CC", answer=answer))).places[1].hung, "L CC")
    assert (shown.fit.left, shown.fit.top, shown.fit.width, shown.fit.height) == (0, 0, 300, 400)
    assert shown.lines["breast"] == ""


def test_an_image_without_outlines_is_shown_whole(image, exam):
    shown = pane(hang(exam(image("L", "CC", answer=Failed("x")))).places[1].hung, "L CC")
    assert (shown.fit.width, shown.fit.height, shown.lines) == (300, 400, {})
    assert shown.remarks == ("No outline, failed: x.",)


def test_masks_are_labels_in_source_pixels(tmp_path, exam):
    made = exam()
    write_exam(made, tmp_path / "a", masks=True, preview=True)
    mask = cv2.imread(str(tmp_path / "a/masks/3-R-MLO.png"), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(mask, made.images[2].answers["segmentation"].mask.labels)
    assert cv2.imread(str(tmp_path / "a/images/3-R-MLO.png")).shape == (400, 300, 3)


def test_pictures_are_written_when_asked_for(tmp_path, exam):
    write_exam(exam(), tmp_path / "a")
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == [
        "report.html", "result.json", "thumbnail.jpg",
    ]  # fmt: skip


def test_a_thumbnail_of_any_exam(exam, image):
    assert thumbnail(exam()).shape == (240, 4 * 180 + 3 * 4, 3)
    small = replace(image(), preview=np.zeros((30, 20), np.uint8))
    assert thumbnail(exam(small)).shape == (240, 20, 3)


def test_the_lines_of_positioning_lie_where_they_were_measured(positioned):
    """The foot is (75, 95): halved, with the centre of source pixel 75 at 37.25."""
    image = positioned("L", "MLO")
    found = drawn(image.answers["positioning"], (400, 300), (200, 150))
    assert found["posterior nipple line"][0].tolist() == [[99.75, 109.75], [37.25, 47.25]]
    assert list(found) == ["pectoral line", "chest wall", "posterior nipple line", "gap", "nipple"]


def test_the_ring_on_the_nipple_holds_nine_of_ten():
    """Standard deviations 3 down and 2 across: half axes sqrt(4.605) times these, 6.44 and 4.29."""
    line = ring(Landmark((200.0, 220.0), ((9.0, 0.0), (0.0, 4.0)), 1.0))
    np.testing.assert_allclose(np.ptp(line, axis=0) / 2, [6.438, 4.292], atol=0.01)
    np.testing.assert_allclose(line[:-1].mean(axis=0), [200, 220], atol=1e-9)
    assert line[0].tolist() == line[-1].tolist()


def test_a_slanted_ellipse_slants_with_its_covariance():
    line = ring(Landmark((0.0, 0.0), ((5.0, 4.0), (4.0, 5.0)), 1.0))
    down, across = line[np.argmax(np.hypot(*line.T))]
    assert down == pytest.approx(across, rel=0.05)


def test_no_mark_where_no_nipple_is_seen(positioned):
    answer = positioned().answers["positioning"]
    hidden = {name: Landmark(None, ((0.0, 0.0), (0.0, 0.0)), 0.0) for name in answer.landmarks.points}
    lost = replace(answer, landmarks=replace(answer.landmarks, points=hidden))
    assert "nipple" not in drawn(lost, (400, 300), (400, 300))


def test_a_pane_is_mirrored_with_its_lines(positioned, exam):
    plain = pane(hang(exam(positioned("L", "MLO"))).places[3].hung, "L MLO")
    turned = pane(hang(exam(positioned("L", "MLO", wall="right"))).places[3].hung, "L MLO")
    assert plain.marks["posterior nipple line"] == "M220.5 200.5L95.5 75.5"
    assert turned.mirrored
    assert turned.marks["posterior nipple line"] == plain.marks["posterior nipple line"]
    assert turned.marks["gap"] == plain.marks["gap"]


def test_the_preview_shows_the_lines_and_the_thumbnail_does_not(positioned, image, exam):
    shown, without = positioned("L", "MLO"), image("L", "MLO")
    picture = overlay(shown)
    middle = picture[136:139, 156:159].reshape(-1, 3)  # of the nipple line: (137.5, 157.5)
    assert np.abs(middle - np.array(POSITIONING_COLOUR)).max(axis=1).min() < 60
    np.testing.assert_array_equal(thumbnail(exam(shown)), thumbnail(exam(without)))


def test_dashes_are_as_long_as_the_gaps_between_them():
    pieces = dashes(np.array([[0.0, 0.0], [0.0, 40.0]]), 10.0)
    assert [piece.tolist() for piece in pieces] == [
        [[0.0, 0.0], [0.0, 10.0]],
        [[0.0, 20.0], [0.0, 30.0]],
    ]
    assert len(dashes(np.array([[0.0, 0.0], [0.0, 0.5]]), 10.0)) == 1
