"""Images of a site that never was, with scores."""

import numpy as np

from mammoscope.core.card import Card, CardInput, Probe, TrainingData
from mammoscope.core.reference import LEVELS, Reference
from mammoscope.measures.validation.scored import Scored

FEATURES = ("height", "width", "grain")
REFERENCE = Reference(
    features=FEATURES,
    means=(0.0, 0.0, 0.0),
    deviations=(1.0, 1.0, 1.0),
    precision=((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    limit=3.4,
    quantiles=((-1.28, -0.84, -0.52, -0.25, 0.0, 0.25, 0.52, 0.84, 1.28),) * 3,
    scores=LEVELS,
    women=500,
)
"""Standard normal features, scores even in 0–1."""


def card(**changes):
    plain = {
        "name": "screening", "version": "0.1.0", "sha256": "0" * 64, "system": "screening",
        "input": CardInput(0.3, 3, 32), "settings": {}, "recipe": {}, "classes": ("malignant",),
        "training_data": (TrainingData("synthetic", "CC0", "nobody", "none"),), "figures": (),
        "not_for": ("a diagnosis",), "probe": Probe(0, (1, 1, 4, 4), (0.0,), 1e-3),
        "calibration": {"scale": 1.0, "threshold_f1": 0.5}, "reference": REFERENCE,
    }  # fmt: skip
    return Card(**plain | changes)


def site(women=300, told=True, moved=0.0, raised=0.0, seed=0):
    """Four images a woman; a third have a cancer on the left, which scores higher."""
    rng = np.random.default_rng(seed)
    images = []
    for woman in range(women):
        density, age = "ABCD"[woman % 4], 35.0 + woman % 50
        for side in "LR":
            for view in ("CC", "MLO"):
                cancer = woman % 3 == 0 and side == "L"
                score = rng.beta(4, 2) if cancer else rng.uniform(0, 1) ** (1 + raised)
                features = rng.normal(0, 1, 3) + np.array([0, 0, moved])
                unlike = float(REFERENCE.distance(features))
                images.append(
                    Scored(
                        f"{woman}_{side}_{view}.dcm", "synthetic", str(woman), side, view,
                        cancer if told else None, density, age, "one" if woman % 2 else "other",
                        float(score), unlike, tuple(features.tolist()),
                    )
                )  # fmt: skip
    return images
