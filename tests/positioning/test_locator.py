from types import SimpleNamespace

import numpy as np
import pytest

from mammoscope.core import About, Frame, Mammogram, Sourced, Spacing
from mammoscope.core.card import CardInput
from mammoscope.errors import WeightsError
from mammoscope.image.patches import crop, flip
from mammoscope.positioning.heatmaps.layout import CHANNELS, PROFILE
from mammoscope.positioning.infer import Locator
from mammoscope.positioning.preprocess import OUTPUTS
from mammoscope.runtime import Session


class Brightest(Session):
    """No network: every landmark is the brightest pixel, 2 pixels sure."""

    def __init__(self, classes=(*CHANNELS, PROFILE), calibration=None):
        taken = CardInput(1.0, 1, 32, stretch=False)
        settings = {"size": 64}
        self.card = SimpleNamespace(
            input=taken, classes=classes, calibration=calibration or {}, settings=settings
        )
        self.identity = "positioning 0123456789ab"

    def run(self, image):
        row, column = np.unravel_index(image[0, 0].argmax(), image.shape[2:])
        if self.card.classes == OUTPUTS:
            return np.array([[column, row] * 3], np.float32)
        line = [row, column, 4.0, 0.0, 4.0, 0.9]
        return np.tile(np.array(line, np.float32), (1, len(CHANNELS) + 1, 1))


def breast(view="MLO", spacing=0.8):
    """A synthetic half disc at the left edge with one bright pixel."""
    down, across = np.indices((200, 140))
    inside = ((down - 100) / 60) ** 2 + (across / 90) ** 2 < 1
    pixels = np.where(inside, 0.5, 0.0).astype(np.float32)
    pixels[104:107, 79:82] = 1.0
    known = Spacing(spacing, spacing, "synthetic") if spacing else None
    about = About("synthetic", (200, 140), view=Sourced(view, "test"), spacing=known)
    return Mammogram(pixels, about, Frame.of((200, 140)))


def nipple(mammogram, **session):
    return Locator(Brightest(**session))(mammogram).points["nipple"]


def test_the_landmark_lies_on_its_pixel():
    assert nipple(breast()).point == pytest.approx((105, 80), abs=1.5)


def test_flip_and_crop_lead_to_the_same_source_pixel():
    plain = nipple(breast()).point
    for changed in (flip(breast()), crop(breast(), 10, 0, 170, 130)):
        assert nipple(changed).point == pytest.approx(plain, abs=1.5)


def test_the_mirror_image_mirrors_the_answer():
    source = breast()
    mirrored = Mammogram(np.ascontiguousarray(source.pixels[:, ::-1]), source.about, source.frame)
    one, other = (Locator(Brightest())(image) for image in (source, mirrored))
    assert (one.chest_wall, other.chest_wall) == ("left", "right")
    row, column = one.points["nipple"].point
    assert other.points["nipple"].point == pytest.approx((row, 139 - column))
    assert other.points["nipple"].covariance == one.points["nipple"].covariance


def test_the_spread_is_told_in_source_pixels():
    (down, _), (_, across) = nipple(breast(spacing=0.5)).covariance
    assert (down, across) == pytest.approx((16.0, 16.0), rel=0.05)  # 2 mm are 4 pixels of 0.5 mm


def test_without_spacing_the_scale_is_nominal():
    said = Locator(Brightest())(breast(spacing=None))
    assert said.scale == "nominal"
    assert said.points["nipple"].point == pytest.approx((105, 80), abs=1.5)


def test_a_view_from_above_has_neither_line_nor_fold():
    said = Locator(Brightest())(breast("CC"))
    hidden = ("pectoral upper", "pectoral lower", "inframammary fold")
    assert [said.points[name].point for name in hidden] == [None] * 3
    assert said.seen("nipple", "chest wall upper")
    assert said.in_profile == pytest.approx(0.9)


def test_a_network_of_the_paper_answers_too():
    said = Locator(Brightest(OUTPUTS, {"nipple sd": 3.0}))(breast())
    assert said.points["nipple"].point == pytest.approx((105, 80), abs=3)
    assert not said.seen("inframammary fold")
    assert said.in_profile is None
    assert said.points["nipple"].covariance[0][0] > 0


def test_a_classifier_has_no_landmarks():
    with pytest.raises(WeightsError, match="expected to answer with landmarks"):
        Locator(Brightest(("good", "poor")))
