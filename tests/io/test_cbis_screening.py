"""Truth of CBIS-DDSM's images, in its published layout and as a table of lesions."""

import csv
import shutil

import pytest

from mammoscope.errors import UsageError
from mammoscope.io.cbis_screening import (
    NO_FILM,
    TRAINED,
    read_cbis_screening,
    read_lesion_screening,
)
from tests.registration import miniature_cbis
from tests.registration.miniature_cbis import row, write_lesions

EDGES = (0.0, 0.0, 5.0, 5.0)


def published(folder, kind, part, cases):
    """A table of patient, side, view, abnormality, pathology, and its films."""
    miniature_cbis.description(folder, kind, part, cases)
    for patient, side, view in {case[:3] for case in cases}:
        name = f"{kind}-{miniature_cbis.PARTS[part][1]}_{patient}_{miniature_cbis.SIDES[side]}_{view}"
        miniature_cbis.film(folder, name, view, side, int(patient[2:]))
    return folder


def edited(table, change):
    """The table with each row changed; a path cell still ends in a newline."""
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    with table.open("w", newline="") as file:
        lines = csv.DictWriter(file, rows[0])
        lines.writeheader()
        for number, cells in enumerate(rows):
            lines.writerow(cells | change(number))


def lesions(folder, *rows, more=()):
    for one in rows:
        (folder / one["image"]).touch()
    return write_lesions(folder, list(rows), more)


def test_an_image_is_of_cancer_where_any_lesion_is_malignant(tmp_path):
    cases = [
        ("P_00001", "L", "CC", "1", "BENIGN"), ("P_00001", "L", "CC", "2", "MALIGNANT"),
        ("P_00001", "L", "MLO", "1", "BENIGN"),
        ("P_00002", "R", "CC", "1", "BENIGN_WITHOUT_CALLBACK"),
    ]  # fmt: skip
    images, left_out = read_cbis_screening(published(tmp_path, "Mass", "training", cases))
    assert [(one.woman, one.laterality, one.view, one.cancer) for one in images] == [
        ("P_00001", "L", "CC", True), ("P_00001", "L", "MLO", False), ("P_00002", "R", "CC", False),
    ]  # fmt: skip
    first = images[0]
    assert (first.dataset, first.kind, first.spacing, first.machine) == (
        "CBIS-DDSM",
        "film",
        None,
        None,
    )
    assert (first.density, first.birads) == ("C", 4)
    assert (first.age, first.site, first.biopsy, first.invasive) == (None, None, None, None)
    assert left_out == {}


def test_a_film_of_masses_and_of_calcifications_is_one_image(tmp_path):
    published(tmp_path, "Mass", "training", [("P_00001", "L", "CC", "1", "BENIGN")])
    published(tmp_path, "Calc", "test", [("P_00001", "L", "CC", "1", "MALIGNANT")])
    (image,), _ = read_cbis_screening(tmp_path)
    assert image.cancer is True
    assert "Calc-Test_P_00001_LEFT_CC" in image.image.parts


def test_women_of_the_test_tables_are_told_apart_from_those_who_trained(tmp_path):
    published(tmp_path, "Mass", "training", [("P_00001", "L", "CC", "1", "BENIGN")])
    cases = [("P_00001", "L", "MLO", "1", "BENIGN"), ("P_00002", "L", "CC", "1", "MALIGNANT")]
    published(tmp_path, "Mass", "test", cases)
    images, left_out = read_cbis_screening(tmp_path, tests=True)
    assert [one.woman for one in images] == ["P_00002"]
    assert left_out == {TRAINED: 2}


def test_absent_films_are_counted_and_none_is_an_error(tmp_path):
    cases = [(f"P_0000{number}", "L", "CC", "1", "BENIGN") for number in (1, 2)]
    data = published(tmp_path, "Mass", "test", cases)
    shutil.rmtree(data / "Mass-Test_P_00001_LEFT_CC")
    images, left_out = read_cbis_screening(data)
    assert ([one.woman for one in images], left_out) == (["P_00002"], {NO_FILM: 1})
    shutil.rmtree(data / "Mass-Test_P_00002_LEFT_CC")
    with pytest.raises(UsageError, match=r"none of the films of 2 lesions.*Mass-Training_P_00001"):
        read_cbis_screening(data)
    (data / "mass_case_description_test_set.csv").unlink()
    with pytest.raises(UsageError, match="no table of CBIS-DDSM"):
        read_cbis_screening(data)


def test_a_path_may_end_in_a_newline_and_name_other_uids(tmp_path):
    data = published(tmp_path, "Mass", "test", [("P_00001", "L", "CC", "1", "BENIGN")])
    edited(
        data / "mass_case_description_test_set.csv",
        lambda number: {"image file path": "Mass-Test_P_00001_LEFT_CC/7.7/8.8/000000.dcm\n"},
    )
    assert len(read_cbis_screening(data).images) == 1


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"pathology": "UNPROVEN"}, "pathology should be"), ({"image view": "ML"}, "without meaning"),
        ({"assessment": "9"}, "without meaning"), ({"image file path": ""}, "without meaning"),
    ],
)  # fmt: skip
def test_a_cell_without_meaning_names_its_line(tmp_path, cells, said):
    data = published(tmp_path, "Mass", "test", [("P_00001", "L", "CC", "1", "BENIGN")])
    edited(data / "mass_case_description_test_set.csv", lambda number: cells)
    with pytest.raises(UsageError, match=rf"test_set\.csv, line \d: .*{said}"):
        read_cbis_screening(data)


def test_the_table_of_lesions_names_the_digitiser(tmp_path):
    shown = row("a.png", "P_1", "L", "CC", "1", EDGES, digitizer="DBA 21", assessment="5")
    rows = [
        shown | {"pathology": "MALIGNANT"}, shown | {"abnormality": "2", "assessment": "3"},
        row("b.png", "P_1", "L", "MLO", "1", EDGES, digitizer="", assessment="0", density="0"),
    ]  # fmt: skip
    one, other = read_lesion_screening(lesions(tmp_path, *rows, more=("digitizer", "assessment")))
    assert (one.image, one.cancer, one.machine) == (tmp_path / "a.png", True, "DBA 21")
    assert (one.birads, one.density, one.spacing) == (None, "B", (0.25, 0.25))
    assert (other.cancer, other.machine, other.birads, other.density) == (False, None, 0, None)


def test_a_table_of_lesions_need_not_name_the_digitiser(tmp_path):
    table = miniature_cbis.lesions_table(tmp_path, women=2)
    images = read_lesion_screening(table)
    assert [(one.woman, one.view) for one in images] == [
        ("P_00000", "CC"), ("P_00000", "MLO"), ("P_00001", "CC"), ("P_00001", "MLO"),
    ]  # fmt: skip
    assert {one.machine for one in images} == {None}


def test_rows_of_an_image_agree_about_it(tmp_path):
    shown = row("a.png", "P_1", "L", "CC", "1", EDGES, digitizer="DBA 21")
    table = lesions(tmp_path, shown, shown | {"digitizer": "HOWTEK 43.5"}, more=("digitizer",))
    with pytest.raises(UsageError, match="2 for one image"):
        read_lesion_screening(table)


@pytest.mark.shared
def test_the_digitiser_gives_the_pathology_away(shared):
    images = read_lesion_screening(shared / "data" / "cbis_mass_train" / "lesions.csv")
    assert len(images) == 1231
    assert {one.cancer for one in images if one.machine == "DBA 21"} == {True}
    assert {one.cancer for one in images if one.machine is None} == {False}
