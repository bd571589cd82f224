"""Which images this system is made for: one table of the others, each with its reason."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from pydicom import uid
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from mammoscope.core import Kind, Origin
from mammoscope.errors import SkippedInput
from mammoscope.io.names import from_patient_id
from mammoscope.io.values import items, text, texts, upper, whole

PRESENTATION: Final = uid.DigitalMammographyXRayImageStorageForPresentation
PROCESSING: Final = uid.DigitalMammographyXRayImageStorageForProcessing
GENERAL_XRAY: Final = (
    uid.DigitalXRayImageStorageForPresentation,
    uid.DigitalXRayImageStorageForProcessing,
    uid.ComputedRadiographyImageStorage,
)
SECONDARY: Final = (
    uid.SecondaryCaptureImageStorage,
    uid.MultiFrameGrayscaleByteSecondaryCaptureImageStorage,
    uid.MultiFrameGrayscaleWordSecondaryCaptureImageStorage,
    uid.MultiFrameTrueColorSecondaryCaptureImageStorage,
)
TOMOSYNTHESIS: Final = (
    uid.BreastTomosynthesisImageStorage,
    uid.BreastProjectionXRayImageStorageForPresentation,
    uid.BreastProjectionXRayImageStorageForProcessing,
)
READABLE: Final = (PRESENTATION, PROCESSING, *GENERAL_XRAY, *SECONDARY, *TOMOSYNTHESIS)
MODALITIES: Final = ("", "MG", "CR", "DX", "RG", "OT")

SYNTHETIC_TYPES: Final = frozenset({"GENERATED_2D", "TOMO_2D"})
LOW_ENERGY: Final = "LOW_ENERGY"
RECOMBINED_TYPES: Final = frozenset(
    {"RECOMBINED", "SUBTRACTION", "SUBTRACTED", "IODINE", "HIGH_ENERGY"}
)
"""Values 3 and 4 of Image Type as makers of contrast mammography write them."""

_SYNTHETIC = re.compile(r"\b([CS][- ]?VIEW|INSIGHT ?2D|INTELLIGENT ?2D|SYNTHETIC ?2D|GENERATED ?2D)\b")
_RECOMBINED = re.compile(r"\b(RECOMBINED|SUBTRACTED|SUBTRACTION|IODINE|HIGH[- ]?ENERGY)\b")
_LOW = re.compile(r"\bLOW[- ]?ENERGY\b")
_PHANTOM = re.compile(r"\b(PHANTOMS?|FLAT[- ]?FIELDS?|CDMAM|QUALITY CONTROL)\b")
_TEST = re.compile(r"\b(QC|ACR|AEC|MTF|SNR|CNR|CALIBRATION)\b")
_PROGRAM = re.compile(
    r"\b(CAD|ICAD|IMAGECHECKER|SECOND ?LOOK|PROFOUND|POWERLOOK|TRANSPARA|LUNIT|MAMMOSCREEN|VOLPARA"
    r"|QUANTRA|DENSITAS|GENIUS AI|HEAT ?MAPS?|SCORE ?CARDS?|ANNOTATIONS?|SCREEN ?SAVES?)\b"
)
_SERIES = ("SeriesDescription", "ProtocolName")
_DESCRIPTIONS = (*_SERIES, "AcquisitionDeviceProcessingDescription", "ImageComments")
_IDENTITY = ("PatientName", "PatientID", "BodyPartExamined", "StudyDescription")
_MAKERS = (
    "Manufacturer", "ManufacturerModelName", "SecondaryCaptureDeviceManufacturer",
    "SecondaryCaptureDeviceManufacturerModelName", "DerivationDescription",
)  # fmt: skip


class Rule(NamedTuple):
    """An image that is sound but not for this system.

    Attributes:
        holds: Whether a header is of this sort.
        received: What it is, for the error's text.
        number: Entry of docs/bad-inputs.md, where there is one.
    """

    holds: Callable[[Dataset], bool]
    received: str
    number: int | None = None


def check_suitable(dataset: Dataset) -> None:
    """Skip what is not one projection image of one living breast.

    Raises:
        SkippedInput: With the first rule of RULES that holds.
    """
    for rule in RULES:
        if rule.holds(dataset):
            raise SkippedInput(f"expected a mammogram, received {rule.received}", rule.number)


def sop_class(dataset: Dataset) -> str:
    """SOP Class UID from the data set, else from the file meta information."""
    meta = getattr(dataset, "file_meta", None) or Dataset()
    return text(dataset, "SOPClassUID") or text(meta, "MediaStorageSOPClassUID")


def is_film(dataset: Dataset) -> bool:
    """Whether an image is a digitised film.

    ConversionType DF (PS3.3 C.8.6.1), DetectorType FILM (C.8.11.4), modality RG (conventional
    film), a film scanner's spacing, or a patient ID of CBIS-DDSM, whose films say workstation.
    """
    return (
        upper(dataset, "ConversionType") == "DF"
        or upper(dataset, "DetectorType") == "FILM"
        or upper(dataset, "Modality") == "RG"
        or "NominalScannedPixelSpacing" in dataset
        or bool(from_patient_id(text(dataset, "PatientID")).case)
    )


def kind(dataset: Dataset) -> Kind:
    """How the pixels are meant to be used."""
    if is_film(dataset):
        return "digitised film"
    raw = (PROCESSING, uid.DigitalXRayImageStorageForProcessing)
    if upper(dataset, "PresentationIntentType") == "FOR PROCESSING" or sop_class(dataset) in raw:
        return "for processing"
    return "secondary capture" if sop_class(dataset) in SECONDARY else "for presentation"


def origin(dataset: Dataset) -> Origin:
    """A label for images that are read but are not a plain mammogram; ImageType speaks first."""
    if is_synthetic(dataset):
        return "synthetic from tomosynthesis"
    if LOW_ENERGY in _types(dataset) or _LOW.search(_words(dataset, _DESCRIPTIONS)):
        return "low-energy contrast"
    stored_phosphor = upper(dataset, "DetectorType") == "STORAGE" or upper(dataset, "Modality") == "CR"
    if stored_phosphor or sop_class(dataset) == uid.ComputedRadiographyImageStorage:
        return "computed radiography"
    return ""


def is_synthetic(dataset: Dataset) -> bool:
    """Whether it is one 2-D image computed from tomosynthesis.

    Image Type says GENERATED_2D or TOMO_2D, or TOMO_PROJ of a derived mammography image; else
    the series description has a maker's name for it.
    """
    types = _types(dataset)
    projected = {"DERIVED", "TOMO_PROJ"} <= types and sop_class(dataset) == PRESENTATION
    return projected or bool(types & SYNTHETIC_TYPES or _SYNTHETIC.search(_words(dataset, _SERIES)))


def is_simulated(dataset: Dataset) -> bool:
    """Whether no woman was imaged: SyntheticData (PS3.3 C.12.1), or comments that begin so."""
    said = upper(dataset, "ImageComments").startswith("SYNTHETIC:")
    return said or upper(dataset, "SyntheticData") == "YES"


def contrast_unexplained(dataset: Dataset) -> bool:
    """Whether a contrast agent was given and nothing says which of its images this is."""
    given = bool(text(dataset, "ContrastBolusAgent") or items(dataset, "ContrastBolusAgentSequence"))
    return given and origin(dataset) != "low-energy contrast"


def _types(dataset: Dataset) -> frozenset[str]:
    return frozenset(value.upper() for value in texts(dataset, "ImageType"))


def _words(dataset: Dataset, keywords: tuple[str, ...]) -> str:
    return " | ".join(upper(dataset, keyword).replace("_", " ") for keyword in keywords)


def _other_object(dataset: Dataset) -> bool:
    return sop_class(dataset) not in READABLE or upper(dataset, "Modality") not in MODALITIES


def _other_body_part(dataset: Dataset) -> bool:
    return sop_class(dataset) in GENERAL_XRAY and not _is_breast(dataset)


def _unnamed_capture(dataset: Dataset) -> bool:
    return sop_class(dataset) in SECONDARY and not _is_breast(dataset)


def _is_breast(dataset: Dataset) -> bool:
    if upper(dataset, "Modality") == "MG" or from_patient_id(text(dataset, "PatientID")).case:
        return True
    organs = _words(dataset, ("BodyPartExamined", "OrganExposed"))
    regions = {text(item, "CodeValue") for item in items(dataset, "AnatomicRegionSequence")}
    return "BREAST" in organs or bool(regions & {codes.CID4013.Breast.value, "T-04000"})


def _tomosynthesis(dataset: Dataset) -> bool:
    frames = whole(dataset, "NumberOfFrames") or 1
    if sop_class(dataset) in TOMOSYNTHESIS:
        return frames > 1 or not is_synthetic(dataset)
    stack = frames > 1 and sop_class(dataset) in SECONDARY
    return stack or {"ORIGINAL", "TOMO_PROJ"} <= _types(dataset)


def _colour(dataset: Dataset) -> bool:
    photometric = upper(dataset, "PhotometricInterpretation")
    coloured = bool(photometric) and not photometric.startswith("MONOCHROME")
    return coloured or (whole(dataset, "SamplesPerPixel") or 1) > 1


def _phantom(dataset: Dataset) -> bool:
    if "YES" in (upper(dataset, "QualityControlImage"), upper(dataset, "QualityControlSubject")):
        return True
    named = _PHANTOM.search(_words(dataset, _IDENTITY + _DESCRIPTIONS))
    return bool(named or _TEST.search(_words(dataset, _SERIES)))


def _finding_crop(dataset: Dataset) -> bool:
    description = upper(dataset, "SeriesDescription")
    identified = from_patient_id(text(dataset, "PatientID"))
    cut = "CROPPED" in description or "ROI MASK" in description
    return identified.crop or bool(identified.case and cut)


def _other_program(dataset: Dataset) -> bool:
    derived = sop_class(dataset) in SECONDARY or "SECONDARY" in _types(dataset)
    if not derived or is_film(dataset):
        return False
    drawn = upper(dataset, "BurnedInAnnotation") == "YES" and "DERIVED" in _types(dataset)
    return drawn or bool(_PROGRAM.search(_words(dataset, _MAKERS + _DESCRIPTIONS)))


def _recombined(dataset: Dataset) -> bool:
    types = _types(dataset)
    if LOW_ENERGY in types:
        return False
    return bool(types & RECOMBINED_TYPES or _RECOMBINED.search(_words(dataset, _DESCRIPTIONS)))


RULES: Final = (
    Rule(_other_object, "another kind of object or modality", 60),
    Rule(_other_body_part, "an X-ray image of another part of the body", 61),
    Rule(_unnamed_capture, "a secondary capture that does not say it is one", 60),
    Rule(_tomosynthesis, "a tomosynthesis volume, its projections, or a stack", 66),
    Rule(_colour, "colours or a palette", 40),
    Rule(_phantom, "a phantom or quality-control image", 67),
    Rule(_finding_crop, "the crop or mask of one finding", 65),
    Rule(_other_program, "a picture that another program made of one", 65),
    Rule(_recombined, "a recombined or high-energy contrast image: use the low-energy image"),
)
"""In the order in which they are asked."""
