import numpy as np
import pytest

from mammoscope.learn.augment import Augmentation
from mammoscope.registration.guided.examples import Example, Jitter, Lesion, augmented, still
from mammoscope.registration.guided.frame import CELL, COLUMNS, MARGIN, ROWS
from mammoscope.registration.guided.prepare import example
from tests.registration.guided_pairs import SIZES, pair, views

WIDE = (ROWS + 2 * MARGIN, COLUMNS + 2 * MARGIN)
PLAIN = Augmentation(0.0, gamma=(1.0, 1.0), noise=(0.0, 0.0))


def dots(places=((80, 60), (100, 90))):
    """A bright dot on each view, marked as the same lesion."""
    images = np.zeros((2, *WIDE), np.uint8)
    for image, (row, column) in zip(images, places, strict=True):
        image[row + MARGIN - 3 : row + MARGIN + 4, column + MARGIN - 3 : column + MARGIN + 4] = 255
    lesions = tuple((Lesion(float(row), float(column), 7.0, 7.0),) for row, column in places)
    return Example(images, np.ones((2, *WIDE), np.uint8), lesions, ((0, 0),))


def test_the_pair_as_it_is_holds_each_lesion_where_it_lies():
    images, truth = still()(dots())
    assert images.shape == (2, ROWS, COLUMNS)
    assert truth.points[:, 0].tolist() == [[80.0, 60.0], [100.0, 90.0]]
    assert truth.partners[:, 0].tolist() == [[100.0, 90.0], [80.0, 60.0]]
    assert truth.trust.sum() == 2.0
    assert float(images[0, 80, 60]) == 1.0


@pytest.mark.parametrize("seed", range(8))
def test_picture_and_truth_move_together(seed):
    example = dots()
    view = augmented(PLAIN, Jitter(shift=4.0, rotation=8.0, scale=0.1, apart=0.05))
    images, truth = view(example, np.random.default_rng(seed))
    for side, image in enumerate(images.numpy()):
        row, column = truth.partners[1 - side, 0].tolist()
        bright = np.argwhere(image > 0.9).mean(axis=0)
        np.testing.assert_allclose(bright, (row, column), atol=0.7)


def test_lesions_in_cells_sum_to_one_where_they_lie():
    _, truth = still()(dots())
    heat = truth.lesions.numpy()
    np.testing.assert_allclose(heat.sum(axis=(1, 2)), 1.0, atol=1e-5)
    best = np.unravel_index(heat[0].argmax(), heat[0].shape)
    np.testing.assert_allclose(np.array(best) * CELL + 1.5, (80, 60), atol=2.0)


def test_points_of_a_phantom_are_asked_both_ways():
    bare = dots()
    points = np.array([[[50.0, 40.0], [55.0, 45.0]]])
    one = Example(bare.images, bare.masks, ((), ()), (), points)
    _, truth = still()(one)
    assert truth.points[0, 0].tolist() == [50.0, 40.0]
    assert truth.partners[0, 0].tolist() == [55.0, 45.0]
    assert truth.points[1, 0].tolist() == [55.0, 45.0]
    assert float(truth.trust.sum()) == pytest.approx(2.0)
    assert truth.lesions.sum() == 0


def test_a_pair_of_images_becomes_an_example():
    made = example(pair(), views())
    assert made.images.shape == (2, *WIDE)
    assert made.pairs == ((0, 0),)
    for side, view in enumerate(("CC", "MLO")):
        lesion = made.lesions[side][0]
        assert (lesion.height, lesion.width) == pytest.approx(SIZES[view])
        row, column = round(lesion.row) + MARGIN, round(lesion.column) + MARGIN
        assert made.images[side][row, column] > 230
        assert made.masks[side][row, column]


def test_a_pair_whose_matching_is_assumed_teaches_no_partner():
    made = example(pair(certain=False), views())
    assert made.pairs == ()
    assert made.weight < 1
    assert len(made.lesions[0]) == 1


def test_a_pair_without_landmarks_is_no_example():
    cc, mlo = views()
    assert example(pair(), type(views())(cc, mlo.__class__(mlo.mammogram))) is None
