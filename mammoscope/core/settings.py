"""Frozen settings as text and as plain values: ``--set key=value``, cards, checkpoints."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from mammoscope.errors import SettingsError

Settings = TypeVar("Settings")


def known_settings(settings: object) -> tuple[str, ...]:
    """Every key that `with_settings` takes: ``epochs``, ``network.dropout``.

    Args:
        settings: A frozen dataclass, possibly with frozen dataclasses inside.
    """
    keys: list[str] = []
    for field in fields(settings):  # type: ignore[arg-type]
        value = getattr(settings, field.name)
        inner = known_settings(value) if is_dataclass(value) else ()
        keys += [f"{field.name}.{key}" for key in inner] or [field.name]
    return tuple(keys)


def with_settings(settings: Settings, changes: Mapping[str, str]) -> Settings:
    """The same settings with some values replaced by what a user wrote.

    Args:
        settings: A frozen dataclass, possibly with frozen dataclasses inside.
        changes: Values as text, JSON for tuples: ``{"epochs": "3", "network.channels": "[8, 16]"}``.

    Raises:
        SettingsError: If a key is unknown or a value cannot be read as the setting's type.
    """
    for key, text in changes.items():
        if key not in known_settings(settings):
            raise SettingsError(
                f"unknown setting {key!r}: known are {', '.join(known_settings(settings))}"
            )
        settings = _replaced(settings, key, text, key)
    return settings


def to_plain(settings: object) -> dict[str, Any]:
    """Settings as JSON values, tuples as lists."""
    plain: dict[str, Any] = json.loads(json.dumps(asdict(settings)))  # type: ignore[call-overload]
    return plain


def from_plain(kind: type[Settings], values: Mapping[str, Any]) -> Settings:
    """Settings from JSON values, strictly.

    Raises:
        SettingsError: If a key is unknown or missing, or a value is of another type.
    """
    hints = get_type_hints(kind)
    if set(values) != set(hints):
        odd = ", ".join(sorted(set(values) ^ set(hints)))
        raise SettingsError(f"{kind.__name__} has the settings {', '.join(hints)}; differing: {odd}")
    return kind(**{key: _value(values[key], hints[key], key) for key in hints})


def _replaced(settings: Settings, key: str, text: str, whole: str) -> Settings:
    first, _, rest = key.partition(".")
    if rest:
        inner = _replaced(getattr(settings, first), rest, text, whole)
        return replace(settings, **{first: inner})  # type: ignore[type-var]
    hint = get_type_hints(type(settings))[first]
    return replace(settings, **{first: _value(_parsed(text), hint, whole)})  # type: ignore[type-var]


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return {"True": True, "False": False, "None": None}.get(text, text)


def _value(value: Any, hint: Any, key: str) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        return from_plain(hint, value)
    for kind in get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,):
        matches, result = _match(value, kind, key)
        if matches:
            return result
    raise SettingsError(f"{key} takes {_name(hint)}, got {value!r}")


def _match(value: Any, hint: Any, key: str) -> tuple[bool, Any]:
    if get_origin(hint) is Literal:
        return value in get_args(hint), value
    if get_origin(hint) is tuple:
        return _match_tuple(value, get_args(hint), key)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return True, float(value)
    return type(value) is hint, value


def _match_tuple(value: Any, kinds: tuple[Any, ...], key: str) -> tuple[bool, Any]:
    if not isinstance(value, list | tuple):
        return False, value
    each = [kinds[0]] * len(value) if kinds[-1] is Ellipsis else list(kinds)
    if len(each) != len(value):
        return False, value
    return True, tuple(_value(item, kind, key) for item, kind in zip(value, each, strict=True))


def _name(hint: Any) -> str:
    if get_origin(hint) is Literal:
        return "one of " + ", ".join(repr(choice) for choice in get_args(hint))
    return hint.__name__ if isinstance(hint, type) and not get_args(hint) else str(hint)
