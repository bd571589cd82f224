"""Data sets by name, as records with a truth."""

from dataclasses import replace

import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.io.cbis_screening import TRAINED
from mammoscope.screening.sets import SOURCES, check_two_classes
from tests.findings import miniature_cesm
from tests.registration import miniature_cbis
from tests.screening import miniature_rsna


def rsna(folder):
    rows = [miniature_rsna.row(1, 10, cancer="1"), miniature_rsna.row(2, 20, view="ML")]
    return miniature_rsna.published(folder, rows)


def cesm_masks(folder):
    mask = np.zeros((60, 50), np.uint8)
    return miniature_cesm.masked(folder, [miniature_cesm.row(7)], [mask])


MINIATURES = {
    "rsna": (rsna, 1, {"images of the view ML": 1}),
    "cbis": (lambda folder: miniature_cbis.dicom(folder, women=2, tests=1), 6, {}),
    "cbis-test": (lambda folder: miniature_cbis.dicom(folder, women=2, tests=1), 2, {TRAINED: 4}),
    "lesions": (lambda folder: miniature_cbis.lesions_table(folder, women=3).parent, 6, {}),
    "cesm": (lambda folder: miniature_cesm.published(folder, [miniature_cesm.row(7)], []), 1, {}),
    "cesm-masks": (cesm_masks, 1, {}),
}


@pytest.mark.parametrize("name", SOURCES)
def test_every_set_is_read_by_its_name(tmp_path, name):
    build, count, left_out = MINIATURES[name]
    found = SOURCES[name].read(build(tmp_path / "data"), lambda: None)
    assert len(found.images) == count
    assert found.left_out == left_out
    assert all(one.image.is_file() and one.cancer is not None for one in found.images)


def test_a_table_of_lesions_may_be_named_itself(tmp_path):
    table = miniature_cbis.lesions_table(tmp_path, women=2)
    assert len(SOURCES["lesions"].read(table, lambda: None).images) == 4


def test_slow_sets_tell_how_far_they_are(tmp_path):
    rows = []
    data = miniature_cbis.dicom(tmp_path, women=2, tests=1)
    SOURCES["cbis"].read(data, lambda: rows.append(1))
    assert len(rows) == 6


def test_one_class_alone_is_refused(tmp_path):
    images = SOURCES["cesm-masks"].read(cesm_masks(tmp_path), lambda: None).images
    with pytest.raises(UsageError, match=r"of 1 of CDD-CESM every one has it: add a data set"):
        check_two_classes(images)
    other = replace(images[0], cancer=False, dataset="B")
    check_two_classes([*images, other])
    with pytest.raises(UsageError, match="of 1 of B, CDD-CESM none has it"):
        check_two_classes([other, replace(images[0], cancer=None)])
    with pytest.raises(UsageError, match="of 0 of no data set none"):
        check_two_classes([])
