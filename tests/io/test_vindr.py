import csv
from pathlib import Path

import pytest

from mammoscope.errors import UsageError
from mammoscope.io.vindr import read_positioning_labels
from tests.positioning import miniature_vindr

EXTRACT = Path(__file__).parents[1] / "data" / "positioning_labels_extract.csv"
THREE_VERTICES = "b51baac55f21190367531b42e9be40f3"


def table(folder, rows, leave_out=""):
    columns = [column for column in rows[0] if column != leave_out]
    path = folder / "labels.csv"
    with path.open("w", newline="") as file:
        lines = csv.DictWriter(file, columns, extrasaction="ignore")
        lines.writeheader()
        lines.writerows(rows)
    return path


def one(folder, **others):
    """A table of one image; a word for ``data`` replaces that of its nipple."""
    line, nipple = miniature_vindr.labels("study-7", "image-7", "L", **others)
    return table(folder, [line, nipple])


def test_a_published_row_is_a_record():
    records = read_positioning_labels(EXTRACT)
    assert len(records) == 19
    first = records[0]
    # box 819.33799 + 259.12628 / 2 across, 1781.59315 + 281.52002 / 2 down
    assert first.points["nipple"] == pytest.approx((1922.35316, 948.90113))
    assert first.points["pectoral upper"] == (-0.29991, 681.77713)
    assert first.points["pectoral lower"] == (1496.87415, 22.76462)
    assert (first.view, first.kind, first.laterality, first.chest_wall) == (
        "MLO", "processed", "L", "left",
    )  # fmt: skip
    assert (first.shape, first.spacing_mm, first.split) == ((2812, 2012), (0.085, 0.085), "test")
    assert (first.verdict, first.device) == ("good", "Planmed Nuance")
    assert first.image.parts[-3] == "images"
    assert first.image.name == "43307922e0c4bac00d54da59094fe7ae.dicom"


def test_a_line_of_three_vertices_runs_from_the_topmost_to_the_bottommost():
    (record,) = [one for one in read_positioning_labels(EXTRACT) if THREE_VERTICES in one.image.name]
    assert record.points["pectoral upper"] == (379.84094, 2227.10767)
    assert record.points["pectoral lower"] == (1680.58042, 2783.42394)


def test_a_woman_is_a_pseudonym_of_her_study(tmp_path):
    rows = miniature_vindr.labels("one", "a", "L") + miniature_vindr.labels("one", "b", "R")
    rows += miniature_vindr.labels("two", "c", "L")
    women = [record.woman for record in read_positioning_labels(table(tmp_path, rows))]
    assert women[0] == women[1] != women[2]
    assert "one" not in women


@pytest.mark.parametrize(
    "data",
    [
        "{'x': 1, 'y': 2, 'width': 3}", "[1, 2]", "nothing",
        "{'x': 'a', 'y': 1, 'width': 1, 'height': 1}",
        "{'x': 1e400, 'y': 2, 'width': 3, 'height': 4}", "{'x': True, 'y': 2, 'width': 3, 'height': 4}",
        "{'x': None, 'y': 2, 'width': 3, 'height': 4}", "[" * 4000, "{'x': " * 700, " " * 5000,
        "__import__('os').system('false')",
        "{'x': " + "9" * 4000 + ", 'y': 2, 'width': 3, 'height': 4}",
    ],
)  # fmt: skip
def test_broken_data_is_one_error_that_names_the_line(tmp_path, data):
    line, nipple = miniature_vindr.labels("study-7", "image-7", "L")
    with pytest.raises(UsageError, match=r"labels\.csv, line 3: ") as caught:
        read_positioning_labels(table(tmp_path, [line, nipple | {"data": data}]))
    assert "image-7" not in str(caught.value)


@pytest.mark.parametrize(
    "line", ["{'vertices': []}", "{'vertices': [[1, 2]]}", "{'vertices': [[1, 2], [1, 2]]}",
             "{'vertices': [[1, 2], [1, 2, 3]]}", "{'vertices': 7}", "{'lines': []}"],
)  # fmt: skip
def test_a_line_needs_two_vertices(tmp_path, line):
    pectoral, nipple = miniature_vindr.labels("study-7", "image-7", "L")
    with pytest.raises(UsageError, match=r"labels\.csv, line 2: "):
        read_positioning_labels(table(tmp_path, [pectoral | {"data": line}, nipple]))


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("ImagerPixelSpacing", "0.085"), ("ImagerPixelSpacing", r"0.085\\-1"), ("height", "12.5"),
        ("width", "nan"), ("SeriesDescription", "L-CC"), ("qualitativeLabel", "Fair"),
        ("Split", "Holdout"), ("ManufacturerModelName", ""),
    ],
)  # fmt: skip
def test_a_cell_without_meaning_is_refused(tmp_path, column, cell):
    with pytest.raises(UsageError, match=r"labels\.csv, line [23]: "):
        read_positioning_labels(one(tmp_path, **{column: cell}))


def test_every_image_has_a_nipple_and_a_line(tmp_path):
    line, nipple = miniature_vindr.labels("study-7", "image-7", "L")
    with pytest.raises(UsageError, match="line 2: the image has a row for Nipple alone"):
        read_positioning_labels(table(tmp_path, [nipple]))
    with pytest.raises(UsageError, match=r"line 4: a second Nipple of one image \(line 3\)"):
        read_positioning_labels(table(tmp_path, [line, nipple, nipple]))
    with pytest.raises(UsageError, match="line 3: labelName should be Nipple or Pectoralis"):
        read_positioning_labels(table(tmp_path, [line, nipple | {"labelName": "Fold"}]))
    with pytest.raises(UsageError, match="line 3: Split differs from the image's other row"):
        read_positioning_labels(table(tmp_path, [line, nipple | {"Split": "Test"}]))


def test_a_table_that_is_none(tmp_path):
    rows = miniature_vindr.labels("study-7", "image-7", "L")
    with pytest.raises(UsageError, match="lacks the columns Split: add them"):
        read_positioning_labels(table(tmp_path, rows, leave_out="Split"))
    with pytest.raises(UsageError, match=r"no file none\.csv: name a table"):
        read_positioning_labels(tmp_path / "none.csv")
    (tmp_path / "binary.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="expected a table in UTF-8"):
        read_positioning_labels(tmp_path / "binary.csv")


def test_images_are_found_at_any_depth_and_missed_in_one_sentence(tmp_path):
    labels = one(tmp_path)
    assert read_positioning_labels(labels)[0].image == (
        tmp_path / "images" / "study-7" / "image-7.dicom"
    )
    deep = tmp_path / "copy" / "a" / "b" / "IMAGE-7.DICOM"
    with pytest.raises(UsageError, match="name the folder that holds VinDr-Mammo's images"):
        read_positioning_labels(labels, tmp_path / "copy")
    deep.parent.mkdir(parents=True)
    with pytest.raises(UsageError, match=r"1 are missing \(the first: line 3\)") as caught:
        read_positioning_labels(labels, tmp_path / "copy")
    assert "image-7" not in str(caught.value)
    deep.touch()
    assert read_positioning_labels(labels, tmp_path / "copy")[0].image == deep


def test_a_folder_is_no_table(tmp_path):
    with pytest.raises(UsageError, match="is a folder: name the table in it"):
        read_positioning_labels(tmp_path)
