"""Training views: the truth moves with the breast."""

from dataclasses import replace

import numpy as np
import torch

from mammoscope.findings.dense.recipe import Recipe
from mammoscope.findings.dense.views import stacked, still, varied
from mammoscope.image.windows import CELL, MARGIN
from mammoscope.learn.boxed import Example

RECIPE = replace(Recipe.default(), crop=(512, 416))


def example(top=150, left=60, high=60, wide=40, shape=(300, 200)):
    image = np.zeros(shape, np.uint8)
    image[top : top + high, left : left + wide] = 255
    box = np.array([[top - 0.5, left - 0.5, top + high - 0.5, left + wide - 0.5]])
    return Example(image, box, np.zeros(1, int))


def told(truth):
    """The middle and sides that the best cell tells, in pixels of the view."""
    row, column = np.unravel_index(int(truth.heat[0].argmax()), truth.heat.shape[1:])
    down, across, high, wide = truth.box[:, row, column].tolist()
    middle = MARGIN + CELL * np.array([row + 0.5 + down, column + 0.5 + across]) - 0.5
    return middle, CELL * np.exp([high, wide])


def seen(image):
    """The middle and extent of what is bright."""
    rows, columns = np.nonzero(image[0].numpy() > 0.5)
    return np.array([rows.mean(), columns.mean()]), np.array([np.ptp(rows) + 1, np.ptp(columns) + 1])


def test_the_breast_as_it_is():
    image, truth = still(RECIPE)(example())
    for part, other in zip(told(truth), seen(image), strict=True):
        np.testing.assert_allclose(part, other, atol=0.6)


def test_the_truth_moves_with_the_breast():
    plain = replace(
        RECIPE.variation, turn=20.0, gamma=0.0, contrast=0.0, brightness=0.0, apart=0.0, noise=0.0
    )
    view = varied(replace(RECIPE, variation=plain))
    stack = stacked([example(), example(40, 120, 30, 50)])
    turned = set()
    for seed in range(12):
        images, truth = view(stack, torch.Generator().manual_seed(seed))
        for place in range(2):
            middle, _ = seen(images[place])
            own = type(truth)(truth.heat[place], truth.box[place])
            np.testing.assert_allclose(told(own)[0], middle, atol=1.0)
            turned.add(tuple(np.rint(middle).astype(int)))
    assert len(turned) > 20


def test_a_view_is_the_seeds():
    view, stack = varied(RECIPE), stacked([example()])
    one, two, other = (view(stack, torch.Generator().manual_seed(seed))[0] for seed in (1, 1, 2))
    assert torch.equal(one, two)
    assert not torch.equal(one, other)


def test_each_class_has_its_own_heat():
    recipe = replace(RECIPE, network=replace(RECIPE.network, classes=2), classes=("mass", "asymmetry"))
    one = example()
    two = replace(one, boxes=np.repeat(one.boxes, 2, axis=0), kinds=np.array([0, 1]))
    for image, shown in ((one, [True, False]), (two, [True, True])):
        _, truth = still(recipe)(image)
        assert (truth.heat.amax(dim=(1, 2)) > 0.5).tolist() == shown


def test_an_image_without_findings_has_no_heat():
    empty = replace(example(), boxes=np.zeros((0, 4)), kinds=np.zeros(0, int))
    _, truth = still(RECIPE)(empty)
    assert truth.heat.max() == 0
