"""Breasts with boxes in one file."""

import numpy as np

from mammoscope.learn.boxed import Example, load_examples, save_examples


def test_examples_are_read_as_they_were_written(tmp_path):
    rows, columns = np.mgrid[:60, :40]
    smooth = (rows + 2 * columns).astype(np.uint8)
    boxes = np.array([[1.5, 2.5, 10.5, 20.5], [0.0, 0.0, 4.0, 4.0]])
    written = [
        Example(smooth, boxes, np.array([0, 2]), "one", "a"),
        Example(smooth[:30], np.zeros((0, 4)), np.zeros(0, int), "two", "b"),
    ]
    save_examples(tmp_path / "kept.npz", written)
    read = load_examples(tmp_path / "kept.npz")
    assert [(one.name, one.woman) for one in read] == [("one", "a"), ("two", "b")]
    for one, other in zip(read, written, strict=True):
        np.testing.assert_array_equal(one.boxes, other.boxes)
        np.testing.assert_array_equal(one.kinds, other.kinds)
        assert np.abs(one.image.astype(int) - other.image).max() <= 3
