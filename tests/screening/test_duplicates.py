"""One image under two names."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.io.screening import ScreeningImage
from mammoscope.screening import duplicates as module
from mammoscope.screening.duplicates import AGAIN, digest, digests, distinct, once
from tests.synthetic import breast_pixels, mammogram_dataset, save


def record(path, woman="w1", **others):
    shown = ScreeningImage(Path(path), woman, "A", "L", "CC", True)
    return replace(shown, **others)


@pytest.fixture
def files(tmp_path):
    """The same pixels in DICOM, in PNG twice, and in PNG with one pixel changed."""
    pixels = breast_pixels()
    save(mammogram_dataset(pixels=pixels), tmp_path / "one.dcm")
    other = pixels.copy()
    other[100, 20] += 40
    for name, shown in (("two", pixels), ("three", pixels), ("other", other)):
        cv2.imwrite(str(tmp_path / f"{name}.png"), shown)
    return tmp_path


def test_a_digest_is_of_the_order_of_grey_levels():
    pixels = breast_pixels(bits=12)
    scaled = (pixels / np.float32(4095)).astype(np.float32)
    assert digest(pixels) == digest(scaled) == digest(pixels.astype(np.uint32) * 16)
    changed = pixels.copy()
    changed[90, 20] += 9
    assert digest(changed) != digest(pixels)
    assert digest(pixels[:, ::-1]) != digest(pixels)
    assert digest(pixels.reshape(120, 360)) != digest(pixels)


def test_16_bits_are_told_apart_and_an_even_image_has_a_digest():
    ramp = np.arange(1 << 16, dtype=np.uint16).reshape(256, 256)
    swapped = ramp.copy()
    swapped[7, 8], swapped[7, 9] = ramp[7, 9], ramp[7, 8]
    assert digest(ramp) != digest(swapped)
    assert digest(np.zeros((3, 4), np.uint8)) == digest(np.ones((3, 4), np.float32))


def test_names_do_not_matter(files):
    records = [record(files / name) for name in ("one.dcm", "two.png", "three.png", "other.png")]
    images, left_out = once(records, files / "kept", workers=2)
    assert [one.image.name for one in images] == ["one.dcm", "other.png"]
    assert left_out == {AGAIN: 2}
    assert once(records * 2, files / "kept", workers=3) == (images, {AGAIN: 6})


@pytest.mark.parametrize(
    "container",
    [
        {"pixels": 4095 - breast_pixels(), "PhotometricInterpretation": "MONOCHROME1"},
        {"pixels": 13 * breast_pixels()}, {"PatientID": "SYNTHETIC-2", "StudyInstanceUID": "1.2.3"},
    ],
)  # fmt: skip
def test_containers_do_not_matter(files, container):
    again = save(mammogram_dataset(**({"pixels": breast_pixels()} | container)), files / "again.dcm")
    found = once([record(files / "two.png"), record(again)], files / "kept")
    assert [one.image.name for one in found.images] == ["two.png"]


def test_a_duplicate_of_two_women_names_both(files):
    records = [record(files / "one.dcm"), record(files / "two.png", "w2")]
    with pytest.raises(UsageError, match=r"one\.dcm of w1 and two\.png of w2 hold the same pixels"):
        once(records, files / "kept")


def test_files_of_one_name_are_named_by_their_folders():
    one, other = record("x/a/1-1.dcm"), record("x/b/1-1.dcm", "w2")
    with pytest.raises(UsageError, match=r"^a/1-1\.dcm of w1 and b/1-1\.dcm of w2 hold"):
        distinct([one, other], ["same", "same"])
    with pytest.raises(UsageError, match=r"^1-1\.dcm of w1 and 1-1\.dcm of w2 hold"):
        distinct([one, replace(one, woman="w2")], ["same", "same"])


@pytest.mark.parametrize("changes", [{"laterality": "R"}, {"view": "MLO"}, {"cancer": False}])
def test_duplicates_agree_about_what_they_show(changes):
    with pytest.raises(UsageError, match="differ in side, view or cancer"):
        distinct([record("a"), record("b", **changes)], ["same", "same"])


def test_one_number_in_two_data_sets_is_two_women():
    with pytest.raises(UsageError, match="is of one woman"):
        distinct([record("a"), record("b", dataset="B")], ["same", "same"])


def test_arrays_that_were_kept_serve_as_well():
    arrays = [np.arange(12, dtype=np.uint8).reshape(3, 4) % modulus for modulus in (5, 5, 7)]
    records = [record(name) for name in "abc"]
    found = distinct(records, [digest(array) for array in arrays])
    assert ([one.image.name for one in found.images], found.left_out) == (["a", "c"], {AGAIN: 1})


def test_what_cannot_be_read_is_like_no_other(files):
    (files / "broken.png").write_bytes(b"no picture")
    records = [record(files / "broken.png"), record(files / "broken.png"), record(files / "one.dcm")]
    told = digests(records, files / "kept")
    assert told[:2] == [None, None]
    assert distinct(records, told).left_out == {}


def test_what_is_known_is_not_read_again(files, monkeypatch):
    records = [record(files / name) for name in ("one.dcm", "other.png")]
    first = digests(records, files / "kept")
    cv2.imwrite(str(files / "other.png"), breast_pixels("MLO"))
    read = []
    monkeypatch.setattr(
        module,
        "read_recorded",
        lambda image, *rest: read.append(image.name) or SimpleNamespace(pixels=np.eye(3)),
    )
    assert digests(records, files / "kept") == [first[0], digest(np.eye(3))]
    assert read == ["other.png"]
