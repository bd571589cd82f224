"""Real images made worse on purpose: what a fold, a motion or a wrong exposure would do. Synthetic."""

import cv2
import numpy as np

from mammoscope.core import Segmentation

FOLD_LENGTH_MM = (25, 60)
FOLD_WIDTH_MM = (1.5, 4.0)
TURN = 0.8
TRIES = 40
GRAIN = 0.55


def with_fold(
    preview: np.ndarray,
    segmentation: Segmentation,
    step: float,
    height: float,
    rng: np.random.Generator,
) -> np.ndarray | None:
    """A bright curved line of Gaussian profile that runs inwards from the posterior skin.

    Args:
        preview: Uint8, of the shape of the outline's labels.
        segmentation: Where the breast and its skin lie.
        step: Size of a pixel in mm.
        height: Of the line above what is there, in grey values.
        rng: Draws the place, the direction, the curvature, the width and the length.

    Returns:
        None where no place was found: the line must lie in the breast and not on burnt-out film.
    """
    body = segmentation.mask.labels > 0
    inwards = cv2.GaussianBlur(cv2.distanceTransform(body.astype(np.uint8), cv2.DIST_L2, 5), (0, 0), 3)
    slope = np.stack(np.gradient(inwards), axis=-1)
    for _ in range(TRIES):
        path = _path(segmentation.skin_line, slope, body, step, rng)
        at = path.round().astype(int)
        inside = ((at >= 0) & (at < np.array(body.shape))).all(axis=1)
        there = tuple(at[inside].T)
        if inside.mean() < 0.95 or body[there].mean() < 0.9 or preview[there].mean() > 215:
            continue
        canvas = np.ones(preview.shape, np.uint8)
        cv2.polylines(canvas, [at[:, ::-1].astype(np.int32)], False, 0, 1)
        away = cv2.distanceTransform(canvas, cv2.DIST_L2, 5)
        spread = rng.uniform(*FOLD_WIDTH_MM) / 2.355 / step
        line = height * np.exp(-((away / spread) ** 2) / 2) * body
        return np.clip(preview + line + 0.5, 0, 255).astype(np.uint8)
    return None


def _path(
    skin: np.ndarray, slope: np.ndarray, body: np.ndarray, step: float, rng: np.random.Generator
) -> np.ndarray:
    columns = np.flatnonzero(body.any(axis=0))
    wall_left = body[:, columns[0]].sum() > body[:, columns[-1]].sum()
    depth = (skin[:, 1] - columns[0]) / len(columns)
    posterior = np.flatnonzero((depth if wall_left else 1 - depth) < 0.5)
    start = skin[rng.choice(posterior if len(posterior) else len(skin))]
    down, across = slope[tuple(np.clip(start.round().astype(int), 0, np.array(body.shape) - 1))]
    length = rng.uniform(*FOLD_LENGTH_MM) / step
    turned = np.arctan2(down, across) + rng.uniform(-TURN, TURN)
    angle = turned + rng.uniform(-1, 1) * np.arange(0, length) / length
    return start + np.column_stack([np.cumsum(np.sin(angle)), np.cumsum(np.cos(angle))])


def moved(preview: np.ndarray, length: float, angle: float, keep_grain: bool) -> np.ndarray:
    """An image averaged along a straight motion.

    Args:
        preview: Uint8.
        length: Of the motion in pixels.
        angle: Of the motion, radians.
        keep_grain: Whether what a Gaussian of 0.55 pixels takes away stays sharp, as a detector's
            noise and a film's grain do, which come after the motion.
    """
    sharp = preview.astype(np.float32)
    kernel = _motion(length, angle)
    image = cv2.filter2D(sharp, -1, kernel, borderType=cv2.BORDER_REPLICATE)
    if keep_grain:
        grain = sharp - cv2.GaussianBlur(sharp, (0, 0), GRAIN)
        image += grain - cv2.filter2D(grain, -1, kernel, borderType=cv2.BORDER_REPLICATE)
    return np.clip(image + 0.5, 0, 255).astype(np.uint8)


def _motion(length: float, angle: float, finer: int = 8) -> np.ndarray:
    size = int(2 * np.ceil(length / 2) + 3)
    canvas = np.zeros((size * finer, size * finer), np.float32)
    middle = (size * finer - 1) / 2
    along = np.array([np.cos(angle), np.sin(angle)]) * length * finer / 2
    ends = [tuple(int(v) for v in (middle + sign * along).round()) for sign in (-1, 1)]
    cv2.line(canvas, ends[0], ends[1], 1.0, finer)
    kernel = canvas.reshape(size, finer, size, finer).sum(axis=(1, 3))
    return kernel / kernel.sum()


def brightened(preview: np.ndarray, gain: float, offset: float) -> np.ndarray:
    """Grey values scaled and shifted, clipped at black and at white."""
    return np.clip(preview.astype(np.float32) * gain + offset + 0.5, 0, 255).astype(np.uint8)
