"""The figures of the screening weights that ship: nobody is judged by what she chose."""

import hashlib
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from mammoscope.scores.roc import auc
from mammoscope.screening.signs import SIGNS

SCRIPTS = Path(__file__).parents[2] / "scripts"
WOMEN = 150


@pytest.fixture
def scripts(monkeypatch):
    monkeypatch.syspath_prepend(str(SCRIPTS))
    import folds
    import screening_figures
    import screening_fitted

    return SimpleNamespace(folds=folds, figures=screening_figures, fitted=screening_fitted)


def film(woman, score, true, view="CC"):
    """Attention on one cell, as malignant as the score says."""
    mass = SimpleNamespace(pathology="malignant" if true else "benign")
    image = SimpleNamespace(woman=woman, laterality="L", view=view, density=2, findings=(mass,))
    seed = int(hashlib.sha256(woman.encode()).hexdigest()[:8], 16)
    sign = np.random.default_rng(seed).normal(0.3 * true, 1.0, (1, len(SIGNS)))
    cell = np.array([[score]], np.float32)
    return SimpleNamespace(
        image=image, digitiser="A", attention=np.ones((1, 1), np.float32), malignant=cell,
        heat=np.ones((1, 1), np.float32), likeliest=float(score), true=bool(true), scores=(0.5,),
        signs=sign, mass_signs=sign,
    )  # fmt: skip


@pytest.fixture
def films():
    drawn = np.random.default_rng(0)
    true = drawn.random(WOMEN) < 0.5
    scores = np.clip(0.4 + 0.2 * true + 0.25 * drawn.standard_normal(WOMEN), 0.02, 0.98)
    return [film(f"woman {n}", scores[n], true[n]) for n in range(WOMEN)]


def turned(films, fifth, scripts):
    """The same with the truth of one fifth of women turned round."""
    here = [scripts.folds.fifth_of(one.image.woman) == fifth for one in films]
    return [
        film(one.image.woman, one.likeliest, one.true ^ inside) if inside else one
        for one, inside in zip(films, here, strict=True)
    ]


def test_a_fifth_has_women_of_every_part(scripts):
    women = [f"woman {n}" for n in range(400)]
    for fifth in range(5):
        members = {scripts.folds.part_of(one) for one in women if scripts.folds.fifth_of(one) == fifth}
        assert members == set(scripts.folds.PARTS)


def test_the_truth_of_a_fifth_moves_the_calibration_of_others_only(films, scripts):
    before = scripts.fitted.cross_fitted(films)
    after = scripts.fitted.cross_fitted(turned(films, 2, scripts))
    assert after[2] == before[2]
    assert all(after[fifth] != before[fifth] for fifth in (0, 1, 3, 4))


def test_nobody_is_judged_at_a_threshold_that_she_chose(films, scripts, monkeypatch):
    """Whom a fifth calls back is the same whatever the truth of that fifth."""
    figures, called = scripts.figures, []

    def achieved(threshold, scores, outcomes, women):
        called.append(scores >= threshold)
        return figures_achieved(threshold, scores, outcomes, women, repeats=10)

    figures_achieved = figures.achieved
    monkeypatch.setattr(figures, "achieved", achieved)
    scores = np.array([one.likeliest for one in films])
    here = np.array([scripts.folds.fifth_of(one.image.woman) == 2 for one in films])
    figures.points(films, scores)
    figures.points(turned(films, 2, scripts), scores)
    choices = len(figures.CHOICES)
    for before, after in zip(called[:choices], called[choices:], strict=True):
        np.testing.assert_array_equal(before[here], after[here])
    assert any((a != b).any() for a, b in zip(called[:choices], called[choices:], strict=True))


def test_within_parts_scores_of_different_networks_are_not_compared(scripts):
    """Each network in order, and each on a scale of its own: 1 within parts, less over all."""
    women = [f"woman {n}" for n in range(WOMEN)]
    parts = np.array([scripts.folds.PARTS.index(scripts.folds.part_of(one)) for one in women])
    true = np.random.default_rng(1).random(WOMEN) < 0.5
    scores = parts + 0.5 * true
    assert scripts.figures.within_parts(scores, true, women).estimate == 1.0
    assert auc(scores, true) < 0.8
    alike = true & (parts != 0)  # nobody of the first part: no pair of it counts
    assert np.isfinite(scripts.figures.within_parts(scores, alike, women).estimate)


def test_an_exam_is_as_malignant_as_the_breast_that_looks_worse(films, scripts):
    scores = np.array([one.likeliest for one in films])
    lines = scripts.figures.exam_lines(films, scores)
    areas = {one["group"]: one["estimate"] for one in lines if one["figure"] == "AUC"}
    true = np.array([one.true for one in films])
    assert areas["max"] == pytest.approx(auc(scores, true), abs=1e-3)
