"""Signs of masses, on drawn ones whose signs are known."""

import numpy as np
import pytest

from mammoscope.core import About, Frame, Mammogram, Spacing
from mammoscope.image.patches import flip
from mammoscope.screening.signs import SIGNS, SPACING_MM, signs, together

SHAPE = (240, 200)
CENTRE = (120.0, 100.0)
RADIUS = 25.0


def mammogram(pixels):
    spacing = Spacing(SPACING_MM, SPACING_MM, "tag")
    return Mammogram(
        pixels.astype(np.float32), About("synthetic", SHAPE, spacing=spacing), Frame.of(SHAPE)
    )


def polar(centre=CENTRE):
    rows, columns = np.mgrid[: SHAPE[0], : SHAPE[1]] - np.reshape(centre, (2, 1, 1))
    return np.hypot(rows, columns), np.arctan2(rows, columns)


def disc(radius=RADIUS, width=2.0, centre=CENTRE):
    """A bright mass on tissue, its edge so wide."""
    away, _ = polar(centre)
    return 0.3 + 0.3 / (1 + np.exp((away - radius) / width))


def box(radius=RADIUS, centre=CENTRE):
    row, column = centre
    return row - radius, column - radius, row + radius, column + radius


def of(pixels, where=None):
    return dict(zip(SIGNS, signs(mammogram(pixels), [where or box()])[0], strict=True))


def test_lines_that_run_towards_a_mass_are_spicules_and_rings_are_none():
    away, angle = polar()
    outside = np.clip((away - RADIUS) / 5, 0, 1)
    star = of(disc() + 0.15 * outside * np.maximum(np.cos(16 * angle), 0) ** 4)
    rings = of(disc() + 0.15 * outside * np.maximum(np.cos(away * 2 * np.pi / 10), 0) ** 4)
    for scale in (1, 2):
        assert star[f"lines towards it around, {scale}"] > 0.6
        assert rings[f"lines towards it around, {scale}"] < -0.6


def test_a_sharp_round_edge_falls_outwards_everywhere():
    away, angle = polar()
    noise = np.random.default_rng(0).normal(0, 0.05, SHAPE)
    ragged = 0.3 + 0.3 * (away < RADIUS * (1 + 0.4 * np.sign(np.sin(7 * angle))))
    sharp, blurred = of(disc(width=1.0)), of(disc(width=8.0))
    for scale in (1, 2, 4):
        index, fall = f"radial gradient index, {scale}", f"fall at the edge, {scale}"
        assert sharp[index] > 0.98
        assert sharp[index] > of(ragged)[index] + 0.1
        assert sharp[fall] > blurred[fall] * 1.2
    index = "radial gradient index, 1"
    assert sharp[index] > of(disc() + noise)[index] + 0.03


def test_size_is_that_of_the_box_in_millimetres_and_moves_nothing_else():
    small, large = of(disc(20.0, 1.6), box(20.0)), of(disc(30.0, 2.4), box(30.0))
    assert small["size"] == pytest.approx(np.log(20 * SPACING_MM))
    assert large["size"] == pytest.approx(np.log(30 * SPACING_MM))
    for name in SIGNS[1:4]:
        assert small[name] == pytest.approx(large[name], abs=0.01)
    assert small["radial gradient index, 2"] == pytest.approx(
        large["radial gradient index, 2"], abs=0.01
    )


def test_contrast_is_of_the_mass_over_what_surrounds_it():
    """Tissue of 0.3 and a mass of 0.6, where the image's range is from 0.3 to 0.6."""
    found = of(disc(width=0.5))
    assert found["contrast"] == pytest.approx(1.0, abs=0.02)
    assert found["brightness"] - found["brightness around"] == pytest.approx(found["contrast"])


def test_a_mirror_image_has_the_same_signs():
    away, angle = polar()
    drawn = (
        disc() + 0.1 * np.random.default_rng(1).random(SHAPE) + 0.1 * np.cos(5 * angle) * (away < 60)
    )
    image = mammogram(drawn)
    np.testing.assert_allclose(signs(flip(image), [box()]), signs(image, [box()]), atol=0.02)


@pytest.mark.parametrize("pixels", [np.zeros(SHAPE), np.full(SHAPE, 0.5), disc()])
@pytest.mark.parametrize(
    "where", [(-20.0, -20.0, 10.0, 10.0), (5.0, 5.0, 5.0, 5.0), (0.0, 0.0, 240.0, 200.0)]
)
def test_every_box_of_every_image_has_finite_signs(pixels, where):
    assert np.isfinite(signs(mammogram(pixels), [where, where])).all()
    assert signs(mammogram(pixels), []).shape == (0, len(SIGNS))


def test_what_is_surely_a_mass_counts_most():
    told = together([0.8, 0.2], np.array([1.0, -1.0]))
    assert told == pytest.approx((0.8**2 - 0.2**2) / (0.8**2 + 0.2**2))
    assert together([0.0, 0.0], np.array([1.0, 3.0])) == pytest.approx(2.0)
