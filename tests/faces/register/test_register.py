"""Two images on each other, from the command line and from Python, with rooms that do as told."""

import json
from dataclasses import replace

import cv2
import numpy as np
import pytest

import mammoscope
from mammoscope.core import Modifier
from mammoscope.errors import SkippedInput, UsageError
from mammoscope.faces.pairs import as_pair
from mammoscope.io import Reader, Source
from mammoscope.measures.mapped import map_box
from tests.pipeline.told import located
from tests.synthetic import breast_pixels, mammogram_dataset, save
from tests.synthetic_landmarks import about
from tests.synthetic_registration import Aligned

SHAPE = (240, 180)


def pair(images):
    """What the fake room says of these images."""
    with Reader() as reader:
        cc, mlo = (reader.about(Source(str(path), path)) for path in images)
    return Aligned(cc, mlo, "right")


def test_a_point_is_looked_for(run, images):
    code, text, _ = run(*images, "--point", "120,100", "--json")
    assert code == 0
    said = json.loads(text)
    wanted = pair(images).search("CC", (120.0, 100.0))
    assert said["search"]["view"] == "MLO"
    np.testing.assert_allclose(said["search"]["mapped"], wanted.mapped, atol=0.01)
    np.testing.assert_allclose(said["search"]["warped"], wanted.warped, atol=0.01)
    assert said["search"]["area_px"] == pytest.approx(wanted.area_px, abs=0.1)
    assert said["search"]["area_mm2"] == pytest.approx(wanted.area_mm2, abs=0.1)
    assert said["box"] is None
    assert said["registration"]["status"] == "result"
    assert said["images"]["CC"]["view_source"] == "ViewCodeSequence"
    assert said["location"]["words"].startswith("right breast, ")


def test_the_same_on_the_other_view_and_from_python(run, images):
    _, text, _ = run(*images, "--point", "100,110", "--on", "MLO", "--json")
    found = mammoscope.register(*images, point=(100.0, 110.0), on="MLO")
    assert found.region.view == "CC"
    np.testing.assert_allclose(json.loads(text)["search"]["mapped"], found.region.mapped, atol=0.01)
    np.testing.assert_allclose(
        found.registration.warp.to_moving(np.array([100.0, 110.0])), found.region.warped
    )


def test_a_box_is_mapped_at_its_own_size_turned_and_by_the_warp(run, images):
    """The turn by (0.95, ±0.2) has the inverse (0.95, ∓0.2) / 0.9425.

    20 high and 30 wide become 20 · 1.00796 + 30 · 0.21220 = 26.53 high and 34.48 wide upright.
    """
    _, text, _ = run(*images, "--box", "100,90,20,30", "--json")
    box = json.loads(text)["box"]
    assert box["asked"] == [100, 90, 20, 30]
    assert len(box["warped_corners"]) == 4
    ends = np.array(box["warped_corners"])
    upright = ends.min(axis=0), np.ptp(ends, axis=0)
    np.testing.assert_allclose(box["warped_rectified"], np.concatenate(upright), atol=0.02)
    np.testing.assert_allclose(box["warped_rectified"][2:], [26.53, 34.48], atol=0.02)
    assert box["mapped"][2:] == [20, 30]
    region = pair(images).search("CC", (110.0, 105.0), (20.0, 30.0))
    np.testing.assert_allclose(box["mapped"][:2], np.array(region.mapped) - [10, 15], atol=0.02)
    turned = np.array(box["mapped_corners"])
    np.testing.assert_allclose(turned.mean(axis=0), region.mapped, atol=0.02)
    np.testing.assert_allclose(turned - turned.mean(axis=0), ends - ends.mean(axis=0), atol=0.02)
    np.testing.assert_allclose(box["mapped_rectified"][2:], [26.53, 34.48], atol=0.02)


def test_a_box_keeps_its_size_in_the_breast(images):
    found = mammoscope.register(*images, box=(100.0, 90.0, 20.0, 30.0))
    one, other = (found.views[view].about for view in ("CC", "MLO"))
    finer = replace(other, spacing=replace(other.spacing, row=other.spacing.row / 2))
    mapped = map_box(
        (100.0, 90.0, 120.0, 120.0), "CC", found.registration.warp, found.region, one, finer
    )
    top, left, bottom, right = mapped.mapped
    assert bottom - top == pytest.approx(40)
    assert right - left == pytest.approx(30)


def test_words_for_a_person(run, images):
    code, text, _ = run(*images, "--box", "100,90,20,30")
    assert code == 0
    assert "R CC: " in text
    assert "row    = +0.9500 row -0.2000 column" in text
    assert "lattice: 9 × 7 nodes, no fold; scale: spacing; registration 0123456789ab" in text
    assert "asked on CC: row 110.0, column 105.0" in text
    assert "holds the partner 90 times of 100" in text
    assert "box by the warp alone, upright around it: " in text
    assert "where: right breast, " in text


