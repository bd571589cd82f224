"""What the network is asked: yes or no, of a mass and of an image. No torch."""

from typing import Final

import numpy as np
from jaxtyping import Float

MARGINS: Final = ("CIRCUMSCRIBED", "ILL_DEFINED", "SPICULATED", "OBSCURED", "MICROLOBULATED")
SHAPES: Final = (
    "IRREGULAR", "OVAL", "LOBULATED", "ROUND", "ARCHITECTURAL_DISTORTION", "LYMPH_NODE", "ASYMMETR",
)  # fmt: skip
"""Words of CBIS-DDSM, of which a mass can have several; both kinds of asymmetry are one."""
ASSESSMENTS: Final = (3, 4, 5)
SUBTLETIES: Final = (3, 4, 5)
DENSITIES: Final = (2, 3, 4)
MASS: Final = (
    "malignant",
    *(f"margin {word.lower().replace('_', ' ')}" for word in MARGINS),
    *(f"shape {word.lower().replace('_', ' ')}" for word in SHAPES),
    *(f"BI-RADS {least} or more" for least in ASSESSMENTS),
    *(f"subtlety {least} or more" for least in SUBTLETIES),
)
"""Asked of each mass; malignancy comes first."""
IMAGE: Final = (*(f"density {least} or more" for least in DENSITIES), "MLO", "right")
"""Asked of each image."""
RIGHT: Final = IMAGE.index("right")
CLASSES: Final = ("mass here", *MASS, *IMAGE)
"""The network's answer, in the order of its channels."""


def of_mass(
    malignant: bool | None, margins: str, shape: str, assessment: int | None, subtlety: int | None
) -> Float[np.ndarray, " questions"]:
    """Answers of `MASS`: 1 yes, 0 no, NaN unknown.

    Args:
        malignant: By pathology.
        margins: CBIS-DDSM's words, joined by hyphens; empty or N/A: unknown.
        shape: The same.
        assessment: BI-RADS category; None and 0, incomplete: unknown.
        subtlety: 1 subtle to 5 obvious; None: unknown.
    """
    return np.array(
        [
            np.nan if malignant is None else malignant,
            *_words(margins, MARGINS),
            *_words(shape, SHAPES),
            *_at_least(assessment or None, ASSESSMENTS),
            *_at_least(subtlety, SUBTLETIES),
        ],
        float,
    )


def of_image(density: int | None, mlo: bool, right: bool) -> Float[np.ndarray, " questions"]:
    """Answers of `IMAGE`: 1 yes, 0 no, NaN unknown.

    Args:
        density: BI-RADS density 1–4; None: unknown.
        mlo: Whether it is an MLO view, else CC.
        right: Which breast.
    """
    return np.array([*_at_least(density, DENSITIES), mlo, right], float)


def _words(text: str, known: tuple[str, ...]) -> list[float]:
    if text in ("", "N/A"):
        return [np.nan] * len(known)
    return [float(word in text) for word in known]


def _at_least(grade: int | None, levels: tuple[int, ...]) -> list[float]:
    return [np.nan if grade is None else float(grade >= level) for level in levels]
