"""Findings of a breast counted once; the views lie on each other as `synthetic_registration` has it."""

from dataclasses import replace

import numpy as np
import pytest

from mammoscope.core import (
    ExamFindings,
    Failed,
    Finding,
    ImageResult,
    NotAssessed,
    Positioning,
)
from mammoscope.measures.findings import (
    RESCORING,
    Rescoring,
    assess_exam,
    located,
    matched,
    rescored,
)
from mammoscope.scores.calibration import logit
from tests.synthetic_findings import findings
from tests.synthetic_landmarks import FROM_ABOVE, OBLIQUE, SHAPE, about, marks, preview
from tests.synthetic_registration import Aligned

CC, MLO = about("CC"), about("MLO")
PAIR = Aligned(CC, MLO)
MARKS = {"CC": marks(FROM_ABOVE), "MLO": marks(OBLIQUE)}
RULE = Rescoring(offset=-1.0, own=1.0, partner=0.5, fit=1.0, alone=-0.25)
"""Worked with by hand below."""


def image(view, answer, positioned=True):
    said = about(view)
    position = Positioning(MARKS[view], "iarc", (), (), ()) if positioned else NotAssessed("none")
    return ImageResult(
        replace(said, name=view), None, {"findings": answer, "positioning": position}, preview()
    )


def on_mlo(row, column):
    down, across = PAIR.registration.warp.to_fixed(np.array([row, column], float))
    return float(down), float(across)


def both(cc, mlo, pairs={"L": PAIR}, rule=RULE):  # noqa: B006
    return assess_exam([image("CC", cc), image("MLO", mlo)], pairs, rule)


def logits(answer):
    return [float(logit(one.score)) for one in answer.breasts["L"].findings]


def test_what_both_views_show_is_one_finding_and_gains():
    """2.3 above the region's edge: -1 + logit(0.6) + 0.5 logit(0.5) + 2.3."""
    cc = findings(SHAPE, (400, 200, 1e-6, 0.6))
    mlo = findings(SHAPE, (*on_mlo(400, 200), 1e-6, 0.5))
    answer = both(cc, mlo)
    (one,) = answer.breasts["L"].findings
    assert (one.kind, one.cc, one.mlo) == ("mass", 0, 0)
    assert logits(answer) == pytest.approx([logit(0.6) + 1.3], abs=1e-3)
    assert one.location.startswith("left breast")
    assert "mm on CC and" in one.location
    assert answer.breasts["L"].matched


def test_a_partner_never_lowers_a_score():
    assert RULE.with_partner(0.9, 0.01, 0.1) == 0.9
    assert RESCORING.with_partner(0.5, 0.001, 0.1) == 0.5
    assert RESCORING.with_partner(0.3, 0.6, 1.0) > 0.3


def test_each_view_has_a_score_of_its_own():
    """-1 + 0 + 0.5 log 9 + 0.5 and -1 + log 9 + 0 + 0.5."""
    low, high = rescored([0.5, 0.9], 0.5, RULE)
    assert logit(low) == pytest.approx(-0.5 + 0.5 * np.log(9))
    assert high == 0.9
    assert rescored([0.5], None, RULE) == pytest.approx([1 / (1 + np.exp(0.25))])


def test_a_finding_of_one_view_is_scored_by_itself():
    far = (100.0, 500.0)
    answer = both(findings(SHAPE, (520, 300, 5.0, 0.6)), findings(SHAPE, (*far, 5.0, 0.8)))
    found = answer.breasts["L"].findings
    assert [(one.cc, one.mlo) for one in found] == [(None, 0), (0, None)]
    assert logits(answer) == pytest.approx([logit(0.8) - 0.25, logit(0.6) - 0.25])


def test_findings_are_ranked_by_what_both_views_say():
    """0.5 and 0.5 with a partner pass 0.7 without."""
    cc = findings(SHAPE, (520, 300, 5.0, 0.7), (300, 200, 5.0, 0.5))
    mlo = findings(SHAPE, (*on_mlo(300, 200), 5.0, 0.5))
    answer = both(cc, mlo)
    assert [(one.cc, one.mlo) for one in answer.breasts["L"].findings] == [(1, 0), (0, None)]


