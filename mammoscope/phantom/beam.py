"""The X-ray beam: a spectrum as the detector weighs it, and what tissues take from it.

Spectra and mass attenuation are SpekPy's (G. Poludniowski et al., Med. Phys. 48:3630, 2021; the
latter from NIST's XCOM). Compositions: adipose tissue, gland and skin of G. R. Hammerstein et al.,
Absorbed radiation dose in mammography, Radiology 130:485–491 (1979), by mass, ash as phosphorus;
skeletal muscle of ICRU Report 44; minerals by their formula.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Literal, NamedTuple

import numpy as np
import spekpy
from jaxtyping import Float

Material = Literal["adipose", "gland", "skin", "muscle", "hydroxyapatite", "calcium oxalate"]
FRACTIONS: Final[Mapping[str, tuple[float, Mapping[int, float]]]] = {
    "adipose": (0.930, {1: 0.112, 6: 0.619, 7: 0.017, 8: 0.251, 15: 0.001}),
    "gland": (1.040, {1: 0.102, 6: 0.184, 7: 0.032, 8: 0.677, 15: 0.005}),
    "skin": (1.090, {1: 0.098, 6: 0.178, 7: 0.050, 8: 0.667, 15: 0.007}),
    "muscle": (
        1.050,
        {1: 0.102, 6: 0.143, 7: 0.034, 8: 0.710, 11: 0.001, 15: 0.002, 16: 0.003, 17: 0.001, 19: 0.004},
    ),
    "hydroxyapatite": (3.16, {1: 0.0020, 8: 0.4141, 15: 0.1850, 20: 0.3989}),
    "calcium oxalate": (1.94, {1: 0.0246, 6: 0.1464, 8: 0.5850, 20: 0.2443}),
}
"""Density in g/cm³, and the share of each element's mass by atomic number."""
MATERIALS: Final = tuple(FRACTIONS)
ANODE_DEG: Final = 16.0
RHODIUM_MM: Final = 0.05
PADDLE_MM: Final = 2.8
SELENIUM: Final = (34, 4.28, 0.25)
"""The detector: atomic number, g/cm³, mm."""
BIN_KEV: Final = 2.0


class Beam(NamedTuple):
    """A beam in a few bins of energy.

    Attributes:
        weights: What each bin adds to the signal of the unattenuated beam; sums to 1.
        attenuation: Of each of `MATERIALS` in each bin, a mm.
    """

    weights: Float[np.ndarray, " bins"]
    attenuation: Float[np.ndarray, "materials bins"]


@cache
def beam(kvp: int) -> Beam:
    """Tungsten with rhodium through the paddle onto amorphous selenium, at a tube voltage."""
    tube = spekpy.Spek(kvp=kvp, th=ANODE_DEG, targ="W", dk=0.5)
    tube.filter("Rh", RHODIUM_MM).filter("Polycarbonate (Makrolon or Lexan)", PADDLE_MM)
    energy, fluence = tube.get_spectrum()
    table = tube.mu_data
    number, density, thick = SELENIUM
    taken = 1 - np.exp(-table.get_mu_over_rho(number, energy) * density * thick / 10)
    signal = fluence * energy * taken
    each = np.array([attenuation(table, name, energy) for name in MATERIALS])
    bins = (energy / BIN_KEV).astype(int)
    held = [bins == one for one in np.unique(bins) if signal[bins == one].sum() > 1e-4 * signal.sum()]
    weights = np.array([signal[one].sum() for one in held])
    means = [(each[:, one] * signal[one]).sum(axis=1) / signal[one].sum() for one in held]
    return Beam(weights / weights.sum(), np.stack(means, axis=1))


def attenuation(table: Any, name: str, energy: np.ndarray) -> np.ndarray:
    """What a material takes from the beam a mm.

    Args:
        table: SpekPy's.
        name: Of `MATERIALS`.
        energy: keV.
    """
    density, shares = FRACTIONS[name]
    parts = [share * table.get_mu_over_rho(number, energy) for number, share in shares.items()]
    return np.sum(parts, axis=0) * density / 10
