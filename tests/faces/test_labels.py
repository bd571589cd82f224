"""What labels alone tell, from the command line."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

EXTRACT = Path(__file__).parents[1] / "data" / "positioning_labels_extract.csv"


WITHOUT = """
import sys
class Absent:
    def find_spec(self, name, *_):
        if name.partition(".")[0] in ("torch", "lightning", "onnx", "timm", "pandas"):
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Absent())
from mammoscope.faces.cli import main
main()
"""


def test_labels_alone_need_no_pixels_and_no_torch(command):
    _, environment = command
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT, "evaluate", "positioning", "--labels-only", str(EXTRACT)],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "test        3     123    3     77" in done.stdout
    assert "Agreement: 84.2 % (16/19)" in done.stdout


def test_labels_alone_for_a_script(cli):
    done = cli("evaluate", "positioning", "--labels-only", EXTRACT, "--json")
    assert json.loads(done.stdout)["split"]["test"] == {"good": 3, "poor": 3}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "needs --labels and --out, or --labels-only"),
        (("--labels-only", EXTRACT, "--labels", EXTRACT), "takes no --labels"),
        (("--labels-only", EXTRACT, "--activation"), "--json at most"),
        (("--labels-only", EXTRACT, "--models", "shipped"), "--json at most"),
        (("--labels-only", "none.csv"), "no file none.csv: name a table"),
    ],
)
def test_what_is_missing_is_said(cli, words, said):
    done = cli("evaluate", "positioning", *words)
    assert done.returncode == 2
    assert said in done.stderr
