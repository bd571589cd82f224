"""A breast between two plates, in closed form and without a change of volume.

The uncompressed breast is half of a spheroid before the chest wall, with a cylinder of the same base
behind it: at (b, z) its column in the direction of compression a is ± h high, h = B √(1 − r²), with
(b / B, z / D) = r (cos φ, sin φ) before the chest wall and r = |b| / B behind it. Compression keeps
φ, moves r to f and presses each column to ± t(f), a plate of height T with a round rim:

    t f df = h r dr    a' = a t / h    (b', z') = (b, z) f / r

so every determinant is 1. Behind the chest wall the same formulas hold with z' = z f / r.
"""

from typing import Final, NamedTuple

import numpy as np
import torch

from mammoscope.errors import GeometryError
from mammoscope.phantom.curve import Curve, sampled
from mammoscope.phantom.plates import outline

NODES: Final = 4097
FINE: Final = 200_001


class Squeeze(NamedTuple):
    """How one breast is compressed; the radii are shares of the base's and the depth's half axes.

    Attributes:
        half_mm: Half of the compressed height.
        reach: The largest f, where the compressed breast ends.
        rim: How wide the round rim is, in f.
        spread: f / r by r, for points of the uncompressed breast.
        flatten: t / h by r.
        gather: r / f by f, for points of the compressed breast.
        lift: h / t by f.
    """

    half_mm: float
    reach: float
    rim: float
    spread: Curve
    flatten: Curve
    gather: Curve
    lift: Curve

    def to(self, device: torch.device, dtype: torch.dtype) -> "Squeeze":
        """The same with its curves on a device, in another precision."""
        return self._replace(
            spread=self.spread.to(device, dtype),
            flatten=self.flatten.to(device, dtype),
            gather=self.gather.to(device, dtype),
            lift=self.lift.to(device, dtype),
        )


def squeeze(base_mm: float, depth_mm: float, compressed_mm: float) -> Squeeze:
    """The compression of a breast to a height.

    Args:
        base_mm: Radius of the breast's base, B.
        depth_mm: From the chest wall to the skin at the nipple, D.
        compressed_mm: The height between the plates, T.

    Raises:
        GeometryError: If a length is not positive or the plates do not touch the breast.
    """
    if min(base_mm, depth_mm) <= 0 or not 0 < compressed_mm < 1.9 * base_mm:
        raise GeometryError(
            f"a breast of base radius {base_mm} mm and depth {depth_mm} mm cannot be compressed to "
            f"{compressed_mm} mm: expected positive lengths, and a height under 1.9 base radii"
        )
    half = compressed_mm / 2
    flat, width = outline(base_mm, depth_mm, half)
    reach = flat + width
    f = np.linspace(0, reach, FINE)
    beyond = np.clip((f - flat) / width, 0, 1)
    root = np.sqrt(1 - beyond**2)
    rest = half * (width * flat * (np.arccos(beyond) - beyond * root) / 2 + width**2 * root**3 / 3)
    rest += half * (flat**2 - np.minimum(f, flat) ** 2) / 2
    cosine = np.cbrt(3 * rest / base_mm)
    r = np.sqrt(np.clip(1 - cosine**2, 0, 1))
    with np.errstate(invalid="ignore", divide="ignore"):
        gather, raised = r / f, base_mm * cosine / (half * root)
    gather[0] = np.sqrt(half / base_mm)
    raised[-1] = 2 * raised[-2] - raised[-3]
    by_r = np.interp(np.linspace(0, 1, NODES), r, f)
    return Squeeze(
        half, float(reach), float(width),
        sampled(0.0, 1.0, 1 / np.interp(by_r, f, gather)),
        sampled(0.0, 1.0, 1 / np.interp(by_r, f, raised)),
        sampled(0.0, float(reach), np.interp(np.linspace(0, reach, NODES), f, gather)),
        sampled(0.0, float(reach), np.interp(np.linspace(0, reach, NODES), f, raised)),
    )  # fmt: skip
