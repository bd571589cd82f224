import copy
import json

import pytest

from mammoscope.errors import InputError, UsageError
from mammoscope.report.document import exam_document
from mammoscope.report.scorecard.results import exam, load, monday, of_profile, once
from tests.synthetic_results import criterion, image, result, write_run


def test_what_the_report_writes_is_read(positioned_exam):
    document = json.loads(json.dumps(exam_document(positioned_exam)))
    read = exam(document)
    assert read.profiles == {"iarc"}
    assert [(one.side, one.view) for one in read.images] == [
        (one.about.laterality.value, one.about.view.value) for one in positioned_exam.images
    ]
    named = {judged.name for one in read.images for judged in one.criteria}
    assert "pectoral gap" in named
    assert {side: bool(judged) for side, judged in read.breasts.items()} == {"R": True}
    assert [judged.outcome for judged in read.woman] == ["borderline"]
    assert read.images[0].facts["week"] == "2024-W01"


def test_a_criterion_without_threshold_is_no_verdict():
    document = result()
    document["images"][2]["answers"]["positioning"]["criteria"].append(
        criterion("muscle width", "not assessable", threshold="")
    )
    assert [one.name for one in exam(document).images[2].criteria] == ["pectoral gap"]


@pytest.mark.parametrize(
    "schema", ["mammoscope/result-2", "mammoscope/result-3", "mammoscope/result-4"]
)
def test_documents_of_both_schemas_are_read(schema):
    assert exam(result() | {"schema": schema}) == exam(result())


def test_an_image_without_verdicts_says_why():
    document = result()
    document["images"][0] = image("R", "CC", None, "0a")
    assert exam(document).images[0].silent == "not assessed: not installed"


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"schema": "mammoscope/result-1"}, "received mammoscope/result-1: analyse the exam again"),
        ({"schema": "another/thing"}, "received another: leave it out"),
        ({"schema": ["mammoscope/result-2"]}, "received another"),
        ({"images": [{}]}, "damaged result.json (KeyError)"),
        ({"images": None}, "damaged result.json (TypeError)"),
        ({"answers": []}, "damaged result.json (AttributeError)"),
        ({"key": 3}, "damaged result.json (TypeError)"),
    ],
)
def test_foreign_and_damaged_documents_are_refused(change, text):
    with pytest.raises(InputError) as caught:
        exam(result() | change)
    assert text in str(caught.value)


@pytest.mark.parametrize("document", [[], "text", 3, None])
def test_what_is_no_document_is_refused(document):
    with pytest.raises(InputError, match="received another"):
        exam(document)


def test_impossible_values_are_refused():
    unknown = result()
    unknown["images"][2]["answers"]["positioning"]["criteria"][0]["outcome"] = "excellent"
    with pytest.raises(InputError, match="damaged"):
        exam(unknown)
    with pytest.raises(InputError, match="damaged"):
        exam(result(acquired_week="2024-W54"))


def test_texts_that_a_terminal_would_obey_are_cleaned():
    document = result(unit="A\x1b[2J\ud800")
    assert exam(document).images[0].facts["unit"] == "A [2J "


def test_load_goes_on_past_what_it_cannot_read(tmp_path):
    run = write_run(tmp_path / "run", [result("0a"), result("0b")])
    (run / "0a" / "result.json").write_text("{")
    (run / ".unfinished" / "0c").mkdir(parents=True)
    (run / ".unfinished" / "0c" / "result.json").write_text("{}")
    loaded = load([run, tmp_path / "absent", run / "0b" / "result.json"])
    assert [one.key for one in loaded.exams] == ["0b", "0b"]
    assert len(loaded.problems) == 2
    assert "0a/result.json: expected JSON" in loaded.problems[0]
    assert "absent: expected a folder" in loaded.problems[1]


def test_json_that_is_too_deep_is_damaged(tmp_path):
    run = write_run(tmp_path, [result()])
    (run / "deep").mkdir()
    (run / "deep" / "result.json").write_text("[" * 200_000)
    assert len(load([run]).problems) == 1


def test_nothing_readable(tmp_path):
    with pytest.raises(InputError, match=r"no result could be read: .*absent.* and 1 more"):
        load([tmp_path / "absent", tmp_path])


def test_runs_say_when_they_ended(tmp_path):
    early = write_run(tmp_path / "b", [result("0a")], "2024-01-01T00:00:00+00:00")
    broken = write_run(tmp_path / "c", [result("0b")])
    (broken / "manifest.json").write_text("[]")
    assert [one.finished for one in load([early, broken]).exams] == ["2024-01-01T00:00:00+00:00", ""]


def test_profiles_are_not_mixed():
    exams = [exam(result("0a", profile="iarc")), exam(result("0b", profile="pgmi"))]
    with pytest.raises(UsageError, match=r"iarc, pgmi cannot be counted together: .*--profile"):
        of_profile(exams)
    assert [one.key for one in of_profile(exams, "pgmi")] == ["0b"]
    with pytest.raises(UsageError, match="no exam was judged by 'acr'; there is iarc, pgmi"):
        of_profile(exams, "acr")


def test_exams_that_nobody_judged_stay():
    silent = result("0c")
    silent["answers"] = {}
    silent["images"] = [image("R", "CC", None, "0c")]
    exams = [exam(result("0a")), exam(silent)]
    assert len(of_profile(exams)) == len(of_profile(exams, "iarc")) == 2


def test_the_later_run_of_an_exam_counts(tmp_path):
    early = write_run(tmp_path / "z", [result("0a", "fail"), result("0b")], "2024-01-01")
    late = write_run(tmp_path / "a", [result("0a", "pass")], "2024-02-01")
    kept, left_out = once(load([late, early]).exams)
    assert left_out == 1
    assert [(one.key, one.finished) for one in kept] == [("0a", "2024-02-01"), ("0b", "2024-01-01")]


def test_without_times_the_one_named_last_counts():
    first, last = exam(result("0a", "fail")), exam(result("0a", "pass"))
    assert once([first, last]) == ((last,), 1)


def test_a_run_without_verdicts_displaces_none():
    silent = copy.deepcopy(result("0a"))
    silent["answers"] = {}
    for one in silent["images"]:
        one["answers"] = {}
    judged, bare = exam(result("0a")), exam(silent)
    assert once([judged, bare]) == ((judged,), 1)


def test_exams_of_one_name_are_not_one_exam():
    """Folders of raster files at two sites may both be called case1."""
    other = result("case1")
    for one in other["images"]:
        one["sha256"] = one["sha256"][::-1]
    kept, left_out = once([exam(result("case1")), exam(other)])
    assert (len(kept), left_out) == (2, 0)


def test_images_without_a_hash_are_told_by_exam_and_name():
    bare = [exam(result(key, sha256="")) for key in ("0a", "0a", "0b")]
    assert once(bare)[1] == 1


@pytest.mark.parametrize("week", ["2024-W00", "2024-W54", "2024-5", "2024W05", "", "２０２４-W05x"])
def test_weeks_that_are_none(week):
    with pytest.raises(ValueError):
        monday(week)


def test_the_monday_of_a_week():
    assert monday("2024-W05").isoformat() == "2024-01-29"
