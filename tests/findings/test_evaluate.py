import numpy as np
import pytest

from mammoscope.core.findings import FINDINGS
from mammoscope.findings import published
from mammoscope.findings.evaluate import MERGED, Figures, Said, by_class, classified, merged, weighted
from mammoscope.findings.tables import by_backbone, by_finding
from tests.findings.miniature import examples, tiny

KINDS = ("mass", "asymmetry", "focal asymmetry")


def said():
    """Six patches: two masses of which one is told, asymmetries told as each other, two normal."""
    probabilities = np.array([
        [0.9, 0.1, 0.1], [0.4, 0.1, 0.1], [0.1, 0.2, 0.8], [0.1, 0.9, 0.6], [0.0, 0.0, 0.0],
        [0.7, 0.0, 0.0],
    ], np.float32)  # fmt: skip
    truth = (("mass",), ("mass",), ("asymmetry",), ("asymmetry",), (), ())
    return Said(probabilities, KINDS, truth, ("a",) * 6)


def test_every_class_by_hand():
    rows = by_class(said())
    assert list(rows) == ["No Finding", *KINDS]
    # hits 1, said 2 (patches 0 and 5), shown 2
    assert rows["mass"] == Figures(4 / 6, 0.5, 0.5, 0.5, 2)
    assert rows["asymmetry"] == Figures(5 / 6, 1.0, 0.5, pytest.approx(2 / 3), 2)
    assert rows["focal asymmetry"] == Figures(4 / 6, 0.0, 0.0, 0.0, 0)
    # nothing is said of patches 1 and 4; 4 and 5 are normal
    assert rows["No Finding"] == Figures(4 / 6, 0.5, 0.5, 0.5, 2)


def test_the_three_asymmetries_are_one_in_the_first_table():
    assert merged(said()) == Figures(1.0, 1.0, 1.0, 1.0, 2)
    table = by_backbone({"resnet50": said()})
    assert table.head == ("F1", "N", "paper", "ResNet50", "paper")
    cells = {row[0]: row[1:] for row in table.rows}
    assert cells["mass"] == ("2", "237", "0.500", "0.742")
    assert cells["asymmetries"] == ("2", "79", "1.000", "0.200")
    assert cells["suspicious calcification"] == ("0", "115", "–", "0.860")
    assert cells["weighted average"] == ("4", "442", "0.750", "0.675")


def test_the_second_table_has_every_class_and_weighted_means():
    table = by_finding(said())
    cells = {row[0]: row[1:] for row in table.rows}
    assert list(cells) == ["No Finding", "mass", "focal asymmetry", "asymmetry", "weighted mean"]
    assert cells["asymmetry"][:4] == ("0.833", "0.995", "1.000", "0.000")
    assert cells["asymmetry"][8:] == ("2", "20")
    # F1: (2 · 0.5 + 2 · 0.5 + 2 · 2/3) / 6
    assert cells["weighted mean"][6:8] == ("0.556", "0.956")


def printed(name):
    *shares, support = published.BY_CLASS[name]
    return Figures(*map(float, shares), int(support))


def test_the_papers_second_table_contradicts_its_own_means():
    means = weighted([printed(name) for name in published.BY_CLASS if name != "weighted mean"])
    assert means.support == 4131
    assert means.accuracy == pytest.approx(0.9783, abs=5e-4)
    assert means.recall == pytest.approx(0.9377, abs=5e-4)
    assert means.f1 == pytest.approx(0.9422, abs=5e-4)
    accuracy, _, _, f1, _ = published.BY_CLASS["weighted mean"]
    assert abs(means.accuracy - float(accuracy)) > 0.03
    assert abs(means.f1 - float(f1)) > 0.01


def test_the_papers_first_table_averages_its_rows_but_for_one_digit():
    rows = [published.BY_BACKBONE[name] for name in published.BY_BACKBONE]
    supports = [int(row[0]) for row in rows[:-1]]
    assert sum(supports) == int(rows[-1][0])
    for place, (_, title) in enumerate(published.MODELS, start=1):
        values = [float(row[place]) for row in rows[:-1]]
        mean = np.dot(values, supports) / sum(supports)
        # rounding of the rows moves the mean by 0.0005 at most
        assert float(rows[-1][place]) == pytest.approx(mean, abs=0.001), title


def test_the_asymmetries_of_both_tables_are_as_many():
    assert sum(printed(name).support for name in MERGED) == 79


def test_examples_are_classified_in_batches_with_what_they_show():
    learnt, recipe, sizes = examples(4), tiny(), []

    def classify(patches):
        sizes.append(len(patches))
        return np.stack([patches.max(axis=(1, 2, 3)), patches.min(axis=(1, 2, 3))], axis=1)

    result = classified(classify, learnt, recipe, batch=3)
    assert sizes == [3, 1]
    assert result.truth == (("mass",), (), ("mass",), ())
    assert result.kinds == FINDINGS[:2]
    assert result.women == tuple(f"synthetic {seed}" for seed in range(4))
    patch = learnt[2].patch(recipe, np.random.default_rng(2))
    assert result.probabilities[2, 0] == pytest.approx(patch.max())
