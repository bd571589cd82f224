"""Mammograms that never were: DICOM files for tests, valid as Digital Mammography For Presentation."""

from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

MG_PRESENTATION = "1.2.840.10008.5.1.4.1.1.1.2"
MG_PROCESSING = "1.2.840.10008.5.1.4.1.1.1.2.1"
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
VIEW_CODES = {
    "CC": ("399162004", "cranio-caudal"),
    "MLO": ("399368009", "medio-lateral oblique"),
    "ML": ("399260004", "medio-lateral"),
    "XCCL": ("399192008", "cranio-caudal exaggerated laterally"),
}
ORIENTATION = {
    ("L", "CC"): ["A", "R"],
    ("R", "CC"): ["P", "L"],
    ("L", "MLO"): ["A", "FR"],
    ("R", "MLO"): ["P", "FL"],
}


def code(value: str, meaning: str, scheme: str = "SCT") -> Dataset:
    """One item of a code sequence."""
    item = Dataset()
    item.CodeValue = value
    item.CodingSchemeDesignator = scheme
    item.CodeMeaning = meaning
    return item


def breast_pixels(
    view: str = "CC", laterality: str = "L", shape: tuple[int, int] = (240, 180), bits: int = 12
) -> np.ndarray:
    """A half ellipse at the chest wall (left for L, right for R), with a muscle on oblique views."""
    rows, columns = shape
    down, across = np.mgrid[0:rows, 0:columns].astype(np.float32)
    away = (down / rows - 0.5) ** 2 / 0.2 + (across / columns) ** 2 / 0.5
    grain = 0.02 * np.random.default_rng(7).standard_normal(shape)
    image = np.where(away < 1, 0.35 + 0.25 * (1 - away) + grain, 0.0)
    if view != "CC":
        muscle = down / rows / 0.7 + across / columns / 0.4 < 1
        image = np.where(muscle, 0.8 + grain, image)
    if laterality == "R":
        image = image[:, ::-1]
    return (image.clip(0, 1) * (2**bits - 1)).astype(np.uint8 if bits <= 8 else np.uint16)


def mammogram_dataset(
    view: str = "CC",
    laterality: str = "L",
    *,
    shape: tuple[int, int] = (240, 180),
    pixels: np.ndarray | None = None,
    **overrides: Any,
) -> FileDataset:
    """One valid synthetic mammogram; each keyword sets an attribute, or removes it if None.

    The description of the pixels (rows, bits) follows `pixels`; overrides come last and may
    contradict it, as broken files do. `SOPClassUID` and `SOPInstanceUID` reach the file meta too.
    """
    stored = breast_pixels(view, laterality, shape) if pixels is None else pixels
    dataset = FileDataset("", Dataset(), preamble=b"\0" * 128)
    _patient_and_study(dataset)
    _equipment(dataset)
    _image(dataset, stored)
    _positioning(dataset, view, laterality)
    for keyword, value in overrides.items():
        if value is None:
            dataset.pop(keyword, None)
        else:
            setattr(dataset, keyword, value)
    dataset.file_meta = file_meta(dataset)
    return dataset


def film_dataset(
    view: str = "CC", laterality: str = "L", patient: str = "P_90001", **overrides: Any
) -> FileDataset:
    """A digitised film as CBIS-DDSM publishes it: a secondary capture, named in the patient ID."""
    side = {"L": "LEFT", "R": "RIGHT"}[laterality]
    name = f"Mass-Test_{patient}_{side}_{view}"
    pixels = breast_pixels(view, laterality, bits=16)
    kept = {
        "SOPClassUID": SECONDARY_CAPTURE, "Modality": "MG", "ConversionType": "WSD",
        "SeriesDescription": "full mammogram images", "PatientID": name, "PatientName": name,
        "BodyPartExamined": "BREAST", "PatientOrientation": view, "Laterality": laterality,
        "SecondaryCaptureDeviceManufacturer": "MathWorks", "StudyDate": "20161004",
        "StudyTime": "131756", "StudyID": "DDSM", "SeriesNumber": "1", "InstanceNumber": "1",
        "AccessionNumber": "", "ReferringPhysicianName": "", "PatientBirthDate": "", "PatientSex": "",
    }  # fmt: skip
    full = mammogram_dataset(view, laterality, pixels=pixels)
    dataset = FileDataset("", Dataset(), preamble=b"\0" * 128)
    described = (
        "Rows", "Columns", "SamplesPerPixel", "PhotometricInterpretation", "BitsAllocated",
        "BitsStored", "HighBit", "PixelRepresentation", "PixelData", "StudyInstanceUID",
        "SeriesInstanceUID",
        "SOPInstanceUID", "SpecificCharacterSet",
    )  # fmt: skip
    for keyword in described:
        setattr(dataset, keyword, full[keyword].value)
    for keyword, value in (kept | overrides).items():
        if value is None:
            dataset.pop(keyword, None)
        else:
            setattr(dataset, keyword, value)
    dataset["PixelData"].VR = "OW"
    dataset.file_meta = file_meta(dataset)
    return dataset


