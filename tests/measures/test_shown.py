from dataclasses import replace

import pytest

from mammoscope.core import BreastFinding, BreastFindings
from mammoscope.measures.shown import is_shown
from tests.synthetic_findings import findings

VIEW = findings((400, 300), (200, 150, 20, 0.9), threshold=0.5)
OTHER = replace(VIEW, matched_threshold=0.3)


@pytest.mark.parametrize(
    ("view", "matched", "lowest"),
    [(VIEW, False, 0.5), (VIEW, True, 0.5), (OTHER, False, 0.5), (OTHER, True, 0.3)],
)
def test_views_laid_on_each_other_have_a_threshold_of_their_own_where_the_weights_have(
    view, matched, lowest
):
    for score, shown in ((lowest, True), (lowest - 0.01, False)):
        one = BreastFinding("mass", 0, 0, score)
        breast = BreastFindings((one,), "cc", "mlo", matched)
        assert is_shown(one, breast, {"cc": view, "mlo": view}) == shown
