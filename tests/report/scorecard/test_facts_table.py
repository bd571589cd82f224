import pytest

from mammoscope.errors import UsageError
from mammoscope.report.scorecard.results import exam
from mammoscope.report.scorecard.table import read_rows, told
from tests.synthetic_results import result


@pytest.fixture
def rows(tmp_path):
    def read(text):
        path = tmp_path / "facts.csv"
        path.write_text(text, encoding="utf-8")
        return read_rows(path)

    return read


def facts(exams, dimension):
    return [[image.facts[dimension] for image in one.images] for one in exams]


def test_an_exam_is_overridden_and_filled(rows):
    exams = [exam(result("0a", operator="")), exam(result("0b"))]
    said = rows("exam,operator,week\n0a,Jane Doe,2024-03-01\n")
    changed, unfit = told(exams, said)
    assert unfit == 0
    assert facts(changed, "operator") == [["Jane Doe"] * 4, ["0a1b2c3d"] * 4]
    assert facts(changed, "week") == [["2024-W09"] * 4, ["2024-W05"] * 4]
    assert facts(changed, "unit") == [["Clinic"] * 4] * 2


def test_an_image_comes_before_its_exam(rows):
    one = exam(result("0a"))
    digest = one.images[1].sha256
    said = rows(f"image;exam;unit\n{digest};;B\nsynthetic_R_CC.dcm;0a;A\n;0a;C\n")
    assert facts(told([one], said)[0], "unit") == [["A", "B", "C", "C"]]


def test_an_image_without_a_hash_keeps_its_own_row(rows):
    one = exam(result("0a", sha256=""))
    said = rows("image,exam,unit\nsynthetic_R_CC.dcm,0a,A\n,0a,C\n")
    assert facts(told([one], said)[0], "unit") == [["A", "C", "C", "C"]]


def test_rows_that_fit_nothing_are_counted(rows):
    assert told([exam(result("0a"))], rows("exam,unit\n0b,B\n0a,A\n"))[1] == 1


def test_a_name_that_several_exams_have(rows):
    exams = [exam(result("0a")), exam(result("0b"))]
    with pytest.raises(UsageError, match="line 2: several exams have this image: name its exam too"):
        told(exams, rows("image,unit\nsynthetic_R_CC.dcm,A\n"))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("exam,unit\n,A\n", "line 2: expected an exam or an image"),
        ("exam,unit\n0a,A\n0a,B\n", "line 3: named a second time"),
        ("exam,week\n0a,2024-W54\n", "line 2, column week: expected 2024-W05 or 2024-01-31"),
        ("exam,week\n0a,31.1.2024\n", "column week"),
        ("exam,ward\n0a,A\n", "unknown columns ward; known are exam, image, unit"),
        ("exam,exam\n0a,0a\n", "each column once"),
        ("", "each column once"),
        ("exam,unit\n0a\n", "line 2: expected 2 cells, received 1"),
    ],
)
def test_tables_that_cannot_be_understood(rows, text, message):
    with pytest.raises(UsageError) as caught:
        rows(text)
    assert message in str(caught.value)


@pytest.mark.parametrize(("cell", "week"), [("2024-w05", "2024-W05"), ("2024-12-30", "2025-W01")])
def test_weeks_are_written_in_two_ways(rows, cell, week):
    assert rows(f"exam,week\n0a,{cell}\n")[0].facts == {"week": week}