def file_meta(dataset: Dataset, syntax: str = ExplicitVRLittleEndian) -> FileMetaDataset:
    """The file meta information that agrees with a data set."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = dataset.get("SOPClassUID", MG_PRESENTATION)
    meta.MediaStorageSOPInstanceUID = dataset.get("SOPInstanceUID", "2.25.1")
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = "2.25.2"
    return meta


def save(dataset: FileDataset, path: Path) -> Path:
    """Write a data set to a file and return the path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)
    return path


def _patient_and_study(dataset: Dataset) -> None:
    dataset.SpecificCharacterSet = "ISO_IR 192"
    dataset.SOPClassUID = MG_PRESENTATION
    dataset.SOPInstanceUID = generate_uid(prefix="2.25.")
    dataset.StudyInstanceUID = generate_uid(prefix="2.25.")
    dataset.SeriesInstanceUID = generate_uid(prefix="2.25.")
    dataset.FrameOfReferenceUID = generate_uid(prefix="2.25.")
    dataset.PositionReferenceIndicator = ""
    dataset.PatientName = "SYNTHETIC^PATIENT"
    dataset.PatientID = "SYNTHETIC-1"
    dataset.PatientBirthDate = "19700101"
    dataset.PatientSex = "F"
    dataset.PatientAge = "054Y"
    dataset.StudyDate = dataset.ContentDate = dataset.AcquisitionDate = "20240102"
    dataset.StudyTime = dataset.ContentTime = dataset.AcquisitionTime = "101112"
    dataset.StudyID = "1"
    dataset.AccessionNumber = ""
    dataset.ReferringPhysicianName = ""


def _equipment(dataset: Dataset) -> None:
    dataset.Modality = "MG"
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.SeriesNumber = "1"
    dataset.InstanceNumber = "1"
    dataset.Manufacturer = "Synthetic"
    dataset.ManufacturerModelName = "Nowhere 1"
    dataset.DeviceSerialNumber = "0"
    dataset.SoftwareVersions = "1"
    dataset.DetectorType = "DIRECT"
    dataset.KVP = "29"
    dataset.Exposure = "80"
    dataset.BodyPartThickness = "52"
    dataset.CompressionForce = "95"
    dataset.PositionerType = "MAMMOGRAPHIC"
    dataset.PositionerPrimaryAngle = "0"


def _image(dataset: Dataset, stored: np.ndarray) -> None:
    bits = 16 if stored.dtype.itemsize == 2 else 8
    used = min(bits, max(8, int(stored.max(initial=1)).bit_length()))
    dataset.ImageType = ["ORIGINAL", "PRIMARY", ""]
    dataset.SamplesPerPixel = 1
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.Rows, dataset.Columns = stored.shape
    dataset.BitsAllocated, dataset.BitsStored, dataset.HighBit = bits, used, used - 1
    dataset.PixelRepresentation = 0
    dataset.ImagerPixelSpacing = [1.0, 1.0]
    dataset.BurnedInAnnotation = "NO"
    dataset.LossyImageCompression = "00"
    dataset.PixelIntensityRelationship = "LOG"
    dataset.PixelIntensityRelationshipSign = -1
    dataset.RescaleIntercept, dataset.RescaleSlope, dataset.RescaleType = "0", "1", "US"
    dataset.PresentationLUTShape = "IDENTITY"
    dataset.WindowCenter, dataset.WindowWidth = str(2 ** (used - 1)), str(2**used)
    dataset.add_new(0x7FE00010, "OW" if bits == 16 else "OB", stored.tobytes())


def _positioning(dataset: Dataset, view: str, laterality: str) -> None:
    value, meaning = VIEW_CODES[view]
    dataset.ImageLaterality = laterality
    dataset.PatientOrientation = ORIENTATION.get((laterality, view), ORIENTATION[laterality, "MLO"])
    dataset.ViewPosition = view
    dataset.OrganExposed = "BREAST"
    dataset.AnatomicRegionSequence = [code("76752008", "Breast")]
    dataset.ViewCodeSequence = [code(value, meaning)]
    dataset.ViewCodeSequence[0].ViewModifierCodeSequence = []
    dataset.BreastImplantPresent = "NO"
    dataset.PartialView = "NO"
    dataset.AcquisitionContextSequence = []
