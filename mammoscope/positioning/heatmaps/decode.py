"""What the heatmap network says, as landmarks in source pixels. No torch."""

from collections.abc import Mapping
from typing import Final

import numpy as np
from jaxtyping import Float, Float32

from mammoscope.core import Covariance, Frame, Landmark, LandmarkName, Point
from mammoscope.positioning.heatmaps.layout import CHANNELS, LINE, SINGLE

SHOWN: Final = 0.5
ENDS: Final[Mapping[LandmarkName, str]] = {"pectoral upper": LINE[0], "pectoral lower": LINE[-1]}
ONLY_OBLIQUE: Final = (*ENDS, "inframammary fold")
ROUNDS: Final = 3

Numbers = Float32[np.ndarray, "landmarks_and_profile 6"]
Moment = Float[np.ndarray, "2 2"]


def landmarks(
    numbers: Numbers, frame: Frame, calibration: Mapping[str, float], oblique: bool
) -> dict[LandmarkName, Landmark]:
    """Every landmark of an image.

    Args:
        numbers: For each channel row, column, variance of rows, covariance, variance of columns, and
            the probability of being shown; a last line for the nipple's being in profile.
        frame: Of the image that the network saw.
        calibration: From the card, see `calibrated`.
        oblique: Whether the view is one on which the network learnt the pectoral line and the
            inframammary fold.
    """
    upper, lower = pectoral_line(numbers)
    points: dict[LandmarkName, np.ndarray] = {name: _place(numbers, name) for name in SINGLE}
    points |= {"pectoral upper": upper, "pectoral lower": lower}
    said = {}
    for name, point in points.items():
        shown = _shown(numbers, name) if oblique or name not in ONLY_OBLIQUE else 0.0
        spread = calibrated(_moment(numbers, ENDS.get(name, name)), calibration, name)
        said[name] = in_source(point, spread, shown, frame)
    return said


def in_profile(numbers: Numbers) -> float:
    """The probability that the nipple is in profile."""
    return float(numbers[-1, 5])


def pectoral_line(numbers: Numbers) -> tuple[np.ndarray, np.ndarray]:
    """The straight line through the five points along the muscle's edge: its upper and lower end.

    Each point counts as much as the network is sure of it across the line: along it an end is soft.
    """
    points = np.array([_place(numbers, name) for name in LINE])
    moments = np.array([_moment(numbers, name) for name in LINE])
    along = points[-1] - points[0]
    along = along / max(float(np.linalg.norm(along)), 1e-6)
    for _ in range(ROUNDS):
        across = np.array([-along[1], along[0]])
        weight = 1 / (np.einsum("i,kij,j->k", across, moments, across) + 1)
        middle = weight @ points / weight.sum()
        along = np.linalg.svd((points - middle) * np.sqrt(weight)[:, None])[2][0]
    upper, lower = (middle + ((end - middle) @ along) * along for end in (points[0], points[-1]))
    return upper, lower


def calibrated(spread: Moment, calibration: Mapping[str, float], name: str) -> Moment:
    """A covariance that holds: scaled, with a least variance besides.

    Args:
        spread: Of the network's own probability, in its squared pixels.
        calibration: ``<name> scale`` of the standard deviation and ``<name> floor``, a standard
            deviation in the network's pixels; 1 and 0 where absent.
        name: Of the landmark.
    """
    scale, floor = calibration.get(f"{name} scale", 1.0), calibration.get(f"{name} floor", 0.0)
    return spread * scale**2 + np.eye(2) * floor**2


def in_source(point: np.ndarray, spread: Moment, shown: float, frame: Frame) -> Landmark:
    """A landmark of the network's image as one of the source."""
    linear = np.asarray(frame.matrix)[:, :2]
    moved = linear @ spread @ linear.T
    covariance: Covariance = (
        (float(moved[0, 0]), float(moved[0, 1])),
        (float(moved[1, 0]), float(moved[1, 1])),
    )
    place = frame.to_source(point)
    where: Point | None = (float(place[0]), float(place[1])) if shown >= SHOWN else None
    return Landmark(where, covariance, shown)


def _place(numbers: Numbers, name: str) -> Float[np.ndarray, "2"]:
    return numbers[CHANNELS.index(name), :2].astype(np.float64)


def _moment(numbers: Numbers, name: str) -> Moment:
    _, _, down, both, across, _ = numbers[CHANNELS.index(name)].astype(np.float64)
    return np.array([[down, both], [both, across]])


def _shown(numbers: Numbers, name: LandmarkName) -> float:
    """The probability that a landmark is shown: of the line's ends, that of most of its points."""
    parts = LINE if name in ENDS else (name,)
    return float(np.median([numbers[CHANNELS.index(part), 5] for part in parts]))
