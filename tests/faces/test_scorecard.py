import csv
import json

import pytest

from mammoscope.errors import UsageError
from mammoscope.faces.scorecard import dimensions
from tests.synthetic import mammogram_dataset, save
from tests.synthetic_results import result, write_run


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """Two runs that share an exam."""
    folder = tmp_path_factory.mktemp("runs")
    early = write_run(folder / "a", [result("0a", "fail"), result("0b")], "2024-01-01")
    late = write_run(folder / "b", [result("0a"), result("0c", "fail", unit="Mobile")], "2024-02-01")
    return early, late


def test_runs_become_a_scorecard(cli, runs, tmp_path):
    done = cli("scorecard", *runs, "-o", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[:2] == [
        "exams: 3, images: 12, profile: iarc",
        "1 results left out: a later run has the exam",
    ]
    assert lines[2] == "pectoral gap     image   fail  33.3% (9.7% to 70.0%) of 6"
    assert lines[-1] == f"scorecard: {tmp_path / 'out' / 'scorecard.html'}"
    rows = list(csv.DictReader((tmp_path / "out" / "scorecard.csv").open()))
    units = {
        row["group"]: row["fail"] for row in rows if row["by"] == "unit" and row["level"] == "woman"
    }
    assert units == {"Clinic": "0", "Mobile": "1"}


def test_json_and_a_table(cli, runs, tmp_path):
    table = tmp_path / "facts.csv"
    table.write_text("exam,operator\n0c,Jane Doe\n0z,Nobody\n")
    done = cli(
        "scorecard", *runs, "-o", tmp_path / "out", "--json", "--by", "operator", "--table", table
    )
    assert done.returncode == 0
    assert done.stderr == "mammoscope: 1 of 2 rows of the table fit no image\n"
    told = json.loads(done.stdout)
    assert told["schema"] == "mammoscope/scorecard-1"
    assert [group["group"] for group in told["criteria"][0]["by"]["operator"]] == [
        "0a1b2c3d",
        "Jane Doe",
    ]
    assert list(told["criteria"][0]["by"]) == ["operator"]


def test_a_damaged_file_is_told_and_the_rest_goes_on(cli, runs, tmp_path):
    damaged = tmp_path / "in" / "0d" / "result.json"
    damaged.parent.mkdir(parents=True)
    damaged.write_text("{")
    done = cli("scorecard", runs[0], tmp_path / "in", "-o", tmp_path / "out")
    assert done.returncode == 4
    assert done.stderr.count("\n") == 1
    assert "0d/result.json: expected JSON" in done.stderr
    assert "exams: 2," in done.stdout


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["absent"], 3, "no result could be read"),
        (["RUN", "--by", "ward"], 2, "--by takes unit, device, operator, week"),
        (["RUN", "--profile", "acr"], 2, "no exam was judged by 'acr'; there is iarc"),
        (["RUN", "--table", "absent.csv"], 2, "table"),
        (["RUN", "--chart-per", "week"], 2, "'week' is not one of"),
    ],
)
def test_mistakes(cli, runs, tmp_path, words, code, text):
    done = cli(
        "scorecard", *(runs[0] if word == "RUN" else word for word in words), "-o", tmp_path / "out"
    )
    assert done.returncode == code
    assert text in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_the_order_of_dimensions_is_ours():
    assert dimensions("week, unit") == ("unit", "week")
    with pytest.raises(UsageError):
        dimensions("")


def test_from_images_to_rates_without_a_name(cli, tmp_path):
    """The whole way: whoever took the image is counted, and named nowhere."""
    for place, (name, day) in enumerate((("DOE^JANE", "20240102"), ("ROE^JANE", "20240110"))):
        said = {
            "OperatorsName": name, "AcquisitionDate": day, "InstitutionName": "Clinic",
            "StudyInstanceUID": f"2.25.{place + 1}", "ImagerPixelSpacing": [0.5, 0.5],
        }  # fmt: skip
        for view in ("CC", "MLO"):
            save(mammogram_dataset(view, "R", **said), tmp_path / "in" / f"{place}-R-{view}.dcm")
    run = tmp_path / "run"
    done = cli("analyze", tmp_path / "in", "-o", run, MAMMOSCOPE_OPERATOR_KEY="synthetic")
    assert done.returncode == 0, done.stderr
    done = cli("scorecard", run, "-o", tmp_path / "out", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["exams"], told["images"], told["without_verdict"]) == (2, 4, {})
    for one in told["criteria"]:
        groups = {
            dimension: [group["group"] for group in found] for dimension, found in one["by"].items()
        }
        assert groups["unit"] == ["Clinic"]
        assert groups["device"] == ["Synthetic Nowhere 1 #5feceb"]
        assert groups["week"] == ["2024-W01", "2024-W02"]
        assert len(groups["operator"]) == 2
        assert all(len(code) == 8 for code in groups["operator"])
    written = [
        path for folder in (run, tmp_path / "out") for path in folder.rglob("*") if path.is_file()
    ]
    assert not [path for path in written if b"JANE" in path.read_bytes().upper()]
