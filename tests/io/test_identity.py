"""UIDs, character sets and dates."""

from io import BytesIO

import pydicom
import pytest
from pydicom.dataset import Dataset

from mammoscope.errors import RejectedInput
from mammoscope.io.identity import (
    OPERATOR_KEY,
    check_identity,
    date,
    device,
    operator,
    operator_key,
    pseudonym,
    text_notes,
    unit,
)
from tests.synthetic import code, mammogram_dataset


def from_bytes(dataset):
    """The same data set as a reader meets it: unconverted bytes."""
    file = BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return pydicom.dcmread(BytesIO(file.getvalue()))


@pytest.mark.parametrize("keyword", ["StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID"])
@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("../../etc/passwd", 21), ("1.2/3", 21), ("1.2\0.3", 21), ("1.2\\1.3", 21), ("..", 21),
        ("1.2\n.3", 21), ("1 2", 21), ("1." * 32 + "1", 22), ("", 22), (None, 22),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_uids_that_are_refused(keyword, value, number):
    header = mammogram_dataset(**{keyword: value})
    header.file_meta.MediaStorageSOPInstanceUID = "1.2"
    with pytest.raises(RejectedInput) as caught:
        check_identity(header)
    assert caught.value.number == number
    assert value is None or value == "" or value not in str(caught.value)


