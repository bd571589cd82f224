import numpy as np
import pytest
import torch

from mammoscope.errors import GeometryError
from mammoscope.phantom.compression import squeeze

BASE, DEPTH, HEIGHT = 65.0, 55.0, 50.0
R = torch.linspace(0, 0.9999, 2001, dtype=torch.float64)


def test_no_column_is_higher_than_the_plates_and_most_touch_them():
    half = BASE * (1 - R**2).sqrt() * squeeze(BASE, DEPTH, HEIGHT).flatten(R)

    assert float(half.max()) == pytest.approx(25.0, rel=1e-4)
    assert float((half > 24.9).double().mean()) > 0.6


def test_the_middle_spreads_by_what_it_loses_in_height():
    """In the middle 130 mm become 50: lengths along the plates grow by the root of 2.6."""
    middle = squeeze(BASE, DEPTH, HEIGHT).spread(torch.zeros(1, dtype=torch.float64))

    assert float(middle) == pytest.approx(np.sqrt(2.6), rel=1e-4)


def test_volume_of_a_ring_is_kept():
    """∫ t f df over the compressed ring is ∫ h r dr over the ring that it was."""
    made = squeeze(BASE, DEPTH, HEIGHT)
    r = R[(R > 0.3) & (R < 0.95)]
    f, height = r * made.spread(r), BASE * (1 - r**2).sqrt()

    before = torch.trapezoid(height * r, r)
    after = torch.trapezoid(height * made.flatten(r) * f, f)

    assert float(after) == pytest.approx(float(before), rel=1e-4)


def test_back_is_the_inverse_of_forth():
    made = squeeze(BASE, DEPTH, HEIGHT)
    f = R * made.spread(R)

    assert torch.allclose(f * made.gather(f), R, atol=1e-6)
    assert torch.allclose(made.lift(f) * made.flatten(R), torch.ones_like(R), atol=1e-5)


@pytest.mark.parametrize("height", [0.0, 130.0])
def test_plates_that_cannot_be_are_refused(height):
    with pytest.raises(GeometryError, match="cannot be compressed"):
        squeeze(BASE, DEPTH, height)
