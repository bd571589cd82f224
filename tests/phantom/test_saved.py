import dataclasses
import json
import subprocess
import sys
from importlib.resources import files

import numpy as np
import pytest

from mammoscope.errors import RejectedInput
from mammoscope.phantom.saved import SMALL, from_bytes, load, save, small_exam, to_bytes
from tests.phantom.handmade import handmade_exam


def same(one, other):
    """Whether two values hold the same, arrays and dataclasses by content."""
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if dataclasses.is_dataclass(one):
        names = [field.name for field in dataclasses.fields(one)]
        return type(one) is type(other) and all(same(getattr(one, n), getattr(other, n)) for n in names)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return type(one) is type(other) and one == other


def test_what_is_saved_comes_back(tmp_path):
    exam = handmade_exam(5)
    save(exam, tmp_path / "exam.npz")
    assert same(load(tmp_path / "exam.npz"), exam)


def test_the_check_above_can_fail():
    exam = handmade_exam(5)
    view = exam.breasts["R"].views["CC"]
    assert not same(dataclasses.replace(view, exposure=view.exposure + 1), view)
    assert not same(handmade_exam(6), exam)


def test_the_same_exam_gives_the_same_bytes():
    assert to_bytes(handmade_exam(2)) == to_bytes(handmade_exam(2))


def test_exposures_that_half_precision_holds_take_half_the_bytes():
    exam = handmade_exam(1)
    side = exam.breasts["R"]
    view = side.views["CC"]
    half = dataclasses.replace(view, exposure=view.exposure.astype(np.float16).astype(np.float32))
    small = dataclasses.replace(side, views={"CC": half})
    saved = to_bytes(dataclasses.replace(exam, breasts={"R": small}))
    assert same(from_bytes(saved).breasts["R"].views["CC"], half)
    whole = to_bytes(
        dataclasses.replace(exam, breasts={"R": dataclasses.replace(side, views={"CC": view})})
    )
    assert len(saved) < len(whole)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"text"])
def test_another_file_is_refused(content, tmp_path):
    (tmp_path / "exam.npz").write_bytes(content)
    with pytest.raises(RejectedInput, match="a saved phantom exam was expected"):
        load(tmp_path / "exam.npz")


def test_another_format_is_refused(tmp_path):
    words = np.frombuffer(json.dumps({"format": 0}).encode(), np.uint8)
    np.savez(tmp_path / "exam.npz", words=words)
    with pytest.raises(RejectedInput, match="of format 1 was expected, got 0"):
        load(tmp_path / "exam.npz")


def test_an_absent_file_is_refused(tmp_path):
    with pytest.raises(RejectedInput, match=r"exam\.npz cannot be read"):
        load(tmp_path / "exam.npz")


def test_the_small_exam_has_four_views_with_their_truth():
    exam = small_exam()
    shown = [(view.laterality, view.view) for view in exam.views]
    assert shown == [("R", "CC"), ("L", "CC"), ("R", "MLO"), ("L", "MLO")]
    for view in exam.views:
        assert set(np.unique(view.labels)) == ({0, 1} if view.view == "CC" else {0, 1, 2})
        assert view.exposure.shape == view.labels.shape == view.gland_mm.shape
        assert view.landmarks["nipple"] is not None
        assert (view.gland_mm <= view.thickness_mm + 0.2).all()
    assert to_bytes(from_bytes(to_bytes(exam))) == to_bytes(exam)


def test_the_small_exam_is_small():
    assert (files("mammoscope.phantom") / SMALL).stat().st_size < 1.5e6


def test_reading_needs_no_torch():
    script = (
        "import sys, mammoscope.phantom.saved as saved; saved.small_exam()\n"
        "print(sorted({'torch', 'cv2', 'scipy', 'pydicom'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
