"""Turning a heatmap's spread into a region that holds nine of ten landmarks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import chi2

from mammoscope.core import LANDMARKS
from mammoscope.positioning.heatmaps.decode import landmarks

if TYPE_CHECKING:
    from measure_positioning import Case

LEVEL = 0.9
REACH = float(chi2.ppf(LEVEL, 2))
FLOORS = np.arange(1.0, 8.1, 0.5)
LEAST = 0.05


def calibration_of(cases: Sequence[Case]) -> dict[str, float]:
    """For each landmark the scale and the floor, in the network's pixels, that fit best.

    For every floor the scale is the one at which `LEVEL` of the regions hold their mark; of these
    pairs the one whose regions are smallest is taken, by the mean of their areas' logarithms. (The
    likeliest would be a normal distribution wide enough for the few landmarks that are far off, and
    blind to which are sure.)
    """
    calibration: dict[str, float] = {}
    for name in LANDMARKS:
        pairs = [pair for case in cases if (pair := off_and_spread(case, name)) is not None]
        if not pairs:
            continue
        off, spread = (np.array(part) for part in zip(*pairs, strict=True))
        scale, floor = max((fitted(off, spread, floor) for floor in FLOORS), key=lambda one: one[2])[:2]
        calibration |= {f"{name} scale": round(scale, 3), f"{name} floor": round(float(floor), 3)}
    return calibration


def off_and_spread(case: Case, name: str) -> tuple[np.ndarray, np.ndarray] | None:
    """How far a mark lies from the network's point, and the network's own covariance."""
    frame = case.seen.mammogram.frame
    said = landmarks(case.numbers, frame, {}, oblique=case.record.view == "MLO")[name]
    mark = case.mark(name)
    if said.point is None or mark is None:
        return None
    back = np.linalg.inv(np.asarray(frame.matrix)[:, :2])
    return back @ (mark - np.array(said.point)), back @ np.array(said.covariance) @ back.T


def fitted(off: np.ndarray, spread: np.ndarray, floor: float) -> tuple[float, float, float]:
    """The scale at which `LEVEL` are held, the floor, and how sharp the regions are."""
    low, high = 0.02, 20.0
    for _ in range(40):
        scale = (low * high) ** 0.5
        held_now = (distances(off, spread, scale, floor) <= REACH).mean()
        low, high = (scale, high) if held_now < LEVEL else (low, scale)
    covariances = spread * high**2 + np.eye(2) * max(floor, LEAST) ** 2
    return high, floor, -float(np.log(np.linalg.det(covariances)).mean())


def distances(off: np.ndarray, spread: np.ndarray, scale: float, floor: float) -> np.ndarray:
    """Squared Mahalanobis distances."""
    covariances = spread * scale**2 + np.eye(2) * max(floor, LEAST) ** 2
    return np.einsum("ni,nij,nj->n", off, np.linalg.inv(covariances), off)


def held(case: Case, name: str) -> float:
    """Whether a landmark's region holds its mark; NaN where either is missing."""
    said = case.said.points[name] if case.said else None
    mark = case.mark(name)
    if said is None or said.point is None or mark is None:
        return np.nan
    off = mark - np.array(said.point)
    return float(off @ np.linalg.inv(np.array(said.covariance)) @ off <= REACH)
