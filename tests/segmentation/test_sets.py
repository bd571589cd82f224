from pathlib import Path

import pytest

from mammoscope.errors import UsageError
from mammoscope.io.annotations import SegmentationRecord
from mammoscope.segmentation.sets import split


def records(dataset="Fuji", women=30, each=4, raw=False):
    kinds = ("processed", "raw") if raw else ("processed",)
    return [
        SegmentationRecord(
            Path(f"{dataset}-{woman}-{image}-{kind}.dcm"), Path("m.png"), f"{dataset} {woman}", dataset,
            kind=kind,
        )
        for woman in range(women) for image in range(each) for kind in kinds
    ]  # fmt: skip


def women(found):
    return {record.woman for record in found}


def test_no_woman_is_in_two_sets_and_none_is_lost():
    sets = split(records(), test=20, validation=10)
    parts = [women(part) for part in (sets.training, sets.validation, sets.test)]
    assert sum(map(len, parts)) == len(set.union(*parts)) == 30
    assert len(sets.training) + len(sets.validation) + len(sets.test) == 120


def test_each_data_set_gives_at_least_so_many_images():
    sets = split(records("Fuji", each=3) + records("GE", each=5), test=20, validation=10)
    for dataset, test, validation in (("Fuji", 21, 12), ("GE", 20, 10)):
        assert sum(record.dataset == dataset for record in sets.test) == test
        assert sum(record.dataset == dataset for record in sets.validation) == validation


def test_the_papers_sizes_are_the_default():
    sets = split(records(women=60))
    assert (len(sets.test), len(sets.validation), len(sets.training)) == (100, 80, 60)


def test_raw_images_follow_their_woman_and_are_not_counted():
    sets = split(records(raw=True), test=20, validation=10)
    assert sum(record.kind == "raw" for record in sets.test) == 20
    assert sum(record.kind == "processed" for record in sets.test) == 20


def test_the_order_of_records_does_not_matter_and_the_seed_does():
    found = records()
    assert split(found, 20, 10) == split(found[::-1], 20, 10)
    assert split(found, 20, 10) != split(found, 20, 10, seed=1)


def test_a_data_set_does_not_change_the_split_of_another():
    alone, both = split(records(), 20, 10), split(records() + records("GE"), 20, 10)
    assert alone == both.without("GE")


def test_too_few_images_are_refused():
    with pytest.raises(UsageError, match="Fuji has 12 images of 3 women"):
        split(records(women=3), test=8, validation=4)
    with pytest.raises(UsageError, match="no records"):
        split([])


def test_kinds_can_be_chosen():
    sets = split(records(raw=True), 20, 10).only("processed", "film")
    assert {record.kind for record in sets.training} == {"processed"}
