"""The pipeline with rooms that do as they are told, on synthetic images."""

from dataclasses import replace

import pytest

from mammoscope.core import (
    Exam,
    ExamPositioning,
    Failed,
    NotAssessed,
    Positioning,
    Segmentation,
)
from mammoscope.errors import GeometryError
from mammoscope.io import find
from mammoscope.io.survey import Scanned, survey
from mammoscope.measures import positioning
from mammoscope.measures.profiles import load_profile
from mammoscope.pipeline import Plan, analyze, assess
from tests.pipeline.told import BOTH, OUTLINES, VIEWS, bright, located, run
from tests.synthetic import MG_PROCESSING, breast_pixels, mammogram_dataset, save


def test_four_views_become_one_exam_in_reading_order(reader, folder):
    (exam,), records = run(reader, folder)
    assert records == []
    assert exam.notes == ()
    order = [(image.about.laterality.value, image.about.view.value) for image in exam.images]
    assert order == list(VIEWS)
    assert [image.chest_wall.value for image in exam.images] == ["right", "left", "right", "left"]
    assert all(isinstance(image.answers["segmentation"], Segmentation) for image in exam.images)
    assert all(image.answers["positioning"] == NotAssessed("no weights") for image in exam.images)
    assert exam.answers["positioning"] == NotAssessed("no weights")
    assert exam.answers["registration"] == NotAssessed("no weights")
    assert exam.answers["screening"] == NotAssessed("no weights")


def test_previews_are_small_and_show_the_whole_image(reader, folder):
    seen = survey(find([folder]), reader)
    result = assess(seen.exams[0], reader, Plan(OUTLINES.rooms, preview_rows=120)).result
    assert {image.preview.shape for image in result.images} == {(120, 90)}


def test_a_room_that_raises_costs_that_image_only(reader, folder):
    def moody(mammogram):
        if mammogram.about.view.value == "CC":
            raise ZeroDivisionError("what a network should not do")
        return bright(mammogram)

    (exam,), _ = run(reader, folder, plan=Plan({"segmentation": moody}))
    states = [type(image.answers["segmentation"]) for image in exam.images]
    assert states == [Failed, Failed, Segmentation, Segmentation]
    assert "ZeroDivisionError" in exam.images[0].answers["segmentation"].error


def test_an_error_of_ours_is_told_in_its_own_words(reader, folder):
    def helpless(mammogram):
        raise GeometryError("no breast")

    (exam,), _ = run(reader, folder, plan=Plan({"segmentation": helpless}))
    assert exam.images[0].answers["segmentation"] == Failed("no breast")


def test_62_a_raw_image_is_segmented_and_not_searched(reader, tmp_path):
    raw = mammogram_dataset(
        SOPClassUID=MG_PROCESSING, PresentationIntentType="FOR PROCESSING",
        PixelIntensityRelationship="LIN", PixelIntensityRelationshipSign=1,
        pixels=4095 - breast_pixels(), RescaleIntercept=None, RescaleSlope=None, RescaleType=None,
        PresentationLUTShape=None, WindowCenter=None, WindowWidth=None,
    )  # fmt: skip
    save(raw, tmp_path / "raw.dcm")
    (exam,), records = run(reader, tmp_path, plan=BOTH)
    (image,) = exam.images
    assert records == []
    assert isinstance(image.answers["segmentation"], Segmentation)
    assert "for processing" in image.answers["findings"].reason
    assert "for processing" in [note.code for note in image.about.notes]


def test_an_image_that_cannot_be_decoded_is_a_record_and_a_missing_view(reader, folder):
    path = folder / "LCC.dcm"
    path.write_bytes(path.read_bytes()[:-5000])
    (exam,), (record,) = run(reader, folder)
    assert len(exam.images) == 3
    assert record.name.endswith("LCC.dcm")
    assert record.outcome == "rejected"
    assert [note.code for note in exam.notes] == ["missing view"]


def test_a_file_that_changes_between_header_and_pixels_is_rejected(reader, folder):
    seen = survey(find([folder]), reader)
    path = folder / "LCC.dcm"
    path.write_bytes(path.read_bytes() + b"\0")
    assessed = assess(seen.exams[0], reader, OUTLINES)
    assert len(assessed.result.images) == 3
    assert [record.number for record in assessed.records] == [19]


def test_an_exam_of_which_nothing_can_be_read_has_no_result(reader, folder):
    (exam,) = survey(find([folder]), reader).exams
    for path in folder.iterdir():
        path.unlink()
    assessed = assess(exam, reader, OUTLINES)
    assert assessed.result is None
    assert len(assessed.records) == 4


