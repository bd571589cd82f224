"""Training from memory: what a batch holds, and that a seed reproduces it."""

from collections import Counter
from types import SimpleNamespace

import pytest
import torch

from mammoscope.learn.resident import Order, Resident


def places(order):
    return [place for batch, _ in order for place in batch.tolist()]


def test_each_example_comes_as_often_as_any_other_but_for_one():
    counts = Counter(places(Order(count=7, batch=3, steps=10, seed=0, epoch=0)))
    assert sum(counts.values()) == 30
    assert set(counts.values()) <= {4, 5}
    assert len(counts) == 7


def test_without_steps_an_epoch_shows_each_once_but_a_short_batch():
    shown = places(Order(count=7, batch=3, steps=0, seed=0, epoch=0))
    assert len(shown) == len(set(shown)) == 6


def test_fewer_examples_than_a_batch_are_one_batch():
    assert sorted(places(Order(count=2, batch=8, steps=0, seed=0, epoch=0))) == [0, 1]


def test_seed_and_epoch_decide():
    def drawn(seed, epoch):
        return [(batch.tolist(), number) for batch, number in Order(9, 2, 4, seed, epoch)]

    assert drawn(0, 1) == drawn(0, 1)
    assert drawn(0, 1) != drawn(0, 2)
    assert drawn(0, 1) != drawn(1, 1)


def test_the_end_of_an_epoch_is_told():
    with pytest.raises(IndexError):
        Order(4, 2, 3, 0, 0)[3]


def resident(training=True):
    def view(stack, generator):
        return stack[0] + torch.rand(1, generator=generator), stack[1]

    def stack(examples):
        return torch.tensor(examples), torch.arange(3)

    made = Resident([10, 20, 30], [1], stack, view, lambda one: (one, one))
    made.trainer = SimpleNamespace(training=training)
    return made


def test_examples_of_a_batch_are_varied_by_its_seed():
    batch = torch.tensor([2, 0]), 5
    one, two = (resident().on_after_batch_transfer(batch, 0) for _ in range(2))
    assert torch.equal(one[0], two[0])
    assert torch.equal(one[1], torch.tensor([2, 0]))
    assert torch.equal(one[0].floor(), torch.tensor([30.0, 10.0]))
    assert not torch.equal(one[0], resident().on_after_batch_transfer((batch[0], 6), 0)[0])


def test_validation_batches_stay_as_they_are():
    batch = torch.zeros(1), torch.ones(1)
    assert resident(training=False).on_after_batch_transfer(batch, 0) is batch
