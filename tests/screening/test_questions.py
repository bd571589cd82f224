import numpy as np
import pytest

from mammoscope.screening.pooled.questions import CLASSES, IMAGE, MASS, RIGHT, of_image, of_mass


def test_words_of_a_mass():
    answers = dict(
        zip(
            MASS,
            of_mass(True, "ILL_DEFINED-SPICULATED", "FOCAL_ASYMMETRIC_DENSITY", 4, 3),
            strict=True,
        )
    )
    yes = {name for name, answer in answers.items() if answer == 1}
    assert yes == {
        "malignant", "margin ill defined", "margin spiculated", "shape asymmetr", "BI-RADS 3 or more",
        "BI-RADS 4 or more", "subtlety 3 or more",
    }  # fmt: skip
    assert not np.isnan(list(answers.values())).any()


@pytest.mark.parametrize("unknown", [(None, "N/A", "", 0, None), (None, "", "N/A", None, None)])
def test_what_is_not_said_is_unknown(unknown):
    assert np.isnan(of_mass(*unknown)).all()


def test_what_is_known_of_an_image():
    assert of_image(3, True, False).tolist() == [1, 1, 0, 1, 0]
    assert np.isnan(of_image(None, False, True)).tolist() == [True, True, True, False, False]
    assert IMAGE[RIGHT] == "right"


def test_malignancy_follows_the_place():
    assert CLASSES[:2] == ("mass here", "malignant")
