"""Pictures of results: previews with outlines, thumbnails, label masks."""

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

import cv2
import numpy as np
from jaxtyping import UInt8

from mammoscope.core import Finding, ImageResult, Mask, Positioning, Segmentation
from mammoscope.errors import OutputError
from mammoscope.report.drawn import DASHED, drawn
from mammoscope.report.outline import Line, in_picture, outlines

BREAST_COLOUR: Final = (94, 212, 200)
PECTORAL_COLOUR: Final = (244, 171, 74)
POSITIONING_COLOUR: Final = (255, 236, 92)
FINDING_COLOUR: Final = (125, 255, 122)
BLACK: Final = (0, 0, 0)
LETTERS: Final = 1800
"""Rows of a picture for letters of OpenCV's size 1."""
SHIFT: Final = 4
DASH: Final = 6.0
"""Length of a dash and of the gap after it, in widths of the line."""

Picture = UInt8[np.ndarray, "rows columns 3"]


def overlay(image: ImageResult, found: Iterable[tuple[int, Finding]] = ()) -> Picture:
    """The preview in RGB as `outlined`, with the lines of positioning and the boxes of findings.

    Args:
        image: The image.
        found: Numbers and findings that a reader is shown.
    """
    picture = outlined(image, image.preview.shape[0])
    answer = image.answers.get("positioning")
    if isinstance(answer, Positioning):
        shape = (picture.shape[0], picture.shape[1])
        for kind, lines in drawn(answer, image.about.shape, shape).items():
            width = _width(picture)
            seen = [dash for line in lines for dash in dashes(line, DASH * width)]
            draw_lines(picture, seen if kind in DASHED else lines, POSITIONING_COLOUR)
    for number, one in found:
        draw_finding(picture, one, f"{number} {one.kind} {one.score:.2f}", image.about.shape)
    return picture


def outlined(image: ImageResult, rows: int) -> Picture:
    """The preview in RGB with the outlines of breast and muscle, anti-aliased.

    Args:
        image: Its preview shows the whole source image.
        rows: Height of the picture, at most that of the preview.
    """
    grey = reduced(image.preview, rows)
    shape = (grey.shape[0], grey.shape[1])
    picture = np.repeat(grey[..., None], 3, axis=2)
    answer = image.answers.get("segmentation")
    if isinstance(answer, Segmentation):
        mask = answer.mask
        draw_lines(picture, outlines(mask.breast, shape), BREAST_COLOUR)
        draw_lines(picture, outlines(mask.pectoral, shape), PECTORAL_COLOUR)
    return picture


def draw_finding(picture: Picture, one: Finding, label: str, source: tuple[int, int]) -> None:
    """Draw a finding's box with its label onto a picture of the whole image.

    Args:
        picture: The picture.
        one: The finding, in source pixels.
        label: What stands at the box.
        source: Rows and columns of the source image.
    """
    shape = (picture.shape[0], picture.shape[1])
    line = in_picture(ring(one.box), source, shape)
    draw_lines(picture, [line], FINDING_COLOUR)
    size, thick = shape[0] / LETTERS, _width(picture)
    (wide, high), _ = cv2.getTextSize(label, cv2.FONT_HERSHEY_SIMPLEX, size, thick)
    (top, left), (bottom, _) = line.min(axis=0), line.max(axis=0)
    down = top - high / 2 if top > 2 * high else bottom + 1.5 * high
    place = round(max(0.0, min(left, shape[1] - wide))), round(down)
    for colour, width in ((BLACK, 3 * thick), (FINDING_COLOUR, thick)):
        cv2.putText(picture, label, place, cv2.FONT_HERSHEY_SIMPLEX, size, colour, width, cv2.LINE_AA)


def ring(box: tuple[float, float, float, float]) -> Line:
    """The closed outline of a box (top, left, bottom, right)."""
    top, left, bottom, right = box
    points: Line = np.array([[top, left], [top, right], [bottom, right], [bottom, left], [top, left]])
    return points


def dashes(line: Line, length: float) -> list[Line]:
    """Pieces of a line of straight parts, as long as the gaps between them."""
    pieces = []
    for start, end in pairwise(line):
        count = max(1, round(float(np.hypot(*(end - start))) / length / 2))
        parts = (np.arange(count)[:, None] + np.array([0.0, 0.5])) / count
        pieces += [start + part[:, None] * (end - start) for part in parts]
    return pieces


def reduced(grey: UInt8[np.ndarray, "rows columns"], rows: int) -> UInt8[np.ndarray, "r c"]:
    """The same with at most so many rows, its aspect kept."""
    shape = reduced_shape(grey, rows)
    if shape == grey.shape:
        return grey
    return cv2.resize(grey, shape[::-1], interpolation=cv2.INTER_AREA)


def reduced_shape(grey: UInt8[np.ndarray, "rows columns"], rows: int) -> tuple[int, int]:
    """Rows and columns of a picture once it has at most so many rows."""
    height, width = grey.shape
    return (height, width) if height <= rows else (rows, max(1, round(width * rows / height)))


def mask_png(mask: Mask) -> bytes:
    """Labels 0, 1, 2 as an 8-bit PNG in source pixels."""
    return encoded(mask.labels, ".png")


def encoded(picture: UInt8[np.ndarray, "..."], kind: str, quality: int = 92) -> bytes:
    """A grey, RGB or RGBA picture as the bytes of a ``.png`` or ``.jpg`` file.

    Raises:
        OutputError: If the encoder refuses the picture.
    """
    swapped = picture[..., (2, 1, 0, 3)[: picture.shape[2]]] if picture.ndim == 3 else picture
    settings = (
        [cv2.IMWRITE_JPEG_QUALITY, quality] if kind == ".jpg" else [cv2.IMWRITE_PNG_COMPRESSION, 4]
    )
    done, content = cv2.imencode(kind, np.ascontiguousarray(swapped), settings)
    if not done:
        raise OutputError(f"a picture of {picture.shape} cannot be encoded as {kind}")
    return content.tobytes()


def draw_lines(picture: Picture, lines: list[Line], colour: tuple[int, int, int]) -> None:
    """Draw lines of a picture onto it, anti-aliased."""
    points = [np.round(line[:, ::-1] * (1 << SHIFT)).astype(np.int32) for line in lines]
    cv2.polylines(picture, points, False, colour, _width(picture), cv2.LINE_AA, SHIFT)


def _width(picture: Picture) -> int:
    return max(1, round(picture.shape[0] / 500))
