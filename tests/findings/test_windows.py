import numpy as np
import pytest

from mammoscope.errors import GeometryError
from mammoscope.findings import windows


def test_the_papers_windows_of_an_image():
    places = windows.corners((320, 288))
    assert places.tolist() == [[0, 0], [0, 32], [32, 0], [32, 32], [64, 0], [64, 32]]


def test_every_pixel_lies_in_a_window():
    for shape in ((256, 257), (300, 100), (10, 10), (511, 320)):
        covered = np.zeros(shape, bool)
        for top, left in windows.corners(shape).tolist():
            covered[top : top + 256, left : left + 256] = True
        assert covered.all()


def test_a_heatmap_by_hand():
    # windows of 2 pixels at columns 0, 1 and 2 of a row that say 0.3, 0.6 and 0.9
    places = np.array([[0, 0], [0, 1], [0, 2]])
    said = np.array([[0.3], [0.6], [0.9]], np.float32)
    heat = windows.heatmap(said, places, (3, 5), 2)
    row = [0.3, 0.45, 0.75, 0.9, 0.0]
    np.testing.assert_allclose(heat, [[row, row, [0] * 5]], atol=1e-6)


def test_windows_outside_the_breast_are_left_out():
    inside = np.zeros((96, 64), bool)
    inside[40, 33] = True
    kept = windows.on(inside, windows.corners((96, 64), 32), 32)
    assert kept.tolist() == [[32, 32]]
    assert not len(windows.on(np.zeros((96, 64), bool), windows.corners((96, 64), 32), 32))


@pytest.mark.parametrize("offset", range(0, 8, 3))
def test_a_bright_square_is_found_where_it_is_at_every_place_of_the_stride(offset):
    size, stride = 16, 4
    image = np.zeros((1, 72, 60), np.float32)
    image[0, 20 + offset : 28 + offset, 24 + offset : 32 + offset] = 1
    places = windows.corners((72, 60), size, stride)
    said = windows.probabilities(image, lambda batch: batch.mean(axis=(2, 3)), places, size)
    heat = windows.heatmap(said, places, (72, 60), size)[0]
    found = np.argwhere(heat > 0.9 * heat.max()).mean(axis=0)
    assert np.abs(found - [23.5 + offset, 27.5 + offset]).max() <= stride / 2


def test_batches_say_what_windows_say_one_by_one():
    image = np.random.default_rng(0).random((3, 50, 70)).astype(np.float32)
    places = windows.corners((50, 70), 16, 8)
    seen = []

    def score(batch):
        seen.append(len(batch))
        return batch.max(axis=(2, 3))

    said = windows.probabilities(image, score, places, 16, batch=7)
    assert max(seen) == 7
    for (top, left), values in zip(places.tolist(), said, strict=True):
        np.testing.assert_array_equal(
            values, image[:, top : top + 16, left : left + 16].max(axis=(1, 2))
        )


def test_no_stride_is_refused():
    with pytest.raises(GeometryError, match="0"):
        windows.corners((10, 10), 4, 0)
