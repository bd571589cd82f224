"""Names and text of a data set: refused where they could do harm, noted where they are unsound."""

import hashlib
import hmac
import os
import re
import warnings
from collections.abc import Iterator
from datetime import datetime
from typing import Final

from pydicom.charset import convert_encodings, decode_bytes
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

from mammoscope.core import Note
from mammoscope.errors import RejectedInput
from mammoscope.io.values import items, printable, text, texts

OPERATOR_KEY: Final = "MAMMOSCOPE_OPERATOR_KEY"
"""Environment variable that holds a site's secret for `operator`."""

_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
_LONGEST_UID = 64
_UID = re.compile(r"[0-9A-Za-z]+(?:[.-][0-9A-Za-z]+)*")
_ENCODED_VRS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
_DATES = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate", "PatientBirthDate")
_AGE = re.compile(r"\d{3}[DWMY]")
_DELIMITERS = {0x0D, 0x0A, 0x09, 0x0C, 0x5C, 0x5E, 0x3D}


def check_identity(dataset: Dataset) -> None:
    """Refuse UIDs that are missing, too long, unsafe as a name, or at odds with the file meta.

    The letters of pseudonymised sets (VinDr-Mammo) are let through; separators, dots in a row
    and control characters are not.

    Raises:
        RejectedInput: Bad inputs 21, 22, 23.
    """
    for keyword in _UIDS:
        values = texts(dataset, keyword)
        length = max(map(len, values), default=0)
        if not 0 < length <= _LONGEST_UID:
            expected = f"expected a {keyword} of 1 to {_LONGEST_UID} characters"
            raise RejectedInput(f"{expected}, received {length}: export the image again", 22)
        if len(values) > 1 or not _UID.fullmatch(values[0]):
            raise RejectedInput(f"{keyword} should hold digits and dots, holds other characters", 21)
    meta = getattr(dataset, "file_meta", None) or Dataset()
    pairs = (
        ("MediaStorageSOPInstanceUID", "SOPInstanceUID"),
        ("MediaStorageSOPClassUID", "SOPClassUID"),
    )
    for outer, inner in pairs:
        told, held = text(meta, outer), text(dataset, inner)
        if told and held and told != held:
            raise RejectedInput(f"expected {outer} to equal {inner}, they differ: export it again", 23)


def text_notes(dataset: Dataset) -> tuple[Note, ...]:
    """Warnings about a wrong or absent character set (30), impossible dates and ages (32)."""
    notes = []
    if not _readable(dataset):
        said = "SpecificCharacterSet is absent, unknown or wrong: text may be misread"
        notes.append(Note("character set", said))
    if wrong := _impossible(dataset):
        notes.append(Note("invalid date", f"not a possible date or age: {', '.join(wrong)}"))
    return tuple(notes)


def date(dataset: Dataset, keyword: str) -> str:
    """A date as YYYYMMDD; empty where absent or impossible."""
    value = text(dataset, keyword).replace(".", "")
    try:
        known = datetime.strptime(value, "%Y%m%d") if len(value) == 8 else None
    except ValueError:
        return ""
    return value if known and known.year >= 1850 else ""


def pseudonym(dataset: Dataset) -> str:
    """The first 16 hex digits of the SHA-256 of issuer and patient ID; empty without an ID."""
    identifier = text(dataset, "PatientID")
    issuer = text(dataset, "IssuerOfPatientID")
    return hashlib.sha256(f"{issuer}\0{identifier}".encode()).hexdigest()[:16] if identifier else ""


def unit(dataset: Dataset) -> str:
    """Institution and department; where the header names neither, the station."""
    said = (printable(text(dataset, key)) for key in ("InstitutionName", "InstitutionalDepartmentName"))
    return ", ".join(dict.fromkeys(filter(None, said))) or printable(text(dataset, "StationName"))


def device(dataset: Dataset, maker: str) -> str:
    """Maker and model, and where a serial number is given 6 hex digits of its SHA-256."""
    serial = text(dataset, "DeviceSerialNumber")
    code = hashlib.sha256(serial.encode("utf-8", "replace")).hexdigest()[:6]
    return f"{maker} #{code}".strip() if serial else maker


def operator(dataset: Dataset) -> str:
    """The first 8 hex digits of the HMAC-SHA-256 of the operator's name under the site's key.

    The same person has the same pseudonym in every run with the same key. Without a key it is
    empty: who knows the staff would soon undo a plain hash of a name.

    Source:
        DICOM PS3.3 C.7.3.1: OperatorsName (0008,1070), OperatorIdentificationSequence (0008,1072).
    """
    key, name = _key(), _operator_name(dataset).encode("utf-8", "replace")
    return hmac.digest(key, name, "sha256").hex()[:8] if key and name else ""


def operator_key() -> str:
    """8 hex digits by which two runs know whether their pseudonyms agree; empty without a key."""
    return hmac.digest(_key(), b"", "sha256").hex()[:8] if _key() else ""


def _key() -> bytes:
    return os.environ.get(OPERATOR_KEY, "").encode("utf-8", "surrogateescape")


def _operator_name(dataset: Dataset) -> str:
    """A staff number before a name; letters' case and spaces do not make another person."""
    for item in items(dataset, "OperatorIdentificationSequence"):
        for code in items(item, "PersonIdentificationCodeSequence"):
            if value := text(code, "CodeValue"):
                return f"{text(code, 'CodingSchemeDesignator')}\0{value}"
    return " ".join(text(dataset, "OperatorsName").replace("^", " ").casefold().split())


def _readable(dataset: Dataset) -> bool:
    """Whether every text decodes with the character set that the file declares."""
    declared = texts(dataset, "SpecificCharacterSet")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            encodings = convert_encodings(list(declared))
            return all(_decodes(value, encodings if declared else None) for value in _texts(dataset))
        except (UserWarning, LookupError, UnicodeError):
            return False


def _texts(dataset: Dataset) -> Iterator[bytes | str]:
    """Encoded text of the outermost level, as bytes where pydicom has not converted it yet."""
    for tag in dataset.keys():  # noqa: SIM118 - iterating a data set converts its elements
        element = dataset.get_item(tag, keep_deferred=True)
        if isinstance(element, RawDataElement):
            vr = element.VR if element.VR not in (None, "UN") else _known_vr(tag)
            if vr in _ENCODED_VRS and element.value:
                yield element.value
        elif element is not None and element.VR in _ENCODED_VRS:
            yield str(element.value)


def _decodes(value: bytes | str, encodings: list[str] | None) -> bool:
    if isinstance(value, str):
        return "\ufffd" not in value
    if encodings is None:
        return value.isascii()
    return "\ufffd" not in decode_bytes(value, encodings, _DELIMITERS)


def _known_vr(tag: BaseTag) -> str:
    try:
        return dictionary_VR(tag)
    except KeyError:
        return ""


def _impossible(dataset: Dataset) -> list[str]:
    wrong = [keyword for keyword in _DATES if text(dataset, keyword) and not date(dataset, keyword)]
    age = text(dataset, "PatientAge").upper()
    if age and (not _AGE.fullmatch(age) or (age[3] == "Y" and int(age[:3]) > 130)):
        wrong.append("PatientAge")
    born, studied = date(dataset, "PatientBirthDate"), date(dataset, "StudyDate")
    if born and studied and born > studied:
        wrong.append("PatientBirthDate after StudyDate")
    return wrong
