"""Malignancy from the command line and from Python, with a network that never learnt."""

import csv
import json

import pytest

import mammoscope
from mammoscope.core import ExamMalignancy, NotAssessed
from mammoscope.measures.reasons import NOT_SOUGHT
from tests.weights import synthetic_screening


@pytest.fixture(scope="module")
def scoring(tmp_path_factory):
    """A folder of weights of the screening room alone, which scores every image 0.8."""
    return synthetic_screening(tmp_path_factory.mktemp("screening"), threshold_f1=0.5)


def scores(out):
    return [
        (row["screening"], row["malignancy_score"], row["exam_malignancy_above"])
        for row in csv.DictReader((out / "summary.csv").open())
    ]


def test_it_is_told_without_a_reason_only_when_switched_on(cli, exams, scoring, tmp_path):
    silent, told = tmp_path / "silent", tmp_path / "told"
    words = ("analyze", exams / "111", "--weights", scoring)
    assert cli(*words, "-o", silent).returncode == 0
    assert scores(silent) == [(f"not assessed: {NOT_SOUGHT.reason}", "", "")] * 2
    assert cli(*words, "-o", told, "--malignancy-always").returncode == 0
    assert scores(told) == [("result", "0.8", "yes")] * 2
    manifest = json.loads((told / "manifest.json").read_text())
    assert manifest["settings"]["malignancy_always"] is True
    resumed = cli(*words, "-o", told, "--resume")
    assert resumed.returncode == 2
    assert "--resume goes on with the same settings" in resumed.stderr


def test_python_asks_in_the_same_way(exams, scoring):
    (exam,) = mammoscope.analyze([exams / "111"], weights=scoring)
    assert exam.answers["screening"] == NotAssessed(NOT_SOUGHT.reason)
    (exam,) = mammoscope.analyze([exams / "111"], weights=scoring, malignancy_always=True)
    answer = exam.answers["screening"]
    assert isinstance(answer, ExamMalignancy)
    assert answer.score == pytest.approx(0.8, abs=1e-4)
    assert answer.threshold == 0.5
    assert set(answer.breasts) == {"L", "R"}
