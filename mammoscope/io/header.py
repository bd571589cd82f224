"""What a DICOM header says of an image: refused, skipped, or described with warnings."""

from typing import Final

from pydicom.dataset import Dataset

from mammoscope.core import About, Kind, Note, Origin
from mammoscope.errors import RejectedInput
from mammoscope.io import identity, suitability
from mammoscope.io import view as views
from mammoscope.io.claims import no_view
from mammoscope.io.names import from_path, from_patient_id
from mammoscope.io.spacing import spacing
from mammoscope.io.values import printable, text, upper, whole

LARGEST_PIXELS: Final = 200_000_000
"""Rows × columns; the largest digitised films have 35 million."""

KIND_NOTES: Final[dict[Kind, str]] = {
    "for processing": "raw pixels: segmentation and positioning run, screening and findings are not assessed",
    "digitised film": "a digitised film: results are less certain than on digital images",
    "secondary capture": "a secondary capture: how its pixels were processed is not recorded",
}
ORIGIN_NOTES: Final[dict[Origin, str]] = {
    "synthetic from tomosynthesis": "computed from tomosynthesis, not acquired as a 2-D image",
    "low-energy contrast": "the low-energy image of a contrast examination",
    "computed radiography": "computed radiography, not a digital detector",
}


def about(dataset: Dataset, name: str, digest: str, stated_spacing: float | None = None) -> About:
    """Describe one image from its header; no pixel is decoded.

    Args:
        dataset: A whole data set with its file meta; PixelData may be deferred, not left out.
        name: What the user calls the file.
        digest: SHA-256 of its bytes.
        stated_spacing: Size of a pixel in mm as the user states it.

    Raises:
        RejectedInput: Broken or contradictory (bad inputs 21–23, 31, 33–36, 47).
        SkippedInput: Sound, but not for this system (40, 60, 61, 65–67, 75).
    """
    notes = identity.check_text(dataset)
    identity.check_identity(dataset)
    suitability.check_suitable(dataset)
    shape = check_pixel_description(dataset)
    identified, named = from_patient_id(text(dataset, "PatientID")), from_path(name)
    view, notes_view = views.view(dataset, named, identified)
    laterality, notes_side = views.laterality(dataset, named, identified)
    modifiers, notes_modifiers = views.modifiers(dataset)
    wall, notes_wall = views.expected_chest_wall(dataset, laterality)
    size, notes_size = spacing(dataset, stated_spacing)
    implant = _implant(dataset, "implant displaced" in modifiers)
    kind, origin = suitability.kind(dataset), suitability.origin(dataset)
    day = identity.date(dataset, "AcquisitionDate") or identity.date(dataset, "StudyDate")
    return About(
        name=name,
        shape=shape,
        digest=digest,
        study=text(dataset, "StudyInstanceUID"),
        series=text(dataset, "SeriesInstanceUID"),
        instance=text(dataset, "SOPInstanceUID"),
        patient=identity.pseudonym(dataset),
        case=identified.case,
        view=view,
        laterality=laterality,
        modifiers=modifiers,
        partial=upper(dataset, "PartialView") == "YES",
        implant=implant,
        spacing=size,
        kind=kind,
        origin=origin,
        expected_chest_wall=wall,
        manufacturer=_maker(dataset),
        acquired=day,
        moment=_moment(dataset, day),
    ).noted(
        *notes, *notes_view, *notes_side, *notes_modifiers, *notes_wall, *notes_size,
        *_notes(kind, origin, implant, view is None),
    )  # fmt: skip


def check_pixel_description(dataset: Dataset) -> tuple[int, int]:
    """Check that the header describes one grey image that can be decoded, and return its shape.

    Raises:
        RejectedInput: Bad inputs 33 (no pixels), 34 and 35 (size), 36 (bits), 47 (frames).
    """
    if "PixelData" not in dataset:
        raise RejectedInput("expected PixelData, received none", 33)
    rows, columns = whole(dataset, "Rows") or 0, whole(dataset, "Columns") or 0
    if rows < 1 or columns < 1:
        raise RejectedInput(f"Rows and Columns should be positive, are {rows} and {columns}", 34)
    if rows * columns > LARGEST_PIXELS:
        raise RejectedInput(
            f"expected at most {LARGEST_PIXELS} pixels, received {rows} x {columns}", 35
        )
    frames = whole(dataset, "NumberOfFrames") if "NumberOfFrames" in dataset else 1
    if frames != 1:
        raise RejectedInput(f"expected an image of one frame, NumberOfFrames says {frames}", 47)
    allocated, stored = whole(dataset, "BitsAllocated"), whole(dataset, "BitsStored")
    high, sign = whole(dataset, "HighBit"), whole(dataset, "PixelRepresentation")
    if allocated not in (8, 16):
        raise RejectedInput(f"BitsAllocated should be 8 or 16, is {allocated}", 36)
    if stored is None or not 1 <= stored <= allocated or high != stored - 1:
        expected = "BitsStored at most BitsAllocated and HighBit one below it"
        raise RejectedInput(f"expected {expected}, received {allocated}, {stored}, {high}", 36)
    if sign not in (0, 1) or upper(dataset, "PhotometricInterpretation") not in (
        "MONOCHROME1",
        "MONOCHROME2",
    ):
        raise RejectedInput("PixelRepresentation or PhotometricInterpretation is absent or unknown", 36)
    return rows, columns


def _implant(dataset: Dataset, displaced: bool) -> bool | None:
    if displaced:
        return True
    return {"YES": True, "NO": False}.get(upper(dataset, "BreastImplantPresent"))


def _maker(dataset: Dataset) -> str:
    words = (printable(text(dataset, key)) for key in ("Manufacturer", "ManufacturerModelName"))
    return " ".join(word for word in words if word)


def _moment(dataset: Dataset, day: str) -> str:
    """Digits that sort images of one exam by when they were taken."""
    time = text(dataset, "AcquisitionTime") or text(dataset, "ContentTime")
    clock = "".join(digit for digit in time.split(".")[0] if digit.isdigit())[:6]
    return f"{day:0<8}{clock:0<6}{max(0, whole(dataset, 'InstanceNumber') or 0):09d}"


def _notes(kind: Kind, origin: Origin, implant: bool | None, viewless: bool) -> tuple[Note, ...]:
    notes = [Note(kind, KIND_NOTES[kind])] if kind in KIND_NOTES else []
    if origin in ORIGIN_NOTES:
        notes.append(Note(origin, ORIGIN_NOTES[origin]))
    if implant:
        notes.append(
            Note("implant", "the breast holds an implant: kept out of results of the whole exam")
        )
    if viewless:
        notes.append(no_view())
    return tuple(notes)
