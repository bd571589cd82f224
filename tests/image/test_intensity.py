import numpy as np
import pytest

from mammoscope.core import About, Mammogram
from mammoscope.image import breast_outline, for_display, to_preview
from mammoscope.image.intensity import raw_form, to_grey
from tests.image.nuisances import breast, oblique, truth


def raw(pixels: np.ndarray, valid: np.ndarray | None = None) -> Mammogram:
    whole = Mammogram.of(pixels, About("synthetic", pixels.shape, kind="for processing"))
    return Mammogram(whole.pixels, whole.about, whole.frame, valid)


def exposure(image: np.ndarray) -> np.ndarray:
    """Beer's law, air at 1, the densest tissue at 0.7 %."""
    return np.exp(-5 * image / image.max()).astype(np.float32)


def forms(image: np.ndarray) -> dict[str, np.ndarray]:
    linear = exposure(image)
    return {
        "exposure": linear,
        "inverted exposure": 1 - linear,
        "attenuation": (-np.log(linear) / 5).astype(np.float32),
    }


@pytest.mark.parametrize("form", ["exposure", "inverted exposure", "attenuation"])
@pytest.mark.parametrize("image", [breast(), breast()[:, ::-1].copy(), oblique()])
def test_the_form_is_seen(form, image):
    assert raw_form(forms(image)[form]) == form


@pytest.mark.parametrize("form", ["exposure", "inverted exposure", "attenuation"])
def test_every_form_has_the_same_look(form):
    shown = for_display(raw(forms(breast())[form])).pixels
    expected = breast() / breast().max()
    assert shown.dtype == np.float32
    assert shown[~truth()].max() < 0.05
    inside = breast_outline(breast())
    assert np.corrcoef(shown[inside], expected[inside])[0, 1] > 0.99


def test_beers_law_by_hand():
    # Air lets through all; three steps of tissue a half, a quarter and an eighth.
    pixels = np.ones((100, 80), np.float32)
    pixels[30:50, :20], pixels[50:60, :20], pixels[60:80, :20] = 0.5, 0.25, 0.125
    shown = for_display(raw(pixels)).pixels
    assert shown[0, 0] == 0
    assert shown[70, 5] == pytest.approx(1, abs=1e-3)
    assert shown[55, 5] == pytest.approx(2 / 3, abs=1e-3)
    assert shown[40, 5] == pytest.approx(1 / 3, abs=1e-3)


def test_only_raw_images_are_changed():
    mammogram = Mammogram.of(breast(), About("synthetic", (600, 400), kind="digitised film"))
    assert for_display(mammogram) is mammogram


def test_the_raw_image_itself_is_not_changed():
    pixels = exposure(breast())
    before = pixels.copy()
    for_display(raw(pixels))
    assert np.array_equal(pixels, before)


def test_padding_is_black_and_does_not_mislead():
    pixels = exposure(breast())
    pixels[:, 300:] = 0
    valid = np.ones(pixels.shape, bool)
    valid[:, 300:] = False
    shown = for_display(raw(pixels, valid)).pixels
    assert not shown[:, 300:].any()
    assert shown[:40, :300].max() < 0.05
    assert shown[300, 50] > 0.5


def test_a_preview_is_small_and_eight_bits():
    preview = to_preview(Mammogram.of(np.full((400, 200), 0.5, np.float32)), rows=100)
    assert preview.shape == (100, 50)
    assert preview.dtype == np.uint8
    assert (preview == 128).all()


def test_a_preview_is_never_enlarged():
    assert to_preview(Mammogram.of(np.zeros((40, 20), np.float32)), rows=100).shape == (40, 20)


def test_grey_is_rounded_and_clipped():
    values = np.array([[-1.0, 0.0, 0.1, 0.999, 1.0, 7.0]], np.float32)
    assert to_grey(values).tolist() == [[0, 0, 26, 255, 255, 255]]
