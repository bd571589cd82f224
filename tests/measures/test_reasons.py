"""When the malignancy of a mass is told: where a reader is shown a mass."""

from dataclasses import replace

import numpy as np
import pytest

from mammoscope.core import (
    About,
    BreastFinding,
    BreastFindings,
    ExamFindings,
    Failed,
    ImageResult,
    Malignancy,
    NotAssessed,
    Sourced,
)
from mammoscope.measures.reasons import NO_MASS, NOT_SOUGHT, with_reason
from tests.synthetic_findings import findings
from tests.synthetic_screening import malignancy

SHAPE = (60, 40)
MASS = findings(SHAPE, (30, 20, 5, 0.6))
FAINT = findings(SHAPE, (30, 20, 5, 0.2))
NOTHING = findings(SHAPE)
BLIND = NotAssessed("no weights")


def image(name, found, side=None):
    about = About(name, SHAPE, laterality=Sourced(side, "test") if side else None)
    answers = {"findings": found, "screening": malignancy(SHAPE)}
    return ImageResult(about, None, answers, np.zeros(SHAPE, np.uint8))


def counted(*scores, cc="cc", mlo="mlo", kind="mass"):
    """A breast with findings of CC at these scores."""
    found = tuple(BreastFinding(kind, 0, None, score) for score in scores)
    return ExamFindings({"R": BreastFindings(found, cc, mlo, True)})


def told(images, found=BLIND, **how):
    """For each image its answer, or True where its malignancy is told."""
    answers = [one.answers["screening"] for one in with_reason(images, found, **how)]
    return [isinstance(one, Malignancy) or one for one in answers]


def test_one_view_that_shows_a_mass_is_a_reason_for_all_of_the_breast():
    images = [image("cc", MASS, "R"), image("mlo", NOTHING, "R"), image("other", NOTHING, "L")]
    assert told(images) == [True, True, NO_MASS]


def test_without_a_mass_nothing_is_told():
    assert told([image("cc", FAINT, "R"), image("mlo", NOTHING, "R")]) == [NO_MASS, NO_MASS]


def test_it_is_told_when_switched_on():
    images = [image("cc", FAINT, "R"), image("mlo", BLIND, "R")]
    assert told(images, always=True) == [True, True]


def test_what_the_breast_counts_decides_for_its_views():
    """Shown from 0.3 on: a partner may lift a faint mass over it, a view without one push it under."""
    lifted = [image("cc", FAINT, "R"), image("mlo", FAINT, "R")]
    assert told(lifted, counted(0.35)) == [True, True]
    alone = [image("cc", MASS, "R"), image("mlo", NOTHING, "R")]
    assert told(alone, counted(0.29)) == [NO_MASS, NO_MASS]


def test_an_image_that_counts_for_no_breast_speaks_for_it_too():
    images = [image("cc", NOTHING, "R"), image("mlo", NOTHING, "R"), image("spot", MASS, "R")]
    assert told(images, counted()) == [True, True, True]


def test_other_findings_are_no_reason():
    images = [image("cc", FAINT, "R"), image("mlo", NOTHING, "R")]
    assert told(images, counted(0.9, kind="asymmetry")) == [NO_MASS, NO_MASS]
    seen = replace(MASS, findings=(replace(MASS.findings[0], kind="asymmetry"),))
    assert told([image("cc", seen, "R")]) == [NO_MASS]


def test_an_image_of_an_unknown_breast_speaks_for_itself():
    images = [image("a", MASS), image("b", NOTHING), image("cc", NOTHING, "R")]
    assert told(images) == [True, NO_MASS, NO_MASS]


@pytest.mark.parametrize("answer", [BLIND, Failed("out of memory")])
def test_where_no_mass_was_looked_for_that_is_said(answer):
    assert told([image("cc", answer, "R")]) == [NOT_SOUGHT]
    assert told([image("cc", answer, "R"), image("mlo", NOTHING, "R")]) == [NO_MASS, NO_MASS]
    others = replace(NOTHING, heat={"asymmetry": NOTHING.heat["mass"]})
    assert told([image("cc", others, "R")]) == [NOT_SOUGHT]


def test_a_breast_whose_views_were_not_counted_goes_by_its_images():
    found = ExamFindings({"R": Failed("x")})
    assert told([image("cc", MASS, "R"), image("mlo", NOTHING, "R")], found) == [True, True]


def test_what_has_no_score_stays_as_it_is():
    raw = replace(image("cc", MASS, "R"), answers={"findings": MASS, "screening": BLIND})
    assert told([raw]) == [BLIND]
