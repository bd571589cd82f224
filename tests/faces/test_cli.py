import csv
import json
import subprocess
import sys

import pytest

from mammoscope.measures.profiles import DEFAULT_PROFILE, FOLDER, PROFILES, load_profile
from tests.synthetic import mammogram_dataset, save
from tests.weights import synthetic_landmarks, synthetic_weights


def test_help_lists_the_commands(cli):
    done = cli("--help")
    assert done.returncode == 0
    assert all(
        word in done.stdout
        for word in ("analyze", "demo", "register", "doctor", "weights", "train", "evaluate")
    )


def test_an_exam_becomes_a_folder(cli, exams, tmp_path):
    done = cli("analyze", exams, "-o", tmp_path / "out", "--preview", "--masks", "--json")
    assert done.returncode == 0, done.stderr
    manifest = json.loads(done.stdout)
    assert manifest["counts"] == {"inputs": 4, "results": 4, "skips": 0, "errors": 0}
    assert manifest == json.loads((tmp_path / "out" / "manifest.json").read_text())
    keys = {entry["exam"] for entry in manifest["inputs"]}
    assert len(keys) == 2
    for key in keys:
        names = {path.name for path in (tmp_path / "out" / key).rglob("*") if path.is_file()}
        assert {"result.json", "report.html", "1-R-CC.png", "2-L-MLO.png"} <= names
    rows = list(csv.DictReader((tmp_path / "out" / "summary.csv").open()))
    assert len(rows) == 4
    assert {row["positioning"] for row in rows} == {"result"}
    assert {row["findings"] for row in rows} == {"not assessed: no weights"}
    assert (tmp_path / "out" / "index.html").is_file()


def test_results_are_on_stdout_and_nothing_else(cli, exams, tmp_path):
    done = cli("analyze", exams, "-o", tmp_path / "out")
    assert done.returncode == 0
    assert "4 inputs: 4 with results, 0 skipped, 0 with errors" in done.stdout
    assert done.stderr == ""


def test_a_bad_image_makes_the_batch_partial(cli, exams, tmp_path):
    bad = tmp_path / "bad.dcm"
    bad.write_text("no image")
    done = cli("analyze", exams, bad, "-o", tmp_path / "out")
    assert done.returncode == 4
    assert "rejected   bad.dcm" in done.stdout


def test_bad_images_alone_are_bad_input(cli, tmp_path):
    bad = tmp_path / "bad.dcm"
    bad.write_text("no image")
    assert cli("analyze", bad, "-o", tmp_path / "out").returncode == 3


def test_an_absent_path_is_bad_input(cli, tmp_path):
    done = cli("analyze", tmp_path / "absent", "-o", tmp_path / "out")
    assert done.returncode == 3
    assert "no such file" in done.stdout


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["--set", "colour=1"], "unknown setting 'colour'"),
        (["--set", "threads"], "--set takes key=value"),
        (["--set", "threads=many"], "threads takes int"),
        (["--table", "absent.csv"], "table"),
        (["--spacing", "-1"], "spacing"),
        (["--profile", "strict"], "a profile is acr, pgmi, iarc, paper or a TOML file, got 'strict'"),
        (["--nonsense"], "No such option"),
    ],
)
def test_the_callers_mistakes(cli, exams, tmp_path, words, text):
    done = cli("analyze", exams, "-o", tmp_path / "out", *words)
    assert done.returncode == 2
    assert text in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.glob("out/*/result.json"))


def test_results_do_not_lie_among_the_inputs(cli, exams):
    done = cli("analyze", exams, "-o", exams / "out")
    assert done.returncode == 2
    assert "lies in a folder that is read" in done.stderr
    assert not (exams / "out").exists()


def test_the_default_profile_is_the_measures(cli):
    assert f"[default: {DEFAULT_PROFILE}]" in cli("analyze", "--help", COLUMNS="300").stdout


def test_a_profile_is_printed_to_be_copied(cli, tmp_path):
    listed = [line.split()[0] for line in cli("profiles").stdout.splitlines()]
    assert listed == list(PROFILES)
    copy = tmp_path / "mine.toml"
    copy.write_text(cli("profiles", "acr").stdout)
    assert load_profile(copy) == load_profile("acr")
    assert cli("profiles", "strict").returncode == 2


def test_damaged_weights_refuse_to_start(cli, exams, tmp_path):
    folder = synthetic_weights(tmp_path / "weights")
    (folder / "segmentation.onnx").write_bytes(b"\x80\x04")
    done = cli("analyze", exams, "-o", tmp_path / "out", "--weights", folder)
    assert done.returncode == 5
    assert "ONNX was expected, got a pickle" in done.stderr
    assert not (tmp_path / "out").exists()


def test_absent_weights_refuse_to_start(cli, exams, tmp_path):
    done = cli("analyze", exams, "-o", tmp_path / "out", MAMMOSCOPE_WEIGHTS=str(tmp_path))
    assert done.returncode == 5
    assert "no weights in" in done.stderr


