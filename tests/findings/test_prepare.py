from dataclasses import replace

import numpy as np
import pytest

from mammoscope.core import Frame
from mammoscope.errors import UsageError
from mammoscope.findings.prepare import examples, prepare, within
from tests.findings.miniature import CENTRE, RADIUS, box, image, tiny, write


def test_a_kept_image_is_what_is_prepared_and_is_made_once(tmp_path):
    recipe = tiny()
    record = write(tmp_path)
    (first,) = prepare([record], recipe, tmp_path / "kept")
    made = {path: path.stat().st_mtime_ns for path in (tmp_path / "kept").iterdir()}
    (again,) = prepare([record], recipe, tmp_path / "kept")
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "kept").iterdir()} == made
    assert again.record is record
    assert again.frame == first.frame
    channels = again.channels()
    assert channels.dtype == np.uint8
    assert channels.shape == (3, *again.frame.shape)
    assert again.inside().shape == tuple((length + 3) // 8 for length in again.frame.shape)


def test_another_pixel_size_is_kept_apart(tmp_path):
    record = write(tmp_path)
    (fine,) = prepare([record], tiny(), tmp_path / "kept")
    (coarse,) = prepare([record], replace(tiny(), spacing_mm=2.0), tmp_path / "kept")
    assert coarse.frame.step == (2.0, 2.0)
    np.testing.assert_allclose(coarse.boxes[0] * 2, fine.boxes[0], atol=2)


def test_the_bright_disc_lies_in_its_box(tmp_path):
    (one,) = prepare([write(tmp_path)], tiny(), tmp_path / "kept")
    bright = np.argwhere(one.channels()[0] > 200)
    top, left, bottom, right = one.boxes[0]
    np.testing.assert_allclose([*bright.min(axis=0), *bright.max(axis=0)],
                               [top + 0.5, left + 0.5, bottom - 0.5, right - 0.5], atol=1)  # fmt: skip


def test_a_box_in_a_frame_by_hand():
    frame = Frame.of((100, 100)).crop(10, 20, 40, 40).resize((20, 20))
    assert within((9.5, 19.5, 29.5, 39.5), frame) == pytest.approx((-0.5, -0.5, 9.5, 9.5))
    assert within(box(), Frame.of((240, 180))) == pytest.approx(box())


def made():
    images = [
        image(0), image(1, (100, 60)), image(2, (90, 60)), image(3, (90, 60), ("mass", "asymmetry")),
        image(4, (100, 50), ("suspicious calcification",)), image(5, (80, 60), ("skin thickening",)),
        image(6, None), image(7, None),
    ]  # fmt: skip
    return examples(images, tiny())


def test_every_finding_of_a_known_kind_is_an_example_and_every_normal_image():
    kinds = [one.kinds for one in made()]
    assert kinds == [("mass",)] * 4 + [("suspicious calcification",), (), ()]
    assert [one.box is None for one in made()] == [False] * 5 + [True] * 2
    assert len({one.seed for one in made()}) == 7


def test_every_class_weighs_as_much_as_any_other():
    weights = {}
    for one in made():
        weights[one.kinds] = weights.get(one.kinds, 0) + one.weight
    assert list(weights.values()) == pytest.approx([1, 1, 1])


def test_an_image_with_a_finding_is_normal_away_from_it_where_the_recipe_says_so():
    recipe = replace(tiny(), normals="every image")
    *_, normal = examples([image(0)], recipe)
    assert normal.box is None
    rng = np.random.default_rng(0)
    for _ in range(20):
        top, left, bottom, right = normal.drawn(recipe, rng)
        row, column = CENTRE[0] - normal.image.frame.matrix[0][2], CENTRE[1]
        assert not (top < row + RADIUS and bottom > row - RADIUS
                    and left < column + RADIUS and right > column - RADIUS)  # fmt: skip


def test_patches_are_reproduced_by_a_seed():
    one, recipe = made()[0], tiny()
    first, same, other = (one.patch(recipe, np.random.default_rng(seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, same)
    assert (first != other).any()
    assert first.shape == (3, 64, 64)


def test_a_set_without_findings_or_without_normal_breasts_is_refused():
    with pytest.raises(UsageError, match="got 0 of mass"):
        examples([image(0, None)], tiny())
    with pytest.raises(UsageError, match="every image"):
        examples([image(0)], tiny())
