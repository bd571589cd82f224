"""The guided network: how two views lie on each other, and where a point's partner may be.

Both views come in one frame: nipple on nipple, chest wall against pectoral line, in millimetres
(`mammoscope.registration.guided.frame`). One encoder with shared weights sees each; what it says of
both at its coarsest scale bends the frame (a stationary velocity, integrated by squaring: smooth, one
to one, its inverse at hand), and what it says at a fine scale is compared: a place is a partner as far
as anatomy expects it there and its features answer the point's.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from mammoscope.errors import SettingsError
from mammoscope.learn.blocks import Residual, places
from mammoscope.registration.guided.frame import CELL, COLUMNS, ROWS

VIEWS = 2
SQUARINGS = 5
UNIT = 10.0
"""Velocities and mean places are learnt in units of so many millimetres."""
SPREAD = (20.0, 8.0)
"""Standard deviations in mm, down and across, from which the network starts."""


@dataclass(frozen=True)
class Settings:
    """What the network is made of.

    Attributes:
        channels: Filters at each scale, finest first; the finest sees every second pixel.
        features: Numbers by which a point and a place are compared.
        dropout: Probability that a feature of the coarsest scale is dropped in training.

    Raises:
        SettingsError: If a network of these settings cannot be.
    """

    channels: tuple[int, ...] = (24, 40, 64, 96, 128)
    features: int = 32
    dropout: float = 0.2

    def __post_init__(self) -> None:
        if len(self.channels) != 5 or min(*self.channels, self.features) < 1:
            raise SettingsError(f"five scales with filters and some features are needed, got {self}")
        if not 0 <= self.dropout < 1:
            raise SettingsError(f"dropout is a probability below 1, got {self.dropout}")


class Said(NamedTuple):
    """What the network says of pairs, in cells of `CELL` mm; views are CC, then MLO.

    Attributes:
        asks: What a point of each view looks for on the other.
        answers: What a place of each view answers.
        lesion: A score for a lesion's lying there, each view by itself.
        shift: From a cell of each view to its place on the other by the warp, down and across, in mm:
            smooth, one to one, and the other view's is its inverse.
        centre: From a cell of each view to the mean place of its partners, in mm: not one to one, for
            what one view leaves open is drawn to the middle.
        spread: Logarithms of the standard deviations around that place, down and across, in mm.
    """

    asks: Float[Tensor, "batch 2 features rows columns"]
    answers: Float[Tensor, "batch 2 features rows columns"]
    lesion: Float[Tensor, "batch 2 1 rows columns"]
    shift: Float[Tensor, "batch 2 2 rows columns"]
    centre: Float[Tensor, "batch 2 2 rows columns"]
    spread: Float[Tensor, "batch 2 2 rows columns"]


class Network(nn.Module):
    """Pairs (batch, 2, ROWS, COLUMNS) in 0–1 in the common frame, CC first, to `Said`."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.settings = settings
        self.encoder = Encoder(settings)
        coarse = settings.channels[-1]
        self.bend = nn.Sequential(
            nn.Conv2d(VIEWS * coarse, coarse, 1), nn.ReLU(inplace=True), nn.Dropout2d(settings.dropout),
            nn.Conv2d(coarse, coarse, 3, padding=1), nn.ReLU(inplace=True),
        )  # fmt: skip
        self.velocity = nn.Conv2d(coarse, 2, 1)
        self.expected = nn.Conv2d(coarse, 4 * VIEWS, 1)
        rows, columns = ROWS // 32, COLUMNS // 32
        self.mean_velocity = nn.Parameter(torch.zeros(1, 2, rows, columns))
        self.mean_expected = nn.Parameter(torch.zeros(1, 4 * VIEWS, rows, columns))
        fine = settings.channels[1]
        self.heads = nn.Conv2d(fine, 2 * settings.features + 1, 1)
        for weights in (*self.velocity.parameters(), *self.expected.parameters()):
            nn.init.normal_(weights, std=1e-3)

    def forward(self, pairs: Float[Tensor, "batch 2 rows columns"]) -> Said:
        """Scores, features and the warp, for both directions."""
        batch, size = pairs.shape[0], (ROWS // CELL, COLUMNS // CELL)
        fine, coarse = self.encoder(with_view(pairs))
        both = self.bend(coarse.reshape(batch, -1, *coarse.shape[2:]))
        velocity = larger(self.mean_velocity + self.velocity(both), size) * UNIT
        shift = torch.stack([integrated(velocity), integrated(-velocity)], dim=1)
        expected = larger(self.mean_expected + self.expected(both), size)
        expected = expected.reshape(batch, VIEWS, 4, *size)
        centre = expected[:, :, :2] * UNIT
        spread = expected[:, :, 2:] + torch.log(expected.new_tensor(SPREAD))[:, None, None]
        features = self.settings.features
        heads = self.heads(fine).reshape(batch, VIEWS, -1, *size)
        asks, answers = heads[:, :, :features], heads[:, :, features:-1]
        lesion = heads[:, :, -1:]
        return Said(asks, answers, lesion, shift, centre, spread)


class Answers(nn.Module):
    """A network whose answer is one array: what is exported, see `layout.said`."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.network = network

    def forward(self, pairs: Tensor) -> Tensor:
        """Shape (1, channels of CC and then of MLO, rows, columns), in cells."""
        return torch.cat(list(self.network(pairs)), dim=2).flatten(1, 2)


class Encoder(nn.Module):
    """A slim U-Net that ends at cells of `CELL` mm: fine features, and the coarsest."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        channels = settings.channels
        steps = list(pairwise(channels))
        self.stem = nn.Sequential(
            nn.Conv2d(2, channels[0], 5, stride=2, padding=2, bias=False),
            nn.BatchNorm2d(channels[0]), nn.ReLU(inplace=True),
        )  # fmt: skip
        self.first = Residual(channels[0], channels[0])
        self.downs = nn.ModuleList(Residual(fine, coarse) for fine, coarse in steps)
        self.middle = nn.Sequential(
            Residual(channels[-1] + 2, channels[-1]), nn.Dropout2d(settings.dropout)
        )
        up = list(reversed(steps[1:]))
        self.reduces = nn.ModuleList(nn.Conv2d(coarse, fine, 1) for fine, coarse in up)
        self.ups = nn.ModuleList(Residual(2 * fine, fine) for fine, _ in up)

    def forward(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Features in cells, and in blocks of 32 mm."""
        features, skips = self.first(self.stem(images)), []
        for down in self.downs:
            skips.append(features)
            features = down(nn.functional.max_pool2d(features, 2))
        coarse = features = self.middle(torch.cat([features, places(features)], dim=1))
        for reduce, up in zip(self.reduces, self.ups, strict=True):
            raised = nn.functional.interpolate(reduce(features), scale_factor=2.0, mode="bilinear")
            features = up(torch.cat([raised, skips.pop()], dim=1))
        return features, coarse


def with_view(
    pairs: Float[Tensor, "batch 2 rows columns"],
) -> Float[Tensor, "batch*2 2 rows columns"]:
    """Each view alone, with a second channel that says which it is: 0 CC, 1 MLO."""
    batch, _, rows, columns = pairs.shape
    which = torch.arange(VIEWS, dtype=pairs.dtype, device=pairs.device)[None, :, None, None]
    both = torch.stack([pairs, which.expand(batch, VIEWS, rows, columns)], dim=2)
    return both.reshape(batch * VIEWS, 2, rows, columns)


def larger(lattice: Tensor, size: tuple[int, int]) -> Tensor:
    """A lattice of 32 mm at the cells, bilinear and then smoothed, so that no crease is left."""
    fine = nn.functional.interpolate(lattice, size=size, mode="bilinear", align_corners=False)
    for _ in range(2):
        padded = nn.functional.pad(fine, (2, 2, 2, 2), mode="replicate")
        fine = nn.functional.avg_pool2d(padded, 5, stride=1)
    return fine


def integrated(
    velocity: Float[Tensor, "batch 2 rows columns"],
) -> Float[Tensor, "batch 2 rows columns"]:
    """The shift, in mm, at the end of a path along a velocity that stands still in time.

    Source: Arsigny et al., A log-Euclidean framework for statistics on diffeomorphisms, MICCAI 2006:
    scaling and squaring.
    """
    shift = velocity / 2**SQUARINGS
    for _ in range(SQUARINGS):
        shift = shift + moved(shift, shift)
    return shift


def moved(
    values: Float[Tensor, "batch channels rows columns"],
    shift: Float[Tensor, "batch 2 rows columns"],
) -> Float[Tensor, "batch channels rows columns"]:
    """Values of each cell at the place to which it is shifted, in mm; beyond the edge, the edge's."""
    rows, columns = values.shape[-2:]
    row = torch.arange(rows, dtype=values.dtype, device=values.device)[:, None] + shift[:, 0] / CELL
    column = torch.arange(columns, dtype=values.dtype, device=values.device) + shift[:, 1] / CELL
    return sampled(values, torch.stack([row, column], dim=-1))


def sampled(
    values: Float[Tensor, "batch channels rows columns"],
    cells: Float[Tensor, "batch down across 2"],
) -> Float[Tensor, "batch channels down across"]:
    """Values between cells, bilinear; (row, column) in cells."""
    rows, columns = values.shape[-2:]
    size = cells.new_tensor([columns, rows])
    grid = (2 * cells.flip(-1) + 1) / size - 1
    return nn.functional.grid_sample(
        values, grid, mode="bilinear", padding_mode="border", align_corners=False
    )
