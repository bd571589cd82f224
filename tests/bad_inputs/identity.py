"""Numbers 21 to 32: identity and text."""

import struct
import warnings
from pathlib import Path

from mammoscope.core import ImageResult
from tests.bad_inputs.case import (
    Built,
    Ends,
    as_bytes,
    case,
    handled,
    image,
    one,
    put,
    rejected,
    several,
    splice,
    warned,
)
from tests.synthetic import breast_pixels

MIB = 1 << 20
SCRIPT = "<script>alert(1)</script>"
FORMULA = "=cmd|' /C calc'!A0"


def with_uid(keyword: str, value: str) -> bytes:
    """A file with a UID that pydicom itself would refuse to be given."""
    dataset = image()
    placeholder = "1.2.3." + "4" * (max(len(value) - 6, 0) or 2)
    setattr(dataset, keyword, placeholder[: len(value)])
    data = as_bytes(dataset)
    return data.replace(placeholder[: len(value)].encode(), value.encode())


@case(21)
def unsafe_uid(folder: Path) -> Built:
    return several(
        folder, rejected(21),
        up=with_uid("StudyInstanceUID", "1.2.840.10008/../../../up"),
        slash=with_uid("SeriesInstanceUID", "1.2.840/10008.1234567890"),
        nul=with_uid("StudyInstanceUID", "1.2.840.10008\0.123456789"),
    )  # fmt: skip


@case(22)
def missing_or_long_uid(folder: Path) -> Built:
    long = with_uid("StudyInstanceUID", "2.25." + "1" * 65)
    return several(
        folder, rejected(22), long=long, study=image(StudyInstanceUID=None),
        empty=image(SeriesInstanceUID=""), instance=image(SOPInstanceUID=None),
    )  # fmt: skip


@case(23)
def contradicting_uids(folder: Path) -> Built:
    instance, kind = image(), image()
    instance.file_meta.MediaStorageSOPInstanceUID = "2.25.99"
    kind.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.2"
    return several(folder, rejected(23), instance=instance, kind=kind)


@case(24)
def same_file_twice(folder: Path) -> Built:
    data = as_bytes(image())
    put(folder, first=data, second=data)
    return {"first.dcm": handled(), "second.dcm": Ends("duplicate", 24)}


@case(25)
def same_uid_other_pixels(folder: Path) -> Built:
    first = image()
    second = image(SOPInstanceUID=first.SOPInstanceUID, pixels=breast_pixels("MLO"))
    return several(folder, rejected(25), first=first, second=second)


@case(26)
def two_patients_in_a_study(folder: Path) -> Built:
    first = image()
    second = image("MLO", PatientID="SECRETID-78", StudyInstanceUID=first.StudyInstanceUID)
    return several(folder, warned("two patients"), first=first, second=second)


@case(27)
def markup(folder: Path) -> Built:
    dataset = image(PatientName=SCRIPT, Manufacturer=SCRIPT, SeriesDescription=SCRIPT)
    (folder / "<b>&.dcm").write_bytes(as_bytes(dataset))
    return {"<b>&.dcm": handled()}


@case(28)
def formula(folder: Path) -> Built:
    (folder / "=1+1.dcm").write_bytes(as_bytes(image(PatientName=FORMULA, Manufacturer=FORMULA)))
    return {"=1+1.dcm": handled()}


@case(29)
def line_breaks(folder: Path) -> Built:
    def check(result: ImageResult) -> None:
        texts = [result.about.manufacturer, *(note.text for note in result.about.notes)]
        assert not any(sign in text for text in texts for sign in "\r\n\0\x1b")
        assert "Maker" in result.about.manufacturer

    text = "Maker\r\n2026 INFO \x1b[31mall is well"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return one(folder, image(Manufacturer=text, SeriesDescription=text), handled(check))


@case(30)
def character_set(folder: Path) -> Built:
    cyrillic = struct.pack("<HH2sH", 0x0008, 0x1030, b"LO", 6) + "Маммо".encode("iso8859_5") + b" "
    data = as_bytes(image(SpecificCharacterSet=None))
    unknown = image(SpecificCharacterSet="ISO_IR 999")
    wrong = as_bytes(image(SpecificCharacterSet="ISO_IR 192"))
    return several(
        folder, warned("character set"), absent=splice(data, 0x00081030, cyrillic), unknown=unknown,
        wrong=splice(wrong, 0x00081030, cyrillic),
    )  # fmt: skip


@case(31)
def huge_text(folder: Path) -> Built:
    text = struct.pack("<HH2sHL", 0x0018, 0xA003, b"UT", 0, 10 * MIB) + b"x" * (10 * MIB)
    return one(folder, splice(as_bytes(image()), 0x0018A003, text), rejected(31))


@case(32)
def impossible_dates(folder: Path) -> Built:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return several(
            folder, warned("invalid date"), date=image(StudyDate="20241399"),
            age=image(PatientAge="999Y"), text=image(AcquisitionDate="tomorrow"),
        )  # fmt: skip
