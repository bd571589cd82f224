"""The body (breast and muscle) of a mammogram by threshold, for masks that are looked at afterwards."""

import cv2
import numpy as np

ROWS = 460
FILM = 0.25
"""Share of Otsu's threshold that follows the skin on film; 1 loses it."""
DIGITAL = 0.08
LEAST_DIGITAL = 6
FRAME = 0.08
NARROW = 17


def body_outline(grey: np.ndarray, digital: bool) -> np.ndarray:
    """Boolean: the largest bright region without film borders, labels and narrow strips of glare.

    Args:
        grey: Uint8, shape (rows, columns), bright where dense.
        digital: Background is zero and no border or label is there; the breast may hold dark
            places that only its skin tells from air.
    """
    rows, columns = grey.shape
    size = (max(8, round(columns * ROWS / rows)), ROWS)
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    border = np.zeros(small.shape, bool) if digital else film_border(small)
    smooth = cv2.GaussianBlur(small, (0, 0), 1.5)
    bright = (smooth > _level(smooth[~border], digital)) & ~border
    across = _opened(bright, np.ones((1, NARROW), np.uint8), cv2.BORDER_CONSTANT)
    if digital:
        body = _row_filled(filled(_parts(_grown(_parts(across), bright))))
    else:
        both = _opened(across, np.ones((NARROW, 1), np.uint8), cv2.BORDER_CONSTANT)
        body = filled(largest(_grown(largest(_opened(both, _disc(15))), both)))
    soft = cv2.GaussianBlur(body.astype(np.float32), (0, 0), 1.2)
    return cv2.resize(soft, (columns, rows), interpolation=cv2.INTER_LINEAR) > 0.5


def film_border(grey: np.ndarray) -> np.ndarray:
    """Boolean: straight white strips at the image's edges."""
    border = np.zeros(grey.shape, bool)
    white = grey > 0.86 * np.percentile(grey, 99.9)
    for view, out in ((white, border), (white.T, border.T), (white[::-1], border[::-1]),
                      (white.T[::-1], border.T[::-1])):  # fmt: skip
        lines = np.flatnonzero(view[: max(3, int(FRAME * len(view)))].mean(axis=1) > 0.55)
        if len(lines):
            out[: lines[-1] + 3] = True
    return border


def largest(region: np.ndarray) -> np.ndarray:
    """The largest connected part."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats(region.astype(np.uint8))
    if count < 2:
        return np.zeros(region.shape, bool)
    return parts == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())


def filled(region: np.ndarray) -> np.ndarray:
    """Without holes."""
    outside = np.pad(region.astype(np.uint8), 1)
    cv2.floodFill(outside, None, (0, 0), 2)
    return outside[1:-1, 1:-1] != 2


def _level(grey: np.ndarray, digital: bool) -> float:
    otsu, _ = cv2.threshold(grey.reshape(-1, 1), 0, 255, cv2.THRESH_OTSU)
    dark = grey[grey < otsu]
    background = float(np.bincount(dark).argmax()) if dark.size else 0.0
    share = DIGITAL if digital else FILM
    return background + max(LEAST_DIGITAL if digital else 0, share * (otsu - background))


def _parts(region: np.ndarray) -> np.ndarray:
    """All parts but crumbs: an armpit may be cut off from its breast by a fold of air."""
    region = _opened(region, _disc(15))
    count, parts, stats, _ = cv2.connectedComponentsWithStats(region.astype(np.uint8))
    areas = stats[1:, cv2.CC_STAT_AREA]
    if count < 2:
        return np.zeros(region.shape, bool)
    return np.isin(parts, 1 + np.flatnonzero(areas >= 0.015 * areas.max()))


def _grown(region: np.ndarray, bright: np.ndarray) -> np.ndarray:
    """Give back what the opening took from nipples and corners."""
    return (cv2.dilate(region.astype(np.uint8), _disc(9)) > 0) & bright


def _row_filled(body: np.ndarray) -> np.ndarray:
    """Every row filled from the chest wall, which is straight, to the skin."""
    columns = np.flatnonzero(body.any(axis=0))
    if not len(columns):
        return body
    first, last = columns[0], columns[-1]
    left = body[:, first : first + 6].any(axis=1).sum() > body[:, last - 5 : last + 1].any(axis=1).sum()
    result = body.copy()
    for row in np.flatnonzero(body.any(axis=1)):
        here = np.flatnonzero(body[row])
        result[row, slice(first, here[-1] + 1) if left else slice(here[0], last + 1)] = True
    return result


def _opened(region: np.ndarray, kernel: np.ndarray, edge: int = cv2.BORDER_REPLICATE) -> np.ndarray:
    wide = cv2.copyMakeBorder(region.astype(np.uint8), 16, 16, 16, 16, edge, value=0)
    return cv2.morphologyEx(wide, cv2.MORPH_OPEN, kernel)[16:-16, 16:-16].astype(bool)


def _disc(size: int) -> np.ndarray:
    return cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
