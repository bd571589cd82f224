"""Stored values to brightness, each step and the whole chain, against values worked by hand."""

from typing import Any

import numpy as np
import pytest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from mammoscope.errors import RejectedInput
from mammoscope.io import pixels
from mammoscope.io.grayscale import Cell


def header(stored: int = 12, *, signed: bool = False, **more: Any) -> Dataset:
    """What `stored_to_display` reads, for a presentation image without a window."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.PhotometricInterpretation = "MONOCHROME2"
    dataset.PresentationIntentType = "FOR PRESENTATION"
    dataset.BitsAllocated = 8 if stored <= 8 else 16
    dataset.BitsStored, dataset.HighBit, dataset.PixelRepresentation = stored, stored - 1, int(signed)
    for keyword, value in more.items():
        setattr(dataset, keyword, value)
    return dataset


def lut(first: int, bits: int, entries: list[int], explanation: str = "") -> Dataset:
    item = Dataset()
    item.add_new(0x00283002, "US", [len(entries), first & 0xFFFF, bits])
    item.add_new(0x00283006, "US", entries)
    item.LUTExplanation = explanation
    return item


def shown(words: list[int], dataset: Dataset) -> list[float]:
    """The brightness of some cells, one row."""
    return show(words, dataset)[0][0].tolist()


def show(words: list[int], dataset: Dataset) -> tuple[Any, Any, Any]:
    kind = np.uint8 if dataset.BitsAllocated == 8 else np.uint16
    return pixels.stored_to_display(np.array([words], kind), dataset)


@pytest.mark.parametrize(
    ("cell", "word", "expected"),
    [
        (Cell(8, 8, False), 0xFF, 255),
        (Cell(8, 8, True), 0xFF, -1),
        (Cell(8, 8, True), 0x80, -128),
        (Cell(16, 10, False), 0x03FF, 1023),
        (Cell(16, 10, True), 0x0200, -512),
        (Cell(16, 12, False), 0x0FFF, 4095),
        (Cell(16, 12, False), 0xF001, 1),  # overlays in bits 12 to 15
        (Cell(16, 12, True), 0x0FFF, -1),
        (Cell(16, 12, True), 0x0800, -2048),
        (Cell(16, 12, True), 0x07FF, 2047),
        (Cell(16, 12, True), 0xF7FF, 2047),  # overlay bits are no sign
        (Cell(16, 12, True), 0x1800, -2048),
        (Cell(16, 14, False), 0xFFFF, 16383),
        (Cell(16, 14, True), 0x2000, -8192),
        (Cell(16, 16, False), 0xFFFF, 65535),
        (Cell(16, 16, True), 0x8000, -32768),
        (Cell(16, 16, True), 0xFFFF, -1),
    ],
)
def test_stored_values(cell: Cell, word: int, expected: int) -> None:
    values = pixels.stored_values(cell)
    assert len(values) == 2**cell.allocated
    assert values[word] == expected


@pytest.mark.parametrize(
    ("bits", "words", "expected"),
    [
        # LINEAR over all values of the depth is x / (2^bits - 1)
        (8, [0, 1, 254, 255], [0, 1 / 255, 254 / 255, 1]),
        (10, [0, 1, 1022, 1023], [0, 1 / 1023, 1022 / 1023, 1]),
        (12, [0, 1, 4094, 4095], [0, 1 / 4095, 4094 / 4095, 1]),
        (14, [0, 1, 16382, 16383], [0, 1 / 16383, 16382 / 16383, 1]),
        (16, [0, 1, 65534, 65535], [0, 1 / 65535, 65534 / 65535, 1]),
    ],
)
@pytest.mark.parametrize("inverse", [False, True])
def test_a_window_over_every_depth(
    bits: int, words: list[int], expected: list[float], inverse: bool
) -> None:
    dataset = header(bits, WindowCenter=2 ** (bits - 1), WindowWidth=2**bits)
    if inverse:
        dataset.PhotometricInterpretation = "MONOCHROME1"
        expected = [1 - value for value in expected]
    assert shown(words, dataset) == pytest.approx(expected, abs=1e-6)


def test_signed_values_with_overlays_above_them() -> None:
    # c 0, w 4096: -2048 → 0, -1 → -0.5/4095 + 0.5, 0 → 0.5/4095 + 0.5, 2047 → 1
    dataset = header(12, signed=True, WindowCenter=0, WindowWidth=4096)
    words = [0x0800, 0x0FFF, 0x0000, 0x07FF, 0xA800, 0x5FFF, 0x9000, 0xF7FF]
    once = [0, 2047 / 4095, 2048 / 4095, 1]
    assert shown(words, dataset) == pytest.approx(once + once, abs=1e-6)


def test_rescale_comes_before_the_window() -> None:
    # 2x - 1000: 500 → 0, 700 → 400, 900 → 800; c 400, w 801 from -0.5 to 799.5
    # 400: (400 - 399.5) / 800 + 0.5 = 400.5/800; 0: (0 - 399.5)/800 + 0.5 = 0.5/800
    dataset = header(RescaleSlope=2, RescaleIntercept=-1000, WindowCenter=400, WindowWidth=801)
    assert shown([0, 500, 700, 900], dataset) == pytest.approx([0, 0.5 / 800, 400.5 / 800, 1])


def test_a_negative_slope_turns_the_order_round() -> None:
    # 4095 - x: 0 → 4095 → 1, 4095 → 0 → 0, 1 → 4094
    dataset = header(RescaleSlope=-1, RescaleIntercept=4095, WindowCenter=2048, WindowWidth=4096)
    assert shown([0, 1, 4095], dataset) == pytest.approx([1, 4094 / 4095, 0])


def test_without_values_of_interest_the_image_spans_the_range() -> None:
    # 100 to 500: 200 → 0.25
    assert shown([100, 200, 500], header()) == [0.0, 0.25, 1.0]


def test_padding_is_black_and_left_out_of_the_range() -> None:
    dataset = header(PixelPaddingValue=0, PhotometricInterpretation="MONOCHROME1")
    found, valid, _ = show([0, 100, 200, 500], dataset)
    assert found[0].tolist() == [0.0, 1.0, 0.75, 0.0]
    assert valid[0].tolist() == [False, True, True, True]


@pytest.mark.parametrize("limits", [(0, 20), (20, 0)])
def test_a_padding_range_includes_both_limits(limits: tuple[int, int]) -> None:
    dataset = header(PixelPaddingValue=limits[0], PixelPaddingRangeLimit=limits[1])
    found, valid, _ = show([0, 20, 21, 121], dataset)
    assert valid[0].tolist() == [False, False, True, True]
    assert found[0].tolist() == [0.0, 0.0, 0.0, 1.0]


def test_padding_is_found_beneath_overlay_bits_and_with_its_sign() -> None:
    dataset = header(12, signed=True)
    dataset.add_new(0x00280120, "US", 0xF830)  # -2000 in a word of 16 bits
    # -2000 in 12 bits: 4096 - 2000 = 2096 = 0x830, also with bits 12 to 15 in use
    _, valid, _ = show([0x0830, 0xA830, 0x0000, 0x0001], dataset)
    assert valid[0].tolist() == [False, False, True, True]


def test_valid_is_none_where_no_pixel_is_padding() -> None:
    assert show([5, 6], header(PixelPaddingValue=0))[1] is None


def test_nothing_but_padding_is_black() -> None:
    found, valid, _ = show([0, 0], header(PixelPaddingValue=0))
    assert not found.any()
    assert not valid.any()


def test_a_voi_table_is_preferred_to_a_window() -> None:
    # first 100: 100 → 0, 101 → 64, 102 → 255; of 8 bits
    dataset = header(WindowCenter=2048, WindowWidth=4096, VOILUTSequence=[lut(100, 8, [0, 64, 255])])
    assert shown([0, 100, 101, 102, 4095], dataset) == pytest.approx([0, 0, 64 / 255, 1, 1])


def test_the_normal_table_is_preferred_to_the_first() -> None:
    tables = [lut(0, 8, [0, 255], "HARDER"), lut(0, 8, [51, 102], "Normal")]
    assert shown([0, 1], header(VOILUTSequence=tables)) == pytest.approx([0.2, 0.4])


def test_a_voi_table_after_a_rescale_starts_below_zero() -> None:
    # x - 1000, first -2: 998 → -2 → 10, 999 → -1 → 20, 1000 → 0 → 30
    dataset = header(RescaleIntercept=-1000, RescaleSlope=1, VOILUTSequence=[lut(-2, 8, [10, 20, 30])])
    assert shown([998, 999, 1000], dataset) == pytest.approx([10 / 255, 20 / 255, 30 / 255])


def test_a_voi_table_of_unsigned_values_starts_above_32767() -> None:
    dataset = header(16, VOILUTSequence=[lut(40000, 8, [10, 20])])
    assert shown([40000, 40001], dataset) == pytest.approx([10 / 255, 20 / 255])


def test_a_modality_table_replaces_the_rescale() -> None:
    # 5 → 1000, 6 → 3000, 7 → 2000; c 2000.5, w 2001: from 1000 to 3000, (x - 1000) / 2000
    dataset = header(WindowCenter=2000.5, WindowWidth=2001, RescaleSlope=9, RescaleIntercept=9)
    dataset.ModalityLUTSequence = [lut(5, 16, [1000, 3000, 2000])]
    assert shown([4, 5, 6, 7, 8], dataset) == pytest.approx([0, 0, 1, 0.5, 0.5])


@pytest.mark.parametrize(
    ("explanation", "expected"),
    # c 100, w 101: (50 - 99.5) / 100 + 0.5 = 0.005; c 50, w 101: (50 - 49.5) / 100 + 0.5 = 0.505
    [(["HARDER", "NORMAL"], 0.505), (["NORMAL", "SOFTER"], 0.005), (None, 0.005)],
)
def test_of_several_windows_the_normal_one_else_the_first(
    explanation: list[str] | None, expected: float
) -> None:
    dataset = header(WindowCenter=[100, 50], WindowWidth=[101, 101])
    if explanation:
        dataset.WindowCenterWidthExplanation = explanation
    assert shown([50], dataset) == pytest.approx([expected])


def test_the_voi_function_is_followed() -> None:
    # SIGMOID at c + w/2: 1 / (1 + e^-2)
    dataset = header(WindowCenter=1000, WindowWidth=400, VOILUTFunction="SIGMOID")
    assert shown([1000, 1200], dataset) == pytest.approx([0.5, 0.8807970779778823])


@pytest.mark.parametrize(("width", "function"), [(0, "LINEAR"), (0.5, "LINEAR"), (0, "SIGMOID")])
def test_a_window_without_meaning_gives_the_full_range_and_a_note(width: float, function: str) -> None:
    dataset = header(WindowCenter=300, WindowWidth=width, VOILUTFunction=function)
    found, _, notes = show([100, 200, 500], dataset)
    assert found[0].tolist() == [0.0, 0.25, 1.0]
    assert [note.code for note in notes] == ["window unusable"]


@pytest.mark.parametrize(
    ("photometric", "shape", "expected", "codes"),
    [
        ("MONOCHROME1", "INVERSE", 0.75, []),
        ("MONOCHROME2", "IDENTITY", 0.25, []),
        ("MONOCHROME1", "IDENTITY", 0.75, ["inversion contradicted"]),
        ("MONOCHROME2", "INVERSE", 0.25, ["inversion contradicted"]),
    ],
)
def test_inversion_happens_once(
    photometric: str, shape: str, expected: float, codes: list[str]
) -> None:
    dataset = header(PhotometricInterpretation=photometric, PresentationLUTShape=shape)
    found, _, notes = show([100, 200, 500], dataset)
    assert found[0, 1] == expected
    assert [note.code for note in notes] == codes


def test_inversion_comes_after_the_table() -> None:
    # 1 → 64/255 → 191/255; inverting the stored value first would give 4094 → 1
    dataset = header(VOILUTSequence=[lut(0, 8, [0, 64, 255])], PhotometricInterpretation="MONOCHROME1")
    assert shown([1], dataset) == pytest.approx([191 / 255])


@pytest.mark.parametrize(("photometric", "expected"), [("MONOCHROME2", 0.25), ("MONOCHROME1", 0.75)])
def test_raw_images_keep_their_stored_values(photometric: str, expected: float) -> None:
    dataset = header(
        14, PresentationIntentType="FOR PROCESSING", PhotometricInterpretation=photometric,
        WindowCenter=50, WindowWidth=10, RescaleSlope=-3, RescaleIntercept=7,
        VOILUTSequence=[lut(0, 8, [0, 255])], PixelPaddingValue=16383,
    )  # fmt: skip
    found, valid, _ = show([100, 200, 500, 16383], dataset)
    assert found[0, 1] == expected
    assert found[0, 3] == 0
    assert valid[0].tolist() == [True, True, True, False]


@pytest.mark.parametrize(
    ("attributes", "number"),
    [
        ({"BitsStored": 17, "HighBit": 16}, 36),
        ({"HighBit": 15}, 36),
        ({"HighBit": 10}, 36),
        ({"BitsStored": 0, "HighBit": -1}, 36),
        ({"PixelRepresentation": 2}, 36),
        ({"VOILUTFunction": "CUBIC"}, 43),
        ({"VOILUTSequence": [lut(0, 17, [0, 1])]}, 44),
        ({"VOILUTSequence": [lut(0, 8, [0, 256])]}, 44),
        ({"VOILUTSequence": [Dataset()]}, 44),
        ({"ModalityLUTSequence": [lut(0, 0, [0, 1])]}, 44),
        ({"RescaleSlope": 0}, 48),
        ({"RescaleSlope": "nan"}, 48),
        ({"RescaleIntercept": "inf"}, 48),
        ({"RescaleSlope": "1e308"}, 48),
    ],
)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_impossible_descriptions_are_rejected(attributes: dict[str, Any], number: int) -> None:
    with pytest.raises(RejectedInput) as caught:
        show([1, 2], header(**attributes))
    assert caught.value.number == number


def test_the_result_is_float32_within_bounds() -> None:
    dataset = header(16, WindowCenter=100, WindowWidth=3)
    stored = np.arange(65536, dtype=np.uint16).reshape(256, 256)
    found, _, _ = pixels.stored_to_display(stored, dataset)
    assert found.dtype == np.float32
    assert (found.min(), found.max()) == (0.0, 1.0)


def test_read_only_pixels_will_do() -> None:
    stored = np.frombuffer(bytes(range(6)), np.uint8).reshape(2, 3)
    assert pixels.stored_to_display(stored, header(8))[0][1, 2] == 1.0
