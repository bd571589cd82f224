import numpy as np
import pytest
import spekpy

from mammoscope.phantom.beam import FRACTIONS, MATERIALS, attenuation, beam


@pytest.mark.parametrize("name", MATERIALS)
def test_shares_of_mass_are_whole(name):
    assert sum(FRACTIONS[name][1].values()) == pytest.approx(1, abs=0.002)


@pytest.mark.parametrize(("name", "published"), [("adipose", 0.0508), ("gland", 0.0774)])
def test_attenuation_at_20_kev_is_what_the_elements_add_up_to(name, published):
    """Per mm, by hand from NIST's cm²/g: H 0.3695, C 0.4420, N 0.6179, O 0.8653, ash about 4."""
    table = spekpy.Spek(kvp=28, th=16, targ="W").mu_data

    assert float(attenuation(table, name, np.array([20.0]))[0]) == pytest.approx(published, rel=0.015)


def test_a_beams_weights_are_whole_and_minerals_take_most():
    made = beam(28)
    mean = dict(zip(MATERIALS, made.attenuation @ made.weights, strict=True))

    assert made.weights.sum() == pytest.approx(1)
    assert mean["adipose"] < mean["gland"] < mean["muscle"] < mean["calcium oxalate"]
    assert mean["calcium oxalate"] < mean["hydroxyapatite"]


def test_more_voltage_goes_through_more():
    low, high = beam(26), beam(32)

    assert (high.attenuation @ high.weights)[1] < (low.attenuation @ low.weights)[1]
