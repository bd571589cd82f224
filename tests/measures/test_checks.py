import numpy as np
import pytest

from mammoscope.core import (
    About,
    Frame,
    ImageResult,
    Mask,
    NotAssessed,
    Segmentation,
    Side,
    Sourced,
    View,
)
from mammoscope.measures import image_checks
from mammoscope.measures.checks import brighter_below, seam

DOWN, ACROSS = np.mgrid[:400, :300]
BREAST = ((DOWN - 200) / 190) ** 2 + (ACROSS / 250) ** 2 < 1
MUSCLE = BREAST & (DOWN / 240 + ACROSS / 110 < 1)


def result(
    breast: np.ndarray = BREAST,
    muscle: np.ndarray | None = None,
    view: View | None = "MLO",
    wall: Side | None = "left",
    preview: np.ndarray | None = None,
) -> ImageResult:
    labels = breast.astype(np.uint8)
    if muscle is not None:
        labels[muscle] = 2
    if preview is None:
        preview = np.where(MUSCLE & breast, 200, np.where(breast, 90, 5)).astype(np.uint8)
    if wall == "right":
        labels, preview = np.ascontiguousarray(labels[:, ::-1]), np.ascontiguousarray(preview[:, ::-1])
    about = About("synthetic", labels.shape, view=Sourced(view, "test") if view else None)
    answer = Segmentation(
        Mask(labels, Frame.of(labels.shape)), 0.9, np.zeros((0, 2)), 0, 0, None, None, "nominal", "x"
    )
    side = Sourced(wall, "pixels") if wall else None
    return ImageResult(about, side, {"segmentation": answer}, preview)


def codes(of: ImageResult) -> list[str]:
    return [note.code for note in image_checks(of)]


@pytest.mark.parametrize("wall", ["left", "right"])
def test_nothing_to_say_of_a_good_image(wall):
    assert codes(result(muscle=MUSCLE, wall=wall)) == []
    assert codes(result(view="CC", wall=wall)) == []
    assert codes(result(muscle=MUSCLE, view="ML", wall=wall)) == []


@pytest.mark.parametrize("wall", ["left", "right"])
def test_a_large_muscle_at_the_upper_end_is_no_cc(wall):
    assert codes(result(muscle=MUSCLE, view="CC", wall=wall)) == ["view contradicted"]


def test_a_strip_of_muscle_on_a_cc_is_usual():
    strip = BREAST & (ACROSS < 14) & (abs(DOWN - 200) < 100)
    corner = BREAST & (DOWN / 80 + ACROSS / 60 < 1)
    assert codes(result(muscle=strip, view="CC")) == []
    assert codes(result(muscle=corner, view="CC")) == []


def test_an_oblique_view_without_muscle():
    plain = np.where(BREAST, 90, 5).astype(np.uint8)
    assert codes(result(preview=plain)) == ["no muscle"]
    assert codes(result(preview=plain, view=None)) == []


@pytest.mark.parametrize("wall", ["left", "right"])
def test_an_oblique_view_upside_down(wall):
    turned = np.where(MUSCLE[::-1] & BREAST, 200, np.where(BREAST, 90, 5)).astype(np.uint8)
    assert codes(result(preview=turned, wall=wall)) == ["upside down"]
    wrong = BREAST & (DOWN / 90 + ACROSS / 90 < 1)
    assert codes(result(muscle=wrong, preview=turned, wall=wall)) == ["upside down"]


def test_brighter_below_is_in_standard_deviations():
    """Corners of 0 and 100 in a body whose deviation is s differ by 100 / s."""
    body = np.ones((100, 100), bool)
    grey = np.full((100, 100), 50, np.uint8)
    grey[:36], grey[-36:] = 0, 100
    assert brighter_below(grey, body) == pytest.approx(100 / grey.std())
    assert brighter_below(grey[::-1], body) == pytest.approx(-100 / grey.std())
    assert brighter_below(grey, np.zeros((100, 100), bool)) == 0


@pytest.mark.parametrize(
    ("kept", "expected"), [(300, []), (249, []), (200, ["cut off"]), (120, ["cut off"])]
)
def test_a_breast_that_is_cut_on_the_skin_side(kept, expected):
    """At column 200 of 250 the ellipse is still 0.6 of its height: above the limit of 0.3."""
    preview = np.where(MUSCLE, 200, np.where(BREAST, 90, 5)).astype(np.uint8)
    breast, muscle, shown = (np.ascontiguousarray(one[:, :kept]) for one in (BREAST, MUSCLE, preview))
    assert codes(result(breast, muscle, preview=shown)) == expected


def test_a_seam_from_side_to_side():
    picture = np.where(BREAST, 90, 5).astype(np.uint8)
    assert seam(picture) < 0.3
    two = picture.copy()
    two[200:] = np.where(BREAST[200:], 30, 90)
    assert seam(two) > 0.9
    assert "mosaic" in codes(result(preview=two))
    frame = picture.copy()
    frame[380:] = 255
    assert seam(frame) < 0.3
    assert seam(np.zeros((4, 4), np.uint8)) == 0


def test_without_a_segmentation_only_the_seam_is_looked_for():
    image = result(view="CC", muscle=MUSCLE)
    unknown = ImageResult(
        image.about, image.chest_wall, {"segmentation": NotAssessed("x")}, image.preview
    )
    assert codes(unknown) == []
    assert codes(result(view="CC", muscle=MUSCLE, wall=None)) == []


def test_an_empty_mask_is_no_breast():
    assert codes(result(np.zeros((400, 300), bool))) == []
