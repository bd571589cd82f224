import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from mammoscope.errors import UsageError
from mammoscope.io.marks import MarkedImage
from mammoscope.positioning.sets import by_hash, split

POINTS = {"nipple": (60.0, 50.0), "pectoral upper": (0.0, 40.0), "pectoral lower": (60.0, 10.0)}


def image(woman, part="", view="MLO", points=POINTS):
    name = Path(f"synthetic_{woman}_{view}.png")
    return MarkedImage(name, woman, "synthetic", view, "processed", (120, 90), points, split=part)


def test_the_tables_own_split():
    records = [image("a", "train"), image("b", "validation"), image("c", "test"), image("d", "train")]
    sets = split(records)
    found = [[record.woman for record in part] for part in (sets.training, sets.validation, sets.test)]
    assert found == [["a", "d"], ["b"], ["c"]]


def test_a_woman_stays_in_one_set():
    records = [image("a", "train"), image("a", "test"), image("b", "validation")]
    with pytest.raises(UsageError, match="a woman's images are in test and train"):
        split(records)
    with pytest.raises(UsageError, match="a split for every image or for none"):
        split([image("a", "train"), image("b")])


def test_women_without_a_split_are_dealt_by_a_hash():
    women = [f"woman {number}" for number in range(200)]
    sets = split([image(woman, view=view) for woman in women for view in ("CC", "MLO")])
    parts = [{one.woman for one in part} for part in (sets.training, sets.validation, sets.test)]
    assert sum(map(len, parts)) == 200
    assert all(len(part) * 2 == len(records) for part, records in
               zip(parts, (sets.training, sets.validation, sets.test), strict=True))  # fmt: skip
    assert [round(len(part) / 200, 1) for part in parts] == [0.8, 0.1, 0.1]


def test_the_hash_is_the_first_eight_digits_of_sha_256():
    digit = int(hashlib.sha256(b"woman 1").hexdigest()[:8], 16) % 10
    assert by_hash("woman 1") == {0: "test", 1: "validation"}.get(digit, "train")


def test_the_papers_models_take_mlo_views_with_three_landmarks():
    records = [
        image(woman, part) for woman, part in zip("abc", ("train", "validation", "test"), strict=True)
    ]
    more = [image("a", "train", "CC"), image("c", "test", points={**POINTS, "nipple": None})]
    sets = split(records + more)
    assert (len(sets.training), len(sets.test)) == (2, 2)
    assert (len(sets.usable().training), len(sets.usable().test)) == (1, 1)


def test_a_set_without_any_says_so():
    records = [image("a", "train"), image("b", "validation"), replace(image("c", "test"), view="CC")]
    with pytest.raises(UsageError, match="the test set of 3 images has no MLO view"):
        split(records)
