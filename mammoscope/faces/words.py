"""The words of a command line."""

import os
import sys
from collections.abc import Sequence

from mammoscope.errors import UsageError


def split(pairs: Sequence[str], option: str = "--set") -> dict[str, str]:
    """``key=value`` words of an option as a mapping.

    Raises:
        UsageError: If a word has no ``=``.
    """
    for pair in pairs:
        if "=" not in pair:
            raise UsageError(f"{option} takes key=value, got {pair!r}")
    return {key: value for key, _, value in (pair.partition("=") for pair in pairs)}


def say(text: str) -> None:
    """A result, on standard output; one that nobody reads any more is no error."""
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(text: str) -> None:
    """A word to the person at the terminal, on standard error."""
    sys.stderr.write(f"{text}\n")
