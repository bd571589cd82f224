import json
import os
from dataclasses import replace
from importlib.resources import files
from typing import Any

import numpy as np
import pytest
from jsonschema import Draft202012Validator

from mammoscope.core import (
    SYSTEMS,
    About,
    ExamResult,
    Failed,
    ImageResult,
    InputRecord,
    NotAssessed,
    Note,
    Spacing,
)
from mammoscope.errors import OutputError
from mammoscope.report.document import exam_document, labels, titles
from mammoscope.report.files import read_json, write_json
from mammoscope.report.manifest import Run, manifest


def schema(name: str) -> Draft202012Validator:
    loaded = json.loads((files("mammoscope.report") / "schema" / f"{name}.json").read_text())
    Draft202012Validator.check_schema(loaded)
    return Draft202012Validator(loaded)


RESULT = schema("result-5")


def objects(node: Any) -> list[dict[str, Any]]:
    inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else []
    found = (
        [node] if isinstance(node, dict) and node.get("type") in ("object", ["object", "null"]) else []
    )
    return found + [one for child in inner for one in objects(child)]


@pytest.mark.parametrize("name", ["result-4", "result-5", "manifest-1"])
def test_schemas_allow_nothing_unnamed(name):
    open_ones = [one for one in objects(schema(name).schema) if "additionalProperties" not in one]
    assert open_ones == [{"type": "object"}] * (
        name == "manifest-1"
    )  # the settings, which are anyone's


def test_a_whole_exam_is_valid(exam):
    document = exam_document(exam())
    RESULT.validate(document)
    assert [image["title"] for image in document["images"]] == ["R CC", "L CC", "R MLO", "L MLO"]
    assert set(document["images"][0]["answers"]) == set(SYSTEMS)


def test_every_kind_of_answer_is_valid(exam, image):
    odd = exam(
        image("R", "CC", answer=NotAssessed("specimen")),
        image("L", "CC", answer=Failed("out of memory")),
        image("L", "MLO", spacing=Spacing(0.1, 0.1, "PixelSpacing", 1.07), notes=(Note("a", "b"),)),
        ImageResult(
            About("x\n\udcff.dcm", (9, 9)),
            None,
            {"segmentation": NotAssessed("no view")} | image().answers | {"segmentation": Failed("y")},
            np.zeros((9, 9), np.uint8),
        ),
        notes=(Note("missing view", "R MLO is missing."),),
    )
    RESULT.validate(exam_document(odd))


def test_areas_have_millimetres_or_a_reason(exam, image):
    spacing = Spacing(0.1, 0.2, "PixelSpacing")
    known, unknown = exam_document(exam(image(spacing=spacing), image("L")))["images"]
    area = known["answers"]["segmentation"]["pectoral"]
    assert area == {"px": area["px"], "mm2": round(area["px"] * 0.02, 1), "reason": None}
    assert unknown["answers"]["segmentation"]["pectoral"]["mm2"] is None
    assert unknown["answers"]["segmentation"]["pectoral"]["reason"] == "the size of a pixel is unknown"


@pytest.mark.parametrize(
    "change",
    [
        lambda image: image["answers"].pop("segmentation"),
        lambda image: image["answers"]["segmentation"].update(confidence=1.2),
        lambda image: image["answers"]["segmentation"].update(patient="x"),
        lambda image: image["answers"]["segmentation"]["breast"].update(reason=None),
        lambda image: image["answers"]["screening"].pop("reason"),
        lambda image: image["view"].update(value="XY"),
        lambda image: image["laterality"].pop("source"),
        lambda image: image["chest_wall"].update(value="top"),
        lambda image: image.update(study="1.2.3"),
        lambda image: image.pop("spacing"),
        lambda image: image.update(sha256="abc"),
    ],
)
def test_the_schema_refuses_what_is_not_said_rightly(exam, change):
    document = json.loads(json.dumps(exam_document(exam())))
    change(document["images"][0])
    assert not RESULT.is_valid(document)


def test_no_identity_leaves(exam):
    text = json.dumps(exam_document(exam()))
    assert not any(hidden in text for hidden in ("1.2.3", "fedcba9876543210", "20240101"))


