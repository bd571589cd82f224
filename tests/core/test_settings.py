from dataclasses import dataclass, field
from typing import Literal

import pytest

from mammoscope.core.settings import from_plain, known_settings, to_plain, with_settings
from mammoscope.errors import SettingsError


@dataclass(frozen=True)
class Inner:
    channels: tuple[int, ...] = (1, 2)
    crop: tuple[int, int] = (5, 6)


@dataclass(frozen=True)
class Outer:
    rate: float = 0.5
    epochs: int = 3
    loss: Literal["cross entropy", "focal"] = "focal"
    inner: Inner = field(default_factory=Inner)
    name: str | None = None


def test_settings_inside_settings_have_a_dotted_name():
    assert known_settings(Outer()) == (
        "rate", "epochs", "loss", "inner.channels", "inner.crop", "name",
    )  # fmt: skip


def test_text_becomes_a_value_of_the_setting():
    changes = {"rate": "1", "loss": "cross entropy", "inner.channels": "[4, 8, 16]", "name": "a b"}
    changed = with_settings(Outer(), changes)
    assert changed == Outer(1.0, 3, "cross entropy", Inner((4, 8, 16)), "a b")
    assert isinstance(changed.rate, float)


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("epochs", "2.5"), ("epochs", "many"), ("epochs", "true"), ("rate", "fast"), ("loss", "dice"),
        ("inner.crop", "[1, 2, 3]"), ("inner.channels", "4"), ("inner", "{}"), ("speed", "1"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused_by_name(key, text):
    with pytest.raises(SettingsError, match=key):
        with_settings(Outer(), {key: text})


def test_plain_values_and_back():
    plain = to_plain(Outer())
    assert plain["inner"] == {"channels": [1, 2], "crop": [5, 6]}
    assert from_plain(Outer, plain) == Outer()


@pytest.mark.parametrize("change", [{"more": 1}, {"rate": "0.5"}, {"inner": {"channels": [1]}}])
def test_plain_values_are_read_strictly(change):
    with pytest.raises(SettingsError):
        from_plain(Outer, {**to_plain(Outer()), **change})


def test_a_missing_value_is_named():
    plain = to_plain(Outer())
    del plain["epochs"]
    with pytest.raises(SettingsError, match="epochs"):
        from_plain(Outer, plain)
