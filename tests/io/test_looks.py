import numpy as np
import pytest
from pydicom.dataset import Dataset

from mammoscope.errors import UsageError
from mammoscope.io import Reader, Source, looks
from tests.bad_inputs.case import image
from tests.synthetic import MG_PROCESSING, save

RAMP = np.arange(64, dtype=np.uint16).reshape(8, 8)
WINDOWS = {
    "WindowCenter": [16.5, 32.5, 40.5],
    "WindowWidth": [33, 65, 17],
    "WindowCenterWidthExplanation": ["HARDER", "NORMAL", "SOFTER"],
}


def table(first, last, explained):
    item = Dataset()
    item.LUTDescriptor = [2, 0, 8]
    item.add_new("LUTData", "US", [first, last])
    item.LUTExplanation = explained
    return item


def shown(dataset, tmp_path):
    """The pixels of every look."""
    found = Source("synthetic.dcm", save(dataset, tmp_path / "synthetic.dcm"))
    with Reader() as reader:
        return [reader.read(found, look).pixels for look in range(reader.about(found).looks)]


def test_windows_are_looks_the_normal_one_first(tmp_path):
    normal, harder, softer = shown(image(pixels=RAMP, **WINDOWS), tmp_path)
    # (x - (c - 0.5)) / (w - 1) + 0.5
    np.testing.assert_allclose(normal, RAMP / 64, atol=1e-6)
    np.testing.assert_allclose(harder, np.clip(RAMP / 32, 0, 1), atol=1e-6)
    np.testing.assert_allclose(softer, np.clip((RAMP - 32.0) / 16, 0, 1), atol=1e-6)


def test_a_table_goes_before_windows_and_both_are_looks(tmp_path):
    tables = [table(0, 255, "HARDER"), table(51, 204, "NORMAL")]
    every = shown(image(pixels=RAMP, VOILUTSequence=tables, **WINDOWS), tmp_path)
    assert [float(pixels.max()) for pixels in every[:2]] == pytest.approx([0.8, 1.0])
    assert len(every) == 5
    np.testing.assert_allclose(every[3], RAMP / 64, atol=1e-6)


def test_a_window_without_meaning_is_no_look():
    assert looks.count(image(WindowCenter=[100, 50], WindowWidth=[200, 0])) == 1
    assert looks.count(image(WindowCenter=None, WindowWidth=None)) == 1


def test_an_image_for_processing_has_one_look():
    assert looks.count(image(SOPClassUID=MG_PROCESSING, **WINDOWS)) == 1


def test_a_look_that_is_not_there_is_refused(tmp_path):
    found = Source("synthetic.dcm", save(image(pixels=RAMP), tmp_path / "synthetic.dcm"))
    with Reader() as reader, pytest.raises(UsageError, match="0 to 0 was expected, got 1"):
        reader.read(found, 1)


def test_narrowing_leaves_the_data_set_alone():
    whole = image(**WINDOWS)
    assert looks.narrowed(whole, 1).WindowCenter == 16.5
    assert len(whole.WindowCenter) == 3
