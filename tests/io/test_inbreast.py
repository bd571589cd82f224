import plistlib

import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.io.inbreast import read_inbreast, read_muscle

HEAD = "Patient ID;Patient age;Laterality;View;Acquisition date;File Name;ACR;Bi-Rads\n"
MLO, CC = "20586908_6c613a14b80a8591_MG_R_ML_ANON.dcm", "20586934_6c613a14b80a8591_MG_L_CC_ANON.dcm"
ROWS = "removed;removed;R;MLO;201001;20586908;1;2\nremoved;removed;L;CC;201001;20586934;1;2\n"


def muscle(points=("(10.5, 1.0)", "(100, 1)", "(10.5, 200.25)")):
    roi = {"Name": "Pectoral Muscle", "NumberOfPoints": len(points), "Point_px": list(points)}
    return plistlib.dumps({"Images": [{"ImageIndex": 0, "NumberOfROIs": 1, "ROIs": [roi]}]})


@pytest.fixture
def folder(tmp_path):
    """A miniature of the set, one folder deeper than published and with letters of other case."""
    root = tmp_path / "INbreast Release 1.0"
    for path in ("AllDICOMs", "AllXML", "PectoralMuscle/Pectoral Muscle XML"):
        (root / path).mkdir(parents=True)
    (root / "AllDICOMs" / MLO).write_bytes(b"synthetic")
    (root / "AllDICOMs" / CC.upper()).write_bytes(b"synthetic")
    (root / "AllXML" / "20586908.xml").write_bytes(muscle())
    (root / "PectoralMuscle/Pectoral Muscle XML/20586908_muscle.xml").write_bytes(muscle())
    (root / "INbreast.csv").write_text(HEAD + ROWS)
    return root


def test_images_with_a_muscle_become_records(folder):
    (record,) = read_inbreast(folder.parent)
    assert (record.image.name, record.truth.name) == (MLO, "20586908_muscle.xml")
    assert (record.woman, record.view, record.dataset) == ("6c613a14b80a8591", "MLO", "INbreast")
    assert (record.kind, record.says, record.spacing_mm) == ("processed", "pectoral contour", None)


def test_points_of_the_file_are_x_then_y(tmp_path):
    path = tmp_path / "1_muscle.xml"
    path.write_bytes(muscle())
    np.testing.assert_array_equal(read_muscle(path), [[1, 10.5], [1, 100], [200.25, 10.5]])


@pytest.mark.parametrize(
    "content",
    [b"", b"<xml/>", plistlib.dumps({"Images": []}), muscle(("(1, 2)",)), muscle(("a", "b", "c"))],
)
def test_what_is_no_contour_is_refused(tmp_path, content):
    path = tmp_path / "1_muscle.xml"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=r"1_muscle\.xml"):
        read_muscle(path)


@pytest.mark.parametrize(
    ("missing", "message"),
    [
        ("AllDICOMs", "no INbreast image"),
        ("INbreast.csv", "one INbreast.csv"),
        ("PectoralMuscle", "PectoralMuscle"),
    ],
)
def test_what_is_missing_is_named(folder, missing, message):
    (folder / missing).rename(folder.parent / "elsewhere")
    with pytest.raises(UsageError, match=message):
        read_inbreast(folder)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (HEAD.replace("View;", "") + ROWS, "lacks the columns View"),
        ((HEAD + ROWS).replace(";", ","), "semicolons"),
        (HEAD + ROWS.replace("R;MLO", "L;MLO"), "20586908"),
        (HEAD + ROWS.replace(";R;MLO;", ";MLO;R;"), "20586908"),
        (HEAD, "does not list"),
    ],
)
def test_columns_of_another_meaning_are_refused(folder, table, message):
    (folder / "INbreast.csv").write_text(table)
    with pytest.raises(UsageError, match=message):
        read_inbreast(folder)


def test_a_muscle_without_image_is_named(folder):
    (folder / "AllDICOMs" / MLO).unlink()
    with pytest.raises(UsageError, match="20586908"):
        read_inbreast(folder)
