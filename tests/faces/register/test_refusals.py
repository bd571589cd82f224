"""What `register` refuses and warns of, with rooms that do as told."""

import json

import cv2
import numpy as np
import pytest

from mammoscope.core import Note
from mammoscope.errors import UsageError
from mammoscope.faces import register as face
from mammoscope.faces.pairs import Question, register_pair
from mammoscope.io import Reader
from tests.synthetic import breast_pixels
from tests.synthetic_registration import Registrar


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--point", "12"], "--point takes ROW,COLUMN in pixels, got '12'"),
        (["--point", "1,nan"], "--point takes ROW,COLUMN"),
        (["--box", "1,2,3"], "--box takes ROW,COLUMN,HEIGHT,WIDTH"),
        (["--box", "10,10,0,5"], "a height and a width above 0"),
        (["--point", "500,10"], "the point 500, 10 (row, column)"),
        (["--point", "500,10"], "within the 240 rows × 180 columns of the CC view"),
        (["--box", "200,10,50,5"], "the box 200, 10, 50, 5 (row, column, height, width)"),
        (["--point", "1,2", "--box", "1,2,3,4"], "a point or a box, received both"),
        (["--spacing", "0"], "--spacing takes a positive number"),
    ],
)
def test_wrong_words_are_refused(run, images, words, text):
    code, out, error = run(*images, *words)
    assert code == 2
    assert out == ""
    assert text in error


def asks(images, **question):
    with Reader() as reader:
        return register_pair(images, reader, face.open_rooms(None).rooms, Question(**question))


@pytest.mark.parametrize("point", [(-0.5, -0.5), (239.5, 179.5)])
def test_pixels_span_half_a_pixel_beyond_their_centres(images, point):
    assert asks(images, point=point).region.asked == point
    assert asks(images, box=(-0.5, -0.5, 239.5, 179.5)).box is not None


@pytest.mark.parametrize(
    ("question", "received"),
    [
        ({"point": (239.6, 10.0)}, "the point 239.6, 10"),
        ({"point": (10.0, -0.6)}, "the point 10, -0.6"),
        ({"point": (float("nan"), 10.0)}, "the point nan, 10"),
        ({"box": (0.0, 0.0, 239.0, 180.0)}, "the box 0, 0, 239, 180"),
        ({"box": (0.0, float("nan"), 9.0, 9.0)}, "the box 0, nan, 9, nan"),
    ],
)
def test_what_lies_outside_of_the_pixels_is_refused_with_what_was_asked(images, question, received):
    with pytest.raises(UsageError, match=received):
        asks(images, **question)


def test_a_place_on_another_view_is_refused(images):
    question = Question()
    object.__setattr__(question, "on", "ML")
    with Reader() as reader, pytest.raises(UsageError, match="on CC or on MLO, received one on 'ML'"):
        register_pair(images, reader, face.open_rooms(None).rooms, question)


def test_a_point_outside_of_the_breast_has_a_warning_and_no_location(run, images):
    code, text, _ = run(*images, "--point", "2,2", "--json")
    said = json.loads(text)
    assert code == 0
    assert said["location"] is None
    assert said["notes"][-1]["code"] == "outside of the breast"
    assert "outside of the breast" in run(*images, "--box", "1,1,4,4")[2]
    assert "outside of the breast" not in run(*images, "--point", "120,100")[2]


@pytest.mark.parametrize("bad", [0, 1])
def test_an_image_that_cannot_be_read_is_named(run, images, bad):
    images[bad].write_bytes(b"words")
    code, _, error = run(*images)
    assert code == 3
    assert f"{images[bad]}: expected a DICOM file" in error


def test_an_absent_image_is_bad_input(run, images, tmp_path):
    assert run(images[0], tmp_path / "absent.dcm")[0] == 3


def test_warnings_go_to_standard_error(run, images, rooms):
    rooms["registration"] = Registrar(notes=(Note("far", "the views are far apart"),))
    code, out, error = run(*images)
    assert code == 0
    assert "far apart" not in out
    assert "The views are far apart.\n" in error


def test_the_users_spacing_gives_millimetres(run, rooms, tmp_path):
    paths = []
    for name in ("R_CC", "R_MLO"):
        paths.append(tmp_path / f"{name}.png")
        cv2.imwrite(str(paths[-1]), (breast_pixels() >> 4).astype(np.uint8))
    bare = json.loads(run(*paths, "--point", "120,100", "--json")[1])
    known = json.loads(run(*paths, "--point", "120,100", "--spacing", "0.5", "--json")[1])
    assert bare["search"]["area_mm2"] is None
    assert known["search"]["area_mm2"] == pytest.approx(bare["search"]["area_px"] / 4, abs=0.1)
    assert known["images"]["CC"]["spacing_mm"] == [0.5, 0.5]
