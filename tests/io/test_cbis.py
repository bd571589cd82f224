"""Pairs of CBIS-DDSM from a table of lesions."""

from pathlib import Path

import pytest

from mammoscope.errors import UsageError
from mammoscope.io.cbis import TWICE, TWO_IMAGES, Boxed, density_of, paired, read_lesions
from mammoscope.io.pairs import certain, uncertain
from tests.registration.miniature_cbis import lesions_table, row, write_lesions
from tests.registration.pairs import BOX, mlo_box

EDGES = (0.0, 0.0, 5.0, 5.0)


def boxed(view, abnormality, *, woman="P_1", side="L", pathology="BENIGN", image=None, part=None):
    path = Path(image or f"{woman}{side}{view}.png")
    return Boxed(path, woman, side, view, abnormality, EDGES, "mass", pathology, 2, None, part)


def test_a_table_gives_pairs_in_source_pixels(tmp_path):
    pairs = read_lesions(lesions_table(tmp_path, women=2)).pairs
    assert [pair.woman for pair in pairs] == ["P_00000", "P_00001"]
    first = pairs[0]
    assert (first.cc.name, first.mlo.name) == ("P_00000_LEFT_CC.png", "P_00000_LEFT_MLO.png")
    assert first.lesions[0].cc == pytest.approx(BOX)
    assert first.lesions[0].mlo == pytest.approx(mlo_box())
    assert (first.single, first.cc_spacing, first.density, first.part) == (True, (0.25, 0.25), 2, None)


def test_edges_count_from_the_outer_edge_of_the_first_pixel(tmp_path):
    # two rows and one column of pixels, the first ones: from half a pixel before their centres
    rows = []
    for view in ("CC", "MLO"):
        (tmp_path / f"{view}.png").touch()
        rows.append(
            row(f"{view}.png", "P_1", "L", view, "1", EDGES, x="0", y="0", width="1", height="2")
        )
    (pair,) = read_lesions(write_lesions(tmp_path, rows)).pairs
    assert pair.lesions[0].cc == (-0.5, -0.5, 1.5, 0.5)


@pytest.mark.parametrize(
    ("odd", "why"),
    [(boxed("CC", "2", image="another.png"), TWO_IMAGES), (boxed("MLO", "1"), TWICE)],
)
@pytest.mark.parametrize("ordered", [True, False])
def test_an_odd_breast_is_left_out_and_counted(odd, why, ordered):
    sound = [boxed(view, "1", side="R") for view in ("CC", "MLO")]
    found = paired([boxed("CC", "1"), boxed("MLO", "1"), odd, *sound], ordered=ordered)
    assert [pair.laterality for pair in found.pairs] == ["R"]
    assert found.left_out == {why: 3}


def test_only_the_same_abnormality_in_both_views_is_a_lesion_of_a_pair():
    (pair,) = paired([boxed("CC", "1"), boxed("CC", "2"), boxed("MLO", "2")], ordered=True).pairs
    assert [lesion.identifier for lesion in pair.lesions] == ["2"]
    assert pair.most == 2
    assert not pair.single
    assert paired([boxed("CC", "1"), boxed("MLO", "2")], ordered=True).pairs == []


def test_several_lesions_are_certain_where_ids_are_the_boxes_own():
    rows = [boxed(view, one) for view in ("CC", "MLO") for one in ("1", "2")]
    assert len(certain(paired(rows, ordered=True).pairs)[0].lesions) == 2
    assert certain(paired(rows, ordered=False).pairs) == []
    assert len(uncertain(paired(rows, ordered=False).pairs)[0].lesions) == 2


def test_another_pathology_in_the_other_view_contradicts_the_id():
    rows = [boxed("CC", "1"), boxed("CC", "2"), boxed("MLO", "1"),
            boxed("MLO", "2", pathology="MALIGNANT")]  # fmt: skip
    (pair,) = paired(rows, ordered=True).pairs
    assert [lesion.certain for lesion in pair.lesions] == [True, False]


def test_a_lesion_alone_in_both_views_is_certain_whatever_the_words():
    (pair,) = paired([boxed("CC", "1"), boxed("MLO", "1", pathology="MALIGNANT")], ordered=False).pairs
    assert pair.single
    assert pair.lesions[0].certain


def test_breasts_and_sets_are_kept_apart():
    rows = [boxed("CC", "1"), boxed("MLO", "1", side="R"), boxed("MLO", "1", part="test")]
    assert paired(rows, ordered=True).pairs == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"view": "ML"}, "line 2"), ({"laterality": "B"}, "line 2"), ({"width": "0"}, "more than 0"),
        ({"spacing_mm": "50"}, "size of a pixel"), ({"density": "7"}, "1 to 4"),
        ({"image": "nowhere.png"}, "1 images of lesions.csv are missing"),
    ],
)  # fmt: skip
def test_a_row_without_meaning_is_refused(tmp_path, change, says):
    (tmp_path / "a.png").touch()
    table = write_lesions(tmp_path, [row("a.png", "P_1", "L", "CC", "1", EDGES) | change])
    with pytest.raises(UsageError, match=says):
        read_lesions(table)


def test_density_is_one_to_four_or_unknown():
    assert [density_of(cell) for cell in ("", "0", "3", "4.0")] == [None, None, 3, 4]
