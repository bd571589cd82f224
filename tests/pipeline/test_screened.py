"""The pipeline with a screening room that does as it is told, on synthetic images."""

import weakref

import pytest

from mammoscope.core import ExamMalignancy, Failed, Findings, Malignancy, NotAssessed
from mammoscope.errors import GeometryError
from mammoscope.measures.reasons import NO_MASS, NOT_SOUGHT
from mammoscope.pipeline import Plan
from tests import synthetic_findings, synthetic_registration
from tests.pipeline.told import BOTH, OUTLINES, run
from tests.synthetic import MG_PROCESSING, mammogram_dataset, save
from tests.synthetic_screening import Scorer


def all_five(scorer=None, *, rooms=(), **plan):
    told = {
        "findings": synthetic_findings.Finder(),
        "registration": synthetic_registration.Registrar(),
        "screening": scorer or Scorer(),
    }
    return Plan({**BOTH.rooms, **told, **dict(rooms)}, **plan)


def nothing(mammogram):
    """A findings room that finds nothing."""
    rows, columns = mammogram.pixels.shape
    return synthetic_findings.findings((rows, columns))


def on(*shown):
    """A findings room that finds a mass on some views only: ``R CC``."""

    def found(mammogram):
        name = f"{mammogram.about.laterality.value} {mammogram.about.view.value}"
        return (synthetic_findings.Finder() if name in shown else nothing)(mammogram)

    return found


def test_every_view_is_scored_and_the_findings_are_handed_over(reader, folder):
    scorer = Scorer(R_CC=0.5, R_MLO=0.9, L_CC=0.2, L_MLO=0.2)
    (exam,), _ = run(reader, folder, plan=all_five(scorer, malignancy_from=0.6))
    answers = [image.answers["screening"] for image in exam.images]
    assert [one.score for one in answers] == [0.5, 0.2, 0.9, 0.2]
    assert all(one.guided for one in answers)
    answer = exam.answers["screening"]
    assert isinstance(answer, ExamMalignancy)
    assert answer.score == answer.breasts["R"].score == pytest.approx(0.75)
    assert answer.breasts["L"].score == pytest.approx(0.2)
    assert answer.threshold == 0.6
    assert [name for name, _ in scorer.asked] == [image.about.name for image in exam.images]


def test_a_mass_on_one_view_is_a_reason_for_its_breast(reader, folder):
    plan = all_five(rooms={"findings": on("R MLO")}.items())
    (exam,), _ = run(reader, folder, plan=plan)
    by_side = {"R": [], "L": []}
    for image in exam.images:
        by_side[image.about.laterality.value].append(image.answers["screening"])
    assert all(isinstance(one, Malignancy) for one in by_side["R"])
    assert by_side["L"] == [NO_MASS, NO_MASS]
    assert set(exam.answers["screening"].breasts) == {"R"}


def test_without_a_mass_it_is_not_assessed_unless_switched_on(reader, folder):
    rooms = {"findings": nothing}.items()
    (exam,), _ = run(reader, folder, plan=all_five(rooms=rooms))
    assert {image.answers["screening"] for image in exam.images} == {NO_MASS}
    assert exam.answers["screening"] == NO_MASS
    assert "no mass was found" in NO_MASS.reason
    (exam,), _ = run(reader, folder, plan=all_five(rooms=rooms, malignancy_always=True))
    assert all(isinstance(image.answers["screening"], Malignancy) for image in exam.images)
    assert isinstance(exam.answers["screening"], ExamMalignancy)


def test_without_findings_it_is_scored_alone_and_told_when_switched_on(reader, folder):
    rooms = {key: room for key, room in all_five().rooms.items() if key != "findings"}
    (exam,), _ = run(reader, folder, plan=Plan(rooms))
    assert exam.answers["screening"] == NOT_SOUGHT
    (exam,), _ = run(reader, folder, plan=Plan(rooms, malignancy_always=True))
    assert not any(image.answers["screening"].guided for image in exam.images)


