"""Where the breast lies: by thresholds and shapes, without a network."""

import cv2
import numpy as np
from jaxtyping import Bool, Float32, UInt8

WORK_ROWS = 512


def breast_outline(pixels: Float32[np.ndarray, "rows columns"]) -> Bool[np.ndarray, "rows columns"]:
    """The breast with its muscle, by threshold and largest component."""
    rows, columns = pixels.shape
    shape = (min(rows, WORK_ROWS), max(1, round(columns * min(rows, WORK_ROWS) / rows)))
    small = cv2.resize(pixels, shape[::-1], interpolation=cv2.INTER_AREA)
    grey = np.clip(small * 255, 0, 255).astype(np.uint8)
    otsu, _ = cv2.threshold(grey, 0, 255, cv2.THRESH_OTSU)
    body = _largest((grey > 0.3 * otsu).astype(np.uint8))
    return cv2.resize(body, (columns, rows), interpolation=cv2.INTER_LINEAR) > 0


def _largest(mask: UInt8[np.ndarray, "rows columns"]) -> UInt8[np.ndarray, "rows columns"]:
    opened = cv2.morphologyEx(
        mask, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (9, 9))
    )
    contours, _ = cv2.findContours(opened, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    filled = np.zeros_like(mask)
    if contours:
        largest = max(contours, key=cv2.contourArea)
        cv2.drawContours(filled, [largest], -1, 1, cv2.FILLED)
    return filled
