"""The reference's counts and figures from the published labels, and an extract's by hand."""

from collections import Counter
from pathlib import Path

import pytest

from mammoscope.errors import UsageError
from mammoscope.io.marks import MarkedImage
from mammoscope.io.vindr import read_positioning_labels
from mammoscope.positioning import labels

EXTRACT = Path(__file__).parents[1] / "data" / "positioning_labels_extract.csv"


@pytest.fixture(scope="module")
def extract():
    return read_positioning_labels(EXTRACT)


@pytest.fixture(scope="module")
def published(shared):
    return read_positioning_labels(shared / "data" / "positioning_labels.csv")


def marked(nipple=(40.0, 60.0), upper=(0.0, 30.0), lower=(40.0, 0.0), **others):
    about = {"shape": (100, 80), "spacing_mm": (0.5, 0.5)} | others
    points = {"nipple": nipple, "pectoral upper": upper, "pectoral lower": lower}
    return MarkedImage(
        Path("synthetic"), "synthetic", "synthetic", "MLO", "processed", points=points, **about
    )


@pytest.mark.shared
def test_the_papers_split(published):
    # the paper prints 967 and 633 in training: five images lie at the edge of its crop
    assert labels.counts(published) == {
        "train": (962, 638), "validation": (108, 92), "test": (123, 77),
    }  # fmt: skip


@pytest.mark.shared
def test_the_agreement_with_the_qualitative_labels(published):
    found = labels.agreement(published)
    assert round(100 * found.share.estimate, 1) == 83.7
    assert found.table == {
        ("good", "good"): 1165, ("good", "poor"): 28, ("poor", "good"): 298, ("poor", "poor"): 509,
    }  # fmt: skip


@pytest.mark.shared
def test_the_pectoral_angle_of_all_images(published):
    (angle,) = [
        one for one in labels.summaries(published)
        if (one.device, one.side, one.quantity) == ("", "", "pectoral_angle")
    ]  # fmt: skip
    assert (angle.n, round(angle.mean, 1), round(angle.sd, 1)) == (2000, 21.7, 5.9)


@pytest.mark.shared
def test_both_sides_show_the_chest_wall_where_they_should(published):
    pairs = {(record.laterality, record.chest_wall) for record in published}
    assert pairs == {("L", "left"), ("R", "right")}


def test_the_extract_counted_in_exact_fractions_apart_from_the_package(extract):
    assert labels.counts(extract) == {"train": (4, 4), "validation": (2, 3), "test": (3, 3)}
    found = labels.agreement(extract)
    assert found.table == {
        ("good", "good"): 8, ("good", "poor"): 1, ("poor", "good"): 2, ("poor", "poor"): 8,
    }  # fmt: skip
    assert found.share.estimate == pytest.approx(16 / 19)


def test_anatomy_by_hand():
    # In mm: a = (0, 15), b = (20, 0), u = (0.8, -0.6), N = (20, 30). (N - a)·u = 16 - 9 = 7:
    # F = (5.6, 10.8), |N - F| = |14.4, 19.2| = 24; F lies 25 - 7 = 18 above b.
    found = labels.anatomy(marked())
    assert found.pectoral_angle == pytest.approx(36.8699, abs=1e-4)
    assert found.nipple_line == pytest.approx(24)
    assert found.pectoral_length == pytest.approx(25)
    assert found.pectoral_gap == pytest.approx(-18)
    assert found.nipple_height == pytest.approx(30)
    assert found.foot_to_edge == pytest.approx(5.6)


def test_a_nipple_line_ends_at_the_edge_of_the_image():
    # In mm: N = (45, 5), (N - a)·u = 36 + 6 = 42, F = (33.6, -10.2): 5 of 15.2 across are shown,
    # sqrt(11.4² + 15.2²) = 19 shrinks to 19 · 5 / 15.2.
    found = labels.anatomy(marked(nipple=(90.0, 10.0)))
    assert found.nipple_line == pytest.approx(6.25)
    assert found.foot_to_edge == pytest.approx(-10.2)
    assert found.pectoral_gap == pytest.approx(17)


def test_anatomy_is_the_same_where_pixels_are_not_square():
    wide = marked((40.0, 120.0), (0.0, 60.0), shape=(100, 160), spacing_mm=(0.5, 0.25))
    assert labels.anatomy(wide) == pytest.approx(labels.anatomy(marked()))


def test_no_spacing_no_lengths():
    with pytest.raises(UsageError, match="lengths cannot be measured"):
        labels.anatomy(marked(spacing_mm=None))


def test_groups_are_devices_sides_and_both(extract):
    found = labels.summaries(extract)
    counts = {(one.device, one.side): one.n for one in found}
    devices = Counter(record.device for record in extract)
    assert counts["", ""] == 19 == counts["", "L"] + counts["", "R"]
    assert {device: counts[device, ""] for device in devices} == devices
    assert counts["Planmed Nuance", "L"] == 4
    assert ("Planmed Nuance", "R") not in counts
    assert len(found) == len(counts) * len(labels.Anatomy._fields)


def test_tables_show_the_papers_counts_beside_ours(extract):
    split, agreed, anatomy = labels.tables(extract)
    assert split.head == ("Split", "Good", "paper", "Poor", "paper")
    assert split.rows[2] == ("test", "3", "123", "3", "77")
    assert agreed.notes[0].startswith("Agreement: 84.2 % (16/19), 95 % interval 62.4 to 94.5 %")
    assert anatomy.rows[0][:3] == ("all", "both", "19")
    assert "Labels hold no magnification factor" in anatomy.notes[1]


def test_the_document_says_the_same(extract):
    found = labels.document(extract)
    assert found["split"]["validation"] == {"good": 2, "poor": 3}
    assert found["paper"]["train"] == {"good": 967, "poor": 633}
    assert found["agreement"]["images"][1] == {"criterion": "good", "label": "poor", "n": 1}
    assert found["anatomy"][0]["quantity"] == "pectoral_angle"
