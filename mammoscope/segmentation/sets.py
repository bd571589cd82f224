"""Training, validation and test sets: by woman, never by image."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from mammoscope.errors import UsageError
from mammoscope.io.annotations import SegmentationRecord

Records = tuple[SegmentationRecord, ...]


@dataclass(frozen=True)
class Sets:
    """Records of different women in each set."""

    training: Records
    validation: Records
    test: Records

    def only(self, *kinds: str) -> "Sets":
        """The same sets with images of some kinds alone."""
        return Sets(*(
            tuple(record for record in records if record.kind in kinds)
            for records in (self.training, self.validation, self.test)
        ))  # fmt: skip

    def without(self, dataset: str) -> "Sets":
        """The same sets without one data set."""
        return Sets(*(
            tuple(record for record in records if record.dataset != dataset)
            for records in (self.training, self.validation, self.test)
        ))  # fmt: skip


def split(
    records: Sequence[SegmentationRecord], test: int = 100, validation: int = 80, seed: int = 0
) -> Sets:
    """Split each data set at random by woman (section 2.1.2).

    Women are drawn for the test set until it holds at least `test` images, then for the
    validation set until `validation`, the rest train. Raw images, which repeat processed ones,
    follow their woman and are not counted. The same records give the same split in any order.

    Args:
        records: Of any number of data sets.
        test: At least so many test images of each data set.
        validation: At least so many validation images of each.
        seed: Of the draw.

    Raises:
        UsageError: If a data set leaves nothing to train on.
    """
    by_dataset: dict[str, dict[str, list[SegmentationRecord]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        by_dataset[record.dataset][record.woman].append(record)
    parts = [
        _split_one(name, by_dataset[name], (test, validation), seed) for name in sorted(by_dataset)
    ]
    if not parts:
        raise UsageError("no records to split: name at least one data set")
    return Sets(*(tuple(sum(part, ())) for part in zip(*parts, strict=True)))


def _split_one(
    name: str, women: dict[str, list[SegmentationRecord]], least: tuple[int, int], seed: int
) -> tuple[Records, Records, Records]:
    order = sorted(women)
    np.random.default_rng((seed, *name.encode())).shuffle(order)
    drawn: list[Records] = []
    for wanted in least:
        images: list[SegmentationRecord] = []
        while sum(record.kind != "raw" for record in images) < wanted and order:
            images += sorted(women[order.pop()], key=lambda record: str(record.image))
        drawn.append(tuple(images))
    rest = [record for woman in sorted(order) for record in women[woman]]
    if not rest:
        count = sum(record.kind != "raw" for images in women.values() for record in images)
        raise UsageError(
            f"{name} has {count} images of {len(women)} women: too few for {least[0]} test, "
            f"{least[1]} validation and any training images; ask for smaller sets"
        )
    test, validation = drawn
    return tuple(sorted(rest, key=lambda record: str(record.image))), validation, test
