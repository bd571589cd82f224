"""Making exams: four views of two breasts from a seed. Needs torch."""

from dataclasses import replace
from typing import Final

import numpy as np
import torch
from jaxtyping import Float32

from mammoscope.core import Laterality
from mammoscope.core.settings import to_plain
from mammoscope.phantom.anatomy import Volume, tissue
from mammoscope.phantom.draw import draw
from mammoscope.phantom.pose import Pose, muscle_front, pose, to_detector, to_plane
from mammoscope.phantom.recipe import BreastPlan, Settings, place_mm
from mammoscope.phantom.sheet import pixels
from mammoscope.phantom.truth import TISSUES, PhantomBreast, PhantomExam, PhantomView
from mammoscope.phantom.view import take
from mammoscope.phantom.volumes import compressed_mm3, uncompressed_mm3

BEHIND_MM: Final = 12.0
"""How deep behind the base's plane tissue points lie."""
STIFF: Final = frozenset({"mass", "lymph node"})
PAIR: Final = Settings(pixel_mm=1.0, voxel_mm=1.5)


def make_exam(seed: int, settings: Settings | None = None, device: str = "cpu") -> PhantomExam:
    """Make all views of a woman that never lived.

    The same seed, settings, machine and versions give the same bytes.

    Args:
        seed: Not negative.
        settings: Resolution, density, findings and errors; None: the defaults.
        device: Where torch does the work.
    """
    recipe = draw(seed, settings)
    breasts = {plan.laterality: make_breast(plan, recipe.settings, device) for plan in recipe.breasts}
    return PhantomExam(seed, breasts, to_plain(recipe))


def make_pair(seed: int, settings: Settings | None = None, device: str = "cpu") -> PhantomBreast:
    """Make one breast's CC and MLO view, for learning how views correspond: coarsely in a second.

    An even seed gives a right breast, an odd one a left breast.

    Args:
        seed: Not negative.
        settings: None: `PAIR`, whose tissue is coarse; geometry and correspondences are exact in any.
        device: Where torch does the work.
    """
    sides: tuple[Laterality, ...] = ("R", "L")
    recipe = draw(seed, replace(settings or PAIR, sides=(sides[seed % 2],)))
    return make_breast(recipe.breasts[0], recipe.settings, device)


def make_breast(plan: BreastPlan, settings: Settings, device: str = "cpu") -> PhantomBreast:
    """Make one breast and its views."""
    volume = tissue(plan, settings.voxel_mm, torch.device(device))
    held = {view.view: pose(plan, view) for view in plan.views}
    views = {
        view.view: take(plan, view, volume, settings.pixel_mm, settings.voxel_mm) for view in plan.views
    }
    points, classes = _points(plan, settings.points, volume)
    places = {name: _places(plan, held[name], points, view) for name, view in views.items()}
    return PhantomBreast(
        plan.laterality,
        plan.density,
        {"uncompressed": uncompressed_mm3(plan)}
        | {name: compressed_mm3(one) for name, one in held.items()},
        points.numpy().astype(np.float32),
        classes,
        places,
        {name: _visible(where, views[name]) for name, where in places.items()},
        views,
    )


def _points(plan: BreastPlan, count: int, volume: Volume) -> tuple[torch.Tensor, np.ndarray]:
    """Tissue points and the class of each: the nipple, the lesions' middles, then evenly spread ones.

    There is none within a stiff body, whose inside does not follow the tissue around it.
    """
    rng = np.random.default_rng(plan.seed + 3)
    size = np.array([plan.base_mm, plan.base_mm, plan.depth_mm])
    low = np.array([-1, -1, -BEHIND_MM / plan.depth_mm])
    found = rng.uniform(low, 1, (6 * count + 1000, 3))
    middles = np.array([[0, 0, plan.depth_mm], *(place_mm(plan, lesion) for lesion in plan.lesions)])
    free = np.hypot(np.hypot(found[:, 0], found[:, 1]), np.maximum(found[:, 2], 0)) < 1
    for lesion, middle in zip(plan.lesions, middles[1:], strict=True):
        if lesion.kind in STIFF:
            free &= np.linalg.norm(found * size - middle, axis=1) > lesion.diameter_mm / 2
    places = np.concatenate([middles, found[free] * size])[:count]
    points = torch.from_numpy(places)
    x, y, z = points.unbind(-1)
    gland = volume.at(*(value.to(volume.gland)[None] for value in (x, y, z)))[0].cpu().numpy()
    far = np.hypot(np.hypot(*(places[:, :2] / size[:2]).T), np.maximum(places[:, 2] / size[2], 0))
    classes = np.where(gland > 0.5, TISSUES.index("gland"), TISSUES.index("fat")).astype(np.uint8)
    classes[(-z > muscle_front(plan, x, y)).numpy()] = TISSUES.index("muscle")
    classes[far > 1 - plan.skin_mm / plan.base_mm] = TISSUES.index("skin")
    classes[: len(middles)] = TISSUES.index("lesion")
    classes[0] = TISSUES.index("nipple")
    return points, classes


def _places(
    plan: BreastPlan, held: Pose, points: torch.Tensor, view: PhantomView
) -> Float32[np.ndarray, "n 2"]:
    where = pixels(to_detector(held, to_plane(held, points)), view.spacing_mm)
    if plan.laterality == "R":
        where[:, 1] = view.labels.shape[1] - 1 - where[:, 1]
    return where.astype(np.float32)


def _visible(where: Float32[np.ndarray, "n 2"], view: PhantomView) -> np.ndarray:
    inside = (where >= -0.5) & (where <= np.array(view.labels.shape) - 0.5)
    return np.asarray(inside.all(axis=1))
