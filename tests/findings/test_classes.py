"""Which classes of a card phantoms alone trained, and who answers for them."""

from pathlib import Path

import pytest

from mammoscope.errors import WeightsError
from mammoscope.findings.classes import classes_of, named
from mammoscope.findings.infer import UNTRAINED, Finder
from mammoscope.io.findings import BoxedFinding, FindingsImage
from mammoscope.io.phantom_findings import DATASET
from tests.findings.dense.bright import Bright, breast, card

DISTORTION = "architectural distortion"
MIXED = ("mass", f"{DISTORTION} (phantoms)")


def image(dataset, *kinds):
    found = tuple(BoxedFinding((kind,), (0.0, 0.0, 9.0, 9.0)) for kind in kinds)
    return FindingsImage(Path("x"), "A", dataset, "L", "CC", "raw", found)


def test_what_phantoms_alone_show_is_named_so():
    images = [image("real", "mass"), image(DATASET, "mass", DISTORTION)]
    assert named(("mass", DISTORTION, "asymmetry"), images) == (*MIXED, "asymmetry")
    assert named(("mass", DISTORTION), [*images, image("real", DISTORTION)]) == ("mass", DISTORTION)


def test_a_card_tells_them_apart():
    assert classes_of(MIXED) == (("mass", True), (DISTORTION, False))
    with pytest.raises(WeightsError, match="got 'cancer': this version knows mass"):
        classes_of(("mass", "cancer"))


def test_they_are_answered_for_where_research_asks():
    session = Bright(card(classes=MIXED))
    found = Finder(session)(breast())
    assert set(found.heat) == {"mass"}
    assert {one.kind for one in found.findings} == {"mass"}
    assert found.not_assessed[DISTORTION] == UNTRAINED
    assert found.notes == ()
    asked = Finder(session, research=True)(breast())
    assert set(asked.heat) == {"mass", DISTORTION}
    assert {one.kind for one in asked.findings} == {"mass", DISTORTION}
    assert DISTORTION not in asked.not_assessed
    assert "mass" not in asked.notes[0].text
    assert DISTORTION in asked.notes[0].text


def test_where_there_are_none_the_remedy_is_told():
    with pytest.raises(WeightsError, match=r"it has mass: name weights that have such with --weights"):
        Finder(Bright(), research=True)


def test_an_output_stays_its_own_where_another_is_left_out():
    """The second output is the mass; the first, of phantoms, is never told."""
    session = Bright(card(classes=MIXED[::-1]))
    plain, turned = Finder(Bright())(breast()), Finder(session)(breast())
    assert turned.findings == plain.findings
    assert len(plain.findings) == 1
