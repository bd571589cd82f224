"""Parts of U-Nets that two rooms share; U-Net's named as in the segmentation authors' checkpoint."""

import torch
from torch import Tensor, nn


class DoubleConvolution(nn.Module):
    """Twice: convolution 3 × 3, batch norm, rectified linear unit."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True),
        )  # fmt: skip

    def forward(self, features: Tensor) -> Tensor:
        """Keep the size, change the channels."""
        return self.net(features)


class Down(nn.Module):
    """Half the size: max-pooling 2 × 2, double convolution."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.MaxPool2d(2, 2), DoubleConvolution(inputs, outputs))

    def forward(self, features: Tensor) -> Tensor:
        """Halve rows and columns."""
        return self.net(features)


class Up(nn.Module):
    """Twice the size: bilinear upsampling, 1 × 1 convolution, skip connection, double convolution."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        double = nn.Upsample(scale_factor=2, mode="bilinear", align_corners=True)
        self.upsample = nn.Sequential(double, nn.Conv2d(inputs, outputs, 1))
        self.conv = DoubleConvolution(2 * outputs, outputs)

    def forward(self, features: Tensor, skip: Tensor) -> Tensor:
        """Double rows and columns to those of the skip connection."""
        return self.joined(self.raised(features), skip)

    def raised(self, features: Tensor) -> Tensor:
        """Double rows and columns.

        The 1 × 1 convolution goes first here: it commutes with interpolation, whose weights
        sum to one, and costs a quarter at the smaller size.
        """
        double, reduce = self.upsample
        return double(reduce(features))

    def joined(self, raised: Tensor, skip: Tensor) -> Tensor:
        """The double convolution of both."""
        return self.conv(torch.cat([skip, raised], dim=1))


class Residual(nn.Module):
    """Twice convolution 3 × 3, batch norm, rectified linear unit, around a shortcut."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.shortcut = nn.Conv2d(inputs, outputs, 1) if inputs != outputs else nn.Identity()
        self.net = nn.Sequential(
            nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs),
            nn.ReLU(inplace=True),
            nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs),
        )  # fmt: skip

    def forward(self, features: Tensor) -> Tensor:
        """Keep the size, change the channels."""
        return torch.relu(self.net(features) + self.shortcut(features))


def places(features: Tensor) -> Tensor:
    """Row and column of every place, 0 to 1, as two channels."""
    batch, _, rows, columns = features.shape
    down = (torch.arange(rows, dtype=features.dtype, device=features.device) + 0.5) / rows
    across = (torch.arange(columns, dtype=features.dtype, device=features.device) + 0.5) / columns
    grid = torch.stack([down[:, None].expand(rows, columns), across.expand(rows, columns)])
    return grid.expand(batch, 2, rows, columns)
