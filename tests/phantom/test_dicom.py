import io
import shutil
import subprocess

import numpy as np
import pydicom
import pytest

import mammoscope
from mammoscope.image import for_display
from mammoscope.phantom.dicom import uid
from mammoscope.phantom.folder import KINDS, Rendering, exam_files, key, rendered
from mammoscope.phantom.looks import LOOKS
from tests.phantom.handmade import MAGNIFICATION, SPACING, handmade_exam

EVERYTHING = Rendering(KINDS, tuple(LOOKS))
MARK = "Warning - Unrecognized defined term <SYNTHETIC> for value 4 of attribute <Image Type>"
NAMES = [
    f"{side}_{view}_{what}"
    for what in ("raw", *LOOKS, "film")
    for view in ("CC", "MLO")
    for side in "RL"
]
KIND_READ = {"raw": "for processing", "film": "digitised film"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    out = tmp_path_factory.mktemp("phantom")
    for name, content in exam_files(handmade_exam(7), EVERYTHING):
        path = out / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return out


@pytest.fixture(scope="module")
def files(folder):
    return {path.stem: path for path in folder.rglob("*.dcm")}


def test_there_is_a_file_for_each(files):
    assert sorted(files) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_the_reader_finds_what_was_meant(files, name):
    about = mammoscope.read(files[name]).about
    side, view, what = name.split("_")
    assert (about.laterality.value, about.view.value) == (side, view)
    assert about.kind == KIND_READ.get(what, "for presentation")
    assert about.origin == ""
    assert about.modifiers == frozenset()
    assert "simulated" in {note.code for note in about.notes}
    assert about.spacing.row == pytest.approx(SPACING / MAGNIFICATION, rel=1e-6)
    assert about.expected_chest_wall.value == {"L": "left", "R": "right"}[side]
    assert about.implant is (None if what == "film" else False)


@pytest.mark.parametrize("name", NAMES)
def test_the_reader_shows_dense_tissue_bright(files, name):
    exam = handmade_exam(7)
    image = next(one for one in rendered(exam, EVERYTHING) if one.name == name)
    pixels = for_display(mammoscope.read(files[name])).pixels
    top, left = image.offset
    rows, columns = image.view.labels.shape
    pixels = pixels[top : top + rows, left : left + columns]
    gland = image.view.gland_mm > 20
    fat = (image.view.thickness_mm > 49) & (image.view.gland_mm == 0) & (image.view.labels == 1)
    air = image.view.labels == 0
    assert np.median(pixels[air]) < pixels[fat].mean() < pixels[gland].mean()


@pytest.mark.skipif(shutil.which("dciodvfy") is None, reason="needs dciodvfy (Debian: dicom3tools)")
@pytest.mark.parametrize("name", NAMES)
def test_dciodvfy_is_content(files, name):
    done = subprocess.run(["dciodvfy", str(files[name])], capture_output=True, text=True, check=False)
    said = [line for line in (done.stdout + done.stderr).splitlines() if line != MARK]
    assert len(said) == 1  # the name of the object
    assert "Error" not in said[0]
    assert "Warning" not in said[0]


@pytest.mark.parametrize("name", NAMES)
def test_each_says_that_it_is_synthetic(files, name):
    dataset = pydicom.dcmread(files[name])
    assert "SYNTHETIC" in dataset.ImageType
    for keyword in ("PatientName", "PatientID", "ImageComments", "Manufacturer", "SeriesDescription"):
        assert "SYNTHETIC" in str(dataset[keyword].value)
    assert dataset.BurnedInAnnotation == "NO"


def test_views_are_codes_of_the_standard(files):
    dataset = pydicom.dcmread(files["R_MLO_raw"])
    (item,) = dataset.ViewCodeSequence
    assert (item.CodeValue, item.CodingSchemeDesignator) == ("399368009", "SCT")
    assert dataset.PositionerPrimaryAngle == -45
    assert dataset.BodyPartThickness == 50
    assert dataset.KVP == 28
    assert (dataset.AnodeTargetMaterial, dataset.FilterMaterial) == ("TUNGSTEN", "RHODIUM")


def test_digital_images_share_a_study_and_film_has_its_own(files):
    headers = {name: pydicom.dcmread(path, stop_before_pixels=True) for name, path in files.items()}
    digital = {one.StudyInstanceUID for name, one in headers.items() if "film" not in name}
    film = {one.StudyInstanceUID for name, one in headers.items() if "film" in name}
    assert len(digital) == len(film) == 1
    assert digital != film
    assert len({one.SOPInstanceUID for one in headers.values()}) == len(NAMES)
    assert len({one.SeriesInstanceUID for one in headers.values()}) == 6
    assert all(one.SOPInstanceUID.is_valid for one in headers.values())


def test_the_same_seed_gives_the_same_bytes():
    how = Rendering(KINDS, ("ge-like",), burn_in=True)
    assert list(exam_files(handmade_exam(3), how)) == list(exam_files(handmade_exam(3), how))


def test_another_seed_gives_other_identifiers():
    one, other = (dict(exam_files(handmade_exam(seed), Rendering())) for seed in (1, 2))
    studies = []
    for exam, files_ in ((handmade_exam(1), one), (handmade_exam(2), other)):
        name = f"images/{key(exam)}/hologic-like/R_CC_hologic-like.dcm"
        studies.append(pydicom.dcmread(io.BytesIO(files_[name])).StudyInstanceUID)
    assert studies[0] != studies[1]


def test_a_uid_is_a_version_5_uuid():
    number = int(uid("a", "b").removeprefix("2.25."))
    assert number < 2**128
    assert (number >> 76) & 0xF == 5
    assert uid("a", "b") != uid("ab")


def test_words_are_burnt_in_on_demand():
    exam = handmade_exam(4)
    plain, burnt = (list(rendered(exam, Rendering(KINDS, burn_in=on))) for on in (False, True))
    for one, other in zip(plain, burnt, strict=True):
        changed = one.stored.pixels != other.stored.pixels
        assert changed.sum() > 50
        assert not changed[one.labels > 0].any()
        assert set(other.stored.pixels[changed]) == {one.stored.white}
