"""Results in words."""

from mammoscope.report.files import Document


def plain(answer: Document | None) -> str:
    """An answer in words: ``not assessed: not installed``."""
    if answer is None:
        return ""
    return ": ".join(answer[key] for key in ("status", "reason", "error") if key in answer)


def sentence(text: str) -> str:
    """A text with a capital and a full stop.

    Example:
        >>> sentence("the size of a pixel is unknown"), sentence("Look at it.")
        ('The size of a pixel is unknown.', 'Look at it.')
    """
    stop = "" if text.endswith((".", "!", "?")) else "."
    return f"{capitalised(text)}{stop}"


def capitalised(text: str) -> str:
    """A text with a capital, its other letters as they are."""
    return f"{text[:1].upper()}{text[1:]}"