def test_findings_that_failed_are_not_handed_over(reader, folder):
    def moody(mammogram):
        if mammogram.about.view.value == "CC":
            raise GeometryError("no breast")
        return synthetic_findings.Finder()(mammogram)

    scorer = Scorer()
    (exam,), _ = run(reader, folder, plan=all_five(scorer, rooms={"findings": moody}.items()))
    assert [guided for _, guided in scorer.asked] == [False, False, True, True]
    assert all(isinstance(image.answers["screening"], Malignancy) for image in exam.images)


def test_without_weights_there_is_no_score(reader, folder):
    (exam,), _ = run(reader, folder, plan=OUTLINES)
    assert {image.answers["screening"] for image in exam.images} == {NotAssessed("no weights")}
    assert exam.answers["screening"] == NotAssessed("no weights")


def test_a_raw_image_is_not_scored(reader, tmp_path):
    raw = mammogram_dataset(
        SOPClassUID=MG_PROCESSING, PresentationIntentType="FOR PROCESSING",
        RescaleIntercept=None, RescaleSlope=None, RescaleType=None,
        PresentationLUTShape=None, WindowCenter=None, WindowWidth=None,
    )  # fmt: skip
    save(raw, tmp_path / "raw.dcm")
    scorer = Scorer()
    (exam,), _ = run(reader, tmp_path, plan=all_five(scorer, malignancy_always=True))
    assert "for processing" in exam.images[0].answers["screening"].reason
    assert "for processing" in exam.answers["screening"].reason
    assert scorer.asked == []


@pytest.mark.parametrize(
    ("view", "header", "reason"),
    [
        ("ML", {}, "ML view: the score is for CC and MLO"),
        ("MLO", {"PaddleDescription": "SPOT COMPRESSION"}, "spot view"),
    ],
)
def test_other_views_are_not_scored(reader, tmp_path, view, header, reason):
    save(mammogram_dataset(view, "R", **header), tmp_path / "other.dcm")
    (exam,), _ = run(reader, tmp_path, plan=all_five(malignancy_always=True))
    assert exam.images[0].answers["screening"] == NotAssessed(reason)


def test_a_repeat_is_scored_and_does_not_count(reader, folder):
    save(mammogram_dataset(StudyInstanceUID="2.25.1", AcquisitionDate="20250101"), folder / "again.dcm")
    (exam,), _ = run(reader, folder, plan=all_five())
    (repeat,) = [image for image in exam.images if image.set_aside]
    assert isinstance(repeat.answers["screening"], Malignancy)
    breasts = exam.answers["screening"].breasts.values()
    assert repeat.about.name not in {name for one in breasts for name in one.images}


def test_a_score_that_fails_costs_that_image_only(reader, folder):
    class Moody(Scorer):
        def __call__(self, mammogram, findings):
            if mammogram.about.view.value == "CC":
                raise ZeroDivisionError("DOE^JANE")
            return super().__call__(mammogram, findings)

    (exam,), _ = run(reader, folder, plan=all_five(Moody()))
    states = [type(image.answers["screening"]) for image in exam.images]
    assert states == [Failed, Failed, Malignancy, Malignancy]
    assert "DOE" not in exam.images[0].answers["screening"].error
    assert all(isinstance(image.answers["findings"], Findings) for image in exam.images)
    assert all(len(one.images) == 1 for one in exam.answers["screening"].breasts.values())


def test_one_images_pixels_are_in_memory_at_a_time(reader, folder):
    alive, most = weakref.WeakSet(), []

    class Counting(Scorer):
        def __call__(self, mammogram, findings):
            alive.add(mammogram)
            most.append(len(alive))
            return super().__call__(mammogram, findings)

    run(reader, folder, plan=all_five(Counting()))
    assert most == [1, 1, 1, 1]
