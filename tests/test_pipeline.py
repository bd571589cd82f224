"""The pipeline with rooms that do as they are told, on synthetic images."""

import weakref
from dataclasses import replace

import numpy as np
import pytest

from mammoscope.core import (
    LANDMARKS,
    Exam,
    ExamPositioning,
    ExamRegistration,
    Failed,
    Frame,
    Landmark,
    Landmarks,
    Mask,
    NotAssessed,
    Positioning,
    Registration,
    Segmentation,
)
from mammoscope.errors import GeometryError
from mammoscope.image import chest_wall_side
from mammoscope.io import Reader, find
from mammoscope.io.survey import Scanned, survey
from mammoscope.measures import positioning
from mammoscope.measures.profiles import load_profile
from mammoscope.pipeline import Plan, analyze, assess
from tests import synthetic_registration
from tests.synthetic import MG_PROCESSING, breast_pixels, mammogram_dataset, save

VIEWS = (("R", "CC"), ("L", "CC"), ("R", "MLO"), ("L", "MLO"))


def bright(mammogram):
    """A room that takes everything bright for breast."""
    labels = (mammogram.pixels > 0.1).astype(np.uint8)
    area = int(labels.sum())
    return Segmentation(
        Mask(labels, Frame.of(mammogram.pixels.shape)), 1.0, np.zeros((0, 2)), area, 0, None, None,
        "nominal", "bright 000000000000",
    )  # fmt: skip


def located(mammogram):
    """A room that finds every landmark at its place in a square of a hundred pixels a side."""
    down = {"nipple": 50, "inframammary fold": 90, "pectoral lower": 70, "chest wall lower": 95}
    across = {"nipple": 90, "pectoral upper": 40, "inframammary fold": 15}
    side = chest_wall_side(mammogram.pixels, mammogram.pixels > 0.1)
    rows, columns = (size / 100 for size in mammogram.pixels.shape)

    def place(name):
        column = across.get(name, 2)
        column = column if side == "left" else 99 - column
        return down.get(name, 5) * rows, column * columns

    points = {name: Landmark(place(name), ((4.0, 0.0), (0.0, 4.0)), 0.99) for name in LANDMARKS}
    return Landmarks(points, 0.9, side, "nominal", "located 000000000000")


OUTLINES = Plan({"segmentation": bright})
BOTH = Plan({"segmentation": bright, "positioning": located})


@pytest.fixture(scope="module")
def reader():
    with Reader() as reader:
        yield reader


@pytest.fixture
def folder(tmp_path):
    for laterality, view in VIEWS:
        save(
            mammogram_dataset(view, laterality, StudyInstanceUID="2.25.1"),
            tmp_path / f"{laterality}{view}.dcm",
        )
    return tmp_path


def run(reader, *paths, plan=OUTLINES):
    records = []
    return list(analyze(find(paths), reader, plan, records.append)), records


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
    assert exam.answers["screening"] == NotAssessed("not installed")


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


def all_three(registrar=None):
    return Plan({**BOTH.rooms, "registration": registrar or synthetic_registration.Registrar()})


def test_both_views_of_each_breast_are_registered(reader, folder):
    (exam,), _ = run(reader, folder, plan=all_three())
    answer = exam.answers["registration"]
    assert isinstance(answer, ExamRegistration)
    names = {image.about.name: image.about for image in exam.images}
    for side in ("R", "L"):
        breast = answer.breasts[side]
        assert breast.laterality == side
        assert names[breast.cc].view.value == "CC"
        assert names[breast.mlo].view.value == "MLO"
        assert {names[breast.cc].laterality.value, names[breast.mlo].laterality.value} == {side}
        assert breast.warp.folds == 0
        assert breast.regions["CC"]
        assert breast.regions["MLO"]


@pytest.mark.parametrize(
    ("gone", "side", "reason"),
    [("RCC.dcm", "R", "no CC view"), ("LMLO.dcm", "L", "no MLO view")],
)
def test_a_breast_of_one_view_is_not_registered(reader, folder, gone, side, reason):
    (folder / gone).unlink()
    (exam,), _ = run(reader, folder, plan=all_three())
    answer = exam.answers["registration"]
    assert answer.breasts[side] == NotAssessed(reason)
    assert isinstance(answer.breasts["L" if side == "R" else "R"], Registration)


