"""Phantom breasts as examples of the guided network, and their truth for measuring it."""

from typing import Final

import numpy as np
from jaxtyping import Float

from mammoscope.core import (
    LANDMARKS,
    About,
    Landmark,
    Landmarks,
    Mammogram,
    Mask,
    NotAssessed,
    PairView,
    Sourced,
    Spacing,
)
from mammoscope.phantom import PhantomBreast
from mammoscope.phantom.truth import TISSUES, PhantomView
from mammoscope.registration.evaluate import Seen, Views
from mammoscope.registration.guided.examples import Example
from mammoscope.registration.guided.frame import COLUMNS, ROWS
from mammoscope.registration.guided.layout import VIEWS
from mammoscope.registration.guided.prepare import grey, inner, mask, prepared

WEIGHT: Final = 0.5
"""How often a phantom is seen, against a real pair with a certain lesion."""
OFF_MM: Final = 2.0
"""Standard deviation of the landmarks that a network finds, about what it is on film."""


def views(breast: PhantomBreast, rng: np.random.Generator | None = None) -> Views:
    """Both views with their landmarks, as raw images.

    Args:
        breast: With both views.
        rng: Moves each landmark by `OFF_MM`, as a network would; None: they are true.
    """
    cc, mlo = (_seen(breast.views[view], rng) for view in VIEWS)
    return Views(cc, mlo)


def partners(breast: PhantomBreast) -> Float[np.ndarray, "n 2 2"]:
    """Places of the same tissue on both views, in their pixels: of what both views show in the breast.

    Skin is left out: it lies over all else, and nobody looks for it.
    """
    both = breast.visible["CC"] & breast.visible["MLO"]
    both &= ~np.isin(breast.tissue, [TISSUES.index(name) for name in ("skin", "nipple", "muscle")])
    return np.stack([breast.places[view][both] for view in VIEWS], axis=1).astype(float)


def example(breast: PhantomBreast, rng: np.random.Generator) -> Example | None:
    """One phantom as the network learns from it; None where the nipple of a view is not seen.

    Args:
        breast: With both views.
        rng: Of the landmarks' errors.
    """
    seen = views(breast, rng)
    both = [prepared(one, view, "log inverted") for one, view in zip(seen, VIEWS, strict=True)]
    cc, mlo = both
    if isinstance(cc, NotAssessed) or isinstance(mlo, NotAssessed):
        return None
    places = partners(breast)
    points = np.stack([inner(places[:, 0], cc), inner(places[:, 1], mlo)], axis=1)
    held = ((points >= 0) & (points <= np.array([ROWS, COLUMNS]) - 1)).all(axis=(1, 2))
    return Example(
        images=np.stack([grey(cc), grey(mlo)]),
        masks=np.stack([mask(seen.cc, cc), mask(seen.mlo, mlo)]),
        lesions=((), ()),
        points=points[held],
        weight=WEIGHT,
        name="phantom",
    )


def _seen(view: PhantomView, rng: np.random.Generator | None) -> Seen:
    step = view.spacing_mm / view.magnification
    pixels = np.clip(view.exposure, 0, 1).astype(np.float32)
    about = About(
        name="phantom", shape=pixels.shape, view=Sourced[PairView](view.view, "phantom"),
        spacing=Spacing(step, step, "phantom", view.magnification), kind="for processing",
    )  # fmt: skip
    image = Mammogram.of(pixels, about)
    return Seen(image, landmarks(view, step, rng), Mask(view.labels, image.frame))


def landmarks(view: PhantomView, step: float, rng: np.random.Generator | None) -> Landmarks:
    """A phantom's landmarks as another room would tell of them.

    Args:
        view: The phantom's.
        step: Size of a pixel in the breast, in mm.
        rng: Moves each; None: they are true.
    """
    sd = OFF_MM / step if rng else 0.0
    points = {}
    for name in LANDMARKS:
        place = view.landmarks[name]
        off = rng.normal(0, sd, 2) if rng else np.zeros(2)
        moved = None if place is None else (float(place[0] + off[0]), float(place[1] + off[1]))
        points[name] = Landmark(moved, ((sd**2, 0.0), (0.0, sd**2)), float(place is not None))
    return Landmarks(points, None, view.chest_wall, "spacing", "phantom")
