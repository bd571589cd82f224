"""The detector's truth and loss, worked by hand."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from mammoscope.registration.affine import normalised
from mammoscope.registration.pretrain import Marked, Proposed, found, loss, tensors
from tests.registration.pairs import small_example

SIZE = 64


def marked(*edges):
    """Truth of an example whose lesions have these (left, top, right, bottom) in pixels, both views."""
    ends = np.array(edges, float).reshape(-1, 2, 2)[..., ::-1]
    boxes = normalised(ends, SIZE).reshape(-1, 1, 4).repeat(2, axis=1)
    return tensors(replace(small_example(SIZE), boxes=boxes))[1]


def test_places_in_a_box_hold_it():
    # places lie at 0, 16, 32 and 48: a box from 10 to 40 across and 20 to 35 down holds two
    truth = marked((10, 20, 40, 35))
    expected = torch.zeros(4, 4)
    expected[2, 1:3] = 1
    assert (truth.lesion == expected).all()
    torch.testing.assert_close(truth.boxes[0, 2, 1], torch.tensor([10.0, 20.0, 40.0, 35.0]))


def test_a_box_between_places_is_held_by_the_nearest():
    truth = marked((20, 20, 26, 26))
    assert truth.lesion.sum() == 2  # one a view
    assert truth.lesion[0, 1, 1] == 1


def test_of_two_boxes_the_smaller_is_held():
    truth = marked((0, 0, 60, 60), (30, 30, 34, 34))
    assert truth.boxes[0, 2, 2].tolist() == pytest.approx([30, 30, 34, 34], abs=1e-4)
    assert truth.boxes[0, 0, 0].tolist() == pytest.approx([0, 0, 60, 60], abs=1e-4)


def said(score, box):
    return Proposed(torch.full((2, 1, 1), score), torch.tensor(box).expand(2, 1, 1, 4))


def test_the_loss_of_one_place_a_view():
    truth = Marked(
        torch.tensor([[[[1.0]], [[0.0]]]]), torch.tensor([0.0, 0.0, 2.0, 2.0]).expand(1, 2, 1, 1, 4)
    )
    # score 0 is one half: 0.25 × 0.5² × ln 2 with a lesion, 0.75 × 0.5² × ln 2 without it
    found_loss = loss(said(0.0, [0.0, 0.0, 2.0, 1.0]), truth)
    assert float(found_loss) == pytest.approx(0.25 * np.log(2) + 0.5)


def test_without_lesions_scores_alone_count():
    truth = Marked(torch.zeros(1, 2, 1, 1), torch.zeros(1, 2, 1, 1, 4))
    assert float(loss(said(0.0, [0.0, 0.0, 2.0, 1.0]), truth)) == pytest.approx(
        2 * 0.75 * 0.25 * np.log(2)
    )


def test_the_likeliest_place_counts():
    score = torch.tensor([[[0.0, 1.0]], [[1.0, 0.0]]])
    truth = Marked(torch.tensor([[[[0.0, 1.0]], [[0.0, 1.0]]]]), torch.zeros(1, 2, 1, 2, 4))
    assert float(found(Proposed(score, torch.zeros(2, 1, 2, 4)), truth)["lesions found first"]) == 0.5
