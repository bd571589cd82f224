"""Data sets by name, and images split by woman."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from mammoscope.errors import UsageError
from mammoscope.findings.sets import SOURCES, split, to_measure
from mammoscope.io.findings import FindingsImage
from tests.findings import miniature_cesm, miniature_phantoms, miniature_vindr
from tests.registration import miniature_cbis


def images(women, dataset="A", part=None, start=0):
    return [
        FindingsImage(Path(f"{dataset}{woman}{view}"), f"{dataset} {woman}", dataset, "L", view,
                      "film", (), part=part)
        for woman in range(start, start + women) for view in ("CC", "MLO")
    ]  # fmt: skip


def women(part):
    return {image.woman for image in part}


def test_no_woman_is_in_two_sets_and_all_images_are_in_one():
    sets = split(images(50))
    found = [women(part) for part in (sets.training, sets.validation, sets.test)]
    assert [len(part) for part in found] == [36, 4, 10]
    assert len(set.union(*found)) == 50
    assert len(sets.development) + len(sets.test) == 100
    assert sets.left_out == 0


def test_the_order_of_images_does_not_matter():
    shuffled = images(50)[::-1]
    assert women(split(shuffled).test) == women(split(images(50)).test)


def test_a_published_test_set_is_the_test_set():
    sets = split(images(20, part="training") + images(5, part="test", start=20))
    assert women(sets.test) == {f"A {number}" for number in range(20, 25)}
    assert len(women(sets.validation)) == 2


def test_a_woman_of_both_published_sets_only_tests():
    sets = split(images(20, part="training") + images(5, part="test", start=18))
    assert women(sets.test) == {f"A {number}" for number in range(18, 23)}
    assert len(sets.test) == 10
    assert sets.left_out == 4


def test_each_data_set_is_split_by_itself():
    sets = split(images(20, part="training") + images(5, part="test", start=20) + images(10, "B"))
    assert Counter(image.dataset for image in sets.test) == {"A": 10, "B": 4}


def test_half_a_split_is_refused():
    with pytest.raises(UsageError, match="for all images of A or for none"):
        split(images(20, part="training") + images(5, start=20))


def test_an_empty_set_is_refused():
    with pytest.raises(UsageError, match="the validation set of 4 images is empty"):
        split(images(2, part="training") + images(0))


def test_without_training_what_no_set_is_named_of_is_measured_whole():
    known = images(3, part="training") + images(2, part="test", start=3)
    assert to_measure([*known, *images(4, "B")]) == (*known[6:], *images(4, "B"))
    assert to_measure([replace(one, part="training") for one in images(2)]) == ()


def test_every_word_reads_its_layout(tmp_path):
    square = miniature_cesm.SQUARE
    rows = [miniature_cesm.row(1, **miniature_cesm.MASS)]
    mask = miniature_cesm.breast_pixels(shape=miniature_cesm.SHAPE, bits=8) * 0
    mask[50:70, 40:60] = 255
    places = {
        "vindr": miniature_vindr.write(tmp_path / "vindr", 1, 1),
        "cbis": miniature_cbis.dicom(tmp_path / "cbis", 1, 1),
        "lesions": miniature_cbis.lesions_table(tmp_path / "lesions", 2),
        "cesm": miniature_cesm.published(tmp_path / "cesm", rows, [("P1_L_DM_CC", square)]),
        "cesm-masks": miniature_cesm.masked(tmp_path / "masks", rows, [mask]),
        "phantoms": miniature_phantoms.write(tmp_path / "phantoms"),
    }
    assert set(places) == set(SOURCES)
    found = {name: SOURCES[name].read(place, lambda: None) for name, place in places.items()}
    assert {name: len(images) for name, (images, _) in found.items()} == {
        "vindr": 4, "cbis": 4, "lesions": 4, "cesm": 1, "cesm-masks": 1, "phantoms": 4,
    }  # fmt: skip
    assert SOURCES["lesions"].read(places["lesions"].parent, lambda: None) == found["lesions"]
