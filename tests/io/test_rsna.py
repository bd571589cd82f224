"""The RSNA screening set in its published layout."""

import pytest

from mammoscope.errors import UsageError
from mammoscope.io import Reader
from mammoscope.io.recorded import read_recorded
from mammoscope.io.rsna import COLUMNS, read_rsna
from tests.screening.miniature_rsna import published, row


def test_every_column_is_read(tmp_path):
    full = row(
        7, 70, "R", "MLO", site_id="2", age="61.0", cancer="1", biopsy="1", invasive="1", BIRADS="0.0",
        implant="1", density="B", machine_id="49", difficult_negative_case="True",
    )  # fmt: skip
    (image,), left_out = read_rsna(published(tmp_path, [full]))
    assert image.image == tmp_path / "train_images" / "7" / "70.dcm"
    assert (image.woman, image.dataset, image.laterality, image.view) == ("rsna 7", "RSNA", "R", "MLO")
    assert (image.cancer, image.biopsy, image.invasive, image.implant) == (True, True, True, True)
    assert (image.site, image.birads, image.density, image.machine) == ("2", 0, "B", "49")
    assert (image.difficult_negative, image.age, image.kind) == (True, 61.0, "processed")
    assert left_out == {}


def test_gaps_are_none_and_a_zero_is_not(tmp_path):
    gaps = dict.fromkeys(("BIRADS", "density", "age", "machine_id", "implant", "site_id"), "")
    (image,), _ = read_rsna(published(tmp_path, [row(7, 70, **gaps)]))
    assert (image.birads, image.density, image.age) == (None, None, None)
    assert (image.machine, image.implant, image.site) == (None, None, None)
    assert (image.cancer, image.biopsy, image.difficult_negative) == (False, False, False)


def test_odd_views_are_counted_and_need_no_file(tmp_path):
    rows = [row(7, 70), row(7, 71, view="AT"), row(7, 72, view="LM"), row(8, 73, view="AT")]
    data = published(tmp_path, rows)
    (data / "train_images" / "7" / "71.dcm").unlink()
    images, left_out = read_rsna(data)
    assert [image.image.stem for image in images] == ["70"]
    assert left_out == {"images of the view AT": 2, "images of the view LM": 1}


def test_depth_and_letters_of_folders_do_not_matter(tmp_path):
    data = published(tmp_path / "deep", [row(7, 70), row(8, 80)])
    (data / "train_images").rename(data / "IMAGES")
    (data / "IMAGES" / "8" / "80.dcm").rename(data / "IMAGES" / "8" / "80.DCM")
    assert [one.woman for one in read_rsna(tmp_path).images] == ["rsna 7", "rsna 8"]


def test_an_image_can_be_read(tmp_path):
    (image,), _ = read_rsna(published(tmp_path, [row(7, 70, "R", "MLO")]))
    with Reader() as reader:
        about = read_recorded(image.image, image.kind, image.spacing, reader).about
    assert (about.laterality.value, about.view.value) == ("R", "MLO")


def test_missing_images_are_one_error_with_a_count_and_no_name(tmp_path):
    data = published(tmp_path, [row(7, 70), row(123456, 654321), row(9, 90)])
    (data / "train_images" / "123456" / "654321.dcm").unlink()
    (data / "train_images" / "9" / "90.dcm").unlink()
    with pytest.raises(
        UsageError, match=r"3 images.*2 are missing \(the first: line 3\): add"
    ) as caught:
        read_rsna(data)
    assert "654321" not in str(caught.value)


@pytest.mark.parametrize("column", COLUMNS)
def test_a_missing_or_renamed_column_is_named(tmp_path, column):
    data = published(tmp_path, [row(7, 70)])
    table = data / "train.csv"
    heading, rest = table.read_text().split("\n", 1)
    names = ["other" if name == column else name for name in heading.split(",")]
    table.write_text(",".join(names) + "\n" + rest)
    with pytest.raises(UsageError, match=rf"train\.csv lacks the columns {column}: add"):
        read_rsna(data)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"cancer": "2"}, "cancer should be 0 or 1"), ({"cancer": ""}, "cells are empty.*cancer"),
        ({"BIRADS": "7"}, "BIRADS should be 0 to 6"), ({"BIRADS": "1.5"}, "BIRADS should be"),
        ({"density": "3"}, "density should be A to D"), ({"age": "-3"}, "age should be"),
        ({"age": "old"}, "a number"), ({"view": "XY"}, "view should be"),
        ({"laterality": "B"}, "without meaning"), ({"implant": "maybe"}, "implant should be"),
    ],
)  # fmt: skip
def test_a_cell_without_meaning_names_its_line(tmp_path, cells, said):
    data = published(tmp_path, [row(7, 70), row(8, 80, **cells)])
    with pytest.raises(UsageError, match=rf"train\.csv, line 3: .*{said}"):
        read_rsna(data)


def test_an_image_stands_in_one_row(tmp_path):
    with pytest.raises(UsageError, match=r"line 3: the image of line 2 again"):
        read_rsna(published(tmp_path, [row(7, 70), row(7, 70)]))


def test_without_table_or_screening_views_there_is_nothing(tmp_path):
    with pytest.raises(UsageError, match=r"no train\.csv"):
        read_rsna(tmp_path)
    with pytest.raises(UsageError, match="no image of a CC or MLO view"):
        read_rsna(published(tmp_path, [row(7, 70, view="ML")]))
