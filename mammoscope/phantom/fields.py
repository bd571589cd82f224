"""Random fields with a power spectrum."""

import math

import torch
from torch import Tensor


def power_law(
    shape: tuple[int, ...],
    step_mm: float,
    exponent: float,
    longest_mm: float,
    generator: torch.Generator,
    stretch: tuple[float, ...] = (),
    above: float = 0.0,
) -> Tensor:
    """A normal field whose power falls as frequency^-exponent; mean 0, variance 1.

    Args:
        shape: Of the field, in steps.
        step_mm: Between neighbours.
        exponent: Of the power spectrum.
        longest_mm: The power is flat below one cycle in this length.
        generator: Draws it; its device holds the field.
        stretch: How much longer than wide the structure is along each axis; empty: not at all.
        above: There is no power up to these cycles a mm.
    """
    factors = stretch or (1.0,) * len(shape)
    white = torch.randn(shape, generator=generator, device=generator.device)
    waves = torch.fft.rfftn(white)
    squared = torch.zeros((), device=generator.device)
    for axis, (length, factor) in enumerate(zip(shape, factors, strict=True)):
        ask = torch.fft.rfftfreq if axis == len(shape) - 1 else torch.fft.fftfreq
        cycles = ask(length, step_mm, device=generator.device) * factor
        squared = squared[..., None] + cycles**2
    amplitude = (squared + 1 / longest_mm**2) ** (-exponent / 4)
    amplitude[squared <= above**2] = 0
    found = torch.fft.irfftn(waves.mul_(amplitude), s=shape)
    return found.div_(found.std())


def smooth_step(x: Tensor) -> Tensor:
    """0 below 0, 1 above 1, smooth between."""
    x = x.clamp(0, 1)
    return x * x * (3 - 2 * x)


def sheet(value: Tensor, width: float) -> Tensor:
    """1 where a field of unit variance is 0, falling within a width: thin curved sheets."""
    return torch.exp(-((value / width) ** 2))


def seeded(seed: int, device: torch.device) -> torch.Generator:
    """A generator on a device."""
    return torch.Generator(device).manual_seed(seed % (2**63 - 1))


def even(length: int | float) -> int:
    """A length that a fast Fourier transform likes: the next product of 2, 3 and 5."""
    wanted = max(2, math.ceil(length))
    while True:
        rest = wanted
        for prime in (2, 3, 5):
            while rest % prime == 0:
                rest //= prime
        if rest == 1:
            return wanted
        wanted += 1
