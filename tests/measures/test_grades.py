from mammoscope.core import Criterion, ImageResult, Measurement, Outcome, Sourced
from mammoscope.measures import assess_exam, assess_image, load_profile
from mammoscope.measures.grades import grade
from tests.synthetic_landmarks import FROM_ABOVE, OBLIQUE, about, marks, preview

PGMI = load_profile("pgmi")


def one(name: str, outcome: Outcome, reason: str = "") -> Criterion:
    return Criterion(Measurement(name, 1.0), "", outcome, reason)


def graded(
    profile: Outcome = "pass",
    level: Outcome = "pass",
    fold: Outcome = "pass",
    line: Outcome = "pass",
    reason: str = "",
) -> str:
    images = {
        "CC": [one("nipple in profile", "pass"), one("nipple angle", "not assessable", "no outline")],
        "MLO": [
            one("nipple in profile", profile),
            one("pectoral level", level),
            one("inframammary fold", fold),
        ],
    }
    return grade(images, [one("posterior nipple line difference", line, reason)], PGMI)


def test_four_grades():
    assert graded() == "perfect"
    assert graded(profile="fail") == "good"
    assert graded(profile="fail", fold="fail") == "good"
    assert graded(level="fail") == "moderate"
    assert graded(level="fail", line="fail") == "inadequate"


def test_borderline_leaves_two():
    assert graded(profile="borderline") == "perfect or good"
    assert graded(level="borderline") == "perfect or moderate"
    assert graded(level="fail", profile="borderline") == "moderate"


def test_all_that_it_needs_must_be_assessable():
    assert graded(line="not assessable", reason="no spacing") == (
        "no grade: posterior nipple line difference: no spacing"
    )
    assert grade({"MLO": []}, [], PGMI) == "no grade: CC is missing"


def test_of_an_exam():
    images = []
    for view, points in (("CC", FROM_ABOVE), ("MLO", {**OBLIQUE, "pectoral lower": (512.0, -84.0)})):
        of = about(view)
        answer = assess_image(marks(points), None, of, preview(), PGMI)
        images.append(ImageResult(of, Sourced("left", "pixels"), {"positioning": answer}, preview()))
    exam = assess_exam(images, PGMI)
    # CC 80 mm, MLO to the edge of the image: 92 mm. 12 mm apart is one major failure.
    assert exam.breasts["L"][0].outcome == "fail"
    assert exam.grades == {"L": "moderate"}
    assert [note.code for note in exam.notes] == ["grade"]
    alone = assess_exam(images[:1], PGMI)
    assert alone.grades == {"L": "no grade: MLO is missing"}
    assert assess_exam(images, load_profile("iarc")).grades == {}
