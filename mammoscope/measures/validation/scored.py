"""One image of a site with its score: what a validation counts, and what a run keeps of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from jaxtyping import Float


@dataclass(frozen=True)
class Scored:
    """One image, what its data set says of it, and its score.

    Attributes:
        image: Name of its file.
        dataset: Name of the data set.
        woman: A pseudonym.
        laterality: ``L`` or ``R``.
        view: ``CC``, ``MLO`` or another.
        cancer: Whether cancer was proven; None where nobody says.
        density: Of the breast, as the data set calls it; empty where nobody says.
        age: In years; None where nobody says.
        machine: What took or digitised it; empty where nobody says.
        score: 0–1; NaN where there is none.
        unlike: How unlike the training images it is, 1 is the limit; NaN where nobody knows.
        features: What `mammoscope.screening.likeness` measures; empty where it was not measured.
        failed: Why there is no score; empty where there is one.
    """

    image: str
    dataset: str
    woman: str
    laterality: str
    view: str
    cancer: bool | None
    density: str = ""
    age: float | None = None
    machine: str = ""
    score: float = float("nan")
    unlike: float = float("nan")
    features: tuple[float, ...] = ()
    failed: str = ""

    @property
    def breast(self) -> tuple[str, str, str]:
        """Whose it is, and on which side."""
        return self.dataset, self.woman, self.laterality

    def to_plain(self) -> dict[str, Any]:
        """As JSON values: NaN becomes null."""
        plain = asdict(self) | {"features": list(self.features)}
        return {name: None if value != value else value for name, value in plain.items()}

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> "Scored":
        """Read what `to_plain` wrote.

        Raises:
            KeyError: If a part is missing.
            TypeError: If a part is unknown or of a wrong type.
        """
        numbers = {name: _number(plain[name]) for name in ("score", "unlike")}
        features = tuple(float(value) for value in plain["features"])
        return cls(**{**plain, **numbers, "features": features})


def measured(images: "list[Scored]") -> Float[np.ndarray, "images features"]:
    """Features of those images of which they were measured."""
    rows = [one.features for one in images if one.features]
    return np.array(rows, float).reshape(len(rows), len(rows[0]) if rows else 0)


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)
