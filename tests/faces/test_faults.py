"""Faults in a run: killed at any write, disk full, two at once, asked to end."""

import json
import os
import shutil
import signal
import subprocess
import time

import pytest

from tests.faces.conftest import whole

needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="needs strace")


@pytest.fixture(scope="session")
def reference(cli, exams, tmp_path_factory):
    """What a run that nothing disturbs leaves behind."""
    out = tmp_path_factory.mktemp("reference") / "out"
    done = cli("analyze", exams, "-o", out, "--masks")
    assert done.returncode == 0, done.stderr
    return whole(out)


def inject(fault):
    call = fault.partition(":")[0]
    return ["strace", "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", f"inject={fault}"]


@needs_strace
@pytest.mark.parametrize("when", [2, 8, 12, 17])
def test_killed_at_a_rename_nothing_is_lost_and_nothing_comes_twice(
    cli, exams, tmp_path, reference, when
):
    out = tmp_path / "out"
    words = ("analyze", exams, "-o", out, "--masks", "--resume")
    killed = cli(*words, before=inject(f"rename:signal=KILL:when={when}"))
    assert killed.returncode in (-9, 137)
    for result in out.glob("*/result.json"):
        assert json.loads(result.read_text())["images"]
    done = cli(*words)
    assert done.returncode == 0, done.stderr
    assert whole(out) == reference


@pytest.mark.parametrize("seconds", [0.8])
def test_killed_at_any_time(command, cli, exams, tmp_path, reference, seconds):
    out = tmp_path / "out"
    words = ("analyze", exams, "-o", out, "--masks", "--resume")
    start, environment = command
    process = subprocess.Popen([*start, *map(str, words)], env=environment, stdout=subprocess.DEVNULL)
    time.sleep(seconds)
    process.kill()
    process.wait()
    assert cli(*words).returncode == 0
    assert whole(out) == reference


@needs_strace
@pytest.mark.parametrize("fault", ["fsync:error=ENOSPC:when=4", "rename:error=EROFS:when=6"])
def test_a_full_disk_stops_the_run_and_leaves_no_part(cli, exams, tmp_path, reference, fault):
    out = tmp_path / "out"
    stopped = cli("analyze", exams, "-o", out, "--masks", before=inject(fault))
    assert stopped.returncode == 3
    assert "cannot write" in stopped.stderr
    assert not (out / ".unfinished").exists()
    assert not list(out.rglob(".part-*"))
    assert cli("analyze", exams, "-o", out, "--masks", "--resume").returncode == 0
    assert whole(out) == reference


def test_files_may_not_grow(command, exams, tmp_path):
    start, environment = command
    words = [*start, "analyze", str(exams), "-o", str(tmp_path / "out")]
    done = subprocess.run(
        ["bash", "-c", 'ulimit -f 8; exec "$@"', "bash", *words],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3
    assert "cannot write" in done.stderr
    assert not list((tmp_path / "out").glob("*/report.html"))


@pytest.mark.parametrize("options", ["size=1m", "ro"])
def test_a_small_or_read_only_disk_is_refused_before_inference(command, exams, tmp_path, options):
    if subprocess.run(["unshare", "-Urm", "true"], check=False).returncode:
        pytest.skip("needs user namespaces")
    start, environment = command
    words = [*start, "analyze", str(exams), "-o", str(tmp_path / "disk" / "out")]
    (tmp_path / "disk").mkdir()
    script = f'mount -t tmpfs -o {options} none {tmp_path}/disk || exit 77; "$@"; code=$?; '
    script += f"find {tmp_path}/disk -name '*.json' | grep -v run.json; exit $code"
    done = subprocess.run(
        ["unshare", "-Urm", "bash", "-c", script, "bash", *words],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode == 77:
        pytest.skip("may not mount")
    assert done.returncode == 3
    assert "free" in done.stderr or "cannot write" in done.stderr
    assert done.stdout == ""


def test_two_processes_on_one_folder(cli, command, exams, tmp_path):
    out = tmp_path / "out"
    start, environment = command
    words = [*start, "analyze", "-", "-o", str(out)]
    first = subprocess.Popen(words, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    while not (out / ".run.json").exists() and first.poll() is None:
        time.sleep(0.05)
    second = cli("analyze", exams, "-o", out)
    assert second.returncode == 3
    assert "another mammoscope writes" in second.stderr
    first.communicate(str(exams).encode())
    assert first.returncode == 0
    assert len(list(out.glob("*/result.json"))) == 2


def hears_ctrl_c():
    """What runs in the background of a shell inherits that it ignores Ctrl-C."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_end_it_keeps_what_is_finished(command, cli, exams, tmp_path, reference, number):
    out = tmp_path / "out"
    start, environment = command
    words = [*start, "analyze", str(exams), "-o", str(out), "--masks"]
    process = subprocess.Popen(
        words, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True,
        preexec_fn=hears_ctrl_c,
    )  # fmt: skip
    while not (out / ".unfinished").exists() and process.poll() is None:
        time.sleep(0.005)
    os.killpg(process.pid, number)  # as a terminal and a service manager do
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "--resume" in told
    assert not (out / "manifest.json").exists()
    assert cli("analyze", exams, "-o", out, "--masks", "--resume").returncode == 0
    assert whole(out) == reference


def test_results_are_not_overwritten_by_accident(cli, exams, tmp_path):
    out = tmp_path / "out"
    assert cli("analyze", exams, "-o", out).returncode == 0
    again = cli("analyze", exams, "-o", out)
    assert again.returncode == 2
    assert "--resume goes on with them, --overwrite removes them" in again.stderr
    changed = cli("analyze", exams, "-o", out, "--resume", "--masks")
    assert changed.returncode == 2
    assert "--resume goes on with the same settings" in changed.stderr
    assert cli("analyze", exams, "-o", out, "--overwrite", "--masks").returncode == 0
    assert len(list(out.glob("*/masks/*.png"))) == 4


def test_a_folder_of_something_else_is_left_alone(cli, exams, tmp_path):
    (tmp_path / "letter.txt").write_text("mine")
    done = cli("analyze", exams, "-o", tmp_path, "--overwrite")
    assert done.returncode == 2
    assert "not empty" in done.stderr
    assert (tmp_path / "letter.txt").read_text() == "mine"


def test_resume_does_again_only_what_changed(cli, exams, tmp_path):
    here, out = tmp_path / "in", tmp_path / "out"
    shutil.copytree(exams, here)
    assert cli("analyze", here, "-o", out).returncode == 0
    before = {path: path.stat().st_mtime_ns for path in out.glob("*/result.json")}
    (here / "111" / "L-MLO.dcm").unlink()
    assert cli("analyze", here, "-o", out, "--resume").returncode == 0
    after = {path: path.stat().st_mtime_ns for path in out.glob("*/result.json")}
    assert before.keys() == after.keys()
    assert sorted(before[path] == after[path] for path in before) == [False, True]
    assert json.loads((out / "manifest.json").read_text())["counts"]["inputs"] == 3
