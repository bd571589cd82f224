"""Enhanced objects of one frame speak as plain ones do."""

from pydicom.dataset import Dataset

from mammoscope.core import Sourced
from mammoscope.io.functional import hoist
from mammoscope.io.header import about
from tests.synthetic import mammogram_dataset

TOMOSYNTHESIS = "1.2.840.10008.5.1.4.1.1.13.1.3"


def item(**said):
    found = Dataset()
    for keyword, value in said.items():
        setattr(found, keyword, value)
    return found


def enhanced():
    """A synthetic 2-D image in the class of tomosynthesis, all of whose say is in groups."""
    moved = (
        "ImageLaterality",
        "PatientOrientation",
        "ImagerPixelSpacing",
        "WindowCenter",
        "RescaleSlope",
    )
    groups = item(
        FrameAnatomySequence=[item(FrameLaterality="R")],
        PixelMeasuresSequence=[item(PixelSpacing=[0.1, 0.1])],
        FrameVOILUTSequence=[item(WindowCenter="500", WindowWidth="900")],
    )
    frame = item(PatientOrientationInFrameSequence=[item(PatientOrientation=["P", "L"])])
    return mammogram_dataset(
        "CC",
        "R",
        **dict.fromkeys(moved),
        SOPClassUID=TOMOSYNTHESIS,
        NumberOfFrames="1",
        ImageType=["DERIVED", "PRIMARY", "TOMOSYNTHESIS", "GENERATED_2D"],
        SharedFunctionalGroupsSequence=[groups],
        PerFrameFunctionalGroupsSequence=[frame],
    )


def test_groups_reach_the_image():
    header = hoist(enhanced())
    assert header.WindowCenter == 500
    assert header.WindowWidth == 4096, "what the image says itself is left alone"


def test_a_synthetic_image_of_tomosynthesis_is_described():
    described = about(hoist(enhanced()), "1.dcm", "")
    assert described.origin == "synthetic from tomosynthesis"
    assert described.laterality == Sourced("R", "FrameLaterality")
    assert described.expected_chest_wall == Sourced("right", "PatientOrientation")
    assert (described.spacing.row, described.spacing.source) == (0.1, "PixelSpacing alone")


def test_a_plain_image_stays_as_it_is():
    header = mammogram_dataset()
    before = len(header)
    assert len(hoist(header)) == before
