import csv

import pytest

from mammoscope.errors import UsageError
from mammoscope.io.marks import COLUMNS, first_readings, read_marks

ROW = {
    "image": "images/P_90001_LEFT_MLO.jpg", "set": "cbis_train", "view": "MLO", "rows": "92",
    "columns": "50", "reading": "1", "chest_wall": "left", "nipple_row": "56.8",
    "nipple_column": "39.4", "nipple_in_profile": "yes", "pectoral_upper_row": "1.5",
    "pectoral_upper_column": "21", "pectoral_lower_row": "44", "pectoral_lower_column": "12",
    "nipple_quality": "2", "pectoral_quality": "1",
}  # fmt: skip


def table(folder, *rows, columns=COLUMNS):
    path = folder / "marks.csv"
    with path.open("w", newline="") as file:
        lines = csv.DictWriter(file, columns)
        lines.writeheader()
        lines.writerows(rows)
    return path


def test_a_row_is_a_record(tmp_path):
    (record,) = read_marks(table(tmp_path, ROW))
    assert record.image == tmp_path / "images" / "P_90001_LEFT_MLO.jpg"
    assert record.points == {
        "nipple": (56.8, 39.4), "pectoral upper": (1.5, 21), "pectoral lower": (44, 12),
    }  # fmt: skip
    assert (record.shape, record.kind, record.in_profile) == ((92, 50), "film", True)
    assert (record.quality["nipple"], record.quality["pectoral lower"]) == (2, 1)
    assert record.spacing_mm is None


def test_a_mark_that_was_not_seen_is_none(tmp_path):
    (record,) = read_marks(table(tmp_path, ROW | {"nipple_row": "", "nipple_quality": ""}))
    assert record.points["nipple"] is None
    assert "nipple" not in record.quality


def test_images_may_lie_elsewhere(tmp_path):
    (record,) = read_marks(table(tmp_path, ROW), tmp_path / "there")
    assert record.image == tmp_path / "there" / "images" / "P_90001_LEFT_MLO.jpg"


@pytest.mark.parametrize(("cell", "spacing"), [("0.26", (0.26, 0.26)), ("", None)])
def test_spacing_is_read_where_the_table_has_it(tmp_path, cell, spacing):
    columns = (*COLUMNS, "spacing_mm")
    (record,) = read_marks(table(tmp_path, ROW | {"spacing_mm": cell}, columns=columns))
    assert record.spacing_mm == spacing


def test_a_broken_cell_names_its_line(tmp_path):
    columns = (*COLUMNS, "spacing_mm")
    broken = ({"spacing_mm": "0"}, {"nipple_row": "high"}, {"view": "ML"}, {"rows": ""})
    for cells in broken:
        with pytest.raises(UsageError, match=r"marks\.csv, line 3: a cell without meaning"):
            read_marks(table(tmp_path, ROW, ROW | cells, columns=columns))
    with pytest.raises(UsageError, match="lacks the columns view"):
        read_marks(table(tmp_path, columns=COLUMNS[:2] + COLUMNS[3:]))


def test_the_first_reading_of_an_image_counts(tmp_path):
    second = ROW | {"reading": "2", "nipple_row": "60"}
    other = ROW | {"image": "images/P_90002_LEFT_MLO.jpg"}
    kept = first_readings(read_marks(table(tmp_path, second, ROW, other)))
    assert [(record.reading, record.points["nipple"]) for record in kept] == [(1, (56.8, 39.4))] * 2
