"""Phantom images as DICOM: complete modules, codes of the standard, marked as synthetic throughout.

Identifiers are drawn from what the exam was made by and from its pixels, and no clock is asked: the
same exam gives the same bytes.
"""

import hashlib
import io
import json
import uuid
from typing import Final, Literal

from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from pydicom.uid import (
    UID,
    DigitalMammographyXRayImageStorageForPresentation,
    DigitalMammographyXRayImageStorageForProcessing,
    ExplicitVRLittleEndian,
    SecondaryCaptureImageStorage,
)

from mammoscope.core import Laterality
from mammoscope.phantom.looks import Stored
from mammoscope.phantom.truth import PhantomExam, PhantomView, PhantomViewName

Kind = Literal["raw", "presentation", "film"]
KINDS: Final[tuple[Kind, ...]] = ("raw", "presentation", "film")
SOP_CLASSES: Final = {
    "raw": DigitalMammographyXRayImageStorageForProcessing,
    "presentation": DigitalMammographyXRayImageStorageForPresentation,
    "film": SecondaryCaptureImageStorage,
}
MAKER: Final = "mammoscope SYNTHETIC"
DAY: Final = "20000101"
FORCE_N: Final = "100"
"""Nominal: the phantom is compressed to a height, not by a force."""
ANODE, FILTER = "TUNGSTEN", "RHODIUM"
"""Those of `mammoscope.phantom.beam`, in words of the standard."""
COMMENT: Final = "SYNTHETIC: computed, no woman was imaged. Not for clinical use."
NAMESPACE: Final = uuid.UUID("5d0a0c51-3d0b-4d6a-9c6f-6f5a4d6f0b11")

_VIEW_CODES: Final[dict[PhantomViewName, Code]] = {
    "CC": codes.CID4014.CranioCaudal,
    "MLO": codes.CID4014.MedioLateralObliqueProjection,
}
_ORIENTATION: Final[dict[tuple[Laterality, PhantomViewName], list[str]]] = {
    ("L", "CC"): ["A", "R"],
    ("R", "CC"): ["P", "L"],
    ("L", "MLO"): ["A", "FR"],
    ("R", "MLO"): ["P", "FL"],
}
"""Directions of rows and columns: the chest wall left of a left breast, head or outer side above."""


def to_dicom(
    exam: PhantomExam, view: PhantomView, stored: Stored, kind: Kind, look: str, number: int
) -> bytes:
    """One image as the bytes of a DICOM file.

    Args:
        exam: The exam that it belongs to.
        view: What it shows.
        stored: Its pixels.
        kind: For processing, for presentation, or a digitised film as a secondary capture.
        look: What the presentation was made like; empty for the others.
        number: Its place in the series, from 1.
    """
    digest = hashlib.sha256(stored.pixels.tobytes()).hexdigest()
    study = (_made_by(exam), "film" if kind == "film" else "digital")
    dataset = FileDataset("", Dataset(), preamble=b"\0" * 128)
    dataset.SOPClassUID = SOP_CLASSES[kind]
    dataset.SOPInstanceUID = uid(*study, kind, look, view.laterality, view.view, digest)
    dataset.StudyInstanceUID = uid(*study)
    dataset.SeriesInstanceUID = uid(*study, kind, look)
    _patient_and_study(dataset, exam, number)
    _general(dataset, view, kind, look, number)
    _pixels(dataset, stored)
    if kind == "film":
        _scanned(dataset, view)
    else:
        dataset.FrameOfReferenceUID = uid(*study, "frame", view.laterality, view.view)
        dataset.PositionReferenceIndicator = ""
        _mammogram(dataset, view, kind)
        _grey(dataset, stored, kind)
    return _written(dataset)


def uid(*parts: str) -> str:
    """A UID under 2.25 that is the same for the same parts."""
    return f"2.25.{uuid.uuid5(NAMESPACE, json.dumps(parts)).int}"


def _made_by(exam: PhantomExam) -> str:
    return json.dumps([exam.seed, dict(exam.settings)], sort_keys=True)


def _patient_and_study(dataset: Dataset, exam: PhantomExam, number: int) -> None:
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.PatientName = f"SYNTHETIC^WOMAN {exam.seed}"
    dataset.PatientID = f"SYNTHETIC-{exam.seed:06d}"
    dataset.PatientBirthDate = ""
    dataset.PatientSex = "F"
    dataset.PatientComments = COMMENT
    dataset.StudyDate = dataset.ContentDate = dataset.AcquisitionDate = DAY
    dataset.StudyTime = "120000"
    dataset.ContentTime = dataset.AcquisitionTime = f"1200{number:02d}"
    dataset.StudyID = "SYNTHETIC"
    dataset.StudyDescription = "SYNTHETIC"
    dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = ""


