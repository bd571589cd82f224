import json

import pytest

from mammoscope.errors import UsageError
from mammoscope.io.phantom_findings import KINDS, read_phantoms
from mammoscope.phantom.truth import LESION_KINDS
from tests.findings import miniature_phantoms
from tests.phantom.handmade import COLUMNS, MAGNIFICATION, SPACING

TRUTH = "truth/exam-000009/truth.json"


@pytest.fixture
def folder(tmp_path):
    return miniature_phantoms.write(tmp_path, "presentation", "raw")


def test_every_image_has_its_findings(folder):
    images, left_out = read_phantoms(folder)
    assert left_out == {}
    assert sorted((one.laterality, one.view, one.kind) for one in images) == sorted(
        (side, view, kind) for side in "LR" for view in ("CC", "MLO") for kind in ("processed", "raw")
    )
    assert all(one.image.is_file() for one in images)
    assert {one.woman for one in images} == {"exam-000009"}
    assert {one.density for one in images} == {2}
    assert {one.dataset for one in images} == {"phantoms"}
    assert images[0].spacing == pytest.approx((SPACING / MAGNIFICATION,) * 2)
    found = {one.laterality: one.findings for one in images}
    (left,), (right,) = found["L"], found["R"]
    assert left.kinds == right.kinds == ("mass",)
    assert left.box == (180, 90, 204, 114)
    assert right.box == (180, COLUMNS - 1 - 114, 204, COLUMNS - 1 - 90)
    assert left.lesion == "1"


def test_a_finding_that_a_view_does_not_hold_is_none_of_its(folder):
    said = json.loads((folder / TRUTH).read_text())
    said["images"][0]["lesions"][0]["box"] = None
    (folder / TRUTH).write_text(json.dumps(said))
    images = read_phantoms(folder).images
    assert [len(one.findings) for one in images] == [0] + [1] * 7


def test_every_kind_of_phantom_lesion_has_a_name():
    assert tuple(KINDS) == LESION_KINDS


@pytest.mark.parametrize(
    "change",
    [
        lambda said: said.pop("breasts"),
        lambda said: said["images"][0].update(kind="photograph"),
        lambda said: said["images"][0].update(spacing_mm="wide"),
        lambda said: said["images"][0].update(magnification=0),
        lambda said: said["images"][0]["lesions"][0].update(box=[1, 2, 3, 4]),
        lambda said: said["images"][0]["lesions"][0].update(kind="cancer"),
    ],
)
def test_a_damaged_truth_is_refused(folder, change):
    said = json.loads((folder / TRUTH).read_text())
    change(said)
    (folder / TRUTH).write_text(json.dumps(said))
    with pytest.raises(UsageError, match=r"truth.json is damaged .*make the phantoms again"):
        read_phantoms(folder)


def test_an_absent_image_and_an_absent_truth_are_refused(folder, tmp_path):
    next((folder / "images").rglob("*.dcm")).unlink()
    with pytest.raises(UsageError, match="is absent"):
        read_phantoms(folder)
    with pytest.raises(UsageError, match="found none: name the folder"):
        read_phantoms(tmp_path / "images")