def test_findings_of_different_kinds_are_never_the_same():
    cc = findings(SHAPE, (400, 200, 5.0, 0.6))
    mlo = findings(SHAPE, (*on_mlo(400, 200), 5.0, 0.5))
    (mass,) = mlo.findings
    other = replace(mlo, findings=(replace(mass, kind="asymmetry"),))
    found = both(cc, other).breasts["L"].findings
    assert {(one.kind, one.cc, one.mlo) for one in found} == {("mass", 0, None), ("asymmetry", None, 0)}


def test_matches_name_places_among_all_findings_of_a_view():
    row, column = on_mlo(400, 200)
    cc = findings(SHAPE, (400, 200, 5.0, 0.6))
    box = (row - 5, column - 5, row + 5, column + 5)
    found = (Finding("asymmetry", (10.0, 10.0, 20.0, 20.0), 0.9), Finding("mass", box, 0.5))
    mlo = replace(findings(SHAPE), findings=found)
    views = {"CC": (MARKS["CC"], CC), "MLO": (MARKS["MLO"], MLO)}
    pairs = {(one.cc, one.mlo) for one in matched({"CC": cc, "MLO": mlo}, PAIR, views)}
    assert pairs == {(0, 1), (None, 0)}


def test_without_a_pair_each_view_is_listed_with_its_own_scores_and_words():
    cc = located(findings(SHAPE, (400, 200, 5.0, 0.6)), MARKS["CC"], CC)
    mlo = findings(SHAPE, (*on_mlo(400, 200), 5.0, 0.8))
    breast = both(cc, mlo, pairs={}).breasts["L"]
    assert [(one.cc, one.mlo, one.score) for one in breast.findings] == [(None, 0, 0.8), (0, None, 0.6)]
    assert breast.findings[1].location == cc.findings[0].location != ""
    assert not breast.matched
    assert [note.code for note in breast.notes] == ["views not matched"]


def test_a_breast_of_one_view_is_scored_by_that_alone():
    answer = assess_exam([image("MLO", findings(SHAPE, (400, 200, 5.0, 0.6)))], {}, RULE)
    (one,) = answer.breasts["L"].findings
    assert (one.cc, one.mlo, one.score) == (None, 0, 0.6)
    assert (answer.breasts["L"].cc, answer.breasts["L"].mlo) == (None, "MLO")
    assert answer.breasts["L"].notes == ()


def test_a_view_that_failed_does_not_cost_the_other():
    breast = both(Failed("no"), findings(SHAPE, (400, 200, 5.0, 0.6))).breasts["L"]
    assert (len(breast.findings), breast.cc, breast.matched) == (1, None, False)


def test_no_findings_is_a_result():
    answer = both(findings(SHAPE), findings(SHAPE))
    assert isinstance(answer, ExamFindings)
    assert answer.breasts["L"].findings == ()
    assert answer.breasts["L"].matched


def test_without_any_result_there_is_one_answer_that_says_why():
    assert both(NotAssessed("raw"), NotAssessed("raw")) == NotAssessed("L: raw")
    assert both(NotAssessed("raw"), Failed("broken")) == Failed("L: MLO: broken")
    assert assess_exam([], {}) == NotAssessed("no image of a known breast and view")


def test_set_aside_images_do_not_count():
    aside = replace(image("CC", findings(SHAPE, (400, 200, 5.0, 0.6))), set_aside="spot view")
    assert assess_exam([aside], {}) == NotAssessed("no image of a known breast and view")


def test_an_image_without_landmarks_gets_no_words():
    found = findings(SHAPE, (400, 200, 5.0, 0.6))
    assert located(found, None, CC) is found
    assert located(found, MARKS["CC"], about("ML")) is found
    (one,) = located(found, MARKS["CC"], CC).findings
    assert one.location.startswith("left breast, outer half")
