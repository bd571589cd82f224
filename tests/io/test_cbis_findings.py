"""Images of CBIS-DDSM with all their boxes."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from mammoscope.errors import UsageError
from mammoscope.io.cbis import Boxed, graded
from mammoscope.io.cbis_dicom import NO_MASK
from mammoscope.io.cbis_findings import (
    INCOMPLETE,
    images_of,
    kinds_of,
    read_cbis_images,
    read_lesion_images,
)
from tests.registration import miniature_cbis
from tests.registration.miniature_cbis import row, write_lesions
from tests.registration.pairs import BOX

EDGES = (0.0, 0.0, 5.0, 5.0)
GRADED = {"mass_shape": "OVAL", "subtlety": "4", "assessment": "0"}


def boxed(view="CC", abnormality="1", **others):
    shown = Boxed(
        Path(f"{view}.png"), "P_1", "L", view, abnormality, EDGES, "mass", "BENIGN", 2, (0.25, 0.25)
    )
    return replace(shown, **others)


def lesions(folder, *changes):
    """A table of one film with a row for each change."""
    (folder / "a.png").touch()
    rows = [row("a.png", "P_1", "L", "CC", "1", EDGES) | GRADED | change for change in changes]
    return write_lesions(folder, rows, more=tuple(GRADED))


def test_an_image_has_all_its_boxes(tmp_path):
    (image,) = read_lesion_images(
        lesions(tmp_path, {}, {"abnormality": "2", "pathology": "MALIGNANT", "subtlety": "0"})
    )
    assert (image.dataset, image.kind, image.woman, image.view) == ("CBIS-DDSM", "film", "P_1", "CC")
    assert (image.density, image.spacing, image.part) == (2, (0.25, 0.25), None)
    assert [finding.lesion for finding in image.findings] == ["mass 1", "mass 2"]
    assert [finding.pathology for finding in image.findings] == ["benign", "malignant"]
    assert image.findings[0].box == (0.0, 0.0, 5.0, 5.0)


def test_nobody_graded_what_is_0_but_0_is_a_category(tmp_path):
    (image,) = read_lesion_images(lesions(tmp_path, {"subtlety": "0"}))
    assert (image.findings[0].subtlety, image.findings[0].assessment) == (None, 0)
    assert graded("", "") == (None, None)
    assert graded("5", "4") == (5, 4)


def test_an_image_of_one_view_alone_counts_too(tmp_path):
    table = miniature_cbis.lesions_table(tmp_path, women=2)
    images = read_lesion_images(table)
    assert [(image.woman, image.view) for image in images] == [
        ("P_00000", "CC"), ("P_00000", "MLO"), ("P_00001", "CC"), ("P_00001", "MLO"),
    ]  # fmt: skip
    assert images[0].findings[0].box == pytest.approx(BOX)
    table.write_text("\n".join(table.read_text().splitlines()[:2]))
    assert len(read_lesion_images(table)) == 1


@pytest.mark.parametrize("change", [{"subtlety": "6"}, {"assessment": "-1"}, {"subtlety": "some"}])
def test_a_grade_without_meaning_is_refused(tmp_path, change):
    with pytest.raises(UsageError, match=r"lesions\.csv, line 2"):
        read_lesion_images(lesions(tmp_path, change))


def test_an_image_is_of_one_breast(tmp_path):
    with pytest.raises(UsageError, match="one woman, side and view"):
        read_lesion_images(lesions(tmp_path, {}, {"laterality": "R"}))


@pytest.mark.parametrize(
    ("shape", "kinds"),
    [
        ("", ()), ("OVAL", ()), ("LYMPH_NODE", ()), ("FOCAL_ASYMMETRIC_DENSITY", ("focal asymmetry",)),
        ("ASYMMETRIC_BREAST_TISSUE", ("asymmetry",)),
        ("ROUND-IRREGULAR-ARCHITECTURAL_DISTORTION", ("architectural distortion",)),
    ],
)  # fmt: skip
def test_the_shape_of_a_mass_may_say_more(shape, kinds):
    assert kinds_of(boxed(shape=shape)) == ("mass", *kinds)


def test_calcifications_are_suspicious_calcification():
    (image,) = images_of([boxed(), boxed(kind="calcification")])
    assert [finding.kinds for finding in image.findings] == [("mass",), ("suspicious calcification",)]
    assert [finding.lesion for finding in image.findings] == ["mass 1", "calcification 1"]


def test_the_published_tables_give_every_film(tmp_path):
    images, left_out = read_cbis_images(miniature_cbis.dicom(tmp_path, women=2, tests=1))
    assert left_out == {}
    assert [(image.woman, image.laterality, image.view, image.part) for image in images] == [
        ("P_00000", "L", "CC", "training"), ("P_00000", "L", "MLO", "training"),
        ("P_00001", "R", "CC", "training"), ("P_00001", "R", "MLO", "training"),
        ("P_00002", "L", "CC", "test"), ("P_00002", "L", "MLO", "test"),
    ]  # fmt: skip
    first = images[0].findings[0]
    assert first.box == tuple(round(edge) - 0.5 for edge in miniature_cbis.box("CC", "L"))
    assert (first.subtlety, first.assessment, images[0].density) == (4, 4, 3)


def both_tables(folder, *, same):
    """One film in the tables of masses and of calcifications; not `same`: another film there."""
    for kind in ("Mass", "Calc"):
        name = f"{kind}-Test_P_00009_LEFT_CC"
        miniature_cbis.description(folder, kind, "test", [("P_00009", "L", "CC", "1", "MALIGNANT")])
        miniature_cbis.film(folder, name, "CC", "L", 0 if same or kind == "Mass" else 1)
        miniature_cbis.roi(folder, f"{name}_1", "CC", "L", mask_first=True)
    return folder


def test_one_film_in_two_tables_is_one_image(tmp_path):
    (image,) = read_cbis_images(both_tables(tmp_path, same=True)).images
    assert {finding.kinds for finding in image.findings} == {("mass",), ("suspicious calcification",)}


def test_two_films_of_one_view_stay_two(tmp_path):
    assert len(read_cbis_images(both_tables(tmp_path, same=False)).images) == 2


def test_a_film_with_a_lesion_that_has_no_box_is_left_out(tmp_path):
    data = both_tables(miniature_cbis.dicom(tmp_path, women=1, tests=1), same=True)
    shutil.rmtree(data / "Calc-Test_P_00009_LEFT_CC_1" / "9.8")
    images, left_out = read_cbis_images(data)
    assert "P_00009" not in {image.woman for image in images}
    assert left_out == {NO_MASK: 1, INCOMPLETE: 1}
