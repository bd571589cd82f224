"""Numbers 60 to 75: sound files that a system for mammograms must not take, or not unwarned."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset

from mammoscope.core import ExamResult, ImageResult, NotAssessed
from tests.bad_inputs.case import Built, as_bytes, case, image, one, put, several, skipped, warned
from tests.synthetic import MG_PROCESSING, SECONDARY_CAPTURE, breast_pixels, code, film_dataset

MODIFIERS = {
    "spot": ("399055006", "Spot compression"),
    "magnification": ("399163009", "Magnification"),
    "tangential": ("399110001", "Tangential"),
}


def modified(name: str) -> Dataset:
    """A mammogram with a view modifier of context group 4015."""
    dataset = image("CC")
    dataset.ViewCodeSequence[0].ViewModifierCodeSequence = [code(*MODIFIERS[name])]
    return dataset


def set_aside(result: ImageResult) -> None:
    """It does not count for results of the exam, and says why."""
    assert result.set_aside


@case(60)
def other_objects(folder: Path) -> Built:
    base = "1.2.840.10008.5.1.4.1.1."
    kinds = {
        "ct": ("2", "CT"), "mr": ("4", "MR"), "us": ("6.1", "US"), "sr": ("88.33", "SR"),
        "seg": ("66.4", "SEG"), "pr": ("11.1", "PR"), "pet": ("128", "PT"),
    }  # fmt: skip
    files = {
        name: image(SOPClassUID=base + kind, Modality=modality)
        for name, (kind, modality) in kinds.items()
    }
    return several(folder, skipped(60), **files)


@case(61)
def chest(folder: Path) -> Built:
    return one(
        folder,
        image(
            SOPClassUID="1.2.840.10008.5.1.4.1.1.1.1", Modality="DX", BodyPartExamined="CHEST",
            OrganExposed=None, ViewPosition="PA", ViewCodeSequence=None,
            AnatomicRegionSequence=[code("51185008", "Chest")],
        ),
        skipped(61),
    )  # fmt: skip


@case(62)
def for_processing(folder: Path) -> Built:
    def check(result: ImageResult) -> None:
        assert isinstance(result.answers["findings"], NotAssessed)
        assert not isinstance(result.answers["segmentation"], NotAssessed)
        assert "processing" in result.answers["findings"].reason

    dataset = image(SOPClassUID=MG_PROCESSING, PresentationIntentType="FOR PROCESSING")
    return one(folder, dataset, warned("for processing", check=check))


@case(63)
def digitised_film(folder: Path) -> Built:
    film = film_dataset("CC", "L", "P_90077", PatientName="Secretname^Jane")
    return one(folder, film, warned("digitised film"))


@case(64)
def no_screening_view(folder: Path) -> Built:
    files = {name: modified(name) for name in MODIFIERS}
    files["specimen"] = image(ViewCodeSequence=[code("127457009", "Tissue specimen from breast")])
    files["stereotactic"] = image(ImageType=["ORIGINAL", "PRIMARY", "STEREO_SCOUT"])
    return several(folder, warned(check=set_aside), **files)


@case(65)
def another_program(folder: Path) -> Built:
    scored = image(
        SOPClassUID=SECONDARY_CAPTURE, ImageType=["DERIVED", "SECONDARY"], BurnedInAnnotation="YES",
        SeriesDescription="CAD heatmap",
    )  # fmt: skip
    return one(folder, scored, skipped(65))


@case(66)
def volume(folder: Path) -> Built:
    pixels = np.concatenate([breast_pixels()] * 3)
    frames = image(
        SOPClassUID="1.2.840.10008.5.1.4.1.1.13.1.3", NumberOfFrames=3, PixelData=pixels.tobytes()
    )
    return one(folder, frames, skipped(66))


@case(67)
def phantom(folder: Path) -> Built:
    return several(
        folder, skipped(67), declared=image(QualityControlImage="YES"),
        named=image(PatientName="ACR PHANTOM", SeriesDescription="QC weekly"),
    )  # fmt: skip


@case(68)
def implant(folder: Path) -> Built:
    displaced = image("CC")
    modifier = code("399209000", "Implant displaced")
    displaced.ViewCodeSequence[0].ViewModifierCodeSequence = [modifier]
    files = {"full": image("MLO", BreastImplantPresent="YES"), "displaced": displaced}
    return several(folder, warned("implant", check=set_aside), **files)


@case(69)
def laterality(folder: Path) -> Built:
    nobody = image("CC", ImageLaterality=None, PatientOrientation=None)
    mirrored = image("MLO", "L", pixels=breast_pixels("MLO", "R"))
    put(folder, nobody=nobody, mirrored=mirrored)
    return {"nobody.dcm": warned("no laterality"), "mirrored.dcm": warned("chest wall contradicted")}


@case(70)
def view_contradicted(folder: Path) -> Built:
    oblique = breast_pixels("MLO")
    return one(folder, image("CC", pixels=oblique), warned("view contradicted"))


@case(71)
def upside_down(folder: Path) -> Built:
    flipped = np.ascontiguousarray(breast_pixels("MLO")[::-1])
    mirrored = np.ascontiguousarray(breast_pixels("MLO")[:, ::-1])
    put(folder, flipped=image("MLO", pixels=flipped), mirrored=image("MLO", pixels=mirrored))
    return {"flipped.dcm": warned("upside down"), "mirrored.dcm": warned("chest wall contradicted")}


@case(72)
def cropped_or_mosaic(folder: Path) -> Built:
    crop = np.ascontiguousarray(breast_pixels("MLO", shape=(480, 360))[150:330, 20:120])
    joined = breast_pixels("CC")
    joined[120:] //= 2
    partial = image("CC", PartialView="YES")
    put(folder, crop=image("MLO", pixels=crop), mosaic=image("CC", pixels=joined), partial=partial)
    return {
        "crop.dcm": warned("cut off"), "mosaic.dcm": warned("mosaic"),
        "partial.dcm": warned("partial view", check=set_aside),
    }  # fmt: skip


@case(73)
def missing_views(folder: Path) -> Built:
    def no_score(exam: ExamResult) -> None:
        assert exam.answers.keys() >= {"screening"}
        assert all(isinstance(answer, NotAssessed) for answer in exam.answers.values())

    return one(folder, image("MLO", "R"), replace(warned("missing view"), of_exam=no_score))


@case(74)
def repeated_view(folder: Path) -> Built:
    first = image("CC")
    again = image("CC", StudyInstanceUID=first.StudyInstanceUID, AcquisitionTime="111213")

    def all_listed(exam: ExamResult) -> None:
        assert [image.set_aside for image in exam.images].count("") == 1
        assert len(exam.images) == 2

    return several(
        folder, replace(warned("repeated view"), of_exam=all_listed), first=first, again=again
    )


@case(75)
def two_breasts(folder: Path) -> Built:
    both = np.hstack([breast_pixels("CC", "R"), breast_pixels("CC", "L")])
    return one(folder, as_bytes(image("CC", pixels=both)), skipped(75))
