"""Synthetic breasts with a bright disc for a mass, no patient, and a recipe that trains in a moment."""

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from mammoscope.core import About, Mammogram, Spacing
from mammoscope.core.findings import FINDINGS
from mammoscope.findings.network import Settings
from mammoscope.findings.prepare import Example, Image
from mammoscope.findings.preprocess import prepare
from mammoscope.findings.recipe import Recipe
from mammoscope.findings.sampling import Jitter, Sampling
from mammoscope.io.findings import BoxedFinding, FindingsImage
from mammoscope.learn.module import Optimisation

SHAPE = (240, 180)
CENTRE = (146, 64)
RADIUS = 14
SIZE = 64
KINDS = FINDINGS[:2]


def pixels(seed=0, centre=CENTRE):
    """A half ellipse at the left edge, with a texture, and a disc at a centre (row, column)."""
    down, across = np.indices(SHAPE)
    breast = ((down - 120) / 104) ** 2 + (across / 124) ** 2 < 1
    texture = np.random.default_rng(seed).normal(0.4, 0.02, SHAPE)
    image = np.where(breast, texture, 0.0).astype(np.float32)
    if centre is not None:
        cv2.circle(image, centre[::-1], RADIUS, 0.9, -1)
    return np.clip(image, 0, 1)


def box(centre=CENTRE):
    edge = RADIUS + 0.5
    return centre[0] - edge, centre[1] - edge, centre[0] + edge, centre[1] + edge


def mammogram(seed=0, centre=CENTRE):
    spacing = Spacing(1.0, 1.0, "synthetic")
    return Mammogram.of(pixels(seed, centre), About("synthetic", SHAPE, spacing=spacing))


def record(centre=CENTRE, kinds=("mass",), image=Path("synthetic.png"), woman="synthetic"):
    findings = () if centre is None else (BoxedFinding(kinds, box(centre)),)
    return FindingsImage(image, woman, "synthetic", "L", "CC", "film", findings, (1.0, 1.0))


def write(folder, seed=0, centre=CENTRE, kinds=("mass",)):
    """A record whose image lies in a folder."""
    path = folder / f"synthetic {seed}.png"
    cv2.imwrite(str(path), np.rint(pixels(seed, centre) * 255).astype(np.uint8))
    return record(centre, kinds, path, f"synthetic {seed}")


def image(seed=0, centre=CENTRE, kinds=("mass",)):
    """The same, prepared in memory."""
    channels, inside, frame = prepare(mammogram(seed, centre))
    held = np.rint(channels * 255).astype(np.uint8)
    boxes = np.array([] if centre is None else [box(centre)]).reshape(-1, 4)
    boxes -= np.tile(np.asarray(frame.matrix)[:, 2], 2)
    one = record(centre, kinds, woman=f"synthetic {seed}")
    return Image(one, lambda: held, lambda: inside[4::8, 4::8], frame, boxes)


def examples(count=2):
    """A mass and a normal breast, in turn."""
    sizes = np.full((1, 2), 2 * RADIUS + 1.0)
    made = []
    for seed in range(count):
        rng = np.random.default_rng(seed)
        centre = (int(rng.integers(70, 170)), int(rng.integers(40, 80))) if seed % 2 == 0 else None
        one = image(seed, centre)
        found = None if centre is None else tuple(one.boxes[0].tolist())
        made.append(Example(one, found, () if centre is None else ("mass",), sizes, seed))
    return made


def tiny(backbone="mobilenet", **changes):
    return replace(
        Recipe.paper(backbone),
        pretrained=False,
        network=Settings(backbone, 8, KINDS, SIZE),
        sampling=Sampling(area=(3.0, 6.0), aspect=(0.8, 1.25), shift=6.0),
        jitter=Jitter(0.0, 0.0, 0.0, rotation=0.0),
        optimisation=Optimisation(learning_rate=1e-3, batch=2, epochs=2, **changes),
    )
