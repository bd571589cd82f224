import csv

import cv2
import numpy as np
import pytest

from mammoscope.core import About, Sourced
from mammoscope.image import check_side, chest_wall_side
from tests.image.nuisances import NUISANCES, breast, oblique


@pytest.mark.parametrize("image", [breast(), oblique()])
def test_the_flat_side_is_the_chest_wall(image):
    assert chest_wall_side(image) == "left"
    assert chest_wall_side(image[:, ::-1].copy()) == "right"


@pytest.mark.parametrize("name", NUISANCES)
def test_no_nuisance_changes_sides(name):
    image = NUISANCES[name](breast())
    assert chest_wall_side(image) == "left"
    assert chest_wall_side(image[:, ::-1].copy()) == "right"


def test_a_known_outline_is_believed():
    outline = np.zeros((10, 8), bool)
    outline[2:8, 5:] = True
    outline[4, 3] = True
    assert chest_wall_side(np.zeros((10, 8), np.float32), outline) == "right"


def test_without_a_breast_the_brighter_half_has_it():
    image = np.zeros((10, 8), np.float32)
    image[:, 6] = 0.1
    assert chest_wall_side(image, np.zeros((10, 8), bool)) == "right"


def test_agreement_says_nothing():
    about = About("synthetic", (10, 8), expected_chest_wall=Sourced("left", "PatientOrientation"))
    assert check_side(about, "left") == ()


def test_contradiction_is_noted_with_both_words():
    about = About("synthetic", (10, 8), expected_chest_wall=Sourced("left", "PatientOrientation"))
    (note,) = check_side(about, "right")
    assert note.code == "chest wall contradicted"
    assert "lies on the right" in note.text
    assert "PatientOrientation" in note.text


def test_no_expectation_no_note():
    assert check_side(About("synthetic", (10, 8)), "right") == ()


@pytest.mark.shared
def test_real_films_are_seen_as_by_eye(shared):
    with (shared / "data" / "landmarks_train.csv").open() as table:
        marked = {row["image"]: row["chest_wall"] for row in csv.DictReader(table)}
    names = sorted(name for name in marked if name.startswith("cbis"))[::12]
    wrong = []
    for name in names:
        pixels = cv2.imread(str(shared / "data" / name), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
        if chest_wall_side(pixels) != marked[name]:
            wrong.append(name)
    assert wrong == []