@pytest.mark.parametrize(
    ("make", "positioning", "segmentation"),
    [
        (synthetic_weights, "not assessed: no weights", "result"),
        (synthetic_landmarks, "result", "not assessed: no weights"),
    ],
)
def test_a_folder_of_ones_own_may_hold_one_system(
    cli, exams, tmp_path, make, positioning, segmentation
):
    done = cli("analyze", exams, "-o", tmp_path / "out", "--weights", make(tmp_path / "weights"))
    assert done.returncode == 0, done.stderr
    for row in csv.DictReader((tmp_path / "out" / "summary.csv").open()):
        assert (row["positioning"], row["segmentation"]) == (positioning, segmentation)
    (used,) = json.loads((tmp_path / "out" / "manifest.json").read_text())["weights"]
    assert used.startswith("segmentation" if segmentation == "result" else "positioning")


def test_a_run_records_its_profile_and_goes_on_with_the_same_only(cli, exams, tmp_path):
    out, mine = tmp_path / "out", tmp_path / "mine.toml"
    mine.write_text((FOLDER / "iarc.toml").read_text().replace('name = "iarc"', 'name = "mine"'))
    assert cli("analyze", exams, "-o", out, "--profile", mine).returncode == 0
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["settings"]["profile"]["name"] == "mine"
    assert [used.split()[0] for used in manifest["weights"]] == ["positioning", "segmentation"]
    for key in {entry["exam"] for entry in manifest["inputs"]}:
        exam = json.loads((out / key / "result.json").read_text())
        assert exam["answers"]["positioning"]["profile"] == "mine"
        assert {image["answers"]["positioning"]["profile"] for image in exam["images"]} == {"mine"}
    assert cli("analyze", exams, "-o", out, "--profile", mine, "--resume").returncode == 0
    mine.write_text(mine.read_text().replace("title = ", "title = 'edited' #"))
    edited = cli("analyze", exams, "-o", out, "--profile", mine, "--resume")
    assert edited.returncode == 2
    assert "--resume goes on with the same settings" in edited.stderr


def test_the_users_spacing_is_recorded_as_such(cli, tmp_path):
    dataset = mammogram_dataset(ImagerPixelSpacing=None, StudyInstanceUID="2.25.5")
    save(dataset, tmp_path / "in" / "L-CC.dcm")
    assert cli("analyze", tmp_path / "in", "-o", tmp_path / "out", "--spacing", "0.5").returncode == 0
    (row,) = csv.DictReader((tmp_path / "out" / "summary.csv").open())
    assert row["spacing_row_mm"] == "0.5"
    assert "user" in row["spacing_source"]
    assert float(row["breast_mm2"]) == pytest.approx(int(row["breast_px"]) / 4, rel=1e-3)


def test_nothing_of_training_is_imported(command, exams, tmp_path):
    words = ["mammoscope", "analyze", str(exams), "-o", str(tmp_path / "out")]
    heavy = "{'torch', 'lightning', 'onnx', 'pandas', 'sklearn'}"
    script = (
        f"import sys; sys.argv = {words!r}\n"
        "from mammoscope.faces.cli import main\n"
        "try:\n    main()\n"
        f"except SystemExit as end:\n    print(end.code, {heavy} & set(sys.modules))\n"
    )
    start = [sys.executable, "-c", script]
    done = subprocess.run(
        start, env=command[1], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stdout.splitlines()[-1] == "0 set()", done.stderr


def test_doctor_is_content(cli):
    done = cli("doctor", "--json")
    found = json.loads(done.stdout)
    assert done.returncode == 0, done.stdout
    assert found["healthy"]
    parts = {check["part"] for check in found["checks"]}
    assert parts == {"program", "package", "extra", "codec", "provider", "weights", "sandbox"}


def test_doctor_does_without_a_system_that_a_folder_of_ones_own_lacks(cli, tmp_path):
    done = cli("doctor", "--json", "--weights", synthetic_weights(tmp_path))
    assert done.returncode == 0, done.stdout
    found = {check["name"]: check["ok"] for check in json.loads(done.stdout)["checks"]}
    assert (found["segmentation"], found["positioning"]) == (True, None)


def test_doctor_sees_bad_weights(cli, tmp_path):
    folder = synthetic_weights(tmp_path)
    (folder / "segmentation.onnx").write_bytes(b"")
    done = cli("doctor", "--weights", folder)
    assert done.returncode == 5
    assert "bytes were expected, got 0" in done.stdout


def test_a_reader_that_goes_away_is_no_error(command, exams, tmp_path):
    start, environment = command
    words = [*start, "analyze", str(exams), "-o", str(tmp_path / "out")]
    process = subprocess.Popen(
        words, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    process.stdout.close()
    told = process.stderr.read()
    assert process.wait() == 0
    assert told == ""
    assert (tmp_path / "out" / "manifest.json").is_file()


def test_a_fault_of_ours_is_one_line_and_its_place_on_request(command):
    script = (
        "import sys, mammoscope.faces.doctor as doctor\n"
        "from mammoscope.faces.cli import main\n"
        "def broken(*_, **__):\n    raise ValueError('DOE^JANE')\n"
        "doctor.run = broken\nmain()"
    )
    for words, traced in ((["doctor"], False), (["--debug", "doctor"], True)):
        done = subprocess.run(
            [sys.executable, "-c", script, *words], env=command[1], capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert done.stderr.startswith("mammoscope: ValueError, a fault in mammoscope")
        assert ("Traceback" in done.stderr) is traced
        assert ("DOE" in done.stderr) is traced
