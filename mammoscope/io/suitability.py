"""Which images this system is made for: one table of the others, each with its reason."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple

from pydicom import uid
from pydicom.dataset import Dataset

from mammoscope.core import Kind, Origin
from mammoscope.errors import SkippedInput
from mammoscope.io.names import from_patient_id
from mammoscope.io.values import items, text, texts, upper, whole

MAMMOGRAPHY: Final = (
    uid.DigitalMammographyXRayImageStorageForPresentation,
    uid.DigitalMammographyXRayImageStorageForProcessing,
)
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
READABLE: Final = MAMMOGRAPHY + GENERAL_XRAY + SECONDARY + TOMOSYNTHESIS
MODALITIES: Final = ("", "MG", "CR", "DX", "RG", "OT")

SYNTHETIC_TYPES: Final = ("GENERATED_2D", "TOMO_2D")
RECOMBINED_TYPES: Final = ("RECOMBINED", "SUBTRACTION", "SUBTRACTED", "IODINE", "CESM", "HIGH_ENERGY")
OTHER_PROGRAMS: Final = re.compile(
    r"\b(CAD|IMAGECHECKER|SECOND ?LOOK|ICAD|PROFOUND|TRANSPARA|LUNIT|INSIGHT MMG|MAMMOSCREEN|VOLPARA|QUANTRA|"
    r"DENSITAS|GENIUS AI|POWERLOOK|VARA|MIA|HEAT ?MAP|SCORE ?CARD|ANNOTATIONS?|SCREEN ?SAVE)\b"
)
"""Words in the description or the maker of pictures that another program drew."""

_PHANTOM = re.compile(r"\b(PHANTOMS?|FLAT[ -]?FIELDS?|CDMAM|QUALITY CONTROL)\b")
_QC = re.compile(r"\b(QC|ACR|AEC|MTF|SNR|CNR|DETECTOR CAL\w*|CALIBRATION)\b")
_SYNTHETIC = re.compile(
    r"\b([CSV]-?VIEW|INSIGHT ?2D|INTELLIGENT ?2D|V-?PREVIEW|SYNTHETIC ?2D|GENERATED ?2D)\b"
)
_RECOMBINED = re.compile(r"\b(RECOMBINED|SUBTRACTED|SUBTRACTION|IODINE|DES|HIGH[ -]?ENERGY)\b")
_LOW_ENERGY = re.compile(r"\b(LOW[ -]?ENERGY|CEM LE|CESM LE)\b")
_DESCRIPTIONS = (
    "SeriesDescription",
    "ProtocolName",
    "AcquisitionDeviceProcessingDescription",
    "ImageComments",
)


class Rule(NamedTuple):
    """An image that is sound but not for this system.

    Attributes:
        holds: Whether a header is of this sort.
        reason: What was expected and what was received.
        number: Entry of docs/bad-inputs.md, where there is one.
    """

    holds: Callable[[Dataset], bool]
    reason: str
    number: int | None


def sop_class(dataset: Dataset) -> str:
    """SOP Class UID from the data set, else from the file meta information."""
    meta = getattr(dataset, "file_meta", None)
    return text(dataset, "SOPClassUID") or (text(meta, "MediaStorageSOPClassUID") if meta else "")


def check_suitable(dataset: Dataset) -> None:
    """Skip what is not one projection image of one living breast.

    Raises:
        SkippedInput: With the first rule of RULES that holds.
    """
    for rule in RULES:
        if rule.holds(dataset):
            raise SkippedInput(rule.reason, rule.number)


def is_film(dataset: Dataset) -> bool:
    """Whether an image is a digitised film.

    ConversionType DF (PS3.3 C.8.6.1), DetectorType FILM (C.8.11.4), a film scanner's spacing,
    or a patient ID of CBIS-DDSM, whose films say workstation (WSD) instead.
    """
    return (
        upper(dataset, "ConversionType") == "DF"
        or upper(dataset, "DetectorType") == "FILM"
        or "NominalScannedPixelSpacing" in dataset
        or bool(from_patient_id(text(dataset, "PatientID")).case)
    )


def kind(dataset: Dataset) -> Kind:
    """How the pixels are meant to be used."""
    if is_film(dataset):
        return "digitised film"
    raw = upper(dataset, "PresentationIntentType") == "FOR PROCESSING"
    if raw or sop_class(dataset) in (MAMMOGRAPHY[1], GENERAL_XRAY[1]):
        return "for processing"
    return "secondary capture" if sop_class(dataset) in SECONDARY else "for presentation"


def origin(dataset: Dataset) -> Origin:
    """A label for images that are read but are not a plain mammogram; ImageType speaks first."""
    if is_synthetic(dataset):
        return "synthetic from tomosynthesis"
    if "LOW_ENERGY" in _types(dataset) or _LOW_ENERGY.search(_described(dataset)):
        return "low-energy contrast"
    if (
        sop_class(dataset) == uid.ComputedRadiographyImageStorage
        or upper(dataset, "DetectorType") == "STORAGE"
        or upper(dataset, "Modality") == "CR"
    ):
        return "computed radiography"
    return ""


def is_synthetic(dataset: Dataset) -> bool:
    """Whether it is one 2-D image computed from tomosynthesis.

    Image Type value 3 or 4 is GENERATED_2D or TOMO_2D, or the value 3 TOMO_PROJ of a derived
    mammography image; else the makers' names for it in the series description.
    """
    types = _types(dataset)
    projected = "TOMO_PROJ" in types and types[0] == "DERIVED" and sop_class(dataset) in MAMMOGRAPHY
    return (
        projected
        or any(value in types for value in SYNTHETIC_TYPES)
        or bool(_SYNTHETIC.search(_described(dataset)))
    )


def _types(dataset: Dataset) -> tuple[str, ...]:
    return tuple(value.upper() for value in texts(dataset, "ImageType"))


def _described(dataset: Dataset) -> str:
    return " | ".join(upper(dataset, keyword).replace("_", " ") for keyword in _DESCRIPTIONS)


def _is_breast(dataset: Dataset) -> bool:
    if upper(dataset, "Modality") == "MG" or from_patient_id(text(dataset, "PatientID")).case:
        return True
    organs = upper(dataset, "BodyPartExamined") + upper(dataset, "OrganExposed")
    region = (text(item, "CodeValue") for item in items(dataset, "AnatomicRegionSequence"))
    return (
        "BREAST" in organs
        or "MAMMO" in organs
        or any(code in ("76752008", "T-04000") for code in region)
    )


def _other_object(dataset: Dataset) -> bool:
    return sop_class(dataset) not in READABLE or upper(dataset, "Modality") not in MODALITIES


def _other_body_part(dataset: Dataset) -> bool:
    return sop_class(dataset) in GENERAL_XRAY and not _is_breast(dataset)


def _unnamed_capture(dataset: Dataset) -> bool:
    return sop_class(dataset) in SECONDARY and not _is_breast(dataset)


def _tomosynthesis(dataset: Dataset) -> bool:
    frames = whole(dataset, "NumberOfFrames") or 1
    if sop_class(dataset) in TOMOSYNTHESIS:
        return frames > 1 or not is_synthetic(dataset)
    stack = frames > 1 and sop_class(dataset) in SECONDARY
    return stack or {"TOMO_PROJ", "ORIGINAL"} <= set(_types(dataset))


def _colour(dataset: Dataset) -> bool:
    photometric = upper(dataset, "PhotometricInterpretation")
    samples = whole(dataset, "SamplesPerPixel")
    return (samples or 1) > 1 or bool(photometric and not photometric.startswith("MONOCHROME"))


def _phantom(dataset: Dataset) -> bool:
    identity = ("PatientName", "PatientID", "BodyPartExamined", "StudyDescription")
    named = " | ".join(upper(dataset, keyword).replace("_", " ") for keyword in identity)
    described = _described(dataset)
    marked = "YES" in (upper(dataset, "QualityControlImage"), upper(dataset, "QualityControlSubject"))
    return marked or bool(_PHANTOM.search(named) or _PHANTOM.search(described) or _QC.search(described))


def _other_program(dataset: Dataset) -> bool:
    if sop_class(dataset) not in SECONDARY and "SECONDARY" not in _types(dataset):
        return False
    if is_film(dataset):
        return False
    maker = " | ".join(
        upper(dataset, keyword)
        for keyword in ("Manufacturer", "ManufacturerModelName", "SecondaryCaptureDeviceManufacturer",
                        "SecondaryCaptureDeviceManufacturerModelName", "DerivationDescription")
    )  # fmt: skip
    drawn = upper(dataset, "BurnedInAnnotation") == "YES" and _types(dataset)[:1] == ("DERIVED",)
    return drawn or bool(OTHER_PROGRAMS.search(maker) or OTHER_PROGRAMS.search(_described(dataset)))


def _finding_crop(dataset: Dataset) -> bool:
    description = upper(dataset, "SeriesDescription")
    numbered = from_patient_id(text(dataset, "PatientID"))
    return numbered.crop or bool(
        numbered.case and ("CROPPED" in description or "ROI MASK" in description)
    )


def _recombined(dataset: Dataset) -> bool:
    types = _types(dataset)
    if "LOW_ENERGY" in types:
        return False
    return any(value in types for value in RECOMBINED_TYPES) or bool(
        _RECOMBINED.search(_described(dataset))
    )


RULES: Final = (
    Rule(_other_object, "expected a mammogram, received another kind of object or modality", 60),
    Rule(
        _other_body_part,
        "expected a mammogram, received an X-ray image of another part of the body",
        61,
    ),
    Rule(
        _unnamed_capture,
        "expected a mammogram, received a secondary capture that does not say it is one",
        60,
    ),
    Rule(_tomosynthesis, "expected one 2-D image, received a tomosynthesis volume or projections", 66),
    Rule(_colour, "expected grey values, received colours or a palette", 40),
    Rule(_phantom, "expected a breast, received a phantom or quality-control image", 67),
    Rule(_finding_crop, "expected a whole mammogram, received the crop or mask of one finding", 65),
    Rule(
        _other_program, "expected a mammogram, received a picture that another program made of one", 65
    ),
    Rule(
        _recombined,
        "expected a mammogram or low-energy image, received a recombined or high-energy contrast image",
        None,
    ),
)
"""In the order in which they are asked."""
