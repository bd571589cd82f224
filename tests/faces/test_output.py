"""What stays in memory of an exam that is written."""

from mammoscope.core import Exam
from mammoscope.faces.output import INPUTS, finished
from mammoscope.report import RESULT, write_json


def test_lines_and_lattices_stay_on_the_disk(tmp_path):
    document = {
        "images": [{"answers": {"segmentation": {"status": "result", "skin_line": [[1.0, 2.0]]}}}],
        "answers": {
            "registration": {
                "status": "result",
                "breasts": {
                    "L": {"status": "result", "lattice": [[[1.0, 2.0]]], "folds": 0},
                    "R": {"status": "not assessed", "reason": "no CC view"},
                },
            }
        },
    }
    write_json(tmp_path / "key" / RESULT, document)
    write_json(tmp_path / "key" / INPUTS, {"inputs": [], "records": []})
    kept = finished(tmp_path, Exam("key", "2.25.1", ())).document
    assert kept["images"][0]["answers"]["segmentation"] == {"status": "result"}
    assert kept["answers"]["registration"]["breasts"] == {
        "L": {"status": "result", "folds": 0},
        "R": {"status": "not assessed", "reason": "no CC view"},
    }
