import numpy as np
import pytest
import torch

from mammoscope.phantom.beam import beam
from mammoscope.phantom.detector import Extras, gaussian, primary, recorded
from mammoscope.phantom.fields import seeded
from mammoscope.phantom.rays import Paths

NONE = torch.zeros(2, 2)
CPU = torch.device("cpu")


def lengths(thickness=0.0, gland=0.0, skin=0.0, muscle=0.0) -> Paths:
    return Paths(*(torch.full((2, 2), float(one)) for one in (thickness, gland, skin, muscle)))


def test_nothing_in_the_way_leaves_the_beam_whole():
    found = primary(lengths(), beam(28), Extras(NONE, NONE, NONE))

    assert found.flatten().tolist() == pytest.approx([1] * 4)


def test_fat_and_gland_take_what_the_law_says():
    made = beam(28)
    through = np.exp(-30 * made.attenuation[0] - 20 * made.attenuation[1])

    found = primary(lengths(50, gland=20), made, Extras(NONE, NONE, NONE))

    assert float(found[0, 0]) == pytest.approx(made.weights @ through, rel=1e-4)


def test_a_mass_takes_the_place_of_tissue():
    """10 mm of it in 50 mm of fat: darker than fat, never thicker."""
    made = beam(28)
    through = np.exp(-40 * made.attenuation[0] - 1.06 * 10 * made.attenuation[1])

    found = primary(lengths(50), made, Extras(torch.full((2, 2), 10.0), NONE, NONE))

    assert float(found[0, 0]) == pytest.approx(made.weights @ through, rel=1e-4)


def test_a_blur_keeps_the_sum_and_spreads_as_asked():
    image = torch.zeros(61, 61)
    image[30, 30] = 1

    found = gaussian(image, 4.0)

    down = torch.arange(61) - 30.0
    assert float(found.sum()) == pytest.approx(1, rel=1e-4)
    assert float((found.sum(1) * down**2).sum()) == pytest.approx(16, rel=0.05)


def test_noise_falls_with_the_root_of_the_quanta():
    """Pixels four times as wide see sixteen times the quanta; they are too wide for the blur."""
    signal, thickness = torch.full((400, 400), 0.05), torch.full((400, 400), 50.0)

    small, large = (recorded(signal, thickness, size, seeded(1, CPU)) for size in (0.4, 1.6))

    assert float(small.std() / large.std()) == pytest.approx(4, rel=0.05)


def test_scatter_adds_about_a_seventh_at_five_centimetres():
    signal, thickness = torch.full((100, 100), 0.05), torch.full((100, 100), 50.0)

    assert float(recorded(signal, thickness, 2.0, seeded(1, CPU)).mean()) == pytest.approx(
        0.05 * (1 + 0.0027 * 50), rel=0.01
    )
