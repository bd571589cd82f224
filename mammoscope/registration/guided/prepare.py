"""Pairs of views, real and of phantoms, to examples of the guided network."""

from typing import Final

import cv2
import numpy as np
from jaxtyping import Float, UInt8

from mammoscope.core import NotAssessed, PairView
from mammoscope.core.card import RawLook
from mammoscope.io.pairs import Pair
from mammoscope.registration.evaluate import Seen, Views
from mammoscope.registration.guided.examples import Example, Lesion
from mammoscope.registration.guided.frame import MARGIN, Prepared, prepare
from mammoscope.registration.guided.layout import VIEWS
from mammoscope.scores.boxes import Box, centres

NOTHING_PAIRED: Final = 0.4
"""How often a pair without a certain lesion is seen, against one with: it teaches what lesions are."""
Mask = UInt8[np.ndarray, "wide_rows wide_columns"]


def example(pair: Pair, views: Views, raw: RawLook = "log inverted") -> Example | None:
    """One pair as the network learns from it; None where the nipple of a view is not seen.

    Args:
        pair: Whose certain lesions are taken for the same ones.
        views: Its images with their landmarks; where a mask is absent the breast's outline is taken.
        raw: How images for processing are shown.
    """
    both = [prepared(seen, view, raw) for seen, view in zip(views, VIEWS, strict=True)]
    cc, mlo = both
    if isinstance(cc, NotAssessed) or isinstance(mlo, NotAssessed):
        return None
    lesions = (
        tuple(_lesion(lesion.cc, cc) for lesion in pair.lesions),
        tuple(_lesion(lesion.mlo, mlo) for lesion in pair.lesions),
    )
    sure = [place for place, lesion in enumerate(pair.lesions) if lesion.certain]
    return Example(
        images=np.stack([grey(cc), grey(mlo)]),
        masks=np.stack([mask(views.cc, cc), mask(views.mlo, mlo)]),
        lesions=lesions,
        pairs=tuple((place, place) for place in sure),
        weight=1.0 if sure else NOTHING_PAIRED,
        name=f"{pair.woman} {pair.laterality}",
    )


def grey(view: Prepared) -> UInt8[np.ndarray, "wide_rows wide_columns"]:
    """A prepared view as 8 bits."""
    return np.rint(view.pixels * 255).astype(np.uint8)


def inner(points: Float[np.ndarray, "*any 2"], view: Prepared) -> Float[np.ndarray, "*any 2"]:
    """Source pixels as points of the frame without its margin."""
    return view.frame.from_source(points) - MARGIN


def prepared(seen: Seen, view: PairView, raw: RawLook) -> Prepared | NotAssessed:
    """One view in the common frame with its margin."""
    if seen.landmarks is None:
        return NotAssessed("no landmarks")
    return prepare(seen.mammogram, seen.landmarks, view, raw, MARGIN)


def _lesion(box: Box, view: Prepared) -> Lesion:
    top, left, bottom, right = box
    row, column = inner(centres(np.array(box, float)), view).tolist()
    pixel = view.pixel
    return Lesion(row, column, (bottom - top) / pixel, (right - left) / pixel)


def mask(seen: Seen, view: Prepared) -> Mask:
    """Breast and muscle in the pixels of a prepared view; the breast's outline where nobody says."""
    if seen.mask is None:
        return view.body.astype(np.uint8)
    matrix = np.asarray(view.frame.matrix)[::-1][:, [1, 0, 2]]
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(seen.mask.labels, matrix, view.pixels.shape[::-1], flags=flags)
