import numpy as np
import pytest
import torch

from mammoscope.phantom.fields import even, power_law, seeded, sheet, smooth_step

CPU = torch.device("cpu")


def test_the_spectrum_has_its_exponent():
    field = power_law((512, 512), 0.1, 3.0, 1e6, seeded(1, CPU)).numpy()
    power = np.abs(np.fft.fft2(field)) ** 2
    cycles = np.hypot(*np.meshgrid(np.fft.fftfreq(512, 0.1), np.fft.fftfreq(512, 0.1)))
    low, high = (power[(cycles > f) & (cycles < 1.2 * f)].mean() for f in (0.5, 2.0))

    assert np.log(low / high) / np.log(4) == pytest.approx(3.0, abs=0.15)


def test_mean_and_variance():
    field = power_law((64, 64, 32), 1.0, 3.0, 20.0, seeded(2, CPU))

    assert float(field.mean()) == pytest.approx(0, abs=1e-4)
    assert float(field.std()) == pytest.approx(1, abs=1e-3)


def test_no_power_below_what_is_asked_for():
    field = power_law((128, 128), 0.1, 3.0, 1e3, seeded(3, CPU), above=1.0)
    power = torch.fft.fft2(field).abs() ** 2
    cycles = torch.hypot(*torch.meshgrid(*[torch.fft.fftfreq(128, 0.1)] * 2, indexing="ij"))

    assert float(power[cycles < 0.99].sum() / power.sum()) < 1e-6


def test_a_stretched_field_changes_slower_along_its_first_axis():
    field = power_law((128, 128), 1.0, 3.0, 30.0, seeded(4, CPU), (4.0, 1.0))

    assert float(field.diff(dim=0).std()) < 0.7 * float(field.diff(dim=1).std())


def test_a_seed_is_a_field():
    assert torch.equal(*(power_law((8, 8), 1.0, 2.0, 5.0, seeded(5, CPU)) for _ in range(2)))


def test_small_functions():
    assert smooth_step(torch.tensor([-1.0, 0.5, 2.0])).tolist() == [0.0, 0.5, 1.0]
    assert sheet(torch.tensor([0.0, 10.0]), 0.1).tolist() == [1.0, 0.0]
    assert [even(7.0), even(97.2), even(1.0)] == [8, 100, 2]
