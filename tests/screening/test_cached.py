"""Images kept: once, in order, in parallel, with and without a crop."""

from dataclasses import replace

import numpy as np
import pytest

from mammoscope.errors import InputError
from mammoscope.screening import cached as module
from mammoscope.screening.cached import Roi, cached
from tests.screening.paper_records import write
from tests.screening.paper_room import SIZE, mammogram, tiny


@pytest.fixture
def records(tmp_path):
    return write(tmp_path / "images", women=4)


def test_each_image_is_read_once_and_a_broken_off_reading_goes_on(records, tmp_path, monkeypatch):
    read, honest = [], module.read_recorded

    def counted(image, *others):
        read.append(image)
        return honest(image, *others)

    monkeypatch.setattr(module, "read_recorded", counted)
    folder = tmp_path / "kept"
    cached(records[:3], tiny(), folder)
    advanced = []
    cached(records, tiny(), folder, advance=lambda: advanced.append(1))
    assert (len(read), len(advanced)) == (8, 8)
    assert not list(folder.glob("*.partial"))


def test_several_readers_keep_the_order(records, tmp_path):
    one, many = (
        cached(records, tiny(), tmp_path / str(workers), workers=workers) for workers in (1, 3)
    )
    assert len(many) == 8
    for ours, theirs in zip(one, many, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    assert one[0].shape == (SIZE, SIZE)
    assert one[0].dtype == np.uint8
    assert one[0].min() == 0
    assert one[0].max() > 200


def test_a_crop_shows_the_breast_larger_and_is_kept_apart(records, tmp_path):
    whole = cached(records, replace(tiny(), roi=False), tmp_path)
    breast = cached(records, tiny(), tmp_path)
    assert (breast[1] > 50).mean() > (whole[1] > 50).mean() + 0.1
    assert whole.paths[0] != breast.paths[0]
    top = Roi("upper half", lambda view, margin: module.breast_crop(view, margin))
    assert cached(records, tiny(), tmp_path, top).paths[0] != breast.paths[0]


def test_the_size_is_the_networks_whatever_the_shape():
    assert module.resized(mammogram(), tiny(), None).shape == (SIZE, SIZE)


def test_a_broken_image_is_an_error(records, tmp_path):
    records[2].image.write_bytes(b"no image")
    with pytest.raises(InputError):
        cached(records, tiny(), tmp_path / "kept", workers=2)
