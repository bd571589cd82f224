"""The pectoral muscle behind a marked line: the line follows the edge where there is one."""

import cv2
import numpy as np

REACH = 0.028
"""How far the edge may leave the line, of the image's height: real edges are curved by 1–2.5 %."""
STIFFNESS = 0.25
PULL = 1.2
STEP = 2.0


def muscle(
    grey: np.ndarray, upper: tuple[float, float], lower: tuple[float, float], chest_wall: str
) -> np.ndarray:
    """Boolean: the chest-wall side of the line, moved onto the edge next to it.

    The line goes on straight beyond its ends. Between them a path of least cost runs within
    `REACH` of it: bright on the muscle's side is cheap, distance from the line is dear.

    Args:
        grey: Uint8, shape (rows, columns).
        upper: Upper end (row, column) of the marked line.
        lower: Lower end.
        chest_wall: ``left`` or ``right``.
    """
    height = len(grey)
    start, end = np.asarray(upper, float), np.asarray(lower, float)
    length = float(np.linalg.norm(end - start))
    along = (end - start) / length
    inwards = np.array([-along[1], along[0]])
    if (inwards[1] > 0) == (chest_wall == "left"):
        inwards = -inwards
    places = np.arange(-0.6 * height, length + 0.8 * height, STEP)
    offsets = np.arange(-REACH * height, REACH * height + 0.01)
    points = start + places[:, None, None] * along + offsets[None, :, None] * inwards
    on_line = np.clip(1 - np.maximum(-places, places - length) / (0.10 * height), 0, 1)
    marked = np.abs(places - length / 2) <= length / 2 + 0.02 * height
    edge = _edge(grey, points, inwards, marked)
    pull = PULL * (offsets / offsets[-1]) ** 2 * (0.35 + 2 * (1 - on_line[:, None]))
    path = offsets[cheapest_path(pull - edge * on_line[:, None])]
    smooth = cv2.GaussianBlur(path.reshape(-1, 1), (1, 15), 0, sigmaY=0.006 * height / STEP)[:, 0]
    line = start + places[:, None] * along + smooth[:, None] * inwards
    far = 3 * height * inwards
    return polygon(np.vstack([line, line[-1] + far, line[0] + far]), grey.shape)


def polygon(points: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Boolean: the inside of a polygon of (row, column)."""
    inside = np.zeros(shape, np.uint8)
    cv2.fillPoly(inside, [np.round(points[:, ::-1] * 16).astype(np.int32)], 1, shift=4)
    return inside.astype(bool)


def cheapest_path(cost: np.ndarray) -> np.ndarray:
    """One column index a row, neighbours at most 1 apart, of least summed cost."""
    total, back = cost[0].copy(), np.zeros(cost.shape, int)
    columns = np.arange(cost.shape[1])
    for row in range(1, len(cost)):
        choices = np.stack([
            np.r_[np.inf, total[:-1]] + STIFFNESS, total, np.r_[total[1:], np.inf] + STIFFNESS
        ])  # fmt: skip
        best = choices.argmin(axis=0)
        back[row] = columns + best - 1
        total = choices[best, columns] + cost[row]
    path = np.empty(len(cost), int)
    path[-1] = total.argmin()
    for row in range(len(cost) - 1, 0, -1):
        path[row - 1] = back[row, path[row]]
    return path


def _edge(grey: np.ndarray, points: np.ndarray, inwards: np.ndarray, marked: np.ndarray) -> np.ndarray:
    """How much brighter the muscle's side is, in units of a strong edge of this image."""
    smooth = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 0.003 * len(grey))
    near = 0.006 * len(grey)

    def at(distance: float) -> np.ndarray:
        down, across = np.moveaxis((points + distance * inwards).astype(np.float32), -1, 0)
        return cv2.remap(smooth, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)

    rise = (at(near) + at(2 * near) - at(-near) - at(-2 * near)) / 2
    inside = ((points >= 0) & (points < np.array(grey.shape))).all(axis=-1)
    rise = np.where(inside, rise, 0)
    return np.clip(rise / (np.percentile(np.abs(rise[marked]), 85) + 2), -1, 1.5)