def test_without_a_question_the_warp_is_all(run, images):
    code, text, _ = run(*images)
    assert code == 0
    assert "asked" not in text
    assert json.loads(run(*images, "--json")[1])["search"] is None


def test_pictures(run, images, tmp_path):
    code, _, _ = run(*images, "--box", "100,90,20,30", "-o", tmp_path / "out")
    assert code == 0
    shown = {path.name: cv2.imread(str(path)) for path in (tmp_path / "out").iterdir()}
    assert set(shown) == {"cc.png", "mlo.png", "overlay.png"}
    assert {picture.shape for picture in shown.values()} == {(*SHAPE, 3)}
    coloured = {name: (np.ptp(picture.astype(int), axis=2) > 40) for name, picture in shown.items()}
    assert not coloured["overlay.png"].any()
    rows, columns = np.nonzero(coloured["cc.png"])
    assert (rows.min(), rows.max()) == (pytest.approx(100, abs=2), pytest.approx(120, abs=2))
    assert (columns.min(), columns.max()) == (pytest.approx(90, abs=2), pytest.approx(120, abs=2))
    region = pair(images).search("CC", (110.0, 105.0), (20.0, 30.0)).outlines[0]
    rows, _ = np.nonzero(coloured["mlo.png"])
    assert rows.min() <= region[:, 0].min() + 2


def test_the_headers_say_which_is_which(run, images):
    straight = run(*images, "--point", "120,100", "--json")[1]
    swapped = run(*reversed(images), "--point", "120,100", "--json")[1]
    assert json.loads(straight) == json.loads(swapped)


def test_the_order_counts_where_nobody_says(run, rooms, tmp_path):
    paths = []
    for name in ("one", "two"):
        paths.append(tmp_path / f"{name}.png")
        cv2.imwrite(str(paths[-1]), (breast_pixels() >> 4).astype(np.uint8))
    code, text, _ = run(*paths)
    assert code == 0
    assert f"CC: {paths[0]} (view: order of the arguments)" in text
    assert f"MLO: {paths[1]} (view: order of the arguments)" in text


def said(first, second):
    """The views by the order of the arguments, and who says so."""
    found = as_pair([about(first), about(second)])
    return [(one.view.value, one.view.source == "test") for one in found]


@pytest.mark.parametrize(
    ("first", "second", "views"),
    [
        ("CC", "MLO", [("CC", True), ("MLO", True)]),
        ("MLO", "CC", [("MLO", True), ("CC", True)]),
        ("MLO", None, [("MLO", True), ("CC", False)]),
        (None, "CC", [("MLO", False), ("CC", True)]),
        (None, None, [("CC", False), ("MLO", False)]),
    ],
)
def test_views_that_nobody_says_are_what_is_left(first, second, views):
    assert said(first, second) == views


@pytest.mark.parametrize(("first", "second"), [("CC", "CC"), ("ML", "CC"), (None, "ML")])
def test_other_views_are_refused(first, second):
    with pytest.raises(UsageError, match="one CC and one MLO view, received"):
        said(first, second)


def test_two_breasts_are_refused(run, tmp_path, rooms):
    save(mammogram_dataset("CC", "R"), tmp_path / "a.dcm")
    save(mammogram_dataset("MLO", "L"), tmp_path / "b.dcm")
    code, out, error = run(tmp_path / "a.dcm", tmp_path / "b.dcm")
    assert code == 2
    assert out == ""
    assert error.count("\n") == 1
    assert "two views of one breast, received a left and a right one" in error


def test_one_side_that_is_known_is_enough():
    views = as_pair([about("CC", "L"), about("MLO", None)])
    assert [one.laterality and one.laterality.value for one in views] == ["L", None]


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"modifiers": frozenset({"spot"})}, "spot"),
        ({"partial": True}, "partial"),
        ({"implant": True}, "implant"),
    ],
)
def test_what_is_no_whole_view_is_refused(change, word):
    with pytest.raises(SkippedInput, match=word):
        as_pair([about("CC"), replace(about("MLO"), **change)])
    harmless: Modifier = "nipple in profile"
    as_pair([about("CC"), replace(about("MLO"), modifiers=frozenset({harmless}))])


def test_an_unseen_nipple_is_told_with_its_image(run, images, rooms):
    def blind(mammogram):
        found = located(mammogram)
        hidden = {name: replace(one, point=None) for name, one in found.points.items()}
        return replace(found, points=hidden)

    rooms["positioning"] = blind
    code, _, error = run(*images)
    assert code == 3
    assert "R_CC.dcm is not assessed: the nipple is not seen" in error


def test_without_weights_it_says_which(run, images, rooms):
    del rooms["registration"]
    code, _, error = run(*images)
    assert code == 5
    assert "weights of registration" in error
