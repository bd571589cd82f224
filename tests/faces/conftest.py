"""A command line at work on exams that never were, with a network that never learnt."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.synthetic import mammogram_dataset, save
from tests.weights import synthetic_landmarks, synthetic_weights

STUDIES = ("2.25.111", "2.25.222")
VIEWS = (("R", "CC"), ("L", "MLO"))


@pytest.fixture(scope="session")
def weights(tmp_path_factory):
    """A folder of weights of both systems that passes every check."""
    return synthetic_landmarks(synthetic_weights(tmp_path_factory.mktemp("weights")))


@pytest.fixture(scope="session")
def exams(tmp_path_factory):
    """Two synthetic exams of two images each."""
    folder = tmp_path_factory.mktemp("exams")
    for study in STUDIES:
        for laterality, view in VIEWS:
            dataset = mammogram_dataset(view, laterality, StudyInstanceUID=study)
            save(dataset, folder / study[-3:] / f"{laterality}-{view}.dcm")
    return folder


@pytest.fixture(scope="session")
def command(weights):
    """The words before a command, and the environment that names the weights."""
    environment = os.environ | {"MAMMOSCOPE_WEIGHTS": str(weights), "OMP_NUM_THREADS": "1"}
    return [sys.executable, "-c", "from mammoscope.faces.cli import main; main()"], environment


@pytest.fixture(scope="session")
def cli(command):
    """Run the command line in a process of its own."""

    def run(*words, before=(), **environment):
        start, base = command
        return subprocess.run(
            [*before, *start, *map(str, words)], env=base | environment, capture_output=True, text=True,
            stdin=subprocess.DEVNULL, timeout=120, check=False,
        )  # fmt: skip

    return run


def whole(out: Path) -> dict[str, object]:
    """What a folder of results says, without the times and places of its run."""
    manifest = json.loads((out / "manifest.json").read_text())
    for key in ("started", "finished", "command"):
        del manifest[key]
    exams = sorted(path.parent.name for path in out.glob("*/result.json"))
    return {
        "manifest": manifest,
        "summary": (out / "summary.csv").read_text(),
        "exams": {key: json.loads((out / key / "result.json").read_text()) for key in exams},
        "files": sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()),
    }
