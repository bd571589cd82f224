"""Breasts with what readers and pathology said of their masses, kept in two small files. No torch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

from mammoscope.errors import UsageError
from mammoscope.learn import boxed


@dataclass(frozen=True, eq=False)
class Example:
    """One breast on one view.

    Attributes:
        breast: The image at the network's scale, and a box for each mass.
        masses: Of each, answers of `mammoscope.screening.pooled.questions.MASS`.
        about: Answers of `questions.IMAGE`.
    """

    breast: boxed.Example
    masses: Float[np.ndarray, "masses questions"]
    about: Float[np.ndarray, " about"]

    def __post_init__(self) -> None:
        if len(self.masses) != len(self.breast.boxes):
            raise UsageError(
                f"answers for each of {len(self.breast.boxes)} boxes were expected, got "
                f"{len(self.masses)}"
            )

    @property
    def malignant(self) -> float:
        """1 where one of the masses is, else 0; NaN where nobody knows."""
        known = self.masses[:, 0][~np.isnan(self.masses[:, 0])]
        return float(known.max()) if len(known) else float("nan")


Answers = tuple[np.ndarray, np.ndarray]
"""Of the masses of an image, in the order of its boxes, and of the image."""


def save_answers(path: Path, answers: Mapping[str, Answers]) -> None:
    """Write answers by the image's name."""
    masses = [of_masses for of_masses, _ in answers.values()]
    np.savez(
        path,
        names=np.array(list(answers)),
        masses=np.concatenate(masses),
        counts=np.array([len(one) for one in masses]),
        about=np.array([about for _, about in answers.values()]),
    )


def load(images: Path, answers: Path) -> list[Example]:
    """Images of `mammoscope.learn.boxed.save_examples` for which there are answers.

    Raises:
        UsageError: If an image has another number of boxes than of answers.
    """
    with np.load(answers) as kept:
        masses = np.split(kept["masses"], np.cumsum(kept["counts"])[:-1])
        of_name = dict(
            zip(kept["names"].tolist(), zip(masses, kept["about"], strict=True), strict=True)
        )
    return joined(boxed.load_examples(images), of_name)


def joined(images: Sequence[boxed.Example], answers: Mapping[str, Answers]) -> list[Example]:
    """Images for which there are answers, with them."""
    return [Example(image, *answers[image.name]) for image in images if image.name in answers]
