"""The family of errors. Every message states what was expected, what was received and the remedy.

MammoscopeError
├── UsageError            the caller's own mistake                          exit 2
│   ├── SettingsError     an unknown or unusable setting
│   └── GeometryError     points, spacings or frames that cannot be
├── InputError            an image that gives no result                     exit 3
│   ├── RejectedInput     broken, hostile or contradictory
│   └── SkippedInput      sound, but not for this system
├── OutputError           results cannot be written                         exit 3
└── MissingError          a model or an extra is not installed              exit 5
    ├── WeightsError      weights absent, damaged, swapped or of another version
    └── ExtraError        an optional part of the installation is absent
"""

from typing import ClassVar


class MammoscopeError(Exception):
    """Anything that mammoscope raises on purpose."""

    exit_code: ClassVar[int] = 1


class UsageError(MammoscopeError):
    """The caller's own mistake."""

    exit_code = 2


class SettingsError(UsageError):
    """A setting that does not exist or cannot have this value."""


class GeometryError(UsageError):
    """Points, spacings or frames that cannot be."""


class InputError(MammoscopeError):
    """An image that gives no result.

    Args:
        message: What was expected, what was received, the remedy. Never an identity of a patient.
        number: The entry of docs/bad-inputs.md that this is, where there is one.
    """

    exit_code = 3

    def __init__(self, message: str, number: int | None = None) -> None:
        super().__init__(message)
        self.number = number


class RejectedInput(InputError):
    """Broken, hostile or contradictory."""


class SkippedInput(InputError):
    """Sound, but not for this system: another modality, a volume, a phantom."""


class OutputError(MammoscopeError):
    """Results cannot be written where they were asked for."""

    exit_code = 3


class MissingError(MammoscopeError):
    """A model or an extra is not installed."""

    exit_code = 5


class WeightsError(MissingError):
    """Weights that are absent, damaged, swapped or of another version."""


class ExtraError(MissingError):
    """An optional part of the installation is absent."""
