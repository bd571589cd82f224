"""What is skipped with which number, and what is read and labelled instead."""

import pytest
from pydicom import uid

from mammoscope.errors import SkippedInput
from mammoscope.io import suitability
from mammoscope.io.suitability import check_suitable
from tests.synthetic import MG_PROCESSING, SECONDARY_CAPTURE, code, film_dataset, mammogram_dataset

CAPTURE = {"SOPClassUID": SECONDARY_CAPTURE, "PresentationIntentType": None}
CHEST = {
    "Modality": "DX", "OrganExposed": None, "BodyPartExamined": "CHEST",
    "AnatomicRegionSequence": [code("51185008", "Chest")],
}  # fmt: skip


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (60, {"SOPClassUID": uid.CTImageStorage, "Modality": "CT"}),
        (60, {"SOPClassUID": uid.MRImageStorage, "Modality": "MR"}),
        (60, {"SOPClassUID": uid.UltrasoundImageStorage, "Modality": "US"}),
        (60, {"SOPClassUID": uid.MammographyCADSRStorage, "Modality": "SR", "PixelData": None}),
        (60, {"SOPClassUID": uid.SegmentationStorage, "Modality": "SEG"}),
        (60, {"SOPClassUID": uid.GrayscaleSoftcopyPresentationStateStorage, "Modality": "PR"}),
        (60, {"Modality": "CT"}),
        (60, CAPTURE | {"Modality": "OT", "OrganExposed": None, "AnatomicRegionSequence": None}),
        (61, CHEST | {"SOPClassUID": uid.DigitalXRayImageStorageForPresentation}),
        (61, CHEST | {"SOPClassUID": uid.ComputedRadiographyImageStorage, "Modality": "CR"}),
        (40, {"PhotometricInterpretation": "RGB", "SamplesPerPixel": 3}),
        (40, {"PhotometricInterpretation": "PALETTE COLOR"}),
        (66, {"SOPClassUID": uid.BreastTomosynthesisImageStorage, "NumberOfFrames": "60"}),
        (66, {"SOPClassUID": uid.BreastTomosynthesisImageStorage, "NumberOfFrames": "1"}),
        (66, {"SOPClassUID": uid.BreastProjectionXRayImageStorageForProcessing}),
        (66, {"ImageType": ["ORIGINAL", "PRIMARY", "TOMO_PROJ", "LEFT"]}),
        (66, CAPTURE | {"NumberOfFrames": "15"}),
        (67, {"PatientName": "PHANTOM^ACR"}),
        (67, {"PatientID": "FLAT_FIELD_1"}),
        (67, {"QualityControlImage": "YES"}),
        (67, {"QualityControlSubject": "YES"}),
        (67, {"SeriesDescription": "Weekly QC"}),
        (67, {"BodyPartExamined": "PHANTOM"}),
        (65, CAPTURE | {"SeriesDescription": "Lunit INSIGHT", "Manufacturer": "Lunit Inc."}),
        (65, CAPTURE | {"ManufacturerModelName": "ImageChecker CAD"}),
        (65, CAPTURE | {"BurnedInAnnotation": "YES", "ImageType": ["DERIVED", "SECONDARY"]}),
        (65, {"ImageType": ["DERIVED", "SECONDARY"], "SeriesDescription": "Heatmap R CC"}),
        (None, {"ImageType": ["DERIVED", "PRIMARY", "", "RECOMBINED"]}),
        (None, {"ImageType": ["DERIVED", "PRIMARY", "POST_CONTRAST", "SUBTRACTION"]}),
        (None, {"ImageType": ["ORIGINAL", "PRIMARY", "", "HIGH_ENERGY"]}),
        (None, {"SeriesDescription": "L CC Recombined"}),
    ],
)
def test_skipped(number, said):
    with pytest.raises(SkippedInput) as caught:
        check_suitable(mammogram_dataset(**said))
    assert caught.value.number == number


@pytest.mark.parametrize(
    "patient", ["Calc-Training_P_00005_RIGHT_CC_1", "Mass-Test_P_00016_LEFT_MLO_2"]
)
def test_crops_and_masks_of_cbis_ddsm_are_skipped(patient):
    with pytest.raises(SkippedInput) as caught:
        check_suitable(film_dataset(PatientID=patient, SeriesDescription="ROI mask images"))
    assert caught.value.number == 65


