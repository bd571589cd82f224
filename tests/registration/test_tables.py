"""Tables of cases."""

from pathlib import Path

import pytest

from mammoscope.errors import UsageError
from mammoscope.io.pairs import Pair, PairedLesion
from mammoscope.registration.evaluate import Agreement, Case
from mammoscope.registration.tables import all_tables, counts, curves, histogram, overview, searches

EDGES = (0.0, 0.0, 1.0, 1.0)
NAN = float("nan")


def case(woman="P_1", giou=0.5, iou=0.4, *, most=1, sure=True, **others):
    lesion = PairedLesion("1", EDGES, EDGES, "mass", sure)
    pair = Pair(woman, "L", "synthetic", Path("a"), Path("b"), (lesion,), most)
    return Case(pair, lesion, Agreement(iou, giou), Agreement(iou / 2, giou), 10.0, 4.0, **others)


def test_shares_with_intervals_beside_the_paper_s():
    cases = [case(f"P_{number}", iou=0.4 if number < 3 else 0.0) for number in range(4)]
    table = overview("Title", {"one": cases})
    row, paper = table.rows
    assert row[:2] == ("one", "4")
    assert row[2].startswith("75.0 (")
    assert row[4].startswith("0.300 (")
    assert row[5].startswith("0.150 (")
    assert row[6] == "0.500 (0.500–0.500)"
    assert paper[2] == "66.7"
    assert paper[-1] == "about 10"
    assert len(row) == len(paper) == len(table.head)


def test_no_answer_is_no_overlap_and_is_told():
    cases = [case("P_1"), case("P_2", NAN, NAN)]
    table = overview("Title", {"one": cases})
    assert table.rows[0][2].startswith("50.0 (")
    assert table.rows[0][4].startswith("0.200 (")
    assert "one: no answer for 1 lesions" in table.notes


def test_the_histogram_of_the_loss():
    cases = [case(giou=value) for value in (1.0, 0.9, 0.1, -0.3)]
    (row,) = histogram({"one": cases}).rows
    # losses 0, 0.1, 0.9 and 1.3
    assert row == ("one", "50.0", "0.0", "0.0", "25.0", "0.0", "25.0", "0.0", "0.0")


def test_what_must_be_searched():
    shares = {"searched_mm2": 500.0}
    cases = [
        case(f"P_{number}", NAN, NAN, searched=0.1 * (number + 1), found=number > 0, **shares)
        for number in range(3)
    ]
    (row,) = searches({"arc": cases, "one": [case()]}).rows
    assert row[:2] == ("arc", "3")
    assert row[2].startswith("66.7 (")
    assert row[3].startswith("20.0 (")
    assert row[4] == "5.0 (5.0–5.0)"
    assert [line[0] for line in overview("Title", {"arc": cases, "one": [case()]}).rows][:-1] == ["one"]


def test_a_lesion_for_which_no_part_is_named_is_not_found():
    cases = [case("P_1", found=True, searched=0.1), case("P_2", NAN, NAN)]
    (row,) = searches({"arc": cases}).rows
    assert row[:2] == ("arc", "2")
    assert row[2].startswith("50.0 (")
    assert row[3].startswith("10.0 (")


def test_one_lesion_several_and_assumed_are_apart():
    cases = [case(), case("P_2", most=2), case("P_3", most=2, sure=False)]
    titles = [table.title for table in all_tables({"one": cases}, ("a note",))]
    assert titles == [
        "Breasts with one lesion", "Histogram of the GIoU loss (Fig. 4)",
        "Several lesions, matched with certainty", "Lesions whose matching is assumed",
    ]  # fmt: skip
    assert "a note" in all_tables({"one": cases}, ("a note",))[0].notes


def test_pairs_are_counted_beside_the_paper_s():
    pairs = [case("P_1").pair, case("P_1").pair, case("P_2", most=2).pair]
    table = counts({"test": pairs}, ("a note",))
    assert table.rows[0] == ("test", "3", "2", "2", "3", "0")
    assert [row[1] for row in table.rows[1:]] == ["985", "122"]
    assert table.notes == ("a note",)


def test_curves_come_from_the_log(tmp_path):
    log = tmp_path / "metrics.csv"
    log.write_text(
        "epoch,training MSE,training GIoU loss,validation MSE,validation GIoU loss\n"
        + "".join(f"{epoch},,,5,1.5\n{epoch},4,1.25,,\n" for epoch in range(30))
    )
    table = curves([log])
    assert len(table.rows) == 12
    assert table.rows[0] == ("1", "4.000", "1.250", "5.000", "1.500")
    assert table.rows[-1][0] == "30"
    with pytest.raises(UsageError, match="no file"):
        curves([tmp_path / "nowhere.csv"])
