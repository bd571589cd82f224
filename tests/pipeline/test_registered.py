"""The pipeline with a registration room that does as it is told, on synthetic images."""

import weakref
from dataclasses import replace

import pytest

from mammoscope.core import (
    ExamRegistration,
    Failed,
    NotAssessed,
    Positioning,
    Registration,
)
from mammoscope.errors import GeometryError
from mammoscope.pipeline import Plan
from tests import synthetic_registration
from tests.pipeline.told import BOTH, located, run
from tests.synthetic import mammogram_dataset, save


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
