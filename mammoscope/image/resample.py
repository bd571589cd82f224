"""Other pixel sizes, and the way back of labels to source pixels."""

from dataclasses import replace
from typing import Final

import cv2
import numpy as np
from jaxtyping import Float32, UInt8

from mammoscope.core import Frame, Mammogram
from mammoscope.errors import GeometryError

STRIP_ROWS: Final = 256


def to_spacing(mammogram: Mammogram, mm: float, nominal: float | None = None) -> Mammogram:
    """Resize to pixels of `mm` × `mm`, as near as whole rows and columns allow.

    Args:
        mammogram: The image.
        mm: Size of a pixel of the result.
        nominal: What to take for the size of one of this image's pixels where it is unknown,
            see `mammoscope.image.crop.nominal_spacing`. The result's spacing stays unknown.

    Raises:
        GeometryError: If the size is not positive, or neither spacing nor `nominal` is given.
    """
    spacing = mammogram.spacing or (nominal and (nominal, nominal))
    if not spacing:
        raise GeometryError("no spacing: give one, or a nominal one that never yields a millimetre")
    if not all(0 < step < np.inf for step in (mm, *spacing)):
        raise GeometryError(f"pixel sizes must be positive mm, got {mm} from {spacing}")
    rows, columns = (
        max(1, round(count * step / mm))
        for count, step in zip(mammogram.pixels.shape, spacing, strict=True)
    )
    return to_shape(mammogram, (rows, columns))


def to_shape(mammogram: Mammogram, shape: tuple[int, int]) -> Mammogram:
    """Resize: by area where both sides shrink, else linear. The outer edges stay where they are.

    A pixel of the result is valid where more than half of what it was made of is.

    Raises:
        GeometryError: If the shape has no row or no column.
    """
    if shape == mammogram.pixels.shape:
        return mammogram
    frame = mammogram.frame.resize(shape) if min(shape) > 0 else _no_shape(shape)
    pixels = _resized(mammogram.pixels, shape)
    valid = mammogram.valid
    if valid is not None:
        valid = _resized(valid.astype(np.float32), shape) > 0.5
    return replace(mammogram, pixels=pixels, frame=frame, valid=valid)


def labels_to_source(
    labels: UInt8[np.ndarray, "rows columns"], frame: Frame
) -> UInt8[np.ndarray, "source_rows source_columns"]:
    """Labels of a derived image as labels of its source: each source pixel takes the nearest.

    What the derived image does not cover is 0.

    Raises:
        GeometryError: If the frame is another image's, or turns or shears.
    """
    _check(labels.shape, frame)
    result = np.zeros(frame.source, np.uint8)
    rows, columns = _covered(frame)
    down, across = (np.arange(part.start, part.stop) for part in (rows, columns))
    (step_down, _, top), (_, step_across, left) = frame.matrix
    nearest_row = np.floor((down - top) / step_down + 0.5).clip(0, frame.shape[0] - 1).astype(int)
    nearest_column = (
        np.floor((across - left) / step_across + 0.5).clip(0, frame.shape[1] - 1).astype(int)
    )
    result[rows, columns] = labels[:, nearest_column][nearest_row]
    return result


def probabilities_to_source(
    probabilities: Float32[np.ndarray, "classes rows columns"], frame: Frame
) -> UInt8[np.ndarray, "source_rows source_columns"]:
    """The likeliest class of each source pixel, probabilities interpolated linearly between pixels.

    What the derived image does not cover is class 0. Interpolation is linear, so instead of each
    class its lead over class 0 is interpolated, and only a strip of rows is held at once.

    Raises:
        GeometryError: If the frame is another image's, or turns or shears.
    """
    _check(probabilities.shape[1:], frame)
    result = np.zeros(frame.source, np.uint8)
    leads = [np.ascontiguousarray(one - probabilities[0]) for one in probabilities[1:]]
    covered, columns = _covered(frame)
    for row in range(covered.start, covered.stop, STRIP_ROWS):
        rows = slice(row, min(row + STRIP_ROWS, covered.stop))
        labels = result[rows, columns]
        best = np.zeros(labels.shape, np.float32)
        for label, lead in enumerate(leads, start=1):
            here = _interpolated(lead, frame, rows, columns)
            labels[here > best] = label
            np.maximum(best, here, out=best)
    return result


def values_to_source(
    values: Float32[np.ndarray, "rows columns"], frame: Frame
) -> Float32[np.ndarray, "source_rows source_columns"]:
    """Numbers of a derived image at the pixels of its source, interpolated linearly.

    What the derived image does not cover is 0.

    Raises:
        GeometryError: If the frame is another image's, or turns or shears.
    """
    _check(values.shape, frame)
    result = np.zeros(frame.source, np.float32)
    rows, columns = _covered(frame)
    if rows.stop > rows.start and columns.stop > columns.start:
        result[rows, columns] = _interpolated(values, frame, rows, columns)
    return result


def _resized(
    image: Float32[np.ndarray, "rows columns"], shape: tuple[int, int]
) -> Float32[np.ndarray, "new_rows new_columns"]:
    shrinks = shape[0] <= image.shape[0] and shape[1] <= image.shape[1]
    method = cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR
    return cv2.resize(image, (shape[1], shape[0]), interpolation=method)


def _no_shape(shape: tuple[int, int]) -> Frame:
    raise GeometryError(f"an image needs rows and columns, got {shape}")


def _check(shape: tuple[int, ...], frame: Frame) -> None:
    if shape != frame.shape:
        raise GeometryError(f"a frame of {frame.shape} for labels of {shape}")
    if frame.matrix[0][1] or frame.matrix[1][0]:
        raise GeometryError(f"a frame that neither turns nor shears was expected, got {frame.matrix}")


def _covered(frame: Frame) -> tuple[slice, slice]:
    """Rows and columns of the source whose pixel centres lie within the frame's outer edges."""
    edges = np.array([[-0.5, -0.5], [frame.shape[0] - 0.5, frame.shape[1] - 0.5]])
    corners = np.sort(frame.to_source(edges), axis=0)
    limits = np.clip(np.ceil(corners - 1e-6), 0, frame.source).astype(int)
    (top, left), (bottom, right) = limits.tolist()
    if left == right:
        return slice(0, 0), slice(0, 0)
    return slice(top, bottom), slice(left, right)


def _interpolated(
    image: Float32[np.ndarray, "rows columns"], frame: Frame, rows: slice, columns: slice
) -> np.ndarray:
    """An image of the frame at these source pixels; its border pixels reach to its outer edge."""
    (down, _, top), (_, across, left) = frame.matrix
    inverse = np.array(
        [
            [1 / across, 0, (columns.start - left) / across],
            [0, 1 / down, (rows.start - top) / down],
        ]
    )
    size = (columns.stop - columns.start, rows.stop - rows.start)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(image, inverse, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