def test_a_silent_system_is_an_error(exam, image):
    mute = replace(image(), answers={"segmentation": NotAssessed("x")})
    with pytest.raises(OutputError, match="positioning"):
        exam_document(exam(mute))
    answers = dict.fromkeys(SYSTEMS[1:], NotAssessed("not installed"))
    RESULT.validate(exam_document(ExamResult("k", "s", (mute,), answers)))


def test_names_tell_repeats_apart(exam, image):
    repeated = exam(image(), image(), image("L"), image())
    assert titles(repeated) == ["R MLO", "R MLO (2)", "L MLO", "R MLO (3)"]
    assert labels(repeated) == ["1-R-MLO", "2-R-MLO", "3-L-MLO", "4-R-MLO"]


def test_what_nobody_said_has_a_name_too(exam, image):
    about = image().about
    odd = [
        replace(about, view=None),
        replace(about, laterality=None),
        replace(about, laterality=None, view=None),
    ]
    unnamed = exam(*[replace(image(), about=one) for one in odd])
    assert titles(unnamed) == ["R ?", "? MLO", "? ?"]
    assert labels(unnamed) == ["1-R", "2-MLO", "3-unknown"]


def test_warnings_of_an_image_come_once(exam, image):
    note = Note("low confidence", "Look.")
    marked = replace(image(), notes=(note,), about=image(notes=(note, Note("film", "Film."))).about)
    document = exam_document(exam(marked))
    assert [one["code"] for one in document["images"][0]["notes"]] == ["low confidence", "film"]


def test_the_skin_line_keeps_its_shape_with_fewer_points(exam):
    line = np.array(exam_document(exam())["images"][1]["answers"]["segmentation"]["skin_line"])
    assert 10 < len(line) < 100
    ellipse = ((line[:, 0] - 200) / 180) ** 2 + (line[:, 1] / 220) ** 2
    np.testing.assert_allclose(ellipse, 1, atol=0.01)


def test_json_is_utf8_with_a_newline_and_comes_back(tmp_path):
    document = {"z": 1, "a": "µ \udcff [\n 1,\n 2\n]", "line": [[1.5, -2.0], [3.0, 4.0]]}
    write_json(tmp_path / "x.json", document)
    text = (tmp_path / "x.json").read_bytes().decode("utf-8")
    assert text.endswith("}\n")
    assert "µ" in text
    assert "[1.5, -2.0]" in text
    assert text.index('"z"') < text.index('"a"')
    assert read_json(tmp_path / "x.json") == document


def test_json_has_no_nan(tmp_path):
    with pytest.raises(OutputError, match="not finite"):
        write_json(tmp_path / "x.json", {"a": float("nan")})
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(OutputError, match="cannot write"):
        write_json(tmp_path / "folder", {})
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_files_have_the_rights_that_the_user_wants(tmp_path):
    before = os.umask(0o077)
    try:
        write_json(tmp_path / "x.json", {})
    finally:
        os.umask(before)
    assert (tmp_path / "x.json").stat().st_mode & 0o777 == 0o600


RECORDS = [
    InputRecord("a.dcm", "rejected", "Empty file.", 1),
    InputRecord("b.dcm", "skipped", "A CT image.", 60, "0123456789abcdef" * 4),
    InputRecord("c.dcm", "duplicate", "The same bytes as d.dcm.", 24),
]


def test_the_manifest_accounts_for_every_input(exam, image):
    document = exam_document(exam(image("R"), image("L", answer=Failed("out of memory"))))
    run = Run(5, ["mammoscope", "analyze", "/home/jane/x"], {"threads": 0}, ["segmentation 0123"])
    made = manifest(run, [document], RECORDS)
    schema("manifest-1").validate(made)
    assert made["counts"] == {"inputs": 5, "results": 1, "skips": 2, "errors": 2}
    assert made["command"] == ["mammoscope", "analyze", "x"]
    assert [entry["outcome"] for entry in made["inputs"]] == [
        "result", "failed", "rejected", "skipped", "duplicate",
    ]  # fmt: skip


@pytest.mark.parametrize("found", [4, 6])
def test_a_lost_input_is_an_error(exam, image, found):
    document = exam_document(exam(image("R"), image("L")))
    with pytest.raises(OutputError, match="accounted"):
        manifest(Run(found), [document], RECORDS)
