"""How unlike an image is to those that trained a network, by a few numbers of its breast. No torch.

An image is measured as the network sees it: cut to its breast, at the network's scale, its range
stretched. Measured are grey values within the breast and around it, their variation at four scales,
what is burnt out, and the breast's size, shape and place. How far these lie from those of the training
images is told by the Mahalanobis distance with a shrunk correlation. What it cannot tell: anything that
leaves these numbers about as they are, such as half of a breast or a CC view upside down.
"""

from collections.abc import Hashable, Sequence
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from jaxtyping import Bool, Float, Float32

from mammoscope.core.reference import LEVELS, Reference
from mammoscope.errors import UsageError
from mammoscope.image.breast import Prepared
from mammoscope.image.percentiles import percentiles

GREYS: Final = (5, 25, 50, 75, 95)
"""Percentiles of grey values within the breast."""
SCALES: Final = (0.8, 1.6, 3.2, 6.4)
"""Deviations of Gaussian filters, in pixels: what lies between two of them is variation at a scale."""
FEATURES: Final = (
    *(f"grey value, percentile {share}" for share in GREYS),
    *(f"variation finer than {scale:g} pixels" for scale in SCALES),
    "grey value around the breast", "variation around the breast",
    "share burnt out", "share black", "slope at the skin",
    "area", "height to width", "share of its frame",
    "reach along one side", "reach along the other side",
    "reach along the top", "reach along the bottom",
)  # fmt: skip
LEAST: Final = 1e-4
"""No variation is taken to be less."""
FAINT: Final = 0.01
"""Is added to grey values before their logarithm is taken."""
SELDOM: Final = 1e-3
"""Is added to shares of the breast before their logarithm is taken."""
SMALLEST: Final = 0.05
"""Of deviations: what hardly ever changes in training is not judged more finely than this."""
SKIN: Final = 9
"""Width of the strip within the skin, and of the gap around it, in pixels."""
SHARE: Final = 0.99
"""Of training women's images, lies within the limit."""
PARTS: Final = 10
"""In so many parts women are left out of the reference that judges them."""
Pixels = Float32[np.ndarray, "rows columns"]
Body = Bool[np.ndarray, "rows columns"]
Measured = Float[np.ndarray, "images features"]


def features(prepared: Prepared) -> Float[np.ndarray, " features"]:
    """`FEATURES` of an image that `mammoscope.image.breast.prepare` made."""
    pixels, body = prepared.pixels, prepared.body
    inner, outer = _eroded(body), _eroded(~body)
    inside, skin, around = pixels[body], pixels[body & ~inner], pixels[outer]
    depth = pixels[inner if inner.any() else body]
    return np.array(
        [
            *percentiles(pixels, [float(share) for share in GREYS], body),
            *_variation(pixels, inner if inner.any() else body),
            *np.log(np.array([around.mean(), around.std()] if around.size else [0.0, 0.0]) + FAINT),
            np.sqrt((inside >= 1).mean()),
            np.log((inside <= 0).mean() + SELDOM),
            depth.mean() - (skin.mean() if skin.size else depth.mean()),
            *_shape(body),
        ],
        float,
    )


def unlike(prepared: Prepared, reference: Reference) -> float:
    """How unlike an image is to those of a reference: above 1 it is unlike.

    Raises:
        UsageError: If the reference measures something else.
    """
    if reference.features != FEATURES:
        raise UsageError(
            "a reference of other features than this version's: install the weights that belong to it"
        )
    return float(reference.distance(features(prepared)))


