"""Auxiliary targets: the columns that data have."""

from dataclasses import replace
from pathlib import Path

import pytest

from mammoscope.errors import SettingsError
from mammoscope.io.screening import ScreeningImage
from mammoscope.screening.loss import MISSING
from mammoscope.screening.network import Head
from mammoscope.screening.targets import COLUMNS, classes_of, heads_of, mirrored

PLAIN = ScreeningImage(Path("a"), "w", "synthetic", "L", "CC", False)
FULL = replace(
    PLAIN, laterality="R", view="MLO", site="2", implant=True, biopsy=True, invasive=False, birads=2,
    density="C", difficult_negative=True, machine="49", age=63.0,
)  # fmt: skip
OTHER = replace(
    PLAIN, site="1", implant=False, biopsy=False, invasive=True, birads=0, density="B",
    difficult_negative=False, machine="21", age=59.0,
)  # fmt: skip


def test_eleven_columns_in_the_papers_order():
    assert tuple(COLUMNS) == (
        "site", "laterality", "view", "implant", "biopsy", "invasive", "BI-RADS", "density",
        "difficult negative", "machine", "age",
    )  # fmt: skip
    assert [head.name for head in heads_of([FULL, OTHER])] == list(COLUMNS)


def test_a_column_that_a_set_lacks_or_that_never_varies_has_no_head():
    assert heads_of([PLAIN, PLAIN]) == ()
    assert heads_of([PLAIN, replace(PLAIN, view="MLO", density="A")]) == (Head("view", ("CC", "MLO")),)


def test_age_is_told_by_decade_and_a_missing_value_is_missing():
    heads = heads_of([FULL, OTHER, PLAIN])
    assert heads[-1] == Head("age", ("50", "60"))
    assert classes_of(FULL, heads).tolist() == [1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1]
    known = [0 if head.name in ("laterality", "view") else MISSING for head in heads]
    assert classes_of(PLAIN, heads).tolist() == known


def test_a_value_that_nobody_trained_with_is_missing():
    (head,) = heads_of([PLAIN, replace(PLAIN, view="MLO")])
    assert classes_of(replace(PLAIN, view="LMO"), (head,)).tolist() == [MISSING]


def test_the_mirror_image_of_a_left_breast_is_a_right_one():
    heads = heads_of([FULL, OTHER])
    classes = classes_of(FULL, heads)
    turned = mirrored(classes, heads)
    assert (classes[1], turned[1]) == (1, 0)
    assert (turned == classes).sum() == len(heads) - 1
    classes[1] = MISSING
    assert mirrored(classes, heads)[1] == MISSING


@pytest.mark.parametrize("classes", [(), ("A",), ("A", "A")])
def test_a_head_tells_two_classes_apart(classes):
    with pytest.raises(SettingsError, match="two classes or more of density"):
        Head("density", classes)
