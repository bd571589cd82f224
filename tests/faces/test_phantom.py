import json

import pytest

from mammoscope.errors import SettingsError, UsageError
from mammoscope.faces import extras
from mammoscope.faces import phantom as command
from mammoscope.faces.extras import absent
from mammoscope.phantom import Settings
from mammoscope.phantom.saved import load
from tests.phantom.handmade import handmade_exam

needs_train = pytest.mark.skipif(bool(absent("train")), reason="needs mammoscope[train]")
COARSE = ("--pixel-mm", "1", "--set", "voxel_mm=2", "--set", "points=50")


@pytest.fixture
def by_hand(monkeypatch):
    """Exams drawn by hand instead of computed; yields what was asked for."""
    pytest.importorskip("torch", reason="needs mammoscope[train]")
    asked = []

    def make(seed, settings, device):
        asked.append((seed, settings, device))
        return handmade_exam(seed)

    monkeypatch.setattr(command, "make_exam", make)
    return asked


def test_exams_have_seeds_one_after_another(by_hand, tmp_path, capsys):
    command.run(command.Request(tmp_path / "out", exams=2, seed=41, as_json=True))
    said = json.loads(capsys.readouterr().out)
    assert [one["seed"] for one in said["exams"]] == [41, 42]
    assert [seed for seed, _, _ in by_hand] == [41, 42]
    assert said == json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert said["synthetic"] is True
    for one in said["exams"]:
        assert len(one["images"]) == 4
        assert all((tmp_path / "out" / name).is_file() for name in (*one["images"], one["truth"]))


def test_all_kinds_of_two_looks(by_hand, tmp_path, capsys):
    looks = ("ge-like", "fuji-like")
    command.run(command.Request(tmp_path / "out", kind="all", looks=looks, keep=True))
    folders = {path.parent.name for path in (tmp_path / "out" / "images").rglob("*.dcm")}
    assert folders == {"raw", "ge-like", "fuji-like", "film"}
    assert "1 exams, 16 images, all synthetic" in capsys.readouterr().out
    kept = load(tmp_path / "out" / "truth" / "exam-000000" / "exam.npz")
    assert kept.seed == 0


def test_nothing_half_made_is_left(by_hand, tmp_path):
    command.run(command.Request(tmp_path / "out"))
    left = {path.name for path in (tmp_path / "out").iterdir()}
    assert left == {".lock", "images", "manifest.json", "truth"}


def test_on_the_cpu_torch_has_one_thread(by_hand, tmp_path):
    torch = pytest.importorskip("torch")
    torch.set_num_threads(2)
    command.run(command.Request(tmp_path / "out"))
    assert torch.get_num_threads() == 1


def test_an_exam_that_fails_leaves_those_before_it(monkeypatch, tmp_path):
    def make(seed, settings, device):
        if seed:
            raise RuntimeError("no more memory")
        return handmade_exam(seed)

    monkeypatch.setattr(command, "make_exam", make)
    with pytest.raises(RuntimeError):
        command.run(command.Request(tmp_path / "out", exams=2))
    assert [path.name for path in (tmp_path / "out" / "images").iterdir()] == ["exam-000000"]
    assert not (tmp_path / "out" / "manifest.json").exists()
    assert not (tmp_path / "out" / ".unfinished").exists()


def test_a_folder_that_holds_something_is_left_alone(by_hand, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="is not empty: name a new folder with -o"):
        command.run(command.Request(tmp_path))
    assert (tmp_path / "mine.txt").read_text() == "mine"
    assert not by_hand


def test_an_unknown_look_is_refused_before_anything_is_made(by_hand, tmp_path):
    with pytest.raises(UsageError, match="a look is one of hologic-like"):
        command.run(command.Request(tmp_path / "out", looks=("agfa",)))
    assert not by_hand
    assert not (tmp_path / "out").exists()


@needs_train
def test_a_gpu_that_is_not_there(by_hand, tmp_path, monkeypatch):
    monkeypatch.setattr("torch.cuda.is_available", lambda: False)
    with pytest.raises(UsageError, match="--device cuda needs a GPU"):
        command.run(command.Request(tmp_path / "out", device="cuda"))
    assert not by_hand


def test_options_become_settings():
    made = command.settings_of(0.3, "D", ("rotation",), {"voxel_mm": "1.5"})
    assert made == Settings(pixel_mm=0.3, density="D", errors=("rotation",), voxel_mm=1.5)
    assert command.settings_of(0.1, None, (), {}).density is None


@pytest.mark.parametrize("errors", [("crooked",), ("",)])
def test_an_unknown_error_of_positioning_is_refused(errors):
    with pytest.raises(SettingsError, match="errors"):
        command.settings_of(0.1, None, errors, {})


def contents(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@needs_train
def test_from_the_command_to_results(cli, tmp_path):
    out = tmp_path / "phantom"
    done = cli(
        "phantom", "-o", out, "--seed", 3, "--burn-in", "--errors", "too little pectoral", *COARSE
    )
    assert done.returncode == 0, done.stderr
    assert "1 exams, 4 images, all synthetic" in done.stdout
    truth = json.loads((out / "truth" / "exam-000003" / "truth.json").read_text())
    assert "too little pectoral" in {error for image in truth["images"] for error in image["errors"]}
    done = cli("analyze", out / "images", "-o", tmp_path / "results", "--json")
    assert done.returncode == 0, done.stderr
    manifest = json.loads(done.stdout)
    assert manifest["counts"] == {"inputs": 4, "results": 4, "skips": 0, "errors": 0}
    assert len({entry["exam"] for entry in manifest["inputs"]}) == 1
    assert cli("phantom", "-o", out, *COARSE).returncode == 2


@needs_train
def test_the_same_seed_gives_the_same_files(cli, tmp_path):
    for name in ("one", "other"):
        done = cli("phantom", "-o", tmp_path / name, "--kind", "film", *COARSE)
        assert done.returncode == 0, done.stderr
    one, other = (contents(tmp_path / name) for name in ("one", "other"))
    assert len(one) > 10
    assert one == other


def test_without_torch_the_extra_is_named(cli, tmp_path):
    hidden = tmp_path / "sitecustomize.py"
    hidden.write_text(
        "import importlib.util as util\n"
        "known = util.find_spec\n"
        "util.find_spec = lambda name, *rest: None if name == 'torch' else known(name, *rest)\n"
    )
    done = cli("phantom", "-o", tmp_path / "out", PYTHONPATH=str(tmp_path))
    assert done.returncode == 5
    assert "this needs torch: install them with pip install 'mammoscope[train]'" in done.stderr
    assert not (tmp_path / "out").exists()


def test_making_spectra_belongs_to_the_extra():
    assert "spekpy" in extras.EXTRAS["train"]


@pytest.mark.parametrize(
    "words", [("--exams", "0"), ("--kind", "print"), ("--density", "E"), ("--device", "tpu"), ()]
)
def test_words_that_make_no_sense(cli, tmp_path, words):
    out = ("-o", tmp_path / "out") if words else ()
    assert cli("phantom", *out, *words).returncode == 2