def test_an_exam_of_single_views_says_so_once(reader, folder):
    for name in ("RMLO.dcm", "LMLO.dcm"):
        (folder / name).unlink()
    (exam,), _ = run(reader, folder, plan=all_three())
    assert exam.answers["registration"] == NotAssessed("no MLO view")


def test_an_exam_of_other_views_is_not_registered(reader, tmp_path):
    save(mammogram_dataset("ML", "R"), tmp_path / "lateral.dcm")
    (exam,), _ = run(reader, tmp_path, plan=all_three())
    assert exam.answers["registration"] == NotAssessed("R: no CC view")


def test_a_view_that_is_set_aside_is_not_registered(reader, folder):
    spot = {"PaddleDescription": "SPOT COMPRESSION", "StudyInstanceUID": "2.25.1"}
    save(mammogram_dataset("MLO", "R", **spot), folder / "RMLO.dcm")
    (exam,), _ = run(reader, folder, plan=all_three())
    reason = "no MLO view but one set aside: spot view"
    assert exam.answers["registration"].breasts["R"] == NotAssessed(reason)


def test_of_repeated_views_the_one_that_counts_is_registered(reader, folder):
    save(mammogram_dataset(StudyInstanceUID="2.25.1", AcquisitionDate="20250101"), folder / "again.dcm")
    (exam,), _ = run(reader, folder, plan=all_three())
    (repeat,) = [image for image in exam.images if image.set_aside]
    used = {breast.cc for breast in exam.answers["registration"].breasts.values()}
    assert any(name.endswith("again.dcm") for name in used)
    assert repeat.about.name not in used


def test_without_landmarks_there_is_no_registration(reader, folder):
    def blind(mammogram):
        found = located(mammogram)
        hidden = {name: replace(one, point=None) for name, one in found.points.items()}
        return replace(found, points=hidden) if mammogram.about.view.value == "MLO" else found

    rooms = all_three().rooms
    (exam,), _ = run(reader, folder, plan=Plan({**rooms, "positioning": blind}))
    assert exam.answers["registration"] == NotAssessed("MLO: the nipple is not seen")
    del rooms["positioning"]
    (exam,), _ = run(reader, folder, plan=Plan(rooms))
    assert exam.answers["registration"] == NotAssessed("CC: the nipple is not seen")


def test_a_registration_that_fails_costs_that_breast_only(reader, folder):
    class Moody(synthetic_registration.Registrar):
        def __call__(self, cc, mlo):
            if cc.about.laterality.value == "R":
                raise ZeroDivisionError("DOE^JANE")
            return super().__call__(cc, mlo)

    (exam,), _ = run(reader, folder, plan=all_three(Moody()))
    breasts = exam.answers["registration"].breasts
    assert breasts["R"].error.startswith("ZeroDivisionError in registration")
    assert "DOE" not in breasts["R"].error
    assert isinstance(breasts["L"], Registration)
    assert all(isinstance(image.answers["positioning"], Positioning) for image in exam.images)


def test_a_view_that_cannot_be_prepared_costs_registration_only(reader, folder):
    class Moody(synthetic_registration.Registrar):
        def prepare(self, mammogram, landmarks):
            raise GeometryError("no breast")

    (exam,), _ = run(reader, folder, plan=all_three(Moody()))
    assert exam.answers["registration"] == Failed("CC: no breast")
    assert all(isinstance(image.answers["positioning"], Positioning) for image in exam.images)


def test_one_images_pixels_are_in_memory_at_a_time(reader, folder):
    alive, most = weakref.WeakSet(), []

    class Counting(synthetic_registration.Registrar):
        def prepare(self, mammogram, landmarks):
            alive.add(mammogram)
            most.append(len(alive))
            return super().prepare(mammogram, landmarks)

    run(reader, folder, plan=all_three(Counting()))
    assert most == [1, 1, 1, 1]
