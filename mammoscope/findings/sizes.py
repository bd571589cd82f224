"""One finding at several scales: the paper's last figure, whose authors name size as a weakness."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from mammoscope.findings.evaluate import Classify
from mammoscope.findings.prepare import Example
from mammoscope.findings.sampling import cut
from mammoscope.image.intensity import to_grey
from mammoscope.scores.boxes import Box, areas, rescaled

SCALES: Final = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""Side of a crop over the side of the finding. The figure's own scales cannot be read: ours."""
BAR: Final = 24
"""Rows below a crop, for its probability."""
FONT: Final = cv2.FONT_HERSHEY_SIMPLEX


@dataclass(frozen=True, eq=False)
class Sizes:
    """What is said of one finding at several scales.

    Attributes:
        crops: (scales, 3, size, size), around its centre.
        probabilities: Of its kind, at each.
    """

    crops: Float32[np.ndarray, "scales 3 size size"]
    probabilities: Float32[np.ndarray, " scales"]


def at_scales(
    classify: Classify,
    example: Example,
    box: Box,
    column: int,
    size: int,
    scales: Sequence[float] = SCALES,
) -> Sizes:
    """Crops around a finding, as high and wide as it times each scale, and what is said of them.

    Args:
        classify: A classifier.
        example: Whose image it lies in.
        box: Where it lies, in pixels of the image.
        column: Of its kind, in what the classifier says.
        size: Rows and columns that the classifier takes.
        scales: Side of a crop over that of the finding.
    """
    channels, one = example.image.channels(), np.array(box, float)
    area = float(areas(one))
    boxes = [rescaled(one, area * scale**2) for scale in scales]
    crops = np.stack([cut(channels, tuple(scaled.tolist()), size) for scaled in boxes])
    return Sizes(crops, classify(crops)[:, column].astype(np.float32))


def spread(measured: Sequence[Sizes]) -> Float32[np.ndarray, "3 scales"]:
    """Quartiles of the probability at each scale, over findings."""
    said = np.stack([one.probabilities for one in measured])
    return np.percentile(said, (25, 50, 75), axis=0).astype(np.float32)


def picture(sizes: Sizes, scales: Sequence[float] = SCALES) -> UInt8[np.ndarray, "rows columns"]:
    """The crops side by side, below each its scale and its probability."""
    panes = []
    for crop, scale, probability in zip(sizes.crops, scales, sizes.probabilities, strict=True):
        bar = np.zeros((BAR, crop.shape[2]), np.uint8)
        words = f"{scale:g} x: {probability:.2f}"
        cv2.putText(bar, words, (4, BAR - 8), FONT, 0.5, 255, 1, cv2.LINE_AA)
        panes.append(np.concatenate([to_grey(crop[0]), bar]))
    return np.concatenate(panes, axis=1)
