"""Names and text of a data set: refused where they could do harm, noted where they are unsound."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from pydicom.charset import python_encoding
from pydicom.datadict import dictionary_VR
from pydicom.dataelem import RawDataElement
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from mammoscope.core import Note
from mammoscope.errors import RejectedInput
from mammoscope.io.values import text, texts

LONGEST_TEXT: Final = 1 << 20
"""Bytes of one text element; the longest that the standard bounds is 10,240 characters."""

_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
_UID = re.compile(r"[0-9A-Za-z]+([.-]?[0-9A-Za-z]+)*")
_TEXT_VRS = frozenset(
    {
        "AE",
        "AS",
        "CS",
        "DA",
        "DS",
        "DT",
        "IS",
        "LO",
        "LT",
        "PN",
        "SH",
        "ST",
        "TM",
        "UC",
        "UI",
        "UR",
        "UT",
    }
)
_ENCODED_VRS = frozenset({"LO", "LT", "PN", "SH", "ST", "UC", "UT"})
_DATES = ("StudyDate", "SeriesDate", "AcquisitionDate", "ContentDate", "PatientBirthDate")
_AGE = re.compile(r"\d{3}[DWMY]")
_DEEPEST = 32


def check_identity(dataset: Dataset) -> None:
    """Refuse UIDs that are missing, too long, unsafe as a name, or at odds with the file meta.

    The letters of pseudonymised sets (VinDr-Mammo) are let through; separators, dots in a row
    and control characters are not.

    Raises:
        RejectedInput: Bad inputs 21, 22, 23.
    """
    for keyword in _UIDS:
        values = texts(dataset, keyword)
        if values in ((), ("",)):
            raise RejectedInput(
                f"expected a {keyword}, received none: the file cannot be told from others", 22
            )
        if len(values) > 1 or not _UID.fullmatch(values[0]):
            raise RejectedInput(f"{keyword} should hold digits and dots, holds other characters", 21)
        if len(values[0]) > 64:
            raise RejectedInput(
                f"{keyword} should have at most 64 characters, has {len(values[0])}", 22
            )
    meta = getattr(dataset, "file_meta", None) or Dataset()
    pairs = (
        ("MediaStorageSOPInstanceUID", "SOPInstanceUID"),
        ("MediaStorageSOPClassUID", "SOPClassUID"),
    )
    for outer, inner in pairs:
        if text(meta, outer) and text(dataset, inner) and text(meta, outer) != text(dataset, inner):
            raise RejectedInput(
                f"{outer} of the file and {inner} of the data set should agree, and differ", 23
            )


def check_text(dataset: Dataset) -> tuple[Note, ...]:
    """Refuse a huge text element; note a wrong or absent character set and impossible dates.

    Raises:
        RejectedInput: Bad input 31.
    """
    undeclared = False
    for vr, value in _elements(dataset):
        if vr in _TEXT_VRS and isinstance(value, (bytes, str)) and len(value) > LONGEST_TEXT:
            raise RejectedInput(
                f"a text element should hold at most {LONGEST_TEXT} bytes, holds {len(value)}", 31
            )
        undeclared = undeclared or (vr in _ENCODED_VRS and not _decodes(value, dataset))
    notes = []
    if undeclared or not all(term in python_encoding for term in _charsets(dataset)):
        notes.append(
            Note(
                "character set", "SpecificCharacterSet is absent, unknown or wrong: text may be misread"
            )
        )
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


def _elements(dataset: Dataset) -> Iterator[tuple[str, Any]]:
    """VR and value of every element, unconverted where pydicom has not converted it yet."""
    waiting = [(dataset, 0)]
    while waiting:
        current, depth = waiting.pop()
        for tag in list(current.keys()):
            element = current.get_item(tag)
            vr = element.VR or _known_vr(tag) if element is not None else ""
            if vr == "SQ" and depth < _DEEPEST:
                nested = current[tag].value if isinstance(element, RawDataElement) else element.value
                waiting += [(item, depth + 1) for item in nested or () if isinstance(nested, Sequence)]
            elif element is not None:
                yield vr, element.value


def _known_vr(tag: Any) -> str:
    try:
        return dictionary_VR(tag)
    except KeyError:
        return ""


def _charsets(dataset: Dataset) -> tuple[str, ...]:
    return texts(dataset, "SpecificCharacterSet")


def _decodes(value: Any, dataset: Dataset) -> bool:
    if isinstance(value, str):
        return "\ufffd" not in value
    if not isinstance(value, bytes) or value.isascii():
        return True
    declared = [term for term in _charsets(dataset) if term]
    if not declared:
        return False
    if len(declared) > 1 or declared[0] not in python_encoding:
        return declared[0] in python_encoding or len(declared) > 1
    try:
        value.decode(python_encoding[declared[0]])
    except (UnicodeDecodeError, LookupError):
        return False
    return True


def _impossible(dataset: Dataset) -> list[str]:
    wrong = [keyword for keyword in _DATES if text(dataset, keyword) and not date(dataset, keyword)]
    age = text(dataset, "PatientAge").upper()
    if age and (not _AGE.fullmatch(age) or (age[3] == "Y" and int(age[:3]) > 130)):
        wrong.append("PatientAge")
    born, studied = date(dataset, "PatientBirthDate"), date(dataset, "StudyDate")
    if born and studied and born > studied:
        wrong.append("PatientBirthDate after StudyDate")
    return wrong
