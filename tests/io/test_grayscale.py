"""What the header says of brightness: tables, windows and numbers as files spell them."""

import math
from io import BytesIO
from typing import Any

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian

from mammoscope.errors import RejectedInput
from mammoscope.io import grayscale
from mammoscope.io.voi import Table, Window


def of_table(
    descriptor: list[int], data: bytes | list[int], syntax: str = ExplicitVRLittleEndian
) -> Dataset:
    item = Dataset()
    item.add_new(0x00283002, "SS" if min(descriptor, default=0) < 0 else "US", descriptor)
    item.add_new(0x00283006, "OW" if isinstance(data, bytes) else "US", data)
    dataset = Dataset()
    dataset.VOILUTSequence = [item]
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    return dataset


def voi_table(dataset: Dataset, *, signed: bool = False) -> Table:
    found = grayscale.chosen_table(dataset, "VOILUTSequence", signed)
    assert found is not None
    return found


def spelled(*elements: tuple[int, bytes]) -> Dataset:
    """Decimal strings as they stand in a file, numbers or not."""
    parts = [
        b"\x28\x00" + tag.to_bytes(2, "little") + b"DS" + len(text).to_bytes(2, "little") + text
        for tag, text in elements
    ]
    return dcmread(BytesIO(b"".join(parts)), force=True)


@pytest.mark.parametrize(
    ("descriptor", "data", "expected"),
    [
        ([3, 0, 16], [1, 2, 3], [1, 2, 3]),
        ([3, 0, 16], b"\x01\x00\x02\x00\x03\x01", [1, 2, 0x103]),
        ([4, 0, 8], b"\x01\x02\x03\xff", [1, 2, 3, 255]),  # one byte an entry
        ([3, 0, 8], b"\x01\x02\x03\x00", [1, 2, 3]),  # and one to make it even
        ([1, 0, 16], [7], [7]),
    ],
)
def test_entries_come_as_words_or_bytes(
    descriptor: list[int], data: bytes | list[int], expected: list[int]
) -> None:
    assert voi_table(of_table(descriptor, data)).entries.tolist() == expected


def test_entries_of_big_endian_files() -> None:
    found = voi_table(of_table([2, 0, 16], b"\x01\x02\x03\x04", ExplicitVRBigEndian))
    assert found.entries.tolist() == [0x0102, 0x0304]


def test_no_entries_means_65536() -> None:
    found = voi_table(of_table([0, 0, 16], np.arange(65536, dtype="<u2").tobytes()))
    assert len(found.entries) == 65536
    assert found.entries[-1] == 65535


@pytest.mark.parametrize(
    ("first", "signed", "expected"),
    [(65534, True, -2), (65534, False, 65534), (-2, True, -2), (32767, True, 32767)],
)
def test_the_first_value_mapped_has_the_sign_of_what_goes_in(
    first: int, signed: bool, expected: int
) -> None:
    assert voi_table(of_table([2, first, 8], [1, 2]), signed=signed).first == expected


@pytest.mark.parametrize(
    ("descriptor", "data"),
    [
        ([3, 0, 8], [1, 2]),
        ([2, 0, 8], [1, 2, 3]),
        ([2, 0, 7], [1, 2]),
        ([2, 0, 17], [1, 2]),
        ([2, 0, 8], [1, 256]),
        ([2, 0], [1, 2]),
        ([0, 0, 16], [1, 2]),
        ([9, 0, 8], b"\x01\x02\x03\x04"),
    ],
)
def test_a_descriptor_that_does_not_fit_is_rejected(
    descriptor: list[int], data: bytes | list[int]
) -> None:
    with pytest.raises(RejectedInput, match="lookup table") as caught:
        voi_table(of_table(descriptor, data))
    assert caught.value.number == 44


def test_an_empty_sequence_is_no_table() -> None:
    dataset = Dataset()
    dataset.VOILUTSequence = []
    assert grayscale.chosen_table(dataset, "VOILUTSequence", False) is None


@pytest.mark.parametrize(
    ("elements", "expected"),
    [
        ((), (1.0, 0.0)),
        (((0x1053, b""), (0x1052, b"-5")), (1.0, -5.0)),
        (((0x1053, b"2.5 "), (0x1052, b"1E1 ")), (2.5, 10.0)),
    ],
)
def test_rescale(elements: tuple[tuple[int, bytes], ...], expected: tuple[float, float]) -> None:
    assert grayscale.rescale(spelled(*elements)) == expected


@pytest.mark.parametrize("text", [b"two ", b"nan ", b"inf ", b"0 ", b"1\\2 "])
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_slope_that_is_no_number_is_rejected(text: bytes) -> None:
    with pytest.raises(RejectedInput) as caught:
        grayscale.rescale(spelled((0x1053, text)))
    assert caught.value.number == 48


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_a_window_that_is_no_number_is_not_usable() -> None:
    window = grayscale.chosen_window(spelled((0x1050, b"mid "), (0x1051, b"100 ")))
    assert window is not None
    assert math.isnan(window.centre)
    assert not window.usable


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({}, None),
        ({"WindowCenter": 5}, None),
        ({"WindowCenter": 5, "WindowWidth": 7}, Window(5.0, 7.0)),
        ({"WindowCenter": [5, 6], "WindowWidth": [7]}, Window(5.0, 7.0)),
        (
            {
                "WindowCenter": [5, 6], "WindowWidth": [7],
                "WindowCenterWidthExplanation": ["HARDER", "NORMAL"],
            },
            Window(5.0, 7.0),
        ),
        (
            {"WindowCenter": 5, "WindowWidth": 7, "VOILUTFunction": "SIGMOID"},
            Window(5.0, 7.0, "SIGMOID"),
        ),
    ],
)  # fmt: skip
def test_windows_come_in_pairs(attributes: dict[str, Any], expected: Window | None) -> None:
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    assert grayscale.chosen_window(dataset) == expected


def test_padding_without_a_value_is_none() -> None:
    dataset = Dataset()
    dataset.PixelPaddingRangeLimit = 5
    assert grayscale.padding_range(dataset) is None


@pytest.mark.filterwarnings("ignore:Invalid value for VR CS")
def test_a_function_may_be_spelled_small_or_twice() -> None:
    dataset = Dataset()
    dataset.WindowCenter, dataset.WindowWidth = 10, 4
    for spelling in ("sigmoid", ["SIGMOID", "SIGMOID"]):
        dataset.VOILUTFunction = spelling
        assert grayscale.chosen_window(dataset) == Window(10, 4, "SIGMOID")


def test_an_absent_high_bit_is_no_contradiction() -> None:
    dataset = Dataset()
    dataset.BitsAllocated, dataset.BitsStored, dataset.PixelRepresentation = 16, 12, 0
    assert grayscale.cell(dataset) == grayscale.Cell(16, 12, signed=False)
