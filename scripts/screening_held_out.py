"""What networks that never saw the woman say of how malignant her images look."""

import csv
import pickle
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from findings_held_out import finder_of, mammogram_of
from folds import PARTS, part_of, weights_of
from jaxtyping import Float, Float32

from mammoscope.core import Findings
from mammoscope.image.breast import prepare
from mammoscope.image.scale import as_shown, at_network_scale
from mammoscope.io import Reader
from mammoscope.io.cbis_findings import read_lesion_images
from mammoscope.io.findings import FindingsImage
from mammoscope.runtime import open_session
from mammoscope.scores.calibration import calibrated
from mammoscope.screening.infer import MASS, Scorer, at_cells, masses
from mammoscope.screening.likeness import features
from mammoscope.screening.signs import SPACING_MM, signs

Cells = Float32[np.ndarray, "rows columns"]


@dataclass(frozen=True, eq=False)
class Looked:
    """A film, and what two networks say of it: neither saw the woman.

    Attributes:
        image: With the pathology of its masses.
        digitiser: That made the film an image; it gives pathology away.
        attention: Of each cell, by the screening network alone.
        malignant: Of each cell.
        heat: Of masses, by the detector, at the same cells.
        likeliest: Calibrated score of the likeliest mass.
        scores: Of the likeliest masses that the detector marks.
        signs: Of these.
        mass_signs: Of the masses that readers marked.
        features: Of `mammoscope.screening.likeness`.
    """

    image: FindingsImage
    digitiser: str
    attention: Cells
    malignant: Cells
    heat: Cells
    likeliest: float
    scores: tuple[float, ...]
    signs: Float[np.ndarray, "marked signs"]
    mass_signs: Float[np.ndarray, "masses signs"]
    features: np.ndarray

    @property
    def true(self) -> bool:
        """Whether one of its masses is malignant."""
        return any(one.pathology == "malignant" for one in self.image.findings)


def held_out(
    data: Path,
    work: Path,
    detectors: Path,
    calibration: Mapping[str, float],
    parts: Sequence[str] = PARTS,
) -> list[Looked]:
    """Every film of the parts, kept part by part.

    Args:
        data: Folder of the data sets.
        work: Of train_screening.py.
        detectors: Of train_findings.py.
        calibration: Of the detector's scores, as its card has it: two numbers that all women fitted.
        parts: Whose women are looked at.
    """
    found: list[Looked] = []
    for part in parts:
        path = work / f"looked-{part}.pkl"
        if not path.is_file():
            path.write_bytes(pickle.dumps(list(_of_part(data, work, detectors, calibration, part))))
        found += pickle.loads(path.read_bytes())
    return found


def digitisers(data: Path) -> dict[str, str]:
    """Of each film, by its file's name; empty where nobody says."""
    with (data / "cbis_mass_train" / "lesions.csv").open(newline="") as opened:
        return {Path(row["image"]).name: row["digitizer"] for row in csv.DictReader(opened)}


def _of_part(
    data: Path, work: Path, detectors: Path, calibration: Mapping[str, float], part: str
) -> Iterator[Looked]:
    find = finder_of(detectors, int(part[0]))
    session = open_session("screening", weights_of(work, part))
    score, taken, machine = Scorer(session), session.card.input, digitisers(data)
    with Reader() as reader:
        for image in read_lesion_images(data / "cbis_mass_train" / "lesions.csv"):
            if part_of(image.woman) != part:
                continue
            mammogram = mammogram_of(image, reader)
            findings, said = _calibrated(find(mammogram), calibration), score(mammogram)
            marked = masses(findings)
            small, _ = at_network_scale(as_shown(mammogram, taken.raw), SPACING_MM)
            yield Looked(
                image, machine[image.image.name], said.attention, said.malignant,
                at_cells(findings.heat[MASS], findings.frame, said.frame),
                max((one.score for one in marked), default=0.0), tuple(one.score for one in marked),
                signs(small, [one.box for one in marked]),
                signs(small, [one.box for one in image.findings]),
                features(prepare(mammogram, taken.raw, taken.spacing_mm)),
            )  # fmt: skip


def _calibrated(findings: Findings, calibration: Mapping[str, float]) -> Findings:
    said = tuple(
        replace(one, score=float(calibrated(one.score, calibration))) for one in findings.findings
    )
    return replace(findings, findings=said)
