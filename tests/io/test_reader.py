from collections.abc import Iterator
from pathlib import Path

import imagecodecs
import numpy as np
import pytest

from mammoscope.core import About, Mammogram, Note, Sourced, Spacing
from mammoscope.errors import InputError, RejectedInput, SkippedInput
from mammoscope.io import Limits, Reader, Source, find, wire
from mammoscope.io.tables import Table, TableRow
from tests.bad_inputs.case import as_bytes, image
from tests.synthetic import breast_pixels, save

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader() as reader:
        yield reader


def source(path: Path) -> Source:
    (found,) = find([path])
    assert isinstance(found, Source)
    return found


def test_a_dicom_file_becomes_a_mammogram(reader: Reader, tmp_path: Path) -> None:
    stored = breast_pixels("MLO", "R")
    found = source(save(image("MLO", "R", pixels=stored), tmp_path / "1.dcm"))
    about = reader.about(found)
    mammogram = reader.read(found)
    assert mammogram.about == about
    assert (about.name, about.shape) == ("1.dcm", (240, 180))
    assert about.view == Sourced("MLO", "ViewCodeSequence")
    window = 4095 if stored.max() > 2047 else 2047
    np.testing.assert_allclose(mammogram.pixels, stored / window, atol=2e-3)


def test_what_changed_since_its_header_was_read_is_rejected(reader: Reader, tmp_path: Path) -> None:
    found = source(save(image(), tmp_path / "1.dcm"))
    reader.about(found)
    found.path.write_bytes(as_bytes(image()))
    with pytest.raises(RejectedInput, match="changed since") as caught:
        reader.read(found)
    assert caught.value.number == 19


def test_the_same_pixels_have_one_digest(reader: Reader, tmp_path: Path) -> None:
    first = source(save(image(), tmp_path / "1.dcm"))
    second = source(save(image(PatientID="another"), tmp_path / "2.dcm"))
    third = source(save(image("MLO"), tmp_path / "3.dcm"))
    assert reader.about(first).digest != reader.about(second).digest
    assert reader.pixel_digest(first) == reader.pixel_digest(second) != reader.pixel_digest(third)


def test_pixels_that_cannot_be_decoded_are_like_no_others(reader: Reader, tmp_path: Path) -> None:
    short = image(PixelData=bytes(100))
    bad = [
        source(save(short, tmp_path / "1.dcm")),
        source(save(image(PixelData=bytes(100)), tmp_path / "2.dcm")),
    ]
    for found in bad:
        try:
            reader.about(found)
        except InputError:
            continue
    assert reader.pixel_digest(bad[0]) != reader.pixel_digest(bad[1])


def test_a_picture_with_a_table(tmp_path: Path) -> None:
    grey = breast_pixels("MLO", bits=8)
    path = tmp_path / "scan.png"
    path.write_bytes(imagecodecs.png_encode(grey))
    row = TableRow("scan.png", study="one", view="MLO", laterality="L", spacing_mm=0.25)
    with Reader(table=Table([row])) as reader:
        mammogram = reader.read(source(path))
    assert mammogram.about.kind == "raster"
    assert mammogram.about.view is not None
    assert mammogram.about.view.value == "MLO"
    assert mammogram.spacing == (0.25, 0.25)
    np.testing.assert_allclose(mammogram.pixels, grey / 255, atol=1e-6)


def test_the_users_spacing_fills_a_gap(tmp_path: Path) -> None:
    path = save(image(ImagerPixelSpacing=None), tmp_path / "1.dcm")
    with Reader(spacing=0.1) as reader:
        assert reader.read(source(path)).spacing == (0.1, 0.1)


def test_a_limit_of_pixels_holds_for_dicom(tmp_path: Path) -> None:
    path = save(image(), tmp_path / "1.dcm")
    with Reader(limits=Limits(pixels=1000)) as reader, pytest.raises(RejectedInput) as caught:
        reader.about(source(path))
    assert caught.value.number == 35


def test_a_limit_of_bytes(tmp_path: Path) -> None:
    path = save(image(), tmp_path / "1.dcm")
    with (
        Reader(limits=Limits(file_bytes=1000)) as reader,
        pytest.raises(RejectedInput, match="at most"),
    ):
        reader.about(source(path))


def test_an_image_of_one_value_is_skipped(reader: Reader, tmp_path: Path) -> None:
    path = tmp_path / "flat_LCC.png"
    path.write_bytes(imagecodecs.png_encode(np.full((30, 20), 9, np.uint8)))
    with pytest.raises(SkippedInput) as caught:
        reader.read(source(path))
    assert caught.value.number == 49


def test_a_closed_reader_starts_again(tmp_path: Path) -> None:
    found = source(save(image(), tmp_path / "1.dcm"))
    with Reader() as reader:
        reader.read(found)
    assert isinstance(reader.read(found), Mammogram)
    reader.close()


def test_all_that_is_known_passes_the_pipe() -> None:
    full = About(
        name="ä\udce9.dcm", shape=(3, 4), digest="d", study="s", view=Sourced("MLO", "tag"),
        laterality=Sourced("L", "name"), modifiers=frozenset({"spot", "rolled"}), partial=True,
        implant=False,
        spacing=Spacing(0.1, 0.2, "tag", 1.5), kind="digitised film", origin="low-energy contrast",
        expected_chest_wall=Sourced("left", "tag"), notes=(Note("code", "text"),),
    )  # fmt: skip
    for about in (full, About(name="a", shape=(1, 1))):
        assert wire.unpack(wire.pack(about)) == about


def mutants(data: bytes, seed: int, count: int) -> Iterator[bytes]:
    """Copies of a file with bytes changed, removed or doubled, most of them in its header."""
    random = np.random.default_rng(seed)
    for index in range(count):
        changed = bytearray(data)
        reach = min(len(data), 3000) if index % 3 else len(data)
        for at in random.integers(132, reach, random.integers(1, 6)):
            changed[at] = random.integers(256)
        at, size = (int(value) for value in random.integers(132, reach, 2))
        if index % 5 == 1:
            del changed[at : at + size % 64]
        if index % 5 == 2:
            changed[at:at] = changed[at : at + size % 64]
        yield bytes(changed)


@pytest.mark.parametrize("path", sorted(DATA.glob("synthetic_*.dcm")), ids=lambda path: path.stem)
def test_a_mutated_file_ends_as_an_image_or_an_input_error(
    path: Path, reader: Reader, tmp_path: Path
) -> None:
    good = source(path)
    for data in mutants(path.read_bytes(), seed=len(path.stem), count=40):
        (tmp_path / "mutant.dcm").write_bytes(data)
        try:
            outcome: object = reader.read(source(tmp_path / "mutant.dcm"))
        except InputError as error:
            outcome = error
        assert isinstance(outcome, Mammogram | InputError)
    assert isinstance(reader.read(good), Mammogram)
