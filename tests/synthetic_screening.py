"""A screening room that never learnt: it says what it is told to say."""

import numpy as np

from mammoscope.core import Findings, Frame, Malignancy, Mammogram

WEIGHTS = "screening 0123456789ab"


def malignancy(
    shape: tuple[int, int],
    score: float = 0.7,
    *,
    at: tuple[int, int] = (2, 1),
    unlike: float | None = None,
    guided: bool = False,
) -> Malignancy:
    """A score, with all attention on one of six rows and four columns of cells."""
    attention = np.zeros((6, 4), np.float32)
    attention[at] = 1
    return Malignancy(
        score, attention, np.full((6, 4), score, np.float32), Frame.of(shape).resize((6, 4)),
        "nominal", WEIGHTS, unlike, guided,
    )  # fmt: skip


class Scorer:
    """A room to hand to the pipeline, which remembers what it was asked.

    Args:
        scores: By side and view: ``R_CC=0.9``; 0.5 where none is told.
    """

    def __init__(self, **scores: float) -> None:
        self.scores, self.asked = scores, list[tuple[str, bool]]()

    def __call__(self, mammogram: Mammogram, findings: Findings | None) -> Malignancy:
        about = mammogram.about
        told = f"{about.laterality.value}_{about.view.value}" if about.laterality else "?"
        self.asked.append((about.name, findings is not None))
        rows, columns = mammogram.pixels.shape
        return malignancy((rows, columns), self.scores.get(told, 0.5), guided=findings is not None)
