"""The words of a command line."""

import sys
from collections.abc import Sequence

from mammoscope.errors import UsageError


def split(pairs: Sequence[str]) -> dict[str, str]:
    """``key=value`` words as a mapping.

    Raises:
        UsageError: If a word has no ``=``.
    """
    for pair in pairs:
        if "=" not in pair:
            raise UsageError(f"--set takes key=value, got {pair!r}")
    return {key: value for key, _, value in (pair.partition("=") for pair in pairs)}


def say(text: str) -> None:
    """A result, on standard output."""
    sys.stdout.write(f"{text}\n")


def tell(text: str) -> None:
    """A word to the person at the terminal, on standard error."""
    sys.stderr.write(f"{text}\n")
