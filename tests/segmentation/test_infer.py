import csv
from types import SimpleNamespace

import cv2
import numpy as np
import pytest

from mammoscope.core import About, Frame, Mammogram, Sourced, Spacing
from mammoscope.core.card import CardInput
from mammoscope.errors import WeightsError
from mammoscope.image import to_shape
from mammoscope.runtime import Session, open_session
from mammoscope.segmentation.infer import (
    Segmenter,
    agreement,
    decided,
    skin_line,
)

ROWS, COLUMNS = 400, 260
MULTIPLE = 32


class Levels(Session):
    """No network: grey below 0.2 is background, above 0.7 muscle."""

    def __init__(self, spacing_mm=1.0, raw="log inverted", stretch=True):
        self.card = SimpleNamespace(input=CardInput(spacing_mm, 1, MULTIPLE, raw, stretch))
        self.identity = "segmentation 0123456789ab"
        self.shapes = []

    def run(self, image):
        self.shapes.append(image.shape)
        grey = image[0, 0]
        scores = np.stack([0.2 - grey, np.full_like(grey, 0.1), grey - 0.6])
        odds = np.exp(60 * scores.clip(-0.5, 0.5))
        return (odds / odds.sum(axis=0))[None].astype(np.float32)


def synthetic(side="left", rows=ROWS, columns=COLUMNS):
    """A half ellipse of grey 0.5 at one side with a triangle of 0.9."""
    down, across = np.mgrid[0:rows, 0:columns] / (rows, columns)[0]
    inside = ((down - 0.45) / 0.44) ** 2 + (across / 0.5) ** 2 <= 1
    image = np.where(inside, 0.5, 0.0)
    image[inside & (across < 0.25 - 0.6 * down)] = 0.9
    return image[:, ::-1].astype(np.float32).copy() if side == "right" else image.astype(np.float32)


def mammogram(pixels, spacing=None, view="MLO", **about):
    known = Spacing(spacing, spacing, "test") if spacing else None
    return Mammogram.of(
        pixels, About("synthetic", pixels.shape, spacing=known, view=Sourced(view, "test"), **about)
    )


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("spacing", [0.5, None])
def test_labels_land_on_the_source(side, spacing):
    pixels = synthetic(side)
    result = Segmenter(Levels())(mammogram(pixels, spacing))
    truth = np.digitize(pixels, [0.2, 0.7])
    for number in (1, 2):
        said, true = result.mask.labels == number, truth == number
        assert 2 * (said & true).sum() / (said.sum() + true.sum()) > 0.97
    assert result.mask.frame == Frame.of(pixels.shape)
    assert result.scale == ("spacing" if spacing else "nominal")
    assert result.weights == "segmentation 0123456789ab"
    assert result.confidence > 0.97
    assert result.notes == ()


def test_areas_are_counted_and_in_mm2_only_where_the_spacing_is_known():
    known = Segmenter(Levels())(mammogram(synthetic(), 0.5))
    assert known.breast_px == int((known.mask.labels == 1).sum())
    assert known.pectoral_px == int((known.mask.labels == 2).sum())
    assert known.breast_mm2 == pytest.approx(known.breast_px * 0.25)
    assert known.pectoral_mm2 == pytest.approx(known.pectoral_px * 0.25)
    unknown = Segmenter(Levels())(mammogram(synthetic()))
    assert unknown.breast_mm2 is None
    assert unknown.pectoral_mm2 is None


def test_the_network_sees_whole_multiples_at_its_scale():
    session = Levels(spacing_mm=2.0)
    Segmenter(session)(mammogram(synthetic(), 0.5))
    assert session.shapes[1:] == [(1, 1, 128, 96)]  # 400 x 260 at 0.5 mm are 100 x 65 at 2 mm


def test_a_derived_image_is_segmented_in_its_source():
    whole = mammogram(synthetic(), 0.5)
    half = to_shape(whole, (200, 130))
    result = Segmenter(Levels())(half)
    assert result.mask.labels.shape == (ROWS, COLUMNS)
    assert result.breast_px == pytest.approx(Segmenter(Levels())(whole).breast_px, rel=0.02)


def test_the_skin_line_follows_the_skin_from_top_to_bottom():
    result = Segmenter(Levels())(mammogram(synthetic(), 0.5))
    down, across = (result.skin_line / ROWS).T
    on_ellipse = ((down - 0.45) / 0.44) ** 2 + (across / 0.5) ** 2
    assert np.abs(np.sqrt(on_ellipse) - 1).max() < 0.03
    assert down[0] < 0.1
    assert down[-1] > 0.8
    assert across.min() > 0.01


