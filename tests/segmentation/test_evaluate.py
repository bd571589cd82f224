import csv
from pathlib import Path

import numpy as np
import pytest

from mammoscope.runtime import open_session
from mammoscope.runtime.weights import register
from mammoscope.segmentation.evaluate import evaluate, evaluate_segmenter, predictor, write_cases
from mammoscope.segmentation.infer import Segmenter
from mammoscope.segmentation.network import Network
from mammoscope.segmentation.prepare import prepare
from mammoscope.segmentation.train import export
from tests.segmentation import miniature


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    return miniature.write(tmp_path_factory.mktemp("data"), datasets=("Fuji",), women=2)


def test_a_perfect_answer_scores_one(tmp_path, records):
    examples = prepare(records, miniature.tiny(), tmp_path)
    cases = evaluate(lambda example: np.array(example.mask), records, examples)
    assert [case.overall for case in cases] == [1.0] * 4
    assert [case.record for case in cases] == records
    oblique = [case for case in cases if case.record.view == "MLO"]
    assert all(case.pectoral == 1 and case.present for case in oblique)


def test_a_network_answers_at_its_own_scale(tmp_path, records):
    examples = prepare(records, miniature.tiny(), tmp_path)
    labels = predictor(Network(miniature.tiny().network))(examples[0])
    assert labels.shape == examples[0].mask.shape
    assert labels.dtype == np.uint8


def test_the_shipped_room_is_measured_in_source_pixels(tmp_path, records):
    path = export(Network(miniature.tiny().network), miniature.tiny(), tmp_path)
    register(tmp_path, "segmentation", path.name, "segmentation.json")
    seen = []
    cases = evaluate_segmenter(
        Segmenter(open_session("segmentation", tmp_path)), records, lambda: seen.append(1)
    )
    assert len(cases) == len(seen) == 4
    assert all(0 <= case.breast <= 1 for case in cases)


def test_cases_are_written_a_line_each(tmp_path, records):
    examples = prepare(records, miniature.tiny(), tmp_path / "kept")
    cases = evaluate(lambda example: np.array(example.mask), records, examples)
    write_cases({"perfect": cases}, tmp_path / "deep" / "cases.csv")
    with Path(tmp_path / "deep" / "cases.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 4
    assert rows[0]["model"] == "perfect"
    assert rows[0]["overall"] == "1.000000"
