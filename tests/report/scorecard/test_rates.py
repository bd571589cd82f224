import pytest

from mammoscope.errors import UsageError
from mammoscope.report.scorecard.rates import cards, verdicts
from mammoscope.report.scorecard.results import DIMENSIONS, exam
from tests.synthetic_results import criterion, result


def made(*documents, by=DIMENSIONS, chart_per=None):
    found = cards(verdicts(map(exam, documents)), by, chart_per)
    return {card.criterion.name: card for card in found}


def test_levels_are_counted_apart():
    found = made(result("0a", "pass"), result("0b", "fail"))
    levels = [(card.criterion.level, name, card.overall.assessable) for name, card in found.items()]
    assert levels == [
        ("image", "pectoral gap", 4),
        ("breast", "line difference", 4),
        ("woman", "symmetry", 2),
    ]


def test_rates_are_shares_of_what_could_be_assessed():
    outcomes = ("fail", "pass", "borderline", "not assessable", "pass")
    overall = made(*(result(f"0{n}", outcome) for n, outcome in enumerate(outcomes)))[
        "symmetry"
    ].overall
    assert overall.counts == {"fail": 1, "pass": 2, "borderline": 1, "not assessable": 1}
    assert overall.assessable == 4
    # Wilson, 1 of 4, z = 1.96: (0.25 + 0.4802) / 1.9604 = 0.3725 ± 0.3270
    assert overall.share("fail") == pytest.approx((0.25, 0.0456, 0.6994), abs=5e-5)
    assert overall.share("pass").estimate == 0.5


def test_reasons_are_counted():
    document = result()
    gap = document["images"][2]["answers"]["positioning"]["criteria"]
    gap[:] = [criterion(outcome="not assessable", reason="no spacing")]
    overall = made(document, result("0b", "not assessable"))["pectoral gap"].overall
    assert overall.reasons == {"no reason given": 2, "no spacing": 1}


def test_small_groups_are_shown():
    found = made(result("0a", unit="Large"), result("0b", unit="Large"), result("0c", "fail", unit=""))
    groups = found["symmetry"].groups["unit"]
    assert [(name, rate.assessable) for name, rate in groups.items()] == [
        ("Large", 2),
        ("not stated", 1),
    ]
    assert groups["not stated"].share("fail").low == pytest.approx(0.2065, abs=1e-4)


def test_a_breast_whose_images_differ_belongs_to_nobody():
    document = result()
    for one in document["images"]:
        if one["laterality"]["value"] == "L":
            one["operator"] = "" if one["view"]["value"] == "CC" else "ffffffff"
    document["images"][2]["operator"] = "eeeeeeee"
    found = made(document)
    by_breast = {
        name: rate.assessable for name, rate in found["line difference"].groups["operator"].items()
    }
    assert by_breast == {"ffffffff": 1, "several": 1}
    assert list(found["symmetry"].groups["operator"]) == ["several"]
    assert set(found["pectoral gap"].groups["operator"]) == {"eeeeeeee", "ffffffff"}


def test_images_set_aside_do_not_count():
    document = result()
    document["images"][2]["set_aside"] = "repeated view"
    assert made(document)["pectoral gap"].overall.assessable == 1


def test_the_course_has_the_weeks_in_order_and_no_other_word():
    weeks = ("2024-W02", "2023-W52", "", "2024-W02")
    found = made(*(result(f"0{n}", "fail", acquired_week=week) for n, week in enumerate(weeks)))
    course = found["symmetry"].course
    assert [(point.label, point.events, point.total) for point in course.points] == [
        ("2023-W52", 1, 1),
        ("2024-W02", 2, 2),
    ]


def test_a_chart_for_each_unit():
    found = made(result("0a", unit="A"), result("0b", unit="B"), by=("unit",), chart_per="unit")
    assert list(found["symmetry"].charts) == ["", "A", "B"]
    assert made(result(), by=("unit",))["symmetry"].charts == {}
    assert made(result(), by=("unit",))["symmetry"].course.points == ()


def test_a_profile_that_changed_between_runs():
    changed = result("0b")
    changed["answers"]["positioning"]["woman"]["criteria"][0]["threshold"] = "at most 5 mm"
    with pytest.raises(
        UsageError, match="symmetry was judged by 'at most 10 mm' and by 'at most 5 mm'"
    ):
        made(result("0a"), changed)


def test_views_may_have_thresholds_of_their_own():
    document = result()
    other = [criterion(threshold="at most 20 mm")]
    document["images"][0]["answers"]["positioning"]["criteria"] = other
    found = cards(verdicts([exam(document)]), ())
    assert [card.criterion.threshold for card in found if card.criterion.level == "image"] == [
        "at most 20 mm",
        "at most 10 mm",
    ]
