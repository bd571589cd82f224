"""VinDr-Mammo's findings in its published layout."""

import csv

import pytest

from mammoscope.core.findings import FINDINGS
from mammoscope.errors import UsageError
from mammoscope.io.cells import CellError
from mammoscope.io.vindr_findings import categories, read_vindr_findings
from tests.findings.miniature_vindr import boxed, row, write, write_tables

EDGES = (10.0, 20.0, 40.0, 80.0)
PUBLISHED = (
    "Mass", "Suspicious Calcification", "Asymmetry", "Focal Asymmetry", "Global Asymmetry",
    "Architectural Distortion", "Suspicious Lymph Node", "Skin Thickening", "Skin Retraction",
    "Nipple Retraction",
)  # fmt: skip


def read(folder, rows, metadata=None):
    """What a folder with these rows says; its images are empty files at another depth."""
    write_tables(folder, rows, metadata)
    (folder / "deeper" / "Images").mkdir(parents=True, exist_ok=True)
    for one in rows:
        (folder / "deeper" / "Images" / f"{one['image_id'].upper()}.dicom").touch()
    return read_vindr_findings(folder)


def one(folder, **cells):
    (image,) = read(folder, [row("study-7", "image-7", **cells)])
    return image


def test_the_published_words_are_the_ten_kinds():
    assert tuple(categories(f"['{word}']")[0] for word in PUBLISHED) == FINDINGS
    assert categories("['No Finding']") == ()
    assert categories("['Mass', 'Suspicious Calcification']") == ("mass", "suspicious calcification")


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "Mass", "{'Mass': 1}", "['Mass'", "['Mass', 7]", "['Mass', 'No Finding']",
        "['Lump']", "['Mass', 'Mass']", "[" * 3000, "['" + "a" * 5000 + "']",
        "__import__('os').system('false')",
    ],
)  # fmt: skip
def test_other_words_are_refused_and_nothing_is_evaluated(text):
    with pytest.raises(CellError):
        categories(text)


def test_an_image_has_every_finding_of_its_rows(tmp_path):
    rows = [
        row("a", "two", "R", "MLO", split="test") | boxed("['Mass']", EDGES),
        row("b", "none", breast_density="DENSITY A"),
        row("a", "two", "R", "MLO", split="test")
        | boxed("['Mass', 'Skin Retraction']", (0, 0, 5, 6), "BI-RADS 5"),
    ]
    two, none = read(tmp_path, rows)
    assert (two.laterality, two.view, two.part, two.density) == ("R", "MLO", "test", 3)
    assert [finding.kinds for finding in two.findings] == [("mass",), ("mass", "skin retraction")]
    # edges count from the outer edge of the first pixel, whose centre is (0, 0)
    assert two.findings[0].box == (19.5, 9.5, 79.5, 39.5)
    assert two.findings[1].box == (-0.5, -0.5, 5.5, 4.5)
    assert [finding.assessment for finding in two.findings] == [4, 5]
    assert (none.findings, none.density, none.part) == ((), 1, "training")
    assert two.woman != none.woman
    assert two.woman != "a"
    assert two.image.name == "TWO.dicom"


@pytest.mark.parametrize("said", ["[0.07, 0.09]", "['0.07', '0.09']", r"0.07\0.09", r"0.07\\0.09"])
def test_spacing_is_that_of_the_metadata(tmp_path, said):
    (image,) = read(tmp_path, [row("a", "one")], {"one": said})
    assert image.spacing == (0.07, 0.09)


def test_a_magnification_factor_brings_the_spacing_into_the_breast(tmp_path):
    read(tmp_path, [row("a", "one")])
    with (tmp_path / "metadata.csv").open("w", newline="") as file:
        csv.writer(file).writerows([
            ("SOP Instance UID", "Imager Pixel Spacing", "Estimated Radiographic Magnification Factor"),
            ("one", "[0.1, 0.1]", "1.25"),
        ])  # fmt: skip
    assert read_vindr_findings(tmp_path)[0].spacing == pytest.approx((0.08, 0.08))


