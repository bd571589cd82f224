from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from mammoscope.core import About, Frame, Mammogram
from mammoscope.io.marks import MarkedImage
from mammoscope.learn.augment import Augmentation
from mammoscope.learn.warp import Geometry
from mammoscope.positioning.heatmaps.examples import UNKNOWN, Example, augmented, padded
from mammoscope.positioning.heatmaps.layout import CHANNELS, LINE
from mammoscope.positioning.heatmaps.prepare import example
from mammoscope.positioning.heatmaps.recipe import Recipe

STILL = Augmentation(
    window=0.0,
    geometry=Geometry(0.0, 0.0, 0.0, 0.0, 18.0, 0.0, crop=(64, 48), outside=0),
    gamma=(1.0, 1.0),
    noise=(0.0, 0.0),
)
NIPPLE, FOLD = CHANNELS.index("nipple"), CHANNELS.index("inframammary fold")


def spot(row: float = 30.0, column: float = 20.0, **changes) -> Example:
    """A synthetic image of one bright spot, which is the nipple."""
    image = np.zeros((64, 48), np.uint8)
    image[int(row), int(column)] = 255
    points = {"nipple": np.array([row, column]), "inframammary fold": None}
    mask = np.full((64, 48), UNKNOWN, np.uint8)
    return replace(Example(image, mask, points, in_profile=True), **changes)


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def test_a_view_that_does_not_move_keeps_every_point():
    _, truth = augmented(STILL)(spot(), rng())
    assert truth.points[NIPPLE].tolist() == [30, 20, 1]
    assert truth.shown[NIPPLE] == 1
    assert truth.shown[-1] == 1
    assert truth.shown[FOLD] == 0
    assert torch.isnan(truth.points[FOLD]).all()
    assert torch.isnan(truth.shown[CHANNELS.index(LINE[0])])


def test_the_point_stays_on_the_spot_when_the_view_moves():
    geometry = replace(STILL.geometry, rotation=15.0, scale=0.2, elastic_alpha=60.0, outside=6)
    image = np.zeros((64, 48), np.uint8)
    image[29:32, 19:22] = 255
    for seed in range(8):
        view, truth = augmented(replace(STILL, geometry=geometry))(spot(image=image), rng(seed))
        if truth.shown[NIPPLE] == 1:
            weight = view[0] / view[0].sum()
            row = (weight.sum(dim=1) * torch.arange(64)).sum()
            column = (weight.sum(dim=0) * torch.arange(48)).sum()
            assert torch.stack([row, column]) == pytest.approx(truth.points[NIPPLE, :2], abs=0.6)


def test_nothing_is_known_of_a_landmark_outside_of_the_view():
    cut = replace(STILL, geometry=replace(STILL.geometry, crop=(16, 48)))
    truths = [augmented(cut)(spot(), rng(seed))[1] for seed in range(20)]
    known = [bool(torch.isfinite(truth.shown[NIPPLE])) for truth in truths]
    assert True in known
    assert False in known
    gone = truths[known.index(False)]
    assert torch.isnan(gone.points[NIPPLE]).all()
    assert torch.isnan(gone.shown[-1])
    assert gone.shown[FOLD] == 0


def test_trust_goes_with_the_point():
    _, truth = padded(16)(spot(trust={"nipple": 0.4}))
    assert truth.points[NIPPLE, 2] == pytest.approx(0.4)


def test_the_whole_image_is_padded_below_and_on_the_right():
    image, truth = padded(32)(spot())
    assert image.shape == (1, 64, 64)
    assert truth.mask.shape == (32, 32)
    assert image[0, 30, 20] == 1
    assert truth.points[NIPPLE, :2].tolist() == [30, 20]


def marked(side: str) -> tuple[MarkedImage, Mammogram]:
    """A synthetic half disc whose nipple is its foremost point."""
    down, across = np.indices((200, 140))
    inside = ((down - 100) / 60) ** 2 + (across / 90) ** 2 < 1
    pixels = np.where(inside, 0.7, 0.0).astype(np.float32)
    nipple = (100.0, 88.0)
    if side == "right":
        pixels, nipple = np.ascontiguousarray(pixels[:, ::-1]), (100.0, 51.0)
    record = MarkedImage(
        Path("synthetic.png"), "woman", "synthetic", "MLO", "film", (200, 140), {"nipple": nipple},
        {"nipple": 2}, chest_wall=side,
    )  # fmt: skip
    return record, Mammogram(pixels, About("synthetic", (200, 140)), Frame.of((200, 140)))


def test_marks_of_either_side_lie_at_the_same_place():
    left, right = (example(*marked(side), Recipe()) for side in ("left", "right"))
    assert left.points["nipple"] == pytest.approx(right.points["nipple"])
    assert (left.image == right.image).all()
    assert left.trust == {"nipple": 0.8}


def test_a_mark_of_the_side_counts_more_than_the_pixels():
    record, mammogram = marked("left")
    turned = example(replace(record, chest_wall="right"), mammogram, Recipe())
    assert (turned.image[:, ::-1] == example(record, mammogram, Recipe()).image).all()


def test_a_mask_goes_the_way_of_the_image():
    record, mammogram = marked("right")
    mask = (mammogram.pixels > 0).astype(np.uint8)
    said = example(record, mammogram, Recipe(), mask)
    assert ((said.mask > 0) == (said.image > 127)).mean() > 0.98
    assert (example(record, mammogram, Recipe()).mask == UNKNOWN).all()
