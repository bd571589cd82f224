"""The heatmap network: a slim U-Net at half the input's resolution, and what its heatmaps mean.

It looks twice: at the whole breast for every landmark, and again, twice as fine, around the place
where it saw the nipple, a thing of a few millimetres at a faint skin line.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mammoscope.errors import SettingsError
from mammoscope.learn.blocks import Residual, places
from mammoscope.positioning.heatmaps.layout import CHANNELS

STRIDE = 2
CLASSES = 3
DARK = 0.4
"""Exponent of the second channel, in which the dark skin of film is seen."""
FINER = 2
PATCH = 128
NIPPLE = CHANNELS.index("nipple")


@dataclass(frozen=True)
class Settings:
    """What the network is made of.

    Attributes:
        channels: Filters at each scale, finest first; the finest sees every second pixel.
        dropout: Probability that a feature of the coarsest scale is dropped in training.

    Raises:
        SettingsError: If a network of these settings cannot be.
    """

    channels: tuple[int, ...] = (24, 48, 80, 112, 144)
    dropout: float = 0.1

    def __post_init__(self) -> None:
        if len(self.channels) < 2 or min(self.channels) < 1 or not 0 <= self.dropout < 1:
            raise SettingsError(f"two scales or more and a dropout below 1 are needed, got {self}")

    @property
    def multiple(self) -> int:
        """Rows and columns of an input are multiples of this."""
        return STRIDE << (len(self.channels) - 1)


class Said(NamedTuple):
    """What the network says of a batch, before any probability.

    Attributes:
        heat: A score for each landmark and place, at half the resolution.
        shown: A score for each landmark's being shown, and last for the nipple's being in profile.
        mask: Scores of background, breast and muscle, at half the resolution.
    """

    heat: Float[Tensor, "batch landmarks rows columns"]
    shown: Float[Tensor, "batch landmarks_and_profile"]
    mask: Float[Tensor, "batch 3 rows columns"]


class Network(nn.Module):
    """Mammograms (batch, 1, rows, columns) in 0–1, the chest wall on the left, to `Said`.

    Two channels are made of the one: the image as it is, and its dark end brightened. The coarsest
    features see the whole breast, since a landmark is where it is by the others: two numbers for
    each place, its row and its column from 0 to 1, stand beside them.
    """

    def __init__(self, settings: Settings, landmarks: int = len(CHANNELS)) -> None:
        super().__init__()
        self.settings, self.landmarks = settings, landmarks
        channels = settings.channels
        steps = list(pairwise(channels))
        self.stem = nn.Sequential(
            nn.Conv2d(2, channels[0], 5, stride=STRIDE, padding=2, bias=False),
            nn.BatchNorm2d(channels[0]), nn.ReLU(inplace=True),
        )  # fmt: skip
        self.first = Residual(channels[0], channels[0])
        self.downs = nn.ModuleList(Residual(fine, coarse) for fine, coarse in steps)
        self.middle = nn.Sequential(
            Residual(channels[-1] + 2, channels[-1]), nn.Dropout2d(settings.dropout)
        )
        self.reduces = nn.ModuleList(nn.Conv2d(coarse, fine, 1) for fine, coarse in reversed(steps))
        self.ups = nn.ModuleList(Residual(2 * fine, fine) for fine, _ in reversed(steps))
        self.heat = nn.Conv2d(channels[0], landmarks + CLASSES, 1)
        self.shown = nn.Linear(2 * channels[-1], landmarks + 1)

    def forward(self, images: Float[Tensor, "batch 1 rows columns"]) -> Said:
        """Scores at half the resolution; rows and columns are multiples of `Settings.multiple`."""
        both = torch.cat([images, images.clamp(min=1e-4) ** DARK], dim=1)
        features = self.first(self.stem(both))
        skips = []
        for down in self.downs:
            skips.append(features)
            features = down(nn.functional.max_pool2d(features, 2))
        features = self.middle(torch.cat([features, places(features)], dim=1))
        shown = self.shown(torch.cat([features.mean(dim=(2, 3)), features.amax(dim=(2, 3))], dim=1))
        for reduce, up in zip(self.reduces, self.ups, strict=True):
            larger = nn.functional.interpolate(reduce(features), scale_factor=2.0, mode="bilinear")
            features = up(torch.cat([larger, skips.pop()], dim=1))
        scores = self.heat(features)
        return Said(scores[:, : self.landmarks], shown, scores[:, self.landmarks :])


class Expectation(nn.Module):
    """Both looks with their heatmaps turned to points: what is exported.

    For each of `CHANNELS` six numbers: the mean row and column of its probability over the input's
    pixels, the variance of rows, the covariance, the variance of columns, and the probability that
    the landmark is shown. A last line holds the nipple as the first look saw it, and in its last
    place the probability that the nipple is in profile.

    Args:
        whole: Sees the whole breast at half of the input's resolution.
        near: Sees `PATCH` pixels of the input around the nipple.
    """

    def __init__(self, whole: Network, near: Network) -> None:
        super().__init__()
        self.whole, self.near = whole, near

    def forward(self, images: Tensor) -> Tensor:
        """Shape (1, landmarks + 1, 6), in pixels of the input (1, 1, rows, columns)."""
        said = self.whole(nn.functional.avg_pool2d(images, FINER))
        moments = finer(expectation(said.heat))
        corner = torch.round(moments[0, NIPPLE, :2]).to(torch.int64) - PATCH // 2
        closer = self.near(patch(images, corner))
        nipple = expectation(closer.heat)
        nipple = torch.cat([nipple[..., :2] + corner, nipple[..., 2:]], dim=2)
        lines = [moments[:, :NIPPLE], nipple, moments[:, NIPPLE + 1 :], moments[:, NIPPLE : NIPPLE + 1]]
        shown = torch.cat([said.shown[:, :-1], closer.shown[:, -1:]], dim=1)
        return torch.cat([torch.cat(lines, dim=1), torch.sigmoid(shown)[..., None]], dim=2)


def finer(moments: Tensor) -> Tensor:
    """Means and covariances in pixels of half the size."""
    middle = (FINER - 1) / 2
    return torch.cat([moments[..., :2] * FINER + middle, moments[..., 2:] * FINER**2], dim=-1)


def patch(images: Tensor, corner: Tensor) -> Tensor:
    """`PATCH` rows and columns from a corner on, zeros where the images (1, 1, ...) end."""
    for axis in (2, 3):
        places = corner[axis - 2] + torch.arange(PATCH, device=images.device)
        inside = (places >= 0) & (places < images.shape[axis])
        taken = images.index_select(axis, places.clamp(0, images.shape[axis] - 1))
        images = taken * inside.to(images.dtype).reshape(
            [-1 if each == axis else 1 for each in range(4)]
        )
    return images


def expectation(heat: Tensor) -> Tensor:
    """Mean and covariance of each heatmap's softmax, in pixels of the input.

    Args:
        heat: Scores (batch, landmarks, rows, columns) at half the resolution.

    Returns:
        (batch, landmarks, 5): row, column, variance of rows, covariance, variance of columns.
    """
    rows, columns = heat.shape[-2:]
    weight = torch.softmax(heat.flatten(2), dim=2).reshape(heat.shape)
    down, across = cell_centres(rows, heat), cell_centres(columns, heat)
    by_row, by_column = weight.sum(dim=3), weight.sum(dim=2)
    row, column = (by_row * down).sum(dim=2), (by_column * across).sum(dim=2)
    off_row, off_column = down - row[..., None], across - column[..., None]
    both = torch.einsum("blrc,blr,blc->bl", weight, off_row, off_column)
    parts = (row, column, (by_row * off_row**2).sum(2), both, (by_column * off_column**2).sum(2))
    return torch.stack(parts, dim=2)


def cell_centres(count: int | torch.SymInt, like: Tensor) -> Tensor:
    """Where the cells of a heatmap lie on the input's pixels: 0.5, 2.5, 4.5."""
    cells = torch.arange(count, dtype=like.dtype, device=like.device)  # type: ignore[arg-type]
    return cells * STRIDE + (STRIDE - 1) / 2