def test_padding_is_background():
    pixels = synthetic()
    valid = np.ones(pixels.shape, bool)
    valid[:, 200:] = False
    pixels[:, 200:] = 0.5
    source = mammogram(pixels, 0.5)
    result = Segmenter(Levels())(Mammogram(pixels, source.about, source.frame, valid))
    assert not result.mask.labels[:, 202:].any()


def test_an_image_without_a_breast_says_so():
    result = Segmenter(Levels())(mammogram(np.zeros((60, 40), np.float32)))
    assert result.breast_px == result.pectoral_px == 0
    assert result.skin_line.shape == (0, 2)
    assert result.confidence == 0
    assert [note.code for note in result.notes] == ["low confidence"]


def test_much_corrected_is_noted():
    pixels = synthetic()
    pixels[180:260, 60:140] = 0.9
    result = Segmenter(Levels())(mammogram(pixels, 0.5))
    assert "much corrected" in [note.code for note in result.notes]


def test_agreement_is_the_soft_dice_of_body_and_muscle():
    probabilities = np.array([[[0.5, 0.0]], [[0.5, 0.2]], [[0.0, 0.8]]], np.float32)
    labels = np.array([[1, 2]], np.uint8)
    body, muscle = 2 * 1.5 / (1.5 + 2), 2 * 0.8 / (0.8 + 1)
    assert agreement(probabilities, labels) == pytest.approx((body + muscle) / 2)


def test_decided_keeps_what_was_not_corrected():
    probabilities = np.array([[[0.6, 0.1]], [[0.3, 0.2]], [[0.1, 0.7]]], np.float32)
    result = decided(probabilities, np.array([[0, 1]], np.uint8))
    np.testing.assert_array_equal(result[:, 0, 0], probabilities[:, 0, 0])
    np.testing.assert_array_equal(result[:, 0, 1], [0, 1, 0])


def test_no_skin_where_there_is_no_body():
    nothing = np.zeros((3, 8, 6), np.float32)
    nothing[0] = 1
    line = skin_line(nothing, np.zeros((8, 6), np.uint8), "left", Frame.of((8, 6)))
    assert line.shape == (0, 2)


def test_the_same_labels_at_lower_contrast():
    pixels = synthetic()
    usual = Segmenter(Levels())(mammogram(pixels, 0.5))
    flat = Segmenter(Levels())(mammogram(pixels * np.float32(0.4) + np.float32(0.1), 0.5))
    assert (usual.mask.labels == flat.mask.labels).mean() > 0.999


def test_the_card_says_whether_the_range_is_stretched():
    flat = mammogram(synthetic() * np.float32(0.4) + np.float32(0.1), 0.5)
    assert Segmenter(Levels())(flat).pectoral_px > 1000
    assert Segmenter(Levels(stretch=False))(flat).pectoral_px == 0


def test_the_card_says_how_raw_images_are_shown():
    exposure = np.exp(-3 * synthetic()).astype(np.float32)
    raw = mammogram(exposure, 0.5, kind="for processing")
    shown = Segmenter(Levels())(raw).mask.labels
    stored = Segmenter(Levels(raw="as stored", stretch=False))(raw).mask.labels
    assert shown[0, -1] == 0  # air is dark
    assert stored[0, -1] > 0  # air is bright
    assert shown[200, 20] > 0


class Scores(Levels):
    """A network exported without its softmax."""

    def run(self, image):
        return np.log(super().run(image))


def test_scores_are_not_taken_for_probabilities():
    with pytest.raises(WeightsError, match=r"got values from -.*: export the network with its softmax"):
        Segmenter(Scores())


@pytest.mark.shared
@pytest.mark.parametrize("name", ["P_00094_RIGHT_MLO", "P_00920_RIGHT_MLO", "P_00976_LEFT_MLO"])
def test_the_shipped_weights_find_the_marked_muscle_of_women_they_never_saw(shared, name):
    image = f"cbis_mass_train/images/{name}.jpg"
    with (shared / "data" / "landmarks_train.csv").open(newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["image"] == image)
    pixels = cv2.imread(str(shared / "data" / image), cv2.IMREAD_GRAYSCALE).astype(np.float32) / 255
    result = Segmenter(open_session("segmentation"))(mammogram(pixels))
    ends = [
        [float(row[f"pectoral_{end}_{axis}"]) for axis in ("row", "column")]
        for end in ("upper", "lower")
    ]
    middle = np.mean(ends, axis=0)
    inwards = -1 if row["chest_wall"] == "left" else 1
    here = result.mask.labels[int(middle[0])]
    reach = round(0.03 * len(pixels))
    assert here[int(middle[1]) + inwards * reach] == 2
    assert here[int(middle[1]) - inwards * reach] == 1
    assert result.confidence > 0.9
    assert result.breast_mm2 is None