def _general(dataset: Dataset, view: PhantomView, kind: Kind, look: str, number: int) -> None:
    dataset.Modality = "MG"
    dataset.SeriesNumber = {"raw": "1", "presentation": "2", "film": "3"}[kind]
    dataset.InstanceNumber = str(number)
    dataset.SeriesDescription = f"SYNTHETIC {look or kind}"
    dataset.Manufacturer = MAKER
    dataset.ManufacturerModelName = look or kind
    dataset.DeviceSerialNumber = "0"
    dataset.SoftwareVersions = "SYNTHETIC"
    dataset.BodyPartExamined = "BREAST"
    dataset.ImageComments = COMMENT
    dataset.BurnedInAnnotation = "NO"
    dataset.LossyImageCompression = "00"
    dataset.PatientOrientation = _ORIENTATION[view.laterality, view.view]
    dataset.ImageType = ["ORIGINAL", "PRIMARY", "", "SYNTHETIC"]


def _pixels(dataset: Dataset, stored: Stored) -> None:
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = stored.photometric
    dataset.Rows, dataset.Columns = stored.pixels.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = 16, stored.bits, stored.bits - 1
    dataset.PixelRepresentation = 0
    dataset.add_new(0x7FE00010, "OW", stored.pixels.astype("<u2").tobytes())


def _mammogram(dataset: Dataset, view: PhantomView, kind: Kind) -> None:
    dataset.PresentationIntentType = "FOR PROCESSING" if kind == "raw" else "FOR PRESENTATION"
    dataset.ImageLaterality = view.laterality
    dataset.OrganExposed = "BREAST"
    dataset.AnatomicRegionSequence = [_item(codes.CID4013.Breast)]
    dataset.ViewCodeSequence = [_item(_VIEW_CODES[view.view])]
    dataset.ViewCodeSequence[0].ViewModifierCodeSequence = []
    dataset.AcquisitionContextSequence = []
    dataset.BreastImplantPresent = dataset.PartialView = "NO"
    dataset.QualityControlImage = "NO"
    dataset.ImagerPixelSpacing = [view.spacing_mm] * 2
    dataset.EstimatedRadiographicMagnificationFactor = round(view.magnification, 6)
    dataset.PositionerType = "MAMMOGRAPHIC"
    turned = view.angle_deg if view.laterality == "L" else -view.angle_deg
    dataset.PositionerPrimaryAngle = round(turned, 3)
    dataset.BodyPartThickness = round(view.compressed_mm, 2)
    dataset.CompressionForce = FORCE_N
    dataset.KVP = view.kvp
    dataset.AnodeTargetMaterial, dataset.FilterMaterial = ANODE, FILTER
    dataset.DetectorType = "DIRECT"
    dataset.DetectorActiveShape = "RECTANGLE"


def _grey(dataset: Dataset, stored: Stored, kind: Kind) -> None:
    raw = kind == "raw"
    dataset.PixelIntensityRelationship = "LIN" if raw else "LOG"
    dataset.PixelIntensityRelationshipSign = 1 if stored.photometric == "MONOCHROME1" else -1
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = "0", "1", "US"
    dataset.PresentationLUTShape = "INVERSE" if stored.photometric == "MONOCHROME1" else "IDENTITY"
    if stored.windows:
        dataset.WindowCenter = [window.centre for window in stored.windows]
        dataset.WindowWidth = [window.width for window in stored.windows]
        dataset.WindowCenterWidthExplanation = list(stored.explained)
        dataset.VOILUTFunction = stored.windows[0].function


def _scanned(dataset: Dataset, view: PhantomView) -> None:
    """What a secondary capture has to say of a film.

    The scanner knows the film's own spacing; that in the breast, by the magnification, is said as a
    calibration.
    """
    dataset.ConversionType = "DF"
    dataset.Laterality = view.laterality
    dataset.SecondaryCaptureDeviceManufacturer = MAKER
    dataset.NominalScannedPixelSpacing = [view.spacing_mm] * 2
    dataset.PixelSpacing = [round(view.spacing_mm / view.magnification, 8)] * 2
    dataset.PixelSpacingCalibrationType = "GEOMETRY"
    dataset.PixelSpacingCalibrationDescription = "divided by the magnification"


def _item(code: Code) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator = code.value, code.scheme_designator
    item.CodeMeaning = code.meaning
    return item


def _written(dataset: FileDataset) -> bytes:
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(dataset.SOPClassUID)
    meta.MediaStorageSOPInstanceUID = UID(dataset.SOPInstanceUID)
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.ImplementationClassUID = UID(uid("implementation"))
    meta.ImplementationVersionName = "MAMMOSCOPE"
    dataset.file_meta = meta
    file = io.BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()
