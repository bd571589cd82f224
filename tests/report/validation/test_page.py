import csv
import io
import json
import re
from dataclasses import replace

import pytest

from mammoscope.measures.validation.summary import validation
from mammoscope.report.validation import DOCUMENT, PAGE, SCORES, write_validation
from mammoscope.report.validation.document import COLUMNS, scores_csv, validation_document
from mammoscope.report.validation.page import validation_page
from tests.synthetic_validation import card, site


@pytest.fixture(scope="module")
def judged():
    return validation(site(60, moved=2.0), card(), {"images without a side": 3})


@pytest.fixture(scope="module")
def untold():
    return validation(site(60, told=False), card(), {})


def test_the_page_needs_nothing_else(judged):
    text = validation_page(judged)
    assert not re.search(r"<(script|img|link)\b|https?://", text)
    assert "Research use, not a medical device" in text
    assert "no score for cancer screening" in text


def test_the_page_shows_every_part(judged):
    text = validation_page(judged)
    for heading in ("Operating points", "By density", "By view", "By age", "By machine", "Drift"):
        assert f"<h2>{heading}</h2>" in text
    assert text.count('<svg class="chart"') == 4
    assert "left out: 3 images without a side" in text
    assert "differ from the training images in grain" in text


def test_without_outcomes_only_scores_and_drift_are_shown(untold):
    text = validation_page(untold)
    assert "No AUC: no image has a known outcome" in text
    assert text.count('<svg class="chart"') == 1
    assert "Operating points" not in text
    assert "AUC of images" not in text
    assert "<h2>Drift</h2>" in text


def test_outcomes_of_one_kind_are_said_to_be():
    images = [replace(one, cancer=False) for one in site(30)]
    text = validation_page(validation(images, card(), {}))
    assert "all 120 with a known outcome have none" in text
    assert "AUC of images" not in text


def test_names_from_files_are_text(untold):
    images = [replace(one, machine="<b>one</b>" if one.machine == "one" else "") for one in untold.rows]
    text = validation_page(validation(images, card(), {}))
    assert "<b>one" not in text
    assert "&lt;b&gt;one" in text


def test_a_card_without_a_reference_is_said_to_be(judged):
    images = [replace(one, unlike=float("nan")) for one in judged.rows]
    text = validation_page(validation(images, card(reference=None), {}))
    assert "has no reference to compare with" in text


def test_the_document_is_json_without_nan(judged, untold):
    for found in (judged, untold):
        document = json.loads(json.dumps(validation_document(found), allow_nan=False))
        assert document["schema"] == "mammoscope/validation-1"
    assert document["levels"]["image"]["auc"] is None
    first = validation_document(judged)
    area = first["levels"]["breast"]["auc"]
    assert 0 < area["low"] < area["estimate"] < area["high"] < 1
    assert first["drift"]["inputs"][0]["verdict"] == "far"
    assert first["groups"]["view"][0]["name"] == "CC"


def test_scores_are_a_table(judged):
    images = [judged.rows[0], replace(judged.rows[1], score=float("nan"), failed="broken, twice")]
    first, second = csv.DictReader(io.StringIO(scores_csv(images)))
    assert tuple(first) == COLUMNS
    assert float(first["score"]) == pytest.approx(images[0].score, abs=1e-4)
    assert (first["cancer"], first["density"], first["age"]) == ("1", "A", "35")
    assert (second["score"], second["failed"]) == ("", "broken, twice")


def test_three_files_are_written(judged, tmp_path):
    write_validation(tmp_path, judged)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([DOCUMENT, PAGE, SCORES])