def reference_of(
    measured: Measured, women: Sequence[Hashable], scores: Sequence[float] = (), seed: int = 0
) -> Reference:
    """The reference that images make.

    Args:
        measured: `features` of each image.
        women: Who each image belongs to.
        scores: Of images whose women did not train the network that gave them.
        seed: Of the draw of parts.

    Raises:
        UsageError: If there are fewer than two women for each part, or not one for each image.
    """
    names = sorted(set(women), key=str)
    if len(women) != len(measured) or len(names) < 2 * PARTS:
        raise UsageError(
            f"a woman for each of {len(measured)} images, {2 * PARTS} women or more, were expected: "
            f"got {len(women)} and {len(names)}"
        )
    order = np.random.default_rng(seed).permutation(len(names))
    part = dict(zip(names, order % PARTS, strict=True))
    parts = np.array([part[woman] for woman in women])
    left_out = np.zeros(len(measured))
    for number in range(PARTS):
        here = parts == number
        left_out[here] = _fitted(measured[~here], len(names)).distance(measured[here])
    return _fitted(measured, len(names), float(np.quantile(left_out, SHARE)), scores)


def _fitted(
    measured: Measured, women: int, limit: float = 1.0, scores: Sequence[float] = ()
) -> Reference:
    means, deviations = measured.mean(axis=0), np.maximum(measured.std(axis=0), SMALLEST)
    steps = (measured - means) / deviations
    missing = np.maximum(1 - (steps**2).mean(axis=0), 0)
    precision = np.linalg.inv(shrunk(steps) + np.diag(missing))
    return Reference(
        features=FEATURES,
        means=_rounded(means),
        deviations=_rounded(deviations),
        precision=tuple(map(_rounded, precision)),
        limit=float(f"{limit:.5g}"),
        quantiles=tuple(map(tuple, np.quantile(measured, LEVELS, axis=0).T.tolist())),
        scores=tuple(np.quantile(scores, LEVELS).tolist()) if len(scores) else (),
        women=women,
    )


def shrunk(steps: Measured) -> Float[np.ndarray, "features features"]:
    """The covariance of centred values, drawn towards a multiple of the identity.

    Source:
        Ledoit and Wolf, A well-conditioned estimator for large-dimensional covariance matrices, Journal
        of Multivariate Analysis 88:365-411 (2004).
    """
    count, width = steps.shape
    plain = steps.T @ steps / count
    level = np.trace(plain) / width
    spread = ((plain - level * np.eye(width)) ** 2).sum()
    noise = float((steps**2).sum(axis=1) @ (steps**2).sum(axis=1)) / count - (plain**2).sum()
    share = min(max(noise / count / spread, 0.0), 1.0) if spread else 0.0
    return share * level * np.eye(width) + (1 - share) * plain


def _variation(pixels: Pixels, where: Body) -> list[float]:
    """Logarithms of the deviation of what lies between one scale and the next."""
    smooth = [pixels, *(cv2.GaussianBlur(pixels, (0, 0), scale) for scale in SCALES)]
    bands = [cv2.subtract(finer, coarser) for finer, coarser in pairwise(smooth)]
    spread = [float(cv2.meanStdDev(band, mask=where.view(np.uint8))[1][0, 0]) for band in bands]
    return [float(np.log(max(one, LEAST))) for one in spread]


def _shape(body: Body) -> list[float]:
    """Logarithms of area and proportion, shares of the frame and of its edges that are breast."""
    rows, columns = (np.flatnonzero(body.any(axis=axis)) for axis in (1, 0))
    high, wide = int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1
    upper, lower, left, right = (float(edge.mean()) for edge in (*body[[0, -1]], *body.T[[0, -1]]))
    area = float(body.sum())
    return [
        float(np.log(area)), float(np.log(high / wide)), area / (high * wide), max(left, right),
        min(left, right), upper, lower,
    ]  # fmt: skip


def _eroded(where: Body) -> Body:
    kernel = np.ones((2 * SKIN + 1, 2 * SKIN + 1), np.uint8)
    return cv2.erode(where.astype(np.uint8), kernel, borderValue=1).astype(bool)


def _rounded(values: np.ndarray) -> tuple[float, ...]:
    return tuple(float(f"{value:.5g}") for value in values)
