"""View, side, modifiers and chest wall, with who said so."""

import pytest

from mammoscope.core import Sourced
from mammoscope.errors import SkippedInput
from mammoscope.io import view as views
from tests.synthetic import VIEW_CODES, code, mammogram_dataset


def bare(**said):
    """A header that says nothing of view and side but what is given."""
    silent = dict.fromkeys(
        ("ViewCodeSequence", "ViewPosition", "PatientOrientation", "ImageLaterality", "Laterality")
    )
    return mammogram_dataset(**(silent | said))


@pytest.mark.parametrize(
    ("value", "scheme", "view"),
    [
        ("399162004", "SCT", "CC"), ("R-10242", "SRT", "CC"), ("R-10226", "SNM3", "MLO"),
        ("R-10224", "SRT", "ML"), ("R-10228", "SRT", "LM"), ("R-10230", "SRT", "LMO"),
        ("R-10244", "SRT", "FB"), ("R-102D0", "SRT", "SIO"), ("R-40AAA", "SRT", "ISO"),
        ("R-1024A", "SRT", "XCCL"), ("R-1024B", "SRT", "XCCM"), ("R-102CF", "SRT", "XCC"),
        ("399101009", "SCT", "XCCM"), ("399188001", "SCT", "SIO"),
    ],
)  # fmt: skip
def test_view_codes_old_and_new(value, scheme, view):
    found, notes = views.view(bare(ViewCodeSequence=[code(value, "", scheme)]))
    assert found == Sourced(view, "ViewCodeSequence")
    assert notes == ()


@pytest.mark.parametrize(
    ("text", "view", "modifier"),
    [
        ("CC", "CC", None), ("MLO", "MLO", None), ("RMLO", "MLO", None), ("LXCCL", "XCCL", None),
        ("L ML", "ML", None), ("LLM", "LM", None), ("RCCID", "CC", "implant displaced"),
        ("RMCC", "CC", "magnified"), ("LMLORL", "MLO", "rolled"), ("LSMLO", "MLO", "spot"),
        ("AP", None, None), ("", None, None),
    ],
)  # fmt: skip
def test_view_position_as_people_write_it(text, view, modifier):
    header = bare(ViewPosition=text)
    found, _ = views.view(header)
    assert (found.value if found else None) == view
    assert views.modifiers(header)[0] == ({modifier} if modifier else frozenset())


@pytest.mark.parametrize(
    ("orientation", "view"),
    [
        ("CC", "CC"), ("MLO", "MLO"), (["A", "R"], "CC"), (["P", "L"], "CC"), (["A", "FR"], "MLO"),
        (["P", "FL"], "MLO"), (["P", "HL"], "MLO"), (["A", "F"], None), (["L", "F"], None), ("", None),
    ],
)  # fmt: skip
def test_patient_orientation_as_name_or_directions(orientation, view):
    found, _ = views.view(bare(PatientOrientation=orientation))
    assert found == (Sourced(view, "PatientOrientation") if view else None)


def test_the_order_of_sources():
    file_name = [Sourced("XCCL", "file name")]
    header = mammogram_dataset("MLO", ViewPosition="CC")
    found, notes = views.view(header, file_name)
    assert found == Sourced("MLO", "ViewCodeSequence")
    assert [note.code for note in notes] == ["view sources disagree"] * 2
    del header.ViewCodeSequence
    assert views.view(header)[0] == Sourced("CC", "ViewPosition")
    del header.ViewPosition
    assert views.view(header)[0] == Sourced("MLO", "PatientOrientation")
    del header.PatientOrientation
    assert views.view(header, file_name) == (file_name[0], ())


def test_an_orientation_that_a_finer_view_shares_is_no_contradiction():
    assert views.view(mammogram_dataset("XCCL", PatientOrientation=["A", "R"]))[1] == ()


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ({"ImageLaterality": "R", "Laterality": "R"}, Sourced("R", "ImageLaterality")),
        ({"Laterality": "L"}, Sourced("L", "Laterality")),
        ({"ViewPosition": "RCC"}, Sourced("R", "ViewPosition")),
        ({}, Sourced("L", "file name")),
    ],
)
def test_laterality_by_order(said, found):
    assert views.laterality(bare(**said), [Sourced("L", "file name")])[0] == found


def test_laterality_of_a_frame():
    assert views.laterality(bare(FrameLaterality="R")) == (Sourced("R", "FrameLaterality"), ())


