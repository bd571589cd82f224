"""Every transfer syntax against known values; what must be rejected, and as which number."""

import json
import struct
from typing import Any

import imagecodecs
import numpy as np
import pytest
from pydicom import dcmread, uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.encaps import encapsulate

from mammoscope.errors import RejectedInput
from mammoscope.io import codecs
from mammoscope.io.codestream import JP2_START
from tests.golden import DATA, FILES, Golden, stored_values

COMPRESSED = [golden for golden in FILES if golden.syntax.is_encapsulated]


def name(golden: Golden) -> str:
    return golden.name


def dataset_of(
    stored: np.ndarray, data: bytes, syntax: str, bits: int | None = None, signed: bool = False
) -> Dataset:
    """A header for cells of `stored`'s type; the data are native pixels or one codestream."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = syntax
    dataset.Rows, dataset.Columns = stored.shape
    dataset.SamplesPerPixel, dataset.BitsAllocated = 1, 8 * stored.itemsize
    dataset.BitsStored = bits or 8 * stored.itemsize
    dataset.HighBit, dataset.PixelRepresentation = dataset.BitsStored - 1, int(signed)
    dataset.PhotometricInterpretation = "MONOCHROME2"
    native = syntax in codecs.NATIVE
    dataset.add_new(0x7FE00010, "OW" if native else "OB", data if native else encapsulate([data]))
    return dataset


def slope(bits: int, shape: tuple[int, int] = (48, 64)) -> np.ndarray:
    """All the way from 0 to the greatest value, with some grain."""
    grain = np.random.default_rng(3).integers(0, 4, shape)
    ramp = np.linspace(0, 2**bits - 4, shape[0] * shape[1]).astype(np.int64).reshape(shape)
    return (ramp + grain).astype(np.uint8 if bits == 8 else np.uint16)


def number_of(dataset: Dataset) -> int | None:
    with pytest.raises(RejectedInput) as caught:
        codecs.decode(dataset)
    return caught.value.number


@pytest.mark.parametrize("golden", FILES, ids=name)
def test_golden_files(golden: Golden) -> None:
    decoded = codecs.decode(dcmread(golden.path))
    expected = stored_values(golden.bits)
    assert decoded.dtype == expected.dtype
    assert np.abs(decoded.astype(int) - expected).max() <= golden.bound


@pytest.mark.parametrize("golden", [golden for golden in FILES if golden.bound], ids=name)
def test_lossy_golden_files_agree_with_an_independent_decoder(golden: Golden) -> None:
    record = json.loads((DATA / "synthetic_golden.json").read_text())[golden.path.name]
    decoded = codecs.decode(dcmread(golden.path))[::8, ::8].astype(int)
    assert np.abs(decoded - record["values"]).max() <= 1


def test_the_golden_formula() -> None:
    # (24, 0): 300 + 3600 = 3900; (24, 10): 3900 - 100; (4, 20): 3900 - 400 - 6 · 400 = 1100;
    # (0, 0): 3600 - 6 · 576 = 144 > 0, 444; (24, 60): 3600 - 3600 = 0, outside, 20
    found = stored_values()
    assert [int(found[point]) for point in ((24, 0), (24, 10), (4, 20), (0, 0), (24, 60))] == [
        3900, 3800, 1100, 444, 20,
    ]  # fmt: skip


@pytest.mark.parametrize("bits", [10, 12, 13, 14, 16])
@pytest.mark.parametrize("precise", [True, False])
@pytest.mark.parametrize("signed", [True, False])
@pytest.mark.parametrize("stream_signed", [True, False])
def test_jpeg_2000_of_any_depth_and_sign(
    bits: int, precise: bool, signed: bool, stream_signed: bool
) -> None:
    stored = slope(bits)
    if stream_signed:  # the same words, sign extended, called signed
        given = (stored.astype(np.int32) << (32 - bits) >> (32 - bits)).astype(np.int16)
    else:
        given = stored
    stream = imagecodecs.jpeg2k_encode(
        given, level=0, codecformat="J2K", reversible=True, bitspersample=bits if precise else 16
    )
    decoded = codecs.decode(dataset_of(stored, stream, uid.JPEG2000Lossless, bits, signed))
    assert decoded.dtype == np.uint16
    np.testing.assert_array_equal(decoded & (2**bits - 1), stored)


@pytest.mark.parametrize("bits", [8, 10, 12, 14, 16])
@pytest.mark.parametrize(
    ("encode", "syntax"),
    [
        (imagecodecs.jpegls_encode, uid.JPEGLSLossless),
        (imagecodecs.htj2k_encode, uid.HTJ2KLossless),
    ],
    ids=["JPEG-LS", "HTJ2K"],
)
def test_lossless_codecs_of_any_depth(encode: Any, syntax: str, bits: int) -> None:
    stored = slope(bits)
    decoded = codecs.decode(dataset_of(stored, encode(stored), syntax, bits))
    np.testing.assert_array_equal(decoded, stored)


@pytest.mark.parametrize("predictor", range(1, 8))
@pytest.mark.parametrize("bits", [8, 12, 16])
def test_jpeg_lossless_by_every_predictor(bits: int, predictor: int) -> None:
    stored = slope(bits)
    stream = imagecodecs.jpeg8_encode(stored, lossless=True, predictor=predictor, bitspersample=bits)
    decoded = codecs.decode(dataset_of(stored, stream, uid.JPEGLossless, bits))
    np.testing.assert_array_equal(decoded, stored)


def test_bits_above_those_stored_are_left_to_the_next_step() -> None:
    stored = np.array([[0xF123, 0x0456]], np.uint16)
    decoded = codecs.decode(dataset_of(stored, stored.tobytes(), uid.ExplicitVRLittleEndian, 12))
    assert decoded.tolist() == [[0xF123, 0x0456]]


def test_bytes_in_words_of_big_endian_files_change_places() -> None:
    stored = np.array([[1, 2, 3], [4, 5, 6]], np.uint8)
    dataset = dataset_of(stored, b"\2\1\4\3\6\5", uid.ExplicitVRBigEndian)
    assert codecs.decode(dataset).tolist() == stored.tolist()
    dataset["PixelData"].VR, dataset.PixelData = "OB", bytes(range(1, 7))
    assert codecs.decode(dataset).tolist() == stored.tolist()


def test_one_image_in_several_fragments() -> None:
    stored = slope(12)
    stream = imagecodecs.jpegls_encode(stored)
    dataset = dataset_of(stored, stream, uid.JPEGLSLossless, 12)
    dataset.PixelData = encapsulate([stream], fragments_per_frame=3)
    np.testing.assert_array_equal(codecs.decode(dataset), stored)


@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.4.102", "1.2.3.4", "1.2.840.10008.1.2.4.94"])
def test_unknown_syntaxes_are_rejected(syntax: str) -> None:
    assert number_of(dataset_of(slope(8), b"\0\0", syntax)) == 53


def test_a_codestream_of_another_syntax_is_rejected() -> None:
    allowed = {("jpeg_ls", "jpeg_ls_near"), ("jpeg_2000_lossless", "jpeg_2000")}
    allowed |= {("jpeg_baseline", "jpeg_extended_8"), ("jpeg_lossless_sv1", "jpeg_lossless")}
    allowed |= {("jpeg_baseline", "jpeg_extended")}
    for held in COMPRESSED:
        dataset = dcmread(held.path)
        for said in COMPRESSED:
            fast = held.name.startswith("htj2k_lossless") and said.name.startswith("htj2k")
            if said.syntax == held.syntax or (held.name, said.name) in allowed or fast:
                continue
            dataset.file_meta.TransferSyntaxUID = said.syntax
            assert number_of(dataset) in ((6, 54) if said.name == "rle" else (54,)), (held, said)


@pytest.mark.parametrize("golden", [golden for golden in COMPRESSED if golden.name != "rle"], ids=name)
def test_a_codestream_of_another_size_is_rejected_before_decoding(
    golden: Golden, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(codecs.CODECS, golden.syntax, lambda stream: pytest.fail("it was decoded"))
    dataset = dcmread(golden.path)
    dataset.Rows -= 1
    assert number_of(dataset) == 55


def test_rle_of_another_size_or_depth_is_rejected() -> None:
    for keyword, value, number in (("Rows", 49, 57), ("Rows", 47, 57), ("BitsAllocated", 8, 55)):
        dataset = dcmread(DATA / "synthetic_rle.dcm")
        setattr(dataset, keyword, value)
        assert number_of(dataset) == number


@pytest.mark.parametrize("golden", COMPRESSED, ids=name)
@pytest.mark.parametrize("part", [0.3, 0.6, 0.95])
def test_a_codestream_that_is_cut_is_rejected(golden: Golden, part: float) -> None:
    dataset = dcmread(golden.path)
    stream = codecs.frame(dataset)
    for end in (b"", b"\xff\xd9"):
        dataset.PixelData = encapsulate([stream[: int(part * len(stream))] + end])
        assert number_of(dataset) in (6, 57)


@pytest.mark.parametrize("golden", COMPRESSED, ids=name)
def test_a_fragment_that_is_cut_is_rejected(golden: Golden) -> None:
    dataset = dcmread(golden.path)
    dataset.PixelData = dataset.PixelData[:-200]
    assert number_of(dataset) == 6


def test_damage_within_htj2k_is_found() -> None:
    dataset = dcmread(DATA / "synthetic_htj2k_lossless.dcm")
    stream = bytearray(codecs.frame(dataset))
    middle = len(stream) // 2
    stream[middle : middle + 200] = b"\x55" * 200
    dataset.PixelData = encapsulate([bytes(stream)])
    assert number_of(dataset) == 57


@pytest.mark.parametrize("kind", ["j2k", "jp2"])
def test_a_jp2_file_in_place_of_its_codestream_is_read(kind: str) -> None:
    stored = slope(12)
    stream = imagecodecs.jpeg2k_encode(stored, level=0, codecformat=kind, reversible=True)
    dataset = dataset_of(stored, stream, uid.JPEG2000Lossless, 12)
    np.testing.assert_array_equal(codecs.decode(dataset), stored)


@pytest.mark.parametrize("rest", [b"", bytes(40), struct.pack(">I4s", 40, b"jp2h") + bytes(32)])
def test_a_jp2_file_without_codestream_is_rejected(rest: bytes) -> None:
    dataset = dataset_of(slope(12), JP2_START + rest, uid.JPEG2000Lossless, 12)
    assert number_of(dataset) == 57


def test_native_pixels_that_are_cut_are_rejected() -> None:
    dataset = dataset_of(slope(12), slope(12).tobytes()[:-2], uid.ExplicitVRLittleEndian, 12)
    assert number_of(dataset) == 5


def test_another_number_of_frames_is_rejected() -> None:
    stored = slope(12)
    native = dataset_of(stored, stored.tobytes(), uid.ExplicitVRLittleEndian, 12)
    native.NumberOfFrames = 2
    assert number_of(native) == 47
    native.NumberOfFrames, native.PixelData = 1, 2 * stored.tobytes()
    assert number_of(native) == 47
    stream = imagecodecs.jpegls_encode(stored)
    frames = dataset_of(stored, stream, uid.JPEGLSLossless, 12)
    frames.PixelData = encapsulate([stream, stream])
    assert number_of(frames) == 47
    frames.PixelData = encapsulate([stream, stream], has_bot=False)
    assert number_of(frames) == 47
    frames.PixelData = struct.pack("<HHI", 0xFFFE, 0xE000, 0)
    assert number_of(frames) == 47


@pytest.mark.parametrize("spare", [0, 1, 2, 100])
def test_trailing_pixel_bytes_are_noted(spare: int) -> None:
    stored = slope(12)
    data = stored.tobytes() + bytes(spare)
    dataset = dataset_of(stored, data, uid.ExplicitVRLittleEndian, 12)
    np.testing.assert_array_equal(codecs.decode(dataset), stored)
    codes = [note.code for note in codecs.notes(dataset)]
    assert codes == (["trailing pixel bytes"] if spare > 1 else [])


@pytest.mark.parametrize(
    ("keyword", "value", "number"),
    [
        ("PixelData", None, 33),
        ("Rows", 0, 34),
        ("Columns", None, 34),
        ("BitsAllocated", 32, 36),
        ("BitsAllocated", 12, 36),
        ("SamplesPerPixel", 3, 36),
    ],
)
def test_impossible_headers_are_rejected(keyword: str, value: int | None, number: int) -> None:
    dataset = dcmread(DATA / "synthetic_explicit.dcm")
    if value is None:
        del dataset[keyword]
    else:
        setattr(dataset, keyword, value)
    assert number_of(dataset) == number


@pytest.mark.parametrize("golden", FILES, ids=name)
def test_loss_is_noted_where_the_codestream_is_lossy(golden: Golden) -> None:
    dataset = dcmread(golden.path)
    dataset.LossyImageCompression = "00"
    codes = [note.code for note in codecs.notes(dataset)]
    assert codes == (["lossy"] if golden.bound else [])


@pytest.mark.parametrize(
    ("ratio", "text"),
    [(12.5, "ratio 12.5 : 1"), ([2, 8], "ratio 2 : 1, then 8 : 1"), (None, "ratio not stated")],
)
def test_loss_is_noted_with_its_ratio(ratio: object, text: str) -> None:
    dataset = dcmread(DATA / "synthetic_explicit.dcm")
    dataset.LossyImageCompression, dataset.LossyImageCompressionRatio = "01", ratio
    (note,) = codecs.notes(dataset)
    assert text in note.text
