"""The picture of one finding on one view: a crop, and the same under its heatmap with its box."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from jaxtyping import UInt8

from mammoscope.core import Finding, Findings, Frame
from mammoscope.report.hanging import Hung
from mammoscope.report.heat import heat_on, over
from mammoscope.report.pictures import FINDING_COLOUR, Picture, draw_lines, encoded, ring

AROUND: Final = 2.2
"""Side of the crop in longer sides of the box."""
LEAST: Final = 1 / 8
"""The same in heights of the image, at least."""
SIDE: Final = 220
QUALITY: Final = 82


@dataclass(frozen=True)
class Shot:
    """One finding as one view shows it.

    Attributes:
        title: ``R MLO``.
        source: Data URI of the crop beside its heatmap, as the view hangs.
        score: On this view, 0–1.
        size: ``14 × 12 mm``; empty where the spacing is unknown.
        level: At which pyramid level it fired: ``1``, ``1.4``.
    """

    title: str
    source: str
    score: float
    size: str
    level: str


def shot(one: Finding, hung: Hung, title: str) -> Shot:
    """The picture of a finding, and what stands beside it.

    Args:
        one: Of the image.
        hung: The image as it hangs, with its `Findings`.
        title: What a reader calls it.
    """
    answer = hung.image.answers["findings"]
    if not isinstance(answer, Findings):
        raise TypeError(f"findings were expected of {title}, got {type(answer).__name__}")
    picture = pictured(one, answer, hung.image.preview)
    hanging = picture[:, :, ::-1] if hung.mirrored else picture
    pair = np.concatenate(list(hanging), axis=1)
    source = b64encode(encoded(pair, ".jpg", QUALITY)).decode("ascii")
    size = "" if one.size_mm is None else f"{one.size_mm[0]:.0f} × {one.size_mm[1]:.0f} mm"
    return Shot(title, f"data:image/jpeg;base64,{source}", one.score, size, f"{one.level:.2g}")


def pictured(
    one: Finding, found: Findings, preview: UInt8[np.ndarray, "rows columns"]
) -> UInt8[np.ndarray, "2 side side 3"]:
    """A finding's crop, and the same under the heatmap with the box.

    Args:
        one: The finding.
        found: All of its image.
        preview: A picture of the whole image.
    """
    shape = (preview.shape[0], preview.shape[1])
    frame = Frame.of(found.frame.source).resize(shape)
    corners = frame.from_source(np.array(one.box).reshape(2, 2))
    side = max(AROUND * float(np.ptp(corners, axis=0).max()), LEAST * shape[0])
    scale = SIDE / side
    first = corners.mean(axis=0) - side / 2
    move = np.array([[scale, 0, -scale * first[1]], [0, scale, -scale * first[0]]])
    heat = heat_on(found, shape)
    plain, warm = (
        cv2.warpAffine(layer, move, (SIDE, SIDE), flags=cv2.INTER_LINEAR) for layer in (preview, heat)
    )
    marked: Picture = over(plain, warm)
    draw_lines(marked, [ring(tuple((scale * (corners - first)).ravel().tolist()))], FINDING_COLOUR)
    return np.stack([np.repeat(plain[..., None], 3, axis=2), marked])
