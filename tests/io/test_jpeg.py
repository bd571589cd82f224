"""JPEG: damage that libjpeg-turbo mends in silence is found."""

from typing import Any

import imagecodecs
import numpy as np
import pytest

from mammoscope.io.jpeg import jpeg8_decode

GRAIN = np.random.default_rng(5).integers(0, 200, (64, 48))
WAYS: dict[str, tuple[type, dict[str, Any]]] = {
    "baseline": (np.uint8, {"level": 90}),
    "extended": (np.uint16, {"level": 90, "bitspersample": 12}),
    "lossless": (np.uint16, {"lossless": True, "predictor": 1, "bitspersample": 12}),
}


@pytest.fixture(params=WAYS)
def stream(request: pytest.FixtureRequest) -> bytes:
    kind, options = WAYS[request.param]
    return imagecodecs.jpeg8_encode(GRAIN.astype(kind), **options)


def test_a_sound_scan_is_decoded(stream: bytes) -> None:
    np.testing.assert_array_equal(jpeg8_decode(stream), imagecodecs.jpeg8_decode(stream))


@pytest.mark.parametrize("padding", [b"\0", b"\xff", b"\0\0\0"])
def test_padding_after_the_end_is_no_damage(stream: bytes, padding: bytes) -> None:
    np.testing.assert_array_equal(jpeg8_decode(stream + padding), imagecodecs.jpeg8_decode(stream))


@pytest.mark.parametrize("filling", [b"\xff", b"\xff\xff", bytes(40)])
def test_filling_before_the_end_is_no_damage(stream: bytes, filling: bytes) -> None:
    filled = stream[:-2] + filling + stream[-2:]
    np.testing.assert_array_equal(jpeg8_decode(filled), imagecodecs.jpeg8_decode(stream))


@pytest.mark.parametrize("lost", [1, 2, 4, 40, 400])
def test_a_scan_that_is_too_short(stream: bytes, lost: int) -> None:
    with pytest.raises(ValueError, match=r"ends before|more bits"):
        jpeg8_decode(stream[: -2 - lost] + stream[-2:])


@pytest.mark.parametrize("surplus", [1, 2, 20])
def test_a_scan_that_is_too_long(stream: bytes, surplus: int) -> None:
    with pytest.raises(ValueError, match="image ends before"):
        jpeg8_decode(stream[:-2] + b"\x31" * surplus + stream[-2:])


def test_sound_scans_of_any_end_are_decoded() -> None:
    for seed in range(40):
        for kind, options in WAYS.values():
            grain = np.random.default_rng(seed).integers(0, 1 << seed % 8, (16, 24)).astype(kind)
            jpeg8_decode(imagecodecs.jpeg8_encode(grain, **options))


@pytest.mark.parametrize("value", [0, 128, 255])
def test_flat_images_are_sound(value: int) -> None:
    flat = np.full((40, 56), value, np.uint8)
    for options in ({"level": 90}, {"lossless": True, "predictor": 1}):
        assert (jpeg8_decode(imagecodecs.jpeg8_encode(flat, **options)) == value).all()


def test_values_of_too_many_bits() -> None:
    stored = np.full((16, 16), 4095, np.uint16)
    stream = bytearray(imagecodecs.jpeg8_encode(stored, lossless=True, predictor=1, bitspersample=12))
    stream[stream.index(b"\xff\xc3") + 4] = 10  # the frame's precision: 10 bits
    with pytest.raises(ValueError, match=r"more bits|ends before"):
        jpeg8_decode(bytes(stream))
