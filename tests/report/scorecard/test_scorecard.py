"""The whole: documents in, page and tables out."""

import csv
import html
import io
import json
import re

import pytest

from mammoscope.errors import InputError, UsageError
from mammoscope.report.scorecard import Loaded, scorecard, scorecard_document, write_scorecard
from mammoscope.report.scorecard.document import rates_csv, weeks_csv
from mammoscope.report.scorecard.page import scorecard_page
from mammoscope.report.scorecard.results import exam
from mammoscope.report.scorecard.table import Row
from tests.synthetic_results import criterion, image, result


def loaded(*documents, problems=()):
    return Loaded(tuple(map(exam, documents)), tuple(problems))


def table(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.fixture(scope="module")
def alarming():
    """Nine quiet weeks, and one in which everything failed."""
    quiet = [
        result(f"{week}{n}", acquired_week=f"2024-W{week:02}")
        for week in range(1, 10)
        for n in range(4)
    ]
    return scorecard(
        loaded(*quiet, *(result(f"10{n}", "fail", acquired_week="2024-W10") for n in range(4)))
    )


def test_nothing_is_silently_missing():
    silent = result("0c")
    silent["images"][0] = image("R", "CC", None, "0c")
    silent["images"][1]["set_aside"] = "repeated view"
    card = scorecard(
        loaded(result("0a"), result("0a"), result("0b", profile="pgmi"), silent, problems=["x: y"]),
        profile="iarc",
        rows=[Row("0z", "", {"unit": "B"}, 2), Row("0a", "", {"unit": "A"}, 3)],
    )
    told = scorecard_document(card)
    assert {key: told[key] for key in list(told)[3:-1]} == {
        "profile": "iarc",
        "exams": 2,
        "images": 7,
        "set_aside": 1,
        "without_verdict": {"not assessed: not installed": 1},
        "repeated": 1,
        "other_profile": 1,
        "unfit_rows": 1,
        "unread": 1,
    }
    page = scorecard_page(card)
    for sentence in (
        "1 image without verdicts: not assessed: not installed",
        "1 image set aside",
        "1 result left out: a later run has the exam",
        "1 result left out: judged by another profile",
        "1 row of the table fit no image",
        "1 file could not be read",
    ):
        assert sentence in page


def test_a_table_names_an_image_of_an_exam_that_two_runs_have():
    one = exam(result("0a"))
    row = Row("", one.images[2].name, {"unit": "A"}, 2)
    card = scorecard(Loaded((one, one), ()), by=("unit",), rows=[row])
    assert list(card.cards[0].groups["unit"]) == ["A", "Clinic"]


def test_exams_without_any_verdict():
    bare = result()
    bare["answers"], bare["images"] = {}, [image("R", "CC", None, "0a")]
    with pytest.raises(InputError, match="no verdict on positioning in 1 exams"):
        scorecard(loaded(bare))


def test_profiles_are_not_mixed():
    with pytest.raises(UsageError, match="--profile"):
        scorecard(loaded(result("0a"), result("0b", profile="pgmi")))


def test_the_document_is_json(alarming):
    told = scorecard_document(alarming)
    assert json.loads(json.dumps(told, allow_nan=False)) == told
    gap = told["criteria"][0]
    assert (gap["level"], gap["name"], gap["threshold"]) == ("image", "pectoral gap", "at most 10 mm")
    assert gap["overall"]["fail_rate"] == {"estimate": 0.1, "low": 0.0515, "high": 0.1851}
    assert [group["group"] for group in gap["by"]["unit"]] == ["Clinic"]
    (chart,) = gap["charts"]
    assert chart["of"] == "all"
    assert chart["centre"] == 0.1
    # 8 at 0.1: P(X >= 5) = 0.0004, P(X >= 4) = 0.0050
    assert chart["points"][-1] == {
        "week": "2024-W10", "fail": 8, "assessable": 8, "fail_rate": 1.0, "low": 0.0, "high": 0.5,
        "signal": "above",
    }  # fmt: skip


def test_rates_as_a_table(alarming):
    rows = table(rates_csv(alarming.cards))
    assert [row["by"] for row in rows if row["level"] == "woman"] == [
        "all", "unit", "device", "operator", *["week"] * 10,
    ]  # fmt: skip
    first = rows[0]
    assert (first["criterion"], first["assessable"], first["fail"], first["pass"]) == (
        "pectoral gap", "80", "8", "72",
    )  # fmt: skip
    assert (first["fail_rate"], first["fail_low"], first["fail_high"]) == ("0.1", "0.0515", "0.1851")


def test_weeks_as_a_table(alarming):
    rows = [row for row in table(weeks_csv(alarming.cards)) if row["criterion"] == "symmetry"]
    assert [row["week"] for row in rows] == [f"2024-W{week:02}" for week in range(1, 11)]
    assert [row["signal"] for row in rows] == [""] * 9 + ["above"]
    assert {row["centre"] for row in rows} == {"0.1"}


def test_what_was_never_assessable_has_no_rate():
    card = scorecard(loaded(result("0a", "not assessable"), result("0b", "not assessable")))
    assert {one["overall"]["fail_rate"] for one in scorecard_document(card)["criteria"]} == {None}
    assert {row["fail_rate"] for row in table(rates_csv(card.cards))} == {""}
    assert weeks_csv(card.cards).count("\n") == 1
    assert "not assessable in any of 4" in scorecard_page(card)


def test_texts_are_harmless_in_every_output(tmp_path):
    document = result("0a", unit="=cmd|' /C calc'!A0", device="<script>alert(1)</script>")
    evil = [criterion('"><img src=x>', "fail", "</style>", "")]
    document["images"][2]["answers"]["positioning"]["criteria"] = evil
    card = scorecard(loaded(document), chart_per="device")
    write_scorecard(tmp_path, card)
    page = (tmp_path / "scorecard.html").read_text()
    assert "<script" not in page
    assert "<img" not in page
    assert page.count("</style>") == 1
    units = {
        row["group"] for row in table((tmp_path / "scorecard.csv").read_text()) if row["by"] == "unit"
    }
    assert units == {"'=cmd|' /C calc'!A0"}
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "control.csv", "scorecard.csv", "scorecard.html",
    ]  # fmt: skip


def test_the_page_runs_nothing_and_fetches_nothing(alarming):
    page = scorecard_page(alarming)
    assert "default-src 'none'; style-src 'sha256-" in html.unescape(page)
    assert not re.findall(r"""(?:src|href)=["'](?!#|scorecard\.csv|control\.csv)""", page)
    assert " style=" not in page


def test_the_page_says_where_to_look(alarming):
    page = scorecard_page(alarming)
    assert "2024-W10 (8 of 8): more failures than chance explains" in page
    assert "10.0 % (5.2–18.5)" in page
    assert "Research use, not a medical device." in page
    assert page.count('<circle class="ring"') == 3
    weeks = [result("0a"), result("0b", acquired_week="2024-W06")]
    calm = "No week has more or fewer failures than chance explains."
    assert calm in scorecard_page(scorecard(loaded(*weeks)))
    assert calm not in scorecard_page(scorecard(loaded(*weeks[:1])))


def test_the_page_says_how_to_fill_what_nobody_says():
    bare = result(unit="", device="", operator="", acquired_week="")
    page = scorecard_page(scorecard(loaded(bare)))
    assert "No chart: fewer than two weeks are known" in page
    assert page.count("Nobody says: a table can (--table)") == 9
    assert "MAMMOSCOPE_OPERATOR_KEY" in page
