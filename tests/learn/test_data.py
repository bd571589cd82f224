import numpy as np
import pytest
import torch

from mammoscope.errors import UsageError
from mammoscope.learn.data import (
    Example,
    TrainingViews,
    WholeImages,
    augmented,
    padded,
    training_batches,
)
from mammoscope.segmentation.recipe import Recipe
from tests.segmentation.miniature import labels, picture, tiny


def examples(count=6, weights=None):
    masks = [labels(seed, muscle=True) for seed in range(count)]
    weights = weights or [1.0] * count
    return [
        Example(picture(mask, seed), mask, str(seed), weight)
        for (seed, mask), weight in zip(enumerate(masks), weights, strict=True)
    ]


def views(found=None, seed=0, epoch=0):
    return TrainingViews(found or examples(), augmented(tiny().augmentation), seed, epoch)


def test_eight_and_sixteen_bits_are_zero_to_one():
    mask = np.zeros((1, 2), np.uint8)
    for dtype, most in ((np.uint8, 255), (np.uint16, 65535)):
        assert Example(np.array([[0, most]], dtype), mask).pixels().tolist() == [[0, 1]]


def test_an_example_needs_a_mask_of_its_shape():
    with pytest.raises(UsageError, match=r"\(2, 2\) with \(2, 3\)"):
        Example(np.zeros((2, 2), np.uint8), np.zeros((2, 3), np.uint8))
    with pytest.raises(UsageError, match="float32"):
        Example(np.zeros((2, 2), np.float32), np.zeros((2, 2), np.uint8))


def test_a_view_depends_on_seed_epoch_and_index_alone():
    again, first = views()[3], views()[3]
    torch.testing.assert_close(first, again)
    for other in (views(seed=1)[3], views(epoch=1)[3], views()[2]):
        assert not torch.equal(first[0], other[0])


def test_workers_change_nothing():
    alone = list(training_batches(views(), 2))
    helped = list(training_batches(views(), 2, workers=2))
    for one, other in zip(alone, helped, strict=True):
        torch.testing.assert_close(one, other)


def test_each_epoch_has_its_own_order_of_all_images():
    orders = [list(training_batches(views(epoch=epoch), 2).sampler) for epoch in range(2)]
    assert sorted(orders[0]) == sorted(orders[1]) == list(range(6))
    assert orders[0] != orders[1]


def test_weights_say_how_often_an_image_is_seen():
    weighted = examples(4, [0.0, 1.0, 1.0, 2.0])
    seen = np.bincount(
        np.concatenate([training_batches(views(weighted, epoch=k), 2).sampler for k in range(200)]),
        minlength=4,
    )
    assert seen[0] == 0
    assert seen[3] / seen[1] == pytest.approx(2, rel=0.25)


def test_fewer_images_than_a_batch_are_one_batch():
    assert len(training_batches(views(), 100)) == 1


def test_whole_images_are_padded_below_and_on_the_right():
    (example,) = examples(1)
    image, mask = WholeImages([example], padded(50))[0]
    assert image.shape == (1, 100, 50)
    assert mask.shape == (100, 50)
    np.testing.assert_array_equal(image[0, :64, :48].numpy(), example.pixels())
    assert not image[0, 64:].any()
    assert not mask[:, 48:].any()


def test_default_augmentation_runs_on_small_images():
    view = TrainingViews(examples(2), augmented(Recipe.default().augmentation), 0, 0)[0]
    assert view[0].shape[1:] == Recipe.default().augmentation.geometry.crop


def test_an_epoch_of_as_many_steps_as_asked_for_shows_all_examples_alike():
    batches = training_batches(views(), 2, steps=7)
    assert len(batches) == 7
    counts = np.bincount(list(batches.sampler))
    assert counts.tolist().count(3) == 2  # 14 of 6
    assert counts.tolist().count(2) == 4
    assert len(training_batches(views(), 2, steps=2)) == 2
    weighted = views(examples(weights=[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]))
    assert list(training_batches(weighted, 1, steps=9).sampler) == [0] * 9