@pytest.mark.parametrize(
    ("said", "kind", "origin"),
    [
        ({}, "for presentation", ""),
        ({"PresentationIntentType": "FOR PROCESSING"}, "for processing", ""),
        ({"SOPClassUID": MG_PROCESSING, "PresentationIntentType": None}, "for processing", ""),
        (CAPTURE, "secondary capture", ""),
        ({"DetectorType": "FILM"}, "digitised film", ""),
        (CAPTURE | {"ConversionType": "DF"}, "digitised film", ""),
        (CAPTURE | {"NominalScannedPixelSpacing": [0.05, 0.05]}, "digitised film", ""),
        ({"DetectorType": "STORAGE"}, "for presentation", "computed radiography"),
        (
            {"SOPClassUID": uid.ComputedRadiographyImageStorage, "PresentationIntentType": None},
            "for presentation", "computed radiography",
        ),
        (
            {"ImageType": ["DERIVED", "PRIMARY", "TOMOSYNTHESIS", "GENERATED_2D"],
             "SOPClassUID": uid.BreastTomosynthesisImageStorage, "NumberOfFrames": "1"},
            "for presentation", "synthetic from tomosynthesis",
        ),
        (
            {"ImageType": ["DERIVED", "PRIMARY", "TOMO_2D", "LEFT"]},
            "for presentation", "synthetic from tomosynthesis",
        ),
        ({"SeriesDescription": "R CC C-View"}, "for presentation", "synthetic from tomosynthesis"),
        ({"SeriesDescription": "L_MLO_S-VIEW"}, "for presentation", "synthetic from tomosynthesis"),
        (
            {"ImageType": ["DERIVED", "PRIMARY", "POST_CONTRAST", "", "LOW_ENERGY"]},
            "for presentation", "low-energy contrast",
        ),
        (
            {"ImageType": ["ORIGINAL", "PRIMARY", "", "LOW_ENERGY"], "SeriesDescription": "iodine"},
            "for presentation", "low-energy contrast",
        ),
        ({"Modality": "RG"}, "digitised film", ""),
        ({"SeriesDescription": "L CC low energy"}, "for presentation", "low-energy contrast"),
    ],
)  # fmt: skip
def test_read_and_labelled(said, kind, origin):
    header = mammogram_dataset(**said)
    check_suitable(header)
    assert suitability.kind(header) == kind
    assert suitability.origin(header) == origin


@pytest.mark.parametrize(
    "said",
    [
        {"PatientName": "ACREMAN^QC"},
        {"SeriesDescription": "Mammographie des deux seins"},
        {"SeriesDescription": "R CC view"},
        {"ImageComments": "ACR 3"},
        {"SOPClassUID": uid.DigitalXRayImageStorageForPresentation, "Modality": "MG"},
        {"Modality": None},
        {"PatientID": "Mass-Tester"},
        CAPTURE | {"ImageType": ["DERIVED", "PRIMARY"]},
    ],
)
def test_ordinary_mammograms_are_not_skipped(said):
    check_suitable(mammogram_dataset(**said))


def test_film_of_cbis_ddsm():
    header = film_dataset("MLO", "R")
    check_suitable(header)
    assert suitability.kind(header) == "digitised film"


def test_burnt_in_labels_on_film_are_no_other_program():
    check_suitable(film_dataset(ImageType=["DERIVED", "SECONDARY"], BurnedInAnnotation="YES"))


def test_a_contrast_image_that_does_not_say_which():
    assert suitability.contrast_unexplained(mammogram_dataset(ContrastBolusAgent="iohexol"))
    low = {"ContrastBolusAgent": "iohexol", "ImageType": ["ORIGINAL", "PRIMARY", "", "LOW_ENERGY"]}
    assert not suitability.contrast_unexplained(mammogram_dataset(**low))


def test_the_class_of_the_file_meta_speaks_where_the_data_set_is_silent():
    header = mammogram_dataset()
    del header.SOPClassUID
    del header.Modality
    check_suitable(header)


def test_a_simulated_image_says_so():
    assert not suitability.is_simulated(mammogram_dataset())
    assert suitability.is_simulated(mammogram_dataset(ImageComments="SYNTHETIC: no woman was imaged"))
    assert suitability.is_simulated(mammogram_dataset(SyntheticData="YES"))
