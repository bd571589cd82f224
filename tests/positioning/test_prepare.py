from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.io.marks import MarkedImage
from mammoscope.positioning.marked import is_poor, marked, usable
from mammoscope.positioning.prepare import prepare
from mammoscope.positioning.recipe import Recipe
from tests.positioning.frames import breast, tiny

POINTS = {"nipple": (60.0, 50.0), "pectoral upper": (0.0, 40.0), "pectoral lower": (60.0, 10.0)}


def record(points=POINTS, image=Path("synthetic.png"), **others):
    return MarkedImage(
        image=image, woman="synthetic", dataset="synthetic", view="MLO", kind="processed",
        shape=(120, 90), points=points, **others,
    )  # fmt: skip


@pytest.fixture
def image(tmp_path):
    path = tmp_path / "synthetic.png"
    cv2.imwrite(str(path), np.rint(breast().pixels * 255).astype(np.uint8))
    return path


def test_points_are_of_both_ends_and_the_nipple():
    np.testing.assert_array_equal(marked(record()), [[60, 10], [0, 40], [60, 50]])


def test_an_image_without_a_landmark_is_named_and_left_out():
    for points in ({**POINTS, "nipple": None}, {"nipple": (1.0, 1.0)}):
        with pytest.raises(UsageError, match="one lacks"):
            marked(record(points))
        assert usable([record(points), record(), replace(record(), view="CC")]) == [record()]


@pytest.mark.parametrize(
    ("nipple", "poor"),
    [
        # the line is column = 40 - row / 2; the foot of (60, 50) is (44, 18): inside
        ((60.0, 50.0), False),
        # row + 2 (40 - column) grows along the normal: (100, 30) has its foot at (92, -6)
        ((100.0, 30.0), True),
    ],
)
def test_poor_is_where_the_foot_lies_outside_of_the_image(nipple, poor):
    assert bool(is_poor(record({**POINTS, "nipple": nipple}))) is poor


def test_an_example_is_the_frame_with_the_extended_line(tmp_path, image):
    recipe = tiny()
    (example,) = prepare([record(image=image)], recipe, tmp_path / "kept")
    assert example.image.shape == (64, 64)
    assert example.image.dtype == np.uint16
    assert example.poor is False
    # column = 40 - row / 2 is 35 at row 10, and 10 at row 60
    expected = np.array([[60.0, 10.0], [10.0, 35.0], [60.0, 50.0]])
    np.testing.assert_allclose(example.frame.to_source(example.points), expected, atol=1e-6)
    assert example.pixels().max() == pytest.approx(0.6, abs=0.01)


def test_frames_are_kept_until_what_they_are_made_of_changes(tmp_path, image):
    folder, first = tmp_path / "kept", record(image=image)
    moved = record({**POINTS, "nipple": (61.0, 50.0)}, image=image)
    for changed, recipe, files in (
        (first, tiny(), 2),
        (first, tiny(), 2),
        (moved, tiny(), 4),
        (first, replace(tiny(), margin=0.0), 6),
    ):
        prepare([changed], recipe, folder)
        assert len(list(folder.iterdir())) == files


def test_marks_of_another_image_are_refused(tmp_path, image):
    other = replace(record(image=image), shape=(121, 90))
    with pytest.raises(UsageError, match=r"\(121, 90\).*\(120, 90\)"):
        prepare([other], tiny(), tmp_path / "kept")


@pytest.mark.shared
def test_real_marks_land_in_the_frame(tmp_path, shared):
    from mammoscope.io.marks import read_marks

    records = usable(read_marks(shared / "data" / "landmarks_train.csv"))
    assert len(records) == 436
    some = [one for one in records if one.kind == "film"][:3]
    for example, one in zip(prepare(some, Recipe.paper(), tmp_path), some, strict=True):
        assert example.image.shape == (512, 512)
        back = example.frame.to_source(example.points)
        np.testing.assert_allclose(back[2], marked(one)[2], atol=1e-6)
