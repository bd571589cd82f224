"""Functions of one number, known at equal steps."""

from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor


class Curve(NamedTuple):
    """Values at start, start + step, …; linear between, and beyond the ends as at the ends.

    Attributes:
        start: Where the first value lies.
        step: From one value to the next.
        values: Shape (n,), n at least 2.
    """

    start: float
    step: float
    values: Tensor

    def __call__(self, at: Tensor) -> Tensor:
        """The function at each of some numbers, of any shape."""
        return self.between(*self.places(at))

    def places(self, at: Tensor) -> tuple[Tensor, Tensor]:
        """Below which value each number lies, flat, and how far towards the next."""
        place = (at - self.start) / self.step
        below = place.detach().clamp(0, len(self.values) - 2).long()
        return below.flatten(), place - below

    def between(self, below: Tensor, part: Tensor) -> Tensor:
        """The function at places of a curve with the same steps."""
        low = self.values.index_select(0, below).view(part.shape)
        high = self.values[1:].index_select(0, below).view(part.shape)
        return torch.lerp(low, high, part)

    def to(self, device: torch.device, dtype: torch.dtype) -> "Curve":
        """The same on a device, in another precision."""
        return self._replace(values=self.values.to(device, dtype))


def sampled(start: float, end: float, values: np.ndarray) -> Curve:
    """A curve through values at equal steps from start to end."""
    return Curve(
        float(start), float(end - start) / (len(values) - 1), torch.from_numpy(np.array(values))
    )
