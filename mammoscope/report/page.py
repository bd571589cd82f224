"""What the pages share: templates, style, and a policy that lets nothing else run."""

from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from importlib.metadata import version
from importlib.resources import files
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mammoscope.report.document import NOTICE
from mammoscope.report.verdict import SYMBOLS, figure
from mammoscope.report.words import capitalised, sentence

TEMPLATES: Final = Environment(
    loader=PackageLoader("mammoscope.report"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.filters["sentence"] = sentence
TEMPLATES.filters["capitalised"] = capitalised
TEMPLATES.filters["figure"] = figure
TEMPLATES.globals["symbols"] = SYMBOLS


def page(template: str, *, styles: Sequence[str] = ("page.css",), **values: Any) -> str:
    """A template of report/templates with our styles, notice and version."""
    style = Markup("").join(map(inline, styles))
    return TEMPLATES.get_template(template).render(
        style=style, fingerprint=_fingerprint, notice=NOTICE, version=version("mammoscope"), **values
    )


def inline(name: str) -> Markup:
    """A style or a script of report/templates, as it goes into a page."""
    text = (files("mammoscope.report") / "templates" / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 our own file, not an input


def _fingerprint(text: str) -> str:
    """What a content security policy calls an inline style or script."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
