import io
import json

import cv2
import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.phantom.folder import KINDS, Rendering, exam_files, rendered
from tests.phantom.handmade import MAGNIFICATION, SPACING, handmade_exam

TRUTH = "truth/exam-000009"


@pytest.fixture(scope="module")
def files():
    return dict(exam_files(handmade_exam(9), Rendering(KINDS, ("ge-like", "fuji-like"))))


@pytest.fixture(scope="module")
def truth(files):
    return json.loads(files[f"{TRUTH}/truth.json"])


def test_images_and_truth_lie_apart(files):
    images = {name for name in files if name.startswith("images/")}
    assert len(images) == 4 * 4
    assert all(name.endswith(".dcm") for name in images)
    assert all(name.startswith(f"{TRUTH}/") for name in set(files) - images)


def test_the_truth_names_every_image(files, truth):
    named = {image["file"] for image in truth["images"]}
    assert named == {name for name in files if name.startswith("images/")}
    assert all(f"{TRUTH}/{image['labels']}" in files for image in truth["images"])


def test_masks_have_the_shape_of_their_image(files, truth):
    for image in truth["images"]:
        labels = cv2.imdecode(np.frombuffer(files[f"{TRUTH}/{image['labels']}"], np.uint8), -1)
        assert list(labels.shape) == image["shape"]
        assert set(np.unique(labels)) == ({0, 1, 2} if image["view"] == "MLO" else {0, 1})


def test_points_and_boxes_move_with_the_strips_of_a_film(truth):
    film, digital = (
        next(one for one in truth["images"] if one["kind"] == kind and one["view"] == "CC")
        for kind in ("film", "raw")
    )
    top, left = film["offset"]
    assert top + left > 0
    row, column = digital["landmarks"]["nipple"]
    assert film["landmarks"]["nipple"] == [row + top, column + left]
    box, moved = digital["lesions"][0]["box"], film["lesions"][0]["box"]
    assert moved == {
        "top": box["top"] + top, "left": box["left"] + left,
        "bottom": box["bottom"] + top, "right": box["right"] + left,
    }  # fmt: skip
    assert film["landmarks"]["pectoral upper"] is None


def test_volumes_are_lengths_times_the_area_of_a_pixel_in_the_breast(truth):
    view = handmade_exam(9).breasts["R"].views["CC"]
    said = next(one for one in truth["images"] if one["kind"] == "raw" and one["laterality"] == "R")
    area = (SPACING / MAGNIFICATION) ** 2
    expected = view.gland_mm[view.labels == 1].astype(float).sum() * area
    assert said["dense_mm3"] == pytest.approx(expected, rel=1e-6)
    assert said["breast_mm3"] > said["dense_mm3"]


def test_correspondences_are_those_of_the_exam(files):
    breast = handmade_exam(9).breasts["L"]
    with np.load(io.BytesIO(files[f"{TRUTH}/L_correspondences.npz"])) as found:
        assert np.array_equal(found["points_mm"], breast.points_mm)
        assert np.array_equal(found["places_MLO"], breast.places["MLO"])
        assert np.array_equal(found["visible_CC"], breast.visible["CC"])


def test_labels_of_a_film_are_those_of_the_view_moved():
    film = next(one for one in rendered(handmade_exam(9), Rendering(("film",))))
    top, left = film.offset
    rows, columns = film.view.labels.shape
    assert np.array_equal(film.labels[top : top + rows, left : left + columns], film.view.labels)
    assert film.labels.sum() == film.view.labels.sum()


def test_an_unknown_look_makes_nothing():
    with pytest.raises(UsageError, match="a look is one of"):
        list(rendered(handmade_exam(9), Rendering(looks=("agfa-like",))))