def test_without_metadata_the_header_is_left_to_say_the_spacing(tmp_path):
    read(tmp_path, [row("a", "one")])
    (tmp_path / "metadata.csv").unlink()
    (tmp_path / "breast-level_annotations.csv").unlink()
    assert read_vindr_findings(tmp_path)[0].spacing is None


def test_a_box_is_cut_at_the_edge_of_the_image(tmp_path):
    image = one(tmp_path, **boxed("['Mass']", (-3, 200, 10, 250)))
    assert image.findings[0].box == (199.5, -0.5, 239.5, 9.5)


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (boxed("['No Finding']", EDGES), "No Finding has none"),
        ({"finding_categories": "['Mass']"}, "a finding has a box"),
        (boxed("['Mass']", (40, 20, 10, 80)), "xmin < xmax"),
        (boxed("['Mass']", (500, 20, 600, 80)), "outside the image"),
        (boxed("['Mass']", EDGES) | {"ymax": "nan"}, "a number was expected"),
        (boxed("['Mass']", EDGES) | {"ymax": ""}, "a number was expected"),
        (boxed("['Mass']", EDGES, "4"), "BI-RADS 0 to 6"),
        (boxed("['Lump']", EDGES), "got 'lump'"),
        ({"breast_density": "DENSITY E"}, "without meaning"), ({"split": "holdout"}, "without meaning"),
        ({"laterality": "B"}, "without meaning"), ({"view_position": "ML"}, "without meaning"),
        ({"view_position": ""}, "cells are empty or missing: view_position"),
    ],
)  # fmt: skip
def test_a_row_without_meaning_is_one_error_that_names_the_line(tmp_path, cells, says):
    with pytest.raises(UsageError, match=rf"finding_annotations\.csv, line 2: .*{says}") as caught:
        one(tmp_path, **cells)
    assert "image-7" not in str(caught.value)


def test_rows_of_one_image_agree(tmp_path):
    mass = row("a", "one") | boxed("['Mass']", EDGES)
    with pytest.raises(UsageError, match="No Finding, and another row"):
        read(tmp_path / "both", [row("a", "one"), mass])
    with pytest.raises(UsageError, match="line 3: split differs from line 2"):
        read(tmp_path / "split", [mass, mass | {"split": "test"}])


def test_tables_of_two_versions_are_refused(tmp_path):
    read(tmp_path, [row("a", "one"), row("b", "two")])
    breasts = tmp_path / "breast-level_annotations.csv"
    text = breasts.read_text()
    breasts.write_text(text.replace("DENSITY C", "DENSITY D", 1))
    with pytest.raises(UsageError, match=r"line 2: breast_density differs from finding_ann.*line 2"):
        read_vindr_findings(tmp_path)
    breasts.write_text("\n".join(text.splitlines()[:-1]))
    with pytest.raises(UsageError, match="lacks 1 of 2 images"):
        read_vindr_findings(tmp_path)
    breasts.write_text(text.replace("two", "three"))
    with pytest.raises(UsageError, match="line 3: its image has no row"):
        read_vindr_findings(tmp_path)


def test_what_is_missing_is_said(tmp_path):
    with pytest.raises(UsageError, match=r"no finding_annotations\.csv"):
        read_vindr_findings(tmp_path)
    write_tables(tmp_path, [row("a", "one")])
    with pytest.raises(UsageError, match=r"1 are missing \(the first: line 2\)"):
        read_vindr_findings(tmp_path)


def test_the_miniature_is_what_it_says(tmp_path):
    images = read_vindr_findings(write(tmp_path))
    assert [len(image.findings) for image in images] == [1, 1, 1, 1, 0, 0] * 3
    assert {image.part for image in images} == {"training", "test"}
    assert images[0].spacing == (0.5, 0.5)
