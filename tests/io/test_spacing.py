"""The reference's order of precedence, each step with the numbers worked by hand."""

import pytest

from mammoscope.core import Spacing
from mammoscope.errors import GeometryError
from mammoscope.io.spacing import spacing
from tests.synthetic import mammogram_dataset


def header(**said):
    bare = {"ImagerPixelSpacing": None}
    return mammogram_dataset(**(bare | said))


FULL = {
    "PixelSpacing": [0.0652, 0.0652],
    "ImagerPixelSpacing": [0.070, 0.070],
    "EstimatedRadiographicMagnificationFactor": "1.0741",
    "NominalScannedPixelSpacing": [0.0652, 0.0652],
}


def test_the_users_word_goes_first():
    stated = Spacing(0.05, 0.05, "stated by the user")
    found, notes = spacing(header(**FULL, PixelSpacingCalibrationType="GEOMETRY"), stated)
    assert found is stated
    assert [note.code for note in notes] == ["spacings conflict"]
    assert spacing(header(), stated) == (stated, ())


@pytest.mark.parametrize(
    ("said", "millimetres", "source", "codes"),
    [
        (
            FULL | {"PixelSpacingCalibrationType": "GEOMETRY"},
            0.0652, "PixelSpacing, calibrated (geometry)", [],
        ),
        (FULL, 0.0652, "PixelSpacing, differing from ImagerPixelSpacing", []),
        (
            FULL | {"PixelSpacing": [0.07, 0.07], "NominalScannedPixelSpacing": None},
            0.07 / 1.0741, "ImagerPixelSpacing over EstimatedRadiographicMagnificationFactor", [],
        ),
        (
            {"ImagerPixelSpacing": [0.07, 0.07], "PixelSpacing": [0.07, 0.07]},
            0.07, "ImagerPixelSpacing, uncorrected", ["spacing uncorrected"],
        ),
        (
            {"NominalScannedPixelSpacing": [0.05, 0.05], "PixelSpacing": [0.05, 0.05]},
            0.05, "NominalScannedPixelSpacing", [],
        ),
        ({"PixelSpacing": [0.1, 0.1]}, 0.1, "PixelSpacing alone", ["spacing uncalibrated"]),
    ],
)  # fmt: skip
def test_precedence(said, millimetres, source, codes):
    found, notes = spacing(header(**said))
    assert (found.row, found.column) == pytest.approx((millimetres, millimetres))
    assert found.source == source
    assert [note.code for note in notes] == codes


def test_the_typical_system_of_the_reference():
    said = {"ImagerPixelSpacing": [0.070, 0.070], "EstimatedRadiographicMagnificationFactor": "1.0741"}
    found, _ = spacing(header(**said))
    assert round(found.row, 4) == 0.0652
    assert found.magnification == 1.0741
    line_at_detector = 100 / found.row * 0.070
    assert round(line_at_detector - 100) == 7


def test_nobody_says():
    found, notes = spacing(header())
    assert found is None
    assert [note.code for note in notes] == ["no spacing"]


@pytest.mark.parametrize(
    "value", [["0", "0.07"], ["-0.07", "-0.07"], ["70", "70"], ["0.07"], ["nan", "nan"]]
)
def test_a_spacing_that_cannot_be_is_ignored(value):
    found, notes = spacing(header(ImagerPixelSpacing=value, PixelSpacing=[0.1, 0.1]))
    assert found.source == "PixelSpacing alone"
    assert notes[0].code == "spacing ignored"


@pytest.mark.parametrize("factor", ["0", "0.5", "3.5", "-1"])
def test_a_magnification_that_cannot_be_is_ignored(factor):
    said = {"ImagerPixelSpacing": [0.07, 0.07], "EstimatedRadiographicMagnificationFactor": factor}
    found, notes = spacing(header(**said))
    assert (found.row, found.source) == (0.07, "ImagerPixelSpacing, uncorrected")
    assert {note.code for note in notes} == {"magnification ignored", "spacing uncorrected"}


@pytest.mark.parametrize("factor", ["1", "3"])
def test_magnifications_at_the_limits_count(factor):
    said = {"ImagerPixelSpacing": [0.06, 0.06], "EstimatedRadiographicMagnificationFactor": factor}
    found, notes = spacing(header(**said))
    assert found.row == pytest.approx(0.06 / float(factor))
    assert (found.magnification, notes) == (float(factor), ())


@pytest.mark.parametrize(
    "said",
    [
        {"PixelSpacing": [0.2, 0.2], "ImagerPixelSpacing": [0.07, 0.07]},
        {"ImagerPixelSpacing": [0.07, 0.10]},
        {"PixelSpacing": [0.05, 0.05], "NominalScannedPixelSpacing": [0.1, 0.1]},
        FULL | {"EstimatedRadiographicMagnificationFactor": "1.5"},
    ],
)
def test_conflicts_are_noted(said):
    assert "spacings conflict" in {note.code for note in spacing(header(**said))[1]}


def test_a_stated_spacing_must_be_positive():
    with pytest.raises(GeometryError):
        Spacing(0.0, 0.0, "stated by the user")