@pytest.mark.parametrize(
    "value", ["1.2.840.10008.1", "2ddfad7286c2b016931ceccd1e2c7bbc", "1." * 31 + "12"]
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_uids_that_are_let_through(value):
    check_identity(mammogram_dataset(SOPInstanceUID=value))


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_long_hostile_uid_is_refused_quickly():
    with pytest.raises(RejectedInput):
        check_identity(mammogram_dataset(StudyInstanceUID="1" * 60 + "/"))


@pytest.mark.parametrize("keyword", ["MediaStorageSOPInstanceUID", "MediaStorageSOPClassUID"])
def test_file_meta_and_data_set_must_agree(keyword):
    header = mammogram_dataset()
    setattr(header.file_meta, keyword, "1.2.3")
    with pytest.raises(RejectedInput) as caught:
        check_identity(header)
    assert caught.value.number == 23


def test_file_meta_may_be_silent():
    header = mammogram_dataset()
    del header.file_meta.MediaStorageSOPInstanceUID
    check_identity(header)


@pytest.mark.parametrize(
    ("written", "declared", "sound"),
    [
        ("ISO_IR 192", "ISO_IR 192", True),
        ("ISO_IR 100", "ISO_IR 100", True),
        ("ISO_IR 100", "ISO_IR 192", False),
        ("ISO_IR 100", None, False),
        ("ISO_IR 100", "KLINGON", False),
    ],
)
def test_character_sets(written, declared, sound):
    header = from_bytes(mammogram_dataset(SpecificCharacterSet=written, PatientName="MÜLLER^ÄNNE"))
    if declared is None:
        del header.SpecificCharacterSet
    else:
        header.SpecificCharacterSet = declared
    assert [note.code for note in text_notes(header)] == ([] if sound else ["character set"])


def test_plain_text_needs_no_character_set():
    header = from_bytes(mammogram_dataset(SpecificCharacterSet=None))
    assert text_notes(header) == ()


@pytest.mark.parametrize(
    "said",
    [
        {"StudyDate": "20241301"}, {"AcquisitionDate": "yesterday"}, {"PatientBirthDate": "17000101"},
        {"PatientAge": "54"}, {"PatientAge": "999Y"}, {"PatientBirthDate": "20250101"},
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_impossible_dates_are_noted(said):
    (note,) = text_notes(mammogram_dataset(**said))
    assert note.code == "invalid date"
    assert not any(value in note.text for value in said.values())


@pytest.mark.parametrize(
    "said", [{}, {"StudyDate": ""}, {"StudyDate": "2024.01.02"}, {"PatientAge": "054Y"}]
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_possible_dates_are_not(said):
    assert text_notes(mammogram_dataset(**said)) == ()


def test_a_date_is_eight_digits_or_nothing():
    assert date(mammogram_dataset(StudyDate="20240229"), "StudyDate") == "20240229"
    with pytest.warns(UserWarning, match="VR DA"):
        assert date(mammogram_dataset(StudyDate="20230229x"), "StudyDate") == ""


def test_the_pseudonym_is_a_hash_of_issuer_and_id():
    plain = pseudonym(mammogram_dataset(PatientID="A"))
    issued = pseudonym(mammogram_dataset(PatientID="A", IssuerOfPatientID="clinic"))
    assert plain == "c00b4d3c929cb5cc"
    assert len({plain, issued, pseudonym(mammogram_dataset(PatientID="B"))}) == 3
    assert pseudonym(mammogram_dataset(PatientID="")) == ""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, ""),
        ({"StationName": "ROOM 3"}, "ROOM 3"),
        ({"InstitutionName": "Clinic", "StationName": "ROOM 3"}, "Clinic"),
        (
            {"InstitutionName": "Clinic", "InstitutionalDepartmentName": "Screening"},
            "Clinic, Screening",
        ),
        ({"InstitutionName": "Clinic", "InstitutionalDepartmentName": "Clinic"}, "Clinic"),
        ({"InstitutionName": "A\x1b[2J"}, "A [2J"),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_unit(said, expected):
    assert unit(mammogram_dataset(**said)) == expected


def test_devices_alike_are_told_apart_by_a_hash():
    # printf 0 | sha256sum: 5feceb...
    assert device(mammogram_dataset(DeviceSerialNumber="0"), "Maker") == "Maker #5feceb"
    assert device(mammogram_dataset(DeviceSerialNumber="1"), "Maker") == "Maker #6b86b2"
    assert device(mammogram_dataset(DeviceSerialNumber=None), "Maker") == "Maker"
    assert device(mammogram_dataset(), "") == "#5feceb"


def test_without_a_key_nobody_is_named(monkeypatch):
    monkeypatch.delenv(OPERATOR_KEY, raising=False)
    assert operator(mammogram_dataset(OperatorsName="DOE^JANE")) == ""


def test_the_operator_is_a_keyed_hash(monkeypatch):
    monkeypatch.setenv(OPERATOR_KEY, "synthetic")
    jane = operator(mammogram_dataset(OperatorsName="DOE^JANE"))
    # printf 'doe jane' | openssl dgst -sha256 -hmac synthetic
    assert jane == "76206659"
    assert operator(mammogram_dataset(OperatorsName="Doe^Jane^")) == jane
    assert operator(mammogram_dataset(OperatorsName="DOE^JOHN")) != jane
    assert operator(mammogram_dataset(OperatorsName="")) == operator(mammogram_dataset()) == ""
    monkeypatch.setenv(OPERATOR_KEY, "another")
    assert operator(mammogram_dataset(OperatorsName="DOE^JANE")) != jane


def test_runs_with_one_key_know_each_other(monkeypatch):
    monkeypatch.delenv(OPERATOR_KEY, raising=False)
    assert operator_key() == ""
    monkeypatch.setenv(OPERATOR_KEY, "synthetic")
    one = operator_key()
    # printf '' | openssl dgst -sha256 -hmac synthetic
    assert one == "3e3521c7"
    monkeypatch.setenv(OPERATOR_KEY, "another")
    assert operator_key() not in ("", one)


def test_a_staff_number_comes_before_a_name(monkeypatch):
    monkeypatch.setenv(OPERATOR_KEY, "synthetic")
    person = Dataset()
    person.PersonIdentificationCodeSequence = [code("4711", "Jane Doe", "99STAFF")]
    one, other = (
        operator(mammogram_dataset(OperatorsName=name, OperatorIdentificationSequence=[person]))
        for name in ("DOE^JANE", "DOE-SMITH^JANE")
    )
    assert one == other != operator(mammogram_dataset(OperatorsName="DOE^JANE"))
