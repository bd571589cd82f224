"""The pipeline with a findings room that does as it is told, on synthetic images."""

import pytest

from mammoscope.core import ExamFindings, Failed, Findings, NotAssessed, Segmentation
from mammoscope.errors import GeometryError
from mammoscope.pipeline import Plan
from tests import synthetic_findings, synthetic_registration
from tests.pipeline.told import BOTH, OUTLINES, run
from tests.synthetic import MG_PROCESSING, mammogram_dataset, save


def all_four(**rooms):
    told = {"findings": synthetic_findings.Finder(), "registration": synthetic_registration.Registrar()}
    return Plan({**BOTH.rooms, **told, **rooms})


def test_every_image_has_its_findings_and_their_place(reader, folder):
    (exam,), _ = run(reader, folder, plan=all_four())
    for image in exam.images:
        found = image.answers["findings"]
        assert isinstance(found, Findings)
        assert [one.score for one in found.findings] == [0.8, 0.1]
        assert [one.score for one in found.shown] == [0.8]
        side = {"L": "left", "R": "right"}[image.about.laterality.value]
        half = "outer half" if image.about.view.value == "CC" else "upper half"
        assert found.findings[1].location.startswith(f"{side} breast, {half}")
        assert found.heat["mass"].max() == pytest.approx(0.8, abs=0.05)


def test_what_both_views_show_is_counted_once(reader, folder):
    (exam,), _ = run(reader, folder, plan=all_four())
    answer = exam.answers["findings"]
    assert isinstance(answer, ExamFindings)
    for side in ("R", "L"):
        breast = answer.breasts[side]
        assert breast.matched
        assert breast.cc.endswith(f"{side}CC.dcm")
        assert breast.mlo.endswith(f"{side}MLO.dcm")
        first = breast.findings[0]
        assert (first.cc, first.mlo) == (0, 0)
        assert first.score >= 0.8


def test_the_views_are_laid_on_each_other_once(reader, folder):
    asked = []

    class Counting(synthetic_registration.Registrar):
        def __call__(self, cc, mlo):
            asked.append(cc.about.name)
            return super().__call__(cc, mlo)

    run(reader, folder, plan=all_four(registration=Counting()))
    assert len(asked) == 2


def test_without_registration_each_view_speaks_for_itself(reader, folder):
    rooms = {key: room for key, room in all_four().rooms.items() if key != "registration"}
    (exam,), _ = run(reader, folder, plan=Plan(rooms))
    breast = exam.answers["findings"].breasts["R"]
    assert not breast.matched
    assert len(breast.findings) == 4
    assert [note.code for note in breast.notes] == ["views not matched"]


def test_without_weights_nothing_is_looked_for(reader, folder):
    (exam,), _ = run(reader, folder, plan=OUTLINES)
    assert {image.answers["findings"] for image in exam.images} == {NotAssessed("no weights")}
    assert exam.answers["findings"] == NotAssessed("no weights")


def test_a_raw_image_is_not_looked_at(reader, tmp_path):
    raw = mammogram_dataset(
        SOPClassUID=MG_PROCESSING, PresentationIntentType="FOR PROCESSING",
        RescaleIntercept=None, RescaleSlope=None, RescaleType=None,
        PresentationLUTShape=None, WindowCenter=None, WindowWidth=None,
    )  # fmt: skip
    save(raw, tmp_path / "raw.dcm")
    (exam,), _ = run(reader, tmp_path, plan=all_four())
    assert "for processing" in exam.images[0].answers["findings"].reason
    assert "for processing" in exam.answers["findings"].reason


def test_without_landmarks_there_are_findings_without_a_place(reader, folder):
    rooms = {key: room for key, room in all_four().rooms.items() if key != "positioning"}
    (exam,), _ = run(reader, folder, plan=Plan(rooms))
    places = [one.location for image in exam.images for one in image.answers["findings"].findings]
    assert places == [""] * 8
    assert isinstance(exam.answers["findings"], ExamFindings)


def test_findings_that_fail_cost_that_image_only(reader, folder):
    class Moody(synthetic_findings.Finder):
        def __call__(self, mammogram):
            if mammogram.about.view.value == "CC":
                raise ZeroDivisionError("DOE^JANE")
            return super().__call__(mammogram)

    (exam,), _ = run(reader, folder, plan=all_four(findings=Moody()))
    states = [type(image.answers["findings"]) for image in exam.images]
    assert states == [Failed, Failed, Findings, Findings]
    assert "DOE" not in exam.images[0].answers["findings"].error
    assert all(isinstance(image.answers["segmentation"], Segmentation) for image in exam.images)
    breast = exam.answers["findings"].breasts["R"]
    assert (breast.cc, breast.matched) == (None, False)
    assert breast.mlo is not None


def test_an_exam_in_which_all_fail_says_so(reader, folder):
    def helpless(mammogram):
        raise GeometryError("no breast")

    (exam,), _ = run(reader, folder, plan=all_four(findings=helpless))
    assert exam.answers["findings"] == Failed("CC: no breast; MLO: no breast")


def test_a_fault_in_counting_costs_the_count_only(reader, folder):
    class Faulty(synthetic_registration.Registrar):
        def __call__(self, cc, mlo):
            aligned = super().__call__(cc, mlo)
            aligned.search = lambda *asked: 1 / 0
            return aligned

    (exam,), _ = run(reader, folder, plan=all_four(registration=Faulty()))
    assert exam.answers["findings"].error.startswith("ZeroDivisionError in findings")
    assert all(isinstance(image.answers["findings"], Findings) for image in exam.images)


def test_a_repeat_has_its_findings_and_is_not_counted(reader, folder):
    save(mammogram_dataset(StudyInstanceUID="2.25.1", AcquisitionDate="20250101"), folder / "again.dcm")
    (exam,), _ = run(reader, folder, plan=all_four())
    (repeat,) = [image for image in exam.images if image.set_aside]
    assert isinstance(repeat.answers["findings"], Findings)
    breasts = exam.answers["findings"].breasts.values()
    assert repeat.about.name not in {name for one in breasts for name in (one.cc, one.mlo)}
