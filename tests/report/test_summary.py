import csv
from dataclasses import replace

import pytest

from mammoscope.core import Failed, InputRecord, NotAssessed, Note, Spacing
from mammoscope.measures.names import UNITS
from mammoscope.report.document import exam_document
from mammoscope.report.summary import COLUMNS, MEASURED, write_summary


@pytest.fixture
def rows(tmp_path):
    def read(exams, records=()):
        write_summary(tmp_path / "summary.csv", [exam_document(one) for one in exams], records)
        with (tmp_path / "summary.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    return read


def test_one_row_an_image_and_one_an_input_without_result(rows, exam):
    table = rows([exam()], [InputRecord("x.dcm", "rejected", "Empty file.", 1)])
    assert [row["outcome"] for row in table] == ["result"] * 4 + ["rejected"]
    assert [row["view"] for row in table] == ["CC", "CC", "MLO", "MLO", ""]
    assert table[4]["image"] == "x.dcm"
    assert table[4]["reason"] == "Empty file."
    assert tuple(table[0]) == COLUMNS


def test_figures_and_their_sources(rows, exam, image):
    first = rows([exam(image(spacing=Spacing(0.1, 0.1, "PixelSpacing")))])[0]
    assert first["laterality_source"] == "ImageLaterality"
    assert first["spacing_source"] == "PixelSpacing"
    assert float(first["breast_mm2"]) == pytest.approx(float(first["breast_px"]) / 100, abs=0.06)
    assert first["screening"] == "not assessed: not installed"


def test_a_failure_is_told(rows, exam, image):
    first = rows(
        [exam(image(answer=Failed("out of memory"), notes=(Note("a", "One."), Note("b", "Two."))))]
    )[0]
    assert first["outcome"] == "failed"
    assert first["reason"] == "out of memory"
    assert first["breast_px"] == ""
    assert first["warnings"] == "One. | Two."


@pytest.mark.parametrize("start", ["=cmd|'/C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_becomes_a_formula(rows, exam, image, start):
    table = rows([exam(image(name=start))], [InputRecord(start, "rejected", start, 28)])
    assert table[0]["image"] == table[1]["image"] == table[1]["reason"] == "'" + start


def test_what_breaks_a_line_or_a_cell_is_quoted(rows, exam, image, tmp_path):
    name = 'a,"b"\r\nc.dcm'
    assert rows([exam(image(name=name))])[0]["image"] == name
    assert (tmp_path / "summary.csv").read_bytes().count(
        b"\r\n"
    ) == 3  # header, row, and the one in the name


def test_a_name_that_is_no_text_is_escaped(rows, exam, image):
    assert rows([exam(image(name="a\udcff.dcm"))])[0]["image"] == "a\\udcff.dcm"


def test_positioning_has_its_columns(rows, positioned_exam):
    table = rows([positioned_exam])
    oblique = table[2]
    assert oblique["positioning_profile"] == "iarc"
    assert oblique["positioning_outcome"] == "fail"
    assert (oblique["positioning_fails"], oblique["positioning_borderlines"]) == ("1", "2")
    assert (oblique["pnl_mm"], oblique["pectoral_gap_mm"]) == ("176.777", "14.0")
    assert oblique["pectoral_angle_deg"] == "45.0"
    assert oblique["foot_inside"] == "no"
    assert oblique["nipple_in_profile"] == "uncertain"
    assert oblique["pnl_difference_mm"] == "-4.25"
    assert (oblique["breast_outcome"], oblique["breast_grade"]) == ("pass", "good")
    assert oblique["positioning"] == "result"


def test_what_was_not_measured_is_an_empty_cell(rows, positioned_exam, exam):
    left = rows([positioned_exam])[3]
    assert left["positioning_outcome"] == "pass"
    assert left["pnl_mm"] == left["foot_inside"] == left["breast_grade"] == ""
    without = rows([exam()])[0]
    assert without["positioning_outcome"] == without["pnl_difference_mm"] == ""


def test_a_profile_is_no_formula(rows, positioned, exam):
    image = positioned()
    answer = replace(image.answers["positioning"], profile="=1+1")
    named = replace(image, answers={**image.answers, "positioning": answer})
    assert rows([exam(named)])[0]["positioning_profile"] == "'=1+1"


def test_the_reason_is_that_of_the_system_that_failed(rows, image, exam):
    row = rows([exam(image(answer=NotAssessed("no weights"), positioned=Failed("out of memory")))])[0]
    assert (row["outcome"], row["reason"]) == ("failed", "out of memory")


def test_columns_are_of_measurements_that_exist():
    assert dict(MEASURED.values()).items() <= UNITS.items()
    assert {"foot inside image", "posterior nipple line difference"} <= UNITS.keys()
