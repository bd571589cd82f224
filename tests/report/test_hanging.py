import pytest

from mammoscope.core import ExamResult
from mammoscope.report.hanging import hang


def places(hanging):
    return [(place.laterality, place.view, place.hung and place.hung.index) for place in hanging.places]


def test_four_views_hang_with_their_chest_walls_together(exam):
    hanging = hang(exam())
    assert places(hanging) == [("R", "CC", 0), ("L", "CC", 1), ("R", "MLO", 2), ("L", "MLO", 3)]
    assert [place.hung.wall for place in hanging.places] == ["right", "left", "right", "left"]
    assert not any(place.hung.mirrored for place in hanging.places)
    assert hanging.strip == ()


@pytest.mark.parametrize(("laterality", "wall"), [("R", "left"), ("L", "right")])
def test_an_image_that_lies_the_other_way_is_mirrored(exam, image, laterality, wall):
    hung = hang(exam(image(laterality, "CC", wall=wall))).places[0 if laterality == "R" else 1].hung
    assert hung.mirrored
    assert hung.wall != wall


def test_a_missing_view_leaves_its_place_empty(exam, image):
    hanging = hang(exam(image("R", "CC"), image("L", "MLO")))
    assert places(hanging) == [("R", "CC", 0), ("L", "CC", None), ("R", "MLO", None), ("L", "MLO", 1)]


def test_what_is_not_whole_or_not_standard_hangs_below(exam, image):
    hanging = hang(
        exam(
            image("R", "CC", partial=True),
            image("R", "CC", set_aside="spot"),
            image("R", "CC"),
            image("R", "CC"),
            image("L", "ML"),
        )
    )
    assert places(hanging)[0] == ("R", "CC", 2)
    assert [hung.index for hung in hanging.strip] == [0, 1, 3, 4]


def test_nobody_knows_the_chest_wall(exam, image):
    lost = image("L", "CC")
    unknown = type(lost)(lost.about, None, lost.answers, lost.preview)
    hung = hang(ExamResult("k", "s", (unknown,))).places[1].hung
    assert (hung.wall, hung.mirrored) == (None, False)
