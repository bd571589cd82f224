"""A mammogram to its landmarks in source pixels. No torch."""

from collections.abc import Mapping
from typing import Final, Literal

import numpy as np

from mammoscope.core import LANDMARKS, Landmark, LandmarkName, Landmarks, Mammogram, View
from mammoscope.errors import WeightsError
from mammoscope.image import chest_wall_side
from mammoscope.image.scale import as_shown, network_input
from mammoscope.positioning.heatmaps import decode
from mammoscope.positioning.heatmaps.layout import CHANNELS, PROFILE, seen
from mammoscope.positioning.preprocess import ORDER, OUTPUTS, preprocess, to_points
from mammoscope.runtime import Session

OBLIQUE: Final[tuple[View | None, ...]] = ("MLO", "LMO", "ML", "LM", None)
"""Views that show the pectoral muscle and the fold below from the side; None: nobody says."""
Scale = Literal["spacing", "nominal"]
UNSEEN: Final = Landmark(None, ((0.0, 0.0), (0.0, 0.0)), 0.0)


class Locator:
    """The positioning room at work; call it with a mammogram.

    Args:
        session: The heatmap network that ships, or one of the paper's landmark regressors.

    Raises:
        WeightsError: If the network answers with something else, as the paper's classifier does.
    """

    def __init__(self, session: Session) -> None:
        answers = {(*CHANNELS, PROFILE): self._heatmaps, OUTPUTS: self._regressed}
        if session.card.classes not in answers:
            raise WeightsError(
                f"{session.identity} was expected to answer with landmarks, its card names "
                f"{', '.join(session.card.classes)}: train a landmark network"
            )
        self._session = session
        self._answer = answers[session.card.classes]

    def __call__(self, mammogram: Mammogram) -> Landmarks:
        """Where the anatomy of one image lies, and how sure that is."""
        return self._answer(mammogram)

    def _heatmaps(self, mammogram: Mammogram) -> Landmarks:
        card = self._session.card
        small, side, scale = seen(as_shown(mammogram, card.input.raw), card.input.spacing_mm)
        numbers = self._session.run(network_input(small.pixels, card.input))[0]
        view = mammogram.about.view.value if mammogram.about.view else None
        points = decode.landmarks(numbers, small.frame, card.calibration, oblique=view in OBLIQUE)
        profile = decode.in_profile(numbers) if points["nipple"].point else None
        return Landmarks(points, profile, side, scale, self._session.identity)

    def _regressed(self, mammogram: Mammogram) -> Landmarks:
        """A network of the paper: three landmarks, the spread that validation left."""
        card = self._session.card
        square = preprocess(mammogram, int(card.settings["size"]))
        numbers = np.asarray(self._session.run(square.pixels[None, None])[0], np.float64)
        found = {
            name: decode.in_source(point, _spread(card.calibration, name), 1.0, square.frame)
            for name, point in zip(ORDER, to_points(numbers), strict=True)
        }
        points: dict[LandmarkName, Landmark] = {name: found.get(name, UNSEEN) for name in LANDMARKS}
        side = chest_wall_side(as_shown(mammogram, card.input.raw).pixels)
        scale: Scale = "spacing" if mammogram.spacing else "nominal"
        return Landmarks(points, None, side, scale, self._session.identity)


def _spread(calibration: Mapping[str, float], name: str) -> np.ndarray:
    deviation = calibration.get(f"{name} sd", 0.0)
    return np.eye(2) * deviation**2
