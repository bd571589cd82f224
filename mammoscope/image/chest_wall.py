"""On which side the chest wall lies, by the pixels, and whether the header agrees."""

from typing import Final

import numpy as np
from jaxtyping import Bool, Float32

from mammoscope.core import About, Note, Side
from mammoscope.image.outline import breast_outline

NEAR: Final = 0.03


def chest_wall_side(
    pixels: Float32[np.ndarray, "rows columns"],
    outline: Bool[np.ndarray, "some_rows some_columns"] | None = None,
) -> Side:
    """The breast's flat side: the one that most rows of the outline reach.

    Args:
        pixels: An image with a display look, see `mammoscope.image.intensity.for_display`.
        outline: Its breast, where it is known already; at any scale.

    Returns:
        The brighter half's side where no breast is found.
    """
    body = breast_outline(pixels) if outline is None else outline
    rows = body.any(axis=1)
    if not rows.any():
        middle = pixels.shape[1] // 2
        left, right = float(pixels[:, :middle].sum()), float(pixels[:, -middle:].sum())
        return "left" if left >= right else "right"
    first = body[rows].argmax(axis=1)
    last = body.shape[1] - 1 - body[rows, ::-1].argmax(axis=1)
    slack = NEAR * (last.max() - first.min() + 1)
    at_left, at_right = first <= first.min() + slack, last >= last.max() - slack
    return "left" if at_left.mean() >= at_right.mean() else "right"


def check_side(about: About, side: Side) -> tuple[Note, ...]:
    """Compare the chest wall seen in the pixels with the one that header, table or name implies.

    The two cannot say which is at fault: an image that was mirrored and a breast that was
    labelled as the other one look alike.
    """
    expected = about.expected_chest_wall
    if expected is None or expected.value == side:
        return ()
    text = (
        f"the chest wall lies on the {side}, by {expected.source} it should lie on the "
        f"{expected.value}: the image is mirrored or the breast is labelled as the other one"
    )
    return (Note("chest wall contradicted", text),)
