"""What a DICOM header says of an image: refused, skipped, or described with warnings."""

from dataclasses import replace
from typing import Final

from pydicom.dataset import Dataset

from mammoscope.core import About, Kind, Modifier, Note, Origin, Spacing
from mammoscope.errors import RejectedInput
from mammoscope.io import identity, suitability
from mammoscope.io import view as views
from mammoscope.io.claims import believable, no_view
from mammoscope.io.grayscale import cell
from mammoscope.io.limits import Limits
from mammoscope.io.names import from_path, from_patient_id, sides_said, stated, views_said
from mammoscope.io.spacing import spacing
from mammoscope.io.tables import TableRow
from mammoscope.io.values import printable, text, upper, whole

KIND_NOTES: Final[dict[Kind, str]] = {
    "for processing": "raw pixels: segmentation and positioning run; screening and findings do not",
    "digitised film": "a digitised film: results are less certain than on digital images",
    "secondary capture": "a secondary capture: how its pixels were processed is not recorded",
}
ORIGIN_NOTES: Final[dict[Origin, str]] = {
    "synthetic from tomosynthesis": "computed from tomosynthesis, not acquired as a 2-D image",
    "low-energy contrast": "the low-energy image of a contrast examination",
    "computed radiography": "computed radiography, not a digital detector",
}


def about(
    dataset: Dataset,
    name: str,
    digest: str,
    stated_spacing: float | None = None,
    row: TableRow | None = None,
    limits: Limits | None = None,
) -> About:
    """Describe one image from its header; no pixel is decoded.

    Args:
        dataset: A whole data set with its file meta; PixelData may be deferred, not left out.
        name: What the user calls the file.
        digest: SHA-256 of its bytes.
        stated_spacing: Size of a pixel in mm, stated for all files.
        row: What the user's table says of this file.
        limits: How many pixels are too many.

    Raises:
        RejectedInput: Broken or contradictory (bad inputs 21–23, 33–36, 47).
        SkippedInput: Sound, but not for this system (40, 60, 61, 65–67, 75).
        GeometryError: If the stated spacing is not positive and finite.
    """
    doubts = identity.text_notes(dataset)
    identity.check_identity(dataset)
    suitability.check_suitable(dataset)
    shape = check_pixel_description(dataset, limits)
    said = from_patient_id(text(dataset, "PatientID")), row, from_path(name)
    view, notes_view = views.view(dataset, views_said(*said))
    side, notes_side = views.laterality(dataset, sides_said(*said))
    modifiers, notes_modifiers = views.modifiers(dataset)
    wall, notes_wall = views.expected_chest_wall(dataset, side)
    size, notes_size = _spacing(dataset, stated(row, stated_spacing), shape)
    found = replace(
        _copied(dataset, name, shape, digest), view=view, laterality=side, modifiers=modifiers,
        implant=_implant(dataset, modifiers), spacing=size, expected_chest_wall=wall, case=said[0].case,
    )  # fmt: skip
    found = found.noted(*doubts, *notes_view, *notes_side, *notes_modifiers, *notes_wall, *notes_size)
    return found.noted(*_warnings(dataset, found))


def _spacing(
    dataset: Dataset, told: Spacing | None, shape: tuple[int, int]
) -> tuple[Spacing | None, tuple[Note, ...]]:
    said, notes = spacing(dataset, told)
    believed, doubts = believable(said, shape)
    return believed, notes + doubts


def check_pixel_description(dataset: Dataset, limits: Limits | None = None) -> tuple[int, int]:
    """Check that the header describes one grey image that can be decoded, and return its shape.

    Raises:
        RejectedInput: Bad inputs 33 (no pixels), 34 and 35 (size), 36 (bits), 47 (frames).
    """
    most = (limits or Limits()).pixels
    if "PixelData" not in dataset:
        raise RejectedInput("expected PixelData, received none: export the image again", 33)
    rows, columns = whole(dataset, "Rows") or 0, whole(dataset, "Columns") or 0
    if rows < 1 or columns < 1:
        raise RejectedInput(f"expected rows and columns, received {rows} and {columns}", 34)
    if rows * columns > most:
        raise RejectedInput(f"expected at most {most} pixels, received {rows} × {columns}", 35)
    frames = whole(dataset, "NumberOfFrames") if text(dataset, "NumberOfFrames") else 1
    if frames != 1:
        raise RejectedInput(f"expected an image of one frame, the header says {frames}", 47)
    if whole(dataset, "SamplesPerPixel") not in (None, 1):
        raise RejectedInput("expected one sample a pixel, the header contradicts itself", 36)
    if upper(dataset, "PhotometricInterpretation") not in ("MONOCHROME1", "MONOCHROME2"):
        raise RejectedInput("expected MONOCHROME1 or MONOCHROME2, the header says neither", 36)
    cell(dataset)
    return rows, columns


def _copied(dataset: Dataset, name: str, shape: tuple[int, int], digest: str) -> About:
    """What can be copied from the header, without identity and without control characters."""
    said = (printable(text(dataset, key)) for key in ("Manufacturer", "ManufacturerModelName"))
    maker = " ".join(filter(None, said))
    day = identity.date(dataset, "AcquisitionDate") or identity.date(dataset, "StudyDate")
    return About(
        name=name,
        shape=shape,
        digest=digest,
        study=text(dataset, "StudyInstanceUID"),
        series=text(dataset, "SeriesInstanceUID"),
        instance=text(dataset, "SOPInstanceUID"),
        patient=identity.pseudonym(dataset),
        partial=upper(dataset, "PartialView") == "YES",
        kind=suitability.kind(dataset),
        origin=suitability.origin(dataset),
        manufacturer=maker,
        unit=identity.unit(dataset),
        device=identity.device(dataset, maker),
        operator=identity.operator(dataset),
        acquired=day,
        moment=_moment(dataset, day),
    )


def _implant(dataset: Dataset, modifiers: frozenset[Modifier]) -> bool | None:
    said = {"YES": True, "NO": False}.get(upper(dataset, "BreastImplantPresent"))
    return True if "implant displaced" in modifiers else said


def _moment(dataset: Dataset, day: str) -> str:
    """Digits that sort the images of one exam: date, time, instance number."""
    time = text(dataset, "AcquisitionTime") or text(dataset, "ContentTime")
    clock = "".join(filter(str.isdecimal, time.partition(".")[0]))[:6]
    instance = whole(dataset, "InstanceNumber") or 0
    return f"{day:0<8}{clock:0<6}{max(0, instance):010d}"


def _warnings(dataset: Dataset, about: About) -> list[Note]:
    notes: list[Note] = []
    if about.kind in KIND_NOTES:
        notes.append(Note(about.kind, KIND_NOTES[about.kind]))
    if about.origin in ORIGIN_NOTES:
        notes.append(Note(about.origin, ORIGIN_NOTES[about.origin]))
    if suitability.is_simulated(dataset):
        said = "a simulated image: no woman was imaged, and figures on it are figures on phantoms"
        notes.append(Note("simulated", said))
    if suitability.contrast_unexplained(dataset):
        said = "a contrast agent was given; whether this is the low-energy image is not stated"
        notes.append(Note("contrast", said))
    if about.implant:
        said = "the breast holds an implant: kept out of results of the whole exam"
        notes.append(Note("implant", said))
    if about.partial:
        notes.append(Note("partial view", "the image shows a part of the breast"))
    if about.view is None:
        notes.append(no_view())
    return notes
