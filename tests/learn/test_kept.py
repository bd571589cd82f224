"""What keeping has in common; the rooms' own is in their test_prepare.py."""

import numpy as np
import pytest

from mammoscope.core import Mammogram
from mammoscope.learn.kept import Keeping, keep, key_of, levels


@pytest.fixture
def kept(tmp_path):
    """A way to keep words in files, what was made so far, and the folder."""
    made = []

    def make(path, record, reader):
        made.append(record)
        path.with_suffix(".word").write_text(record.upper())

    how = Keeping(str.lower, make, lambda path: path.with_suffix(".word").read_text(), ".word")
    return how, made, tmp_path / "kept"


def test_each_record_is_made_once_and_opened_when_asked_for(kept):
    how, made, folder = kept
    keep(["b"], how, folder)
    counted = []
    examples = keep(["a", "b", "c"], how, folder, lambda: counted.append(1))
    assert made == ["b", "a", "c"]
    assert list(examples) == ["A", "B", "C"]
    assert list(examples[1:]) == ["B", "C"]
    assert (len(examples), len(counted)) == (3, 3)
    (folder / "a.word").write_text("changed")
    assert examples[0] == "changed"


def test_several_workers_keep_the_order(kept):
    how, made, folder = kept
    counted = []
    examples = keep(list("abcde"), how, folder, lambda: counted.append(1), workers=3)
    assert list(examples) == list("ABCDE")
    assert (sorted(made), len(counted)) == (list("abcde"), 5)
    assert list(keep([], how, folder, workers=2)) == []


def test_a_key_changes_with_a_file_and_with_what_is_made_of_it(tmp_path):
    path = tmp_path / "synthetic.png"
    path.write_bytes(b"1")
    key = key_of((path,), 512)
    assert key == key_of((path,), 512) != key_of((path,), 256)
    path.write_bytes(b"22")
    assert key != key_of((path,), 512)


def test_levels_are_the_whole_range_of_sixteen_bits():
    pixels = np.array([[-0.1, 0.0, 0.5, 1.0, 1.5]], np.float32)
    assert levels(Mammogram.of(pixels)).tolist() == [[0, 0, 32768, 65535, 65535]]
