"""The breast in its image by the installed segmentation, handed to the screening room."""

import cv2
import numpy as np

from mammoscope.core import Mammogram
from mammoscope.image.patches import crop
from mammoscope.runtime import open_session
from mammoscope.screening.cached import Roi
from mammoscope.segmentation.infer import Segmenter


def by_segmentation() -> Roi:
    """The bounding box of breast and muscle, wider by a margin; an image without a breast stays whole.

    Raises:
        WeightsError: If the weights of the segmentation are absent.
    """
    session = open_session("segmentation")
    segmenter = Segmenter(session)

    def cropped(mammogram: Mammogram, margin: float) -> Mammogram:
        body = segmenter(mammogram).mask.body
        return around(mammogram, body, margin)

    return Roi(f"segmentation {session.identity}", cropped)


def around(mammogram: Mammogram, body: np.ndarray, margin: float) -> Mammogram:
    """The bounding box of a part, wider by a share of its height on each side, in the image."""
    if not body.any():
        return mammogram
    left, top, columns, rows = cv2.boundingRect(body.astype(np.uint8))
    wider = round(margin * rows)
    first_row, first_column = max(top - wider, 0), max(left - wider, 0)
    last_row = min(top + rows + wider, body.shape[0])
    last_column = min(left + columns + wider, body.shape[1])
    return crop(mammogram, first_row, first_column, last_row - first_row, last_column - first_column)
