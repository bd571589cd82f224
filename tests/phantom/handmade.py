"""A phantom exam drawn by hand: half ellipses, no physics, every number known."""

import numpy as np

from mammoscope.core import LANDMARKS
from mammoscope.phantom.truth import (
    Lesion,
    PhantomBreast,
    PhantomExam,
    PhantomView,
)

SPACING, MAGNIFICATION, HEIGHT = 0.5, 1.05, 50.0
ROWS, COLUMNS = 400, 300


def thickness(view: str) -> np.ndarray:
    """mm of tissue, chest wall on the left: full up to 20 mm from the skin of a half ellipse."""
    down, across = np.mgrid[0:ROWS, 0:COLUMNS].astype(np.float32)
    middle = 200 if view == "CC" else 220
    radius = np.hypot((down - middle) / 150, across / 190)
    depth = (1 - radius) * 150 * SPACING
    return HEIGHT * np.sqrt(np.clip(1 - np.clip(1 - depth / 20, 0, 1) ** 2, 0, 1)) * (depth > 0)


def labels_of(view: str) -> np.ndarray:
    labels = (thickness(view) > 0).astype(np.uint8)
    if view == "MLO":
        down, across = np.mgrid[0:ROWS, 0:COLUMNS]
        labels[(labels > 0) & (down / 280 + across / 110 < 1)] = 2
    return labels


def mirrored(image: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(image[:, ::-1])


def handmade_view(view: str = "CC", laterality: str = "L", seed: int = 0) -> PhantomView:
    """A view; the nipple at the tip, one mass of 12 mm."""
    rng = np.random.default_rng(seed)
    path, labels = thickness(view), labels_of(view)
    down, across = np.mgrid[0:ROWS, 0:COLUMNS]
    gland = path * 0.5 * (np.hypot((down - 200) / 80, (across - 110) / 60) < 1)
    attenuation = 0.05 * path + 0.03 * gland + 0.04 * path * (labels == 2)
    counts = 4e4 * np.exp(-attenuation)
    exposure = (rng.poisson(counts) / 4e4).astype(np.float32)
    nipple, tip = (200.0 if view == "CC" else 220.0), 189.0
    points = dict.fromkeys(LANDMARKS) | {
        "nipple": (nipple, tip), "chest wall upper": (0.0, 0.0), "chest wall lower": (ROWS - 1.0, 0.0)
    }  # fmt: skip
    if view == "MLO":
        points |= {"pectoral upper": (80.0, 78.0), "pectoral lower": (275.0, 2.0)}
    box, centre = (180.0, 90.0, 204.0, 114.0), (192.0, 102.0)
    if laterality == "R":
        exposure, labels, path, gland = map(mirrored, (exposure, labels, path, gland))
        points = {k: None if p is None else (p[0], COLUMNS - 1 - p[1]) for k, p in points.items()}
        box = (box[0], COLUMNS - 1 - box[3], box[2], COLUMNS - 1 - box[1])
        centre = (centre[0], COLUMNS - 1 - centre[1])
    mass = Lesion("mass", "round", "circumscribed", 1, 12.0, box, centre)
    return PhantomView(
        view=view, laterality=laterality, spacing_mm=SPACING, magnification=MAGNIFICATION,
        exposure=exposure, labels=labels, gland_mm=gland.astype(np.float16),
        thickness_mm=path.astype(np.float16), landmarks=points, nipple_in_profile=True,
        lesions=(mass,), chest_wall="left" if laterality == "L" else "right",
        compressed_mm=HEIGHT, angle_deg=0.0 if view == "CC" else 45.0, kvp=28,
    )  # fmt: skip


def handmade_breast(laterality: str = "L", seed: int = 0) -> PhantomBreast:
    rng = np.random.default_rng(seed)
    points = rng.uniform(-50, 50, (20, 3)).astype(np.float32)
    views = {view: handmade_view(view, laterality, seed) for view in ("CC", "MLO")}
    places = {view: rng.uniform(-20, 420, (20, 2)).astype(np.float32) for view in views}
    shape = np.array([ROWS, COLUMNS])
    visible = {view: ((place >= 0) & (place < shape)).all(axis=1) for view, place in places.items()}
    return PhantomBreast(
        laterality, "B", {"uncompressed": 7e5, "CC": 7e5, "MLO": 7e5}, points,
        rng.integers(0, 6, 20).astype(np.uint8), places, visible, views,
    )  # fmt: skip


def handmade_exam(seed: int = 0) -> PhantomExam:
    breasts = {side: handmade_breast(side, seed + index) for index, side in enumerate("RL")}
    return PhantomExam(seed, breasts, {"made": "by hand"})