@pytest.mark.parametrize("value", ["", "U", "X"])
def test_no_laterality_is_noted(value):
    found, notes = views.laterality(bare(ImageLaterality=value))
    assert found is None
    assert [note.code for note in notes] == ["no laterality"]


def test_contradicting_lateralities_are_noted():
    found, notes = views.laterality(bare(ImageLaterality="L", Laterality="R"))
    assert found.value == "L"
    assert [note.code for note in notes] == ["laterality sources disagree"]


def test_both_breasts_are_skipped():
    with pytest.raises(SkippedInput) as caught:
        views.laterality(bare(ImageLaterality="B"))
    assert caught.value.number == 75


@pytest.mark.parametrize(
    ("value", "modifier"),
    [
        ("399055006", "spot"), ("R-102D7", "spot"), ("399163009", "magnified"),
        ("R-102D5", "implant displaced"), ("R-102D3", "rolled"), ("399110001", "tangential"),
        ("R-40AB3", "nipple in profile"), ("R-102D2", "cleavage"), ("R-102D1", "axillary tail"),
        ("R-40ABE", "inframammary fold"), ("P2-00161", "anterior compression"),
    ],
)  # fmt: skip
def test_modifier_codes(value, modifier):
    header = mammogram_dataset()
    header.ViewCodeSequence[0].ViewModifierCodeSequence = [code(value, "", "SRT")]
    assert views.modifiers(header) == (frozenset({modifier}), ())


def test_an_unknown_modifier_is_noted():
    header = mammogram_dataset()
    header.ViewCodeSequence[0].ViewModifierCodeSequence = [code("111002", "")]
    found, notes = views.modifiers(header)
    assert found == frozenset()
    assert [note.code for note in notes] == ["view modifier unknown"]


@pytest.mark.parametrize(
    ("said", "modifier"),
    [
        ({"PaddleDescription": "SPOT COMPRESSION"}, "spot"),
        ({"SeriesDescription": "L CC MAG"}, "magnified"),
        ({"EstimatedRadiographicMagnificationFactor": "1.8"}, "magnified"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "STEREO_MINUS"]}, "stereotactic"),
        ({"ImageType": ["ORIGINAL", "PRIMARY", "POSTFIRE_PLUS"]}, "stereotactic"),
        ({"ViewCodeSequence": [code("127457009", "tissue specimen from breast")]}, "specimen"),
        ({"SeriesDescription": "Specimen right"}, "specimen"),
        ({"ViewPosition": "TAN"}, "tangential"),
    ],
)
def test_modifiers_without_a_code(said, modifier):
    assert modifier in views.modifiers(mammogram_dataset(**said))[0]


@pytest.mark.parametrize("factor", ["1.07", "150", "0"])
def test_a_contact_view_has_no_modifier(factor):
    said = {"EstimatedRadiographicMagnificationFactor": factor, "SeriesDescription": "R MLO magnetic"}
    assert views.modifiers(mammogram_dataset(**said)) == (frozenset(), ())


@pytest.mark.parametrize(
    ("said", "side", "wall", "codes"),
    [
        ({"PatientOrientation": ["A", "R"]}, "L", Sourced("left", "PatientOrientation"), []),
        ({"PatientOrientation": ["P", "L"]}, "R", Sourced("right", "PatientOrientation"), []),
        ({"PatientOrientation": ["P", "FR"]}, "L", Sourced("right", "PatientOrientation"), []),
        (
            {"PatientOrientation": ["A", "HL"]},
            "L",
            Sourced("left", "PatientOrientation"),
            ["upside down"],
        ),
        (
            {"PatientOrientation": ["A", "L"]},
            "L",
            Sourced("left", "PatientOrientation"),
            ["upside down"],
        ),
        ({"PatientOrientation": ["R", "A"]}, "L", None, ["rotated"]),
        ({"PatientOrientation": "MLO"}, "R", Sourced("right", "convention for R"), []),
        ({"FieldOfViewHorizontalFlip": "YES"}, "L", Sourced("left", "convention for L"), []),
        ({}, None, None, []),
    ],
)
def test_the_expected_chest_wall(said, side, wall, codes):
    laterality = Sourced(side, "ImageLaterality") if side else None
    found, notes = views.expected_chest_wall(bare(**said), laterality)
    assert found == wall
    assert [note.code for note in notes] == codes


def test_the_synthetic_codes_are_the_standards():
    for view, (value, _) in VIEW_CODES.items():
        assert views.VIEW_CODES[value] == view
