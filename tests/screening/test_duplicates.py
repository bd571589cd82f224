"""One image under two names, whatever the name and the container."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.io.screening import ScreeningImage
from mammoscope.screening import duplicates as module
from mammoscope.screening.duplicates import Twin, once, pixel_digest, twins
from tests.synthetic import breast_pixels, mammogram_dataset, save


def dicom(path, pixels, **attributes):
    return save(mammogram_dataset(pixels=pixels, **attributes), path)


def png(path, pixels):
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), pixels)
    return path


def record(path, woman="1", **changes):
    return replace(ScreeningImage(path, woman, "synthetic", "L", "CC", False, "film"), **changes)


@pytest.fixture
def pixels():
    return breast_pixels(bits=12)


def other(pixels, by=1):
    """One pixel of thousands differs."""
    changed = pixels.copy()
    changed[120, 20] += by
    return changed


def test_an_image_of_one_woman_counts_once_under_its_first_name(tmp_path, pixels):
    first = record(png(tmp_path / "a" / "synthetic.png", pixels))
    again = record(png(tmp_path / "b" / "renamed.png", pixels))
    changed = record(png(tmp_path / "b" / "other.png", other(pixels)))
    images, found = once([first, changed, again], tmp_path / "kept")
    assert images == [first, changed]
    assert found == [Twin(first, again)]
    assert found[0].names == "a/synthetic.png and b/renamed.png"


def test_a_third_name_is_told_with_the_first(tmp_path, pixels):
    records = [record(png(tmp_path / f"{name}.png", pixels)) for name in "abc"]
    images, found = once(records, tmp_path / "kept")
    assert images == records[:1]
    assert [twin.names for twin in found] == ["a.png and b.png", "a.png and c.png"]


def test_the_container_does_not_matter(tmp_path, pixels):
    """A picture of 16 bits, a DICOM file, one that is inverted, one of another header and range."""
    turned = {"pixels": 4095 - pixels, "PhotometricInterpretation": "MONOCHROME1"}
    inverted = dicom(tmp_path / "inverted.dcm", **turned)
    records = [
        record(png(tmp_path / "synthetic.png", pixels)),
        record(dicom(tmp_path / "synthetic.dcm", pixels)),
        record(inverted),
        record(dicom(tmp_path / "wide.dcm", 13 * pixels, PatientID="SYNTHETIC-2", LUTLabel="x")),
        record(dicom(tmp_path / "other.dcm", other(pixels))),
    ]
    found = twins(records, tmp_path / "kept")
    assert [twin.again for twin in found] == records[1:4]
    assert {twin.first.image.name for twin in found} == {"synthetic.png"}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"woman": "2"}, "women"),
        ({"laterality": "R", "cancer": True}, "sides and truths"),
        ({"view": "MLO"}, "views"),
    ],
)
def test_an_image_of_two_women_sides_or_truths_is_an_error_with_both_names(
    tmp_path, pixels, change, told
):
    first = record(png(tmp_path / "one.png", pixels))
    again = record(dicom(tmp_path / "two.dcm", pixels), **change)
    with pytest.raises(UsageError, match=rf"1 come .* one.png and two.dcm .* two {told}: find out"):
        once([first, again], tmp_path / "kept")


def test_digests_are_kept_and_a_changed_file_is_read_again(tmp_path, pixels, monkeypatch):
    read, honest = [], module.read_recorded

    def counted(image, *others):
        read.append(image.name)
        return honest(image, *others)

    monkeypatch.setattr(module, "read_recorded", counted)
    records = [record(png(tmp_path / f"{name}.png", pixels)) for name in "ab"]
    assert len(twins(records, tmp_path / "kept", workers=2)) == 1
    assert len(twins(records, tmp_path / "kept")) == 1
    assert sorted(read) == ["a.png", "b.png"]
    png(tmp_path / "b.png", other(pixels, 100))
    assert twins(records, tmp_path / "kept") == []
    assert read[2:] == ["b.png"]


def test_the_shape_counts_and_so_does_the_order_of_levels():
    row = np.linspace(0, 1, 12, dtype=np.float32)[None]
    assert pixel_digest(row) != pixel_digest(row.reshape(3, 4))
    assert pixel_digest(row) != pixel_digest(row[:, ::-1].copy())
    assert pixel_digest(row) == pixel_digest(0.2 + row / 2)


def test_neighbouring_levels_of_sixteen_bits_stay_apart():
    levels = np.arange(65536, dtype=np.float32)[None]
    merged = levels.copy()
    merged[0, 40001] = 40000
    assert pixel_digest(levels) == pixel_digest(levels / np.float32(65535)) != pixel_digest(merged)


def test_names_are_told_from_where_places_part(tmp_path):
    twin = Twin(record(Path("data/P_1_CC/1.dcm")), record(Path("data/P_2_CC/1.dcm")))
    assert twin.names == "P_1_CC/1.dcm and P_2_CC/1.dcm"
    assert not twin.told_apart
