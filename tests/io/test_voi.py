"""Windows and tables against values worked by hand from PS3.3 C.11.2."""

import numpy as np
import pytest

from mammoscope.errors import RejectedInput
from mammoscope.io.voi import (
    Table,
    Window,
    apply_window,
    full_range,
    linear,
    linear_exact,
    look_up,
    sigmoid,
)


def values(*numbers: float) -> np.ndarray:
    return np.array(numbers, np.float64)


# The standard's own examples (C.11.2.1.2.1), then each corner and one value to either side.
LINEAR = [
    # c 2048, w 4096: black to 2047.5 - 2047.5 = 0, white above 2047.5 + 2047.5 = 4095
    (2048, 4096, -1, 0.0),
    (2048, 4096, 0, 0.0),
    (2048, 4096, 1, 1 / 4095),  # (1 - 2047.5) / 4095 + 0.5 = -2046.5/4095 + 2047.5/4095
    (2048, 4096, 2047.5, 0.5),
    (2048, 4096, 4094, 4094 / 4095),
    (2048, 4096, 4095, 1.0),
    (2048, 4096, 4096, 1.0),
    # c 0, w 100: black to -0.5 - 49.5 = -50, white above -0.5 + 49.5 = 49
    (0, 100, -51, 0.0),
    (0, 100, -50, 0.0),
    (0, 100, -49, 1 / 99),  # (-49 + 0.5) / 99 + 0.5 = -48.5/99 + 49.5/99
    (0, 100, 0, 50 / 99),  # 0.5/99 + 49.5/99
    (0, 100, 48, 98 / 99),
    (0, 100, 49, 1.0),
    (0, 100, 50, 1.0),
    # w 1: a step at c - 0.5, the corner itself black
    (2048, 1, 2047, 0.0),
    (2048, 1, 2047.5, 0.0),
    (2048, 1, 2048, 1.0),
    (0, 1, -0.5, 0.0),
    (0, 1, 0, 1.0),
    # w 2: -0.5 ± 0.5, from -1 to 0
    (0, 2, -1, 0.0),
    (0, 2, -0.5, 0.5),
    (0, 2, 0, 1.0),
    # c 512, w 1024 (10 bits), c 8192, w 16384 (14 bits), c 32768, w 65536 (16 bits)
    (512, 1024, 1, 1 / 1023),
    (8192, 16384, 1, 1 / 16383),
    (32768, 65536, 1, 1 / 65535),
    (32768, 65536, 65535, 1.0),
]
EXACT = [
    # c 0, w 100: from -50 to 50, a hundredth for each value
    (0, 100, -51, 0.0),
    (0, 100, -50, 0.0),
    (0, 100, -49, 0.01),
    (0, 100, 0, 0.5),
    (0, 100, 49, 0.99),
    (0, 100, 50, 1.0),
    (0, 100, 51, 1.0),
    # c 2048, w 4096: from 0 to 4096
    (2048, 4096, 1, 0.000244140625),
    (2048, 4096, 4095, 0.999755859375),
    (2048, 4096, 4096, 1.0),
    # a width under 1 has a meaning here: c 10, w 0.5, from 9.75 to 10.25
    (10, 0.5, 9.75, 0.0),
    (10, 0.5, 10, 0.5),
    (10, 0.5, 10.125, 0.75),
    (10, 0.5, 10.25, 1.0),
]
SIGMOID = [
    (2048, 4096, 2048, 0.5),
    (2048, 4096, 3072, 0.7310585786300049),  # 1 / (1 + e^-1)
    (2048, 4096, 4096, 0.8807970779778823),  # 1 / (1 + e^-2)
    (2048, 4096, 0, 0.11920292202211755),  # 1 / (1 + e^2)
    (2048, 4096, 6144, 0.9820137900379085),  # 1 / (1 + e^-4)
    (-100, 40, -90, 0.7310585786300049),  # 4 · 10 / 40 = 1
    (0, 1, 1e6, 1.0),
    (0, 1, -1e6, 0.0),
]


@pytest.mark.parametrize(("centre", "width", "value", "expected"), LINEAR)
def test_linear(centre: float, width: float, value: float, expected: float) -> None:
    assert linear(values(value), float(centre), float(width))[0] == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(("centre", "width", "value", "expected"), EXACT)
def test_linear_exact(centre: float, width: float, value: float, expected: float) -> None:
    assert linear_exact(values(value), float(centre), float(width))[0] == pytest.approx(
        expected, abs=1e-12
    )


@pytest.mark.parametrize(("centre", "width", "value", "expected"), SIGMOID)
def test_sigmoid(centre: float, width: float, value: float, expected: float) -> None:
    assert sigmoid(values(value), float(centre), float(width))[0] == pytest.approx(expected, abs=1e-12)


def test_apply_window_takes_the_function_that_is_named() -> None:
    # at c + w/4 = 150: LINEAR 50.5/199 + 0.5, LINEAR_EXACT 0.75, SIGMOID 1 / (1 + e^-1)
    found = {
        name: apply_window(values(150), Window(100.0, 200.0, name))[0]
        for name in ("LINEAR", "LINEAR_EXACT", "SIGMOID")
    }
    assert found == pytest.approx(
        {"LINEAR": 150 / 199, "LINEAR_EXACT": 0.75, "SIGMOID": 0.7310585786300049}
    )


def test_apply_window_rejects_an_unknown_function() -> None:
    with pytest.raises(RejectedInput, match="LINEAR_EXACT") as caught:
        apply_window(values(0), Window(0, 1, "CUBIC"))
    assert caught.value.number == 43


@pytest.mark.parametrize(
    ("window", "usable"),
    [
        (Window(0, 1), True),
        (Window(0, 0.99), False),
        (Window(0, 0), False),
        (Window(0, -5), False),
        (Window(np.nan, 10), False),
        (Window(0, np.inf), False),
        (Window(0, 0.5, "LINEAR_EXACT"), True),
        (Window(0, 0, "LINEAR_EXACT"), False),
        (Window(0, 0.5, "SIGMOID"), True),
        (Window(0, 0, "SIGMOID"), False),
    ],
)
def test_a_window_knows_whether_the_standard_gives_it_a_meaning(window: Window, usable: bool) -> None:
    assert window.usable is usable


@pytest.mark.parametrize(
    ("value", "expected"), [(-3, 5), (-2, 5), (-1.4, 7), (-1, 7), (0, 200), (1, 200), (9000, 200)]
)
def test_look_up_holds_the_ends(value: float, expected: float) -> None:
    table = Table(-2, 8, np.array([5, 7, 200], np.uint16))  # -2 → 5, -1 → 7, 0 → 200
    assert look_up(values(value), table)[0] == expected


def test_full_range() -> None:
    # from 100 to 500: (200 - 100) / 400 = 0.25
    found = full_range(values(0, 100, 200, 500, 501), 100.0, 500.0)
    assert found.tolist() == [0.0, 0.0, 0.25, 1.0, 1.0]


def test_full_range_of_one_value_is_black() -> None:
    assert full_range(values(7, 7), 7.0, 7.0).tolist() == [0.0, 0.0]
