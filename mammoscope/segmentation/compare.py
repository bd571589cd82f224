"""Ours against anyone's masks on the same images (section 2.3.4)."""

from collections.abc import Mapping
from pathlib import Path

import cv2
import numpy as np

from mammoscope.errors import UsageError
from mammoscope.io.annotations import SegmentationRecord, by_key, read_mask
from mammoscope.io.sources import RASTER_SUFFIXES
from mammoscope.scores.overlap import merged
from mammoscope.scores.statistics import paired
from mammoscope.scores.table import Rows, beside
from mammoscope.segmentation import published
from mammoscope.segmentation.evaluate import score
from mammoscope.segmentation.experiments import BOTH, Outcome, Study
from mammoscope.segmentation.tables import Cases, dice_text, p_text, values

ASPECT = 0.02
"""How far the shape of a coarser mask may be from its image's."""
EXTERNAL, SAME, PARTNER = "External masks", "Ours, same images", "Ours, processed images"
PAPER: Rows = {
    EXTERNAL: ("", "", "", published.VOLPARA),
    SAME: ("", "", "", published.TABLE_8["With raw images"][4]),
    PARTNER: ("", "", "", published.TABLE_8["With raw images"][3]),
}


def compare(study: Study, masks: Path, mapping: Mapping[int, int]) -> Outcome:
    """Test images that have an external mask: its Dice and ours, with paired t-tests.

    Ours is the model trained on processed and raw images. Where the external masks are of raw
    images, the processed image with the same truth is compared as well.

    Args:
        study: Sets, recipe and folder.
        masks: Folder of masks with the images' stems; they may be coarser than the images.
        mapping: Our classes by theirs: {0: 0, 1: 2, 2: 1, 3: 1} merges two kinds of breast tissue.

    Raises:
        UsageError: If no test image has a mask, or a mask does not fit.
    """
    theirs = by_key(masks, RASTER_SUFFIXES, lambda path: path.stem.lower())
    records = [record for record in study.sets.test if record.image.stem.lower() in theirs]
    if not records:
        raise UsageError(f"no test image has a mask of its stem in {masks}")
    network = study.train(BOTH, study.sets)
    external = []
    for record, example in zip(records, study.examples(records), strict=True):
        truth = np.asarray(example.mask)
        external.append(
            score(record, _fitted(theirs[record.image.stem.lower()], truth, mapping), truth)
        )
    cases: dict[str, Cases] = {EXTERNAL: external, SAME: study.measure(network, records)}
    partners = _partners(records, study.sets.test)
    if partners:
        cases[PARTNER] = study.measure(network, partners)
    rows = {name: _cells(members) for name, members in cases.items()}
    head = ("Masks", "n", "Breast", "Pectoral", "Overall")
    table = beside("External masks (section 3.4)", head, rows, PAPER, _tests(cases))
    return Outcome((table,), cases)


def _cells(cases: Cases) -> tuple[str, ...]:
    return str(len(cases)), *(dice_text(cases, figure) for figure in ("breast", "pectoral", "overall"))


def _fitted(path: Path, truth: np.ndarray, mapping: Mapping[int, int]) -> np.ndarray:
    """Another's mask with our classes, at the truth's resolution."""
    labels = merged(read_mask(path), mapping)
    (rows, columns), (true_rows, true_columns) = labels.shape, truth.shape
    if abs(rows * true_columns / (columns * true_rows) - 1) > ASPECT:
        raise UsageError(f"{path.name}: {rows} × {columns} pixels are not of its image's proportions")
    return cv2.resize(labels, (true_columns, true_rows), interpolation=cv2.INTER_NEAREST)


def _partners(
    records: list[SegmentationRecord], test: tuple[SegmentationRecord, ...]
) -> list[SegmentationRecord]:
    """For raw images, the processed ones that share their truth, in the same order; else none."""
    processed = {record.truth: record for record in test if record.kind == "processed"}
    if any(record.kind != "raw" or record.truth not in processed for record in records):
        return []
    return [processed[record.truth] for record in records]


def _tests(cases: Mapping[str, Cases]) -> list[str]:
    notes = []
    for name in (SAME, PARTNER):
        if name in cases:
            result = paired(values(cases[EXTERNAL], "overall"), values(cases[name], "overall"))
            if np.isfinite(result.p):
                notes.append(f"{EXTERNAL} against {name.lower()}: {result.difference:+.2f}, "
                             f"paired t-test {p_text(result.p)}{published.P_VOLPARA}")  # fmt: skip
    return notes