def test_of_repeated_views_one_counts(reader, folder):
    save(mammogram_dataset(StudyInstanceUID="2.25.1", AcquisitionDate="20250101"), folder / "again.dcm")
    (exam,), _ = run(reader, folder)
    assert len(exam.images) == 5
    repeats = [image for image in exam.images if image.set_aside]
    assert [image.set_aside for image in repeats] == ["repeated view"]
    assert [note.code for note in exam.notes] == ["repeated view"]


def test_every_input_ends_in_exactly_one_way(reader, folder):
    (folder / "letter.txt").write_text("dear doctor")
    (folder / "broken.dcm").write_bytes(b"")
    (folder / "copy.dcm").write_bytes((folder / "LCC.dcm").read_bytes())
    seen = survey(find([folder]), reader)
    assert seen.found == 7
    assert seen.images == 4
    assert sorted(record.outcome for record in seen.records) == ["duplicate", "rejected", "skipped"]


def test_exams_come_one_after_the_other(reader, folder, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    save(mammogram_dataset(StudyInstanceUID="2.25.2"), other / "LCC.dcm")
    calls = []

    def counted(mammogram):
        calls.append(mammogram.about.name)
        return bright(mammogram)

    results = analyze(find([folder, other]), reader, Plan({"segmentation": counted}), print)
    assert len(next(results).images) == 4
    assert len(calls) == 4


def test_records_carry_the_digest_of_what_was_read(reader, folder):
    (exam,) = survey(find([folder]), reader).exams
    item = exam.items[0]
    broken = Scanned(replace(item.source, path=folder / "absent"), item.about)
    (record,) = assess(Exam("key", "2.25.1", (broken,)), reader, OUTLINES).records
    assert record.digest == item.about.digest


def test_every_view_and_the_exam_are_positioned(reader, folder):
    (exam,), _ = run(reader, folder, plan=replace(BOTH, profile=load_profile("paper")))
    answers = [image.answers["positioning"] for image in exam.images]
    assert all(isinstance(answer, Positioning) for answer in answers)
    assert {answer.profile for answer in answers} == {"paper"}
    assert all(answer.criteria and answer.lines for answer in answers)
    assert isinstance(exam.answers["positioning"], ExamPositioning)
    assert set(exam.answers["positioning"].breasts) == {"L", "R"}
    assert exam.answers["positioning"].woman


def test_positioning_does_without_an_outline(reader, folder):
    def helpless(mammogram):
        raise GeometryError("no breast")

    for rooms in ({"positioning": located}, {"positioning": located, "segmentation": helpless}):
        (exam,), _ = run(reader, folder, plan=Plan(rooms))
        assert all(isinstance(image.answers["positioning"], Positioning) for image in exam.images)
        assert isinstance(exam.answers["positioning"], ExamPositioning)


def test_landmarks_that_fail_cost_positioning_only(reader, folder):
    def moody(mammogram):
        if mammogram.about.view.value == "CC":
            raise ZeroDivisionError("what a network should not do")
        return located(mammogram)

    (exam,), _ = run(reader, folder, plan=Plan({"segmentation": bright, "positioning": moody}))
    states = [type(image.answers["positioning"]) for image in exam.images]
    assert states == [Failed, Failed, Positioning, Positioning]
    assert all(isinstance(image.answers["segmentation"], Segmentation) for image in exam.images)
    assert isinstance(exam.answers["positioning"], ExamPositioning)


@pytest.mark.parametrize("failing", ["assess_image", "assess_exam"])
def test_a_fault_in_the_measures_costs_its_own_answer(reader, folder, monkeypatch, failing):
    def broken(*_):
        raise ZeroDivisionError("DOE^JANE")

    monkeypatch.setattr(positioning, failing, broken)
    (exam,), _ = run(reader, folder, plan=BOTH)
    of_images = {type(image.answers["positioning"]) for image in exam.images}
    assert of_images == {Failed if failing == "assess_image" else Positioning}
    assert isinstance(exam.answers["positioning"], Failed) == (failing == "assess_exam")
    failed = (exam if failing == "assess_exam" else exam.images[0]).answers["positioning"]
    assert failed.error.startswith("ZeroDivisionError in positioning")
    assert "DOE" not in failed.error


def test_a_spot_view_is_not_positioned(reader, tmp_path):
    save(mammogram_dataset("MLO", "R", PaddleDescription="SPOT COMPRESSION"), tmp_path / "spot.dcm")
    (exam,), _ = run(reader, tmp_path, plan=BOTH)
    (image,) = exam.images
    assert isinstance(image.answers["positioning"], NotAssessed)
    assert image.answers["positioning"].reason
