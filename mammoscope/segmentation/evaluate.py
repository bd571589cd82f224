"""The paper's yardstick (sections 2.3.1 and 2.3.4), one line an image."""

import csv
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import UInt8

from mammoscope.core import BREAST, PECTORAL
from mammoscope.io import Reader
from mammoscope.io.annotations import SegmentationRecord
from mammoscope.learn.data import Example
from mammoscope.scores.overlap import dice, overall_dice, relative_size
from mammoscope.segmentation.infer import Segmenter
from mammoscope.segmentation.network import Network
from mammoscope.segmentation.prepare import read, truth_of

Labels = UInt8[np.ndarray, "rows columns"]
Truth = UInt8[np.ndarray, "true_rows true_columns"]
Predictor = Callable[[Example], Labels]


@dataclass(frozen=True)
class Case:
    """What was measured on one image.

    Attributes:
        record: The image.
        breast: Dice; NaN where the truth has no breast.
        pectoral: Dice; NaN where the truth has no muscle.
        overall: Dice of both, weighted by the truth's pixels.
        true_size: The muscle in the truth, as a share of the breast.
        said_size: The muscle in the answer, as a share of the truth's breast.
    """

    record: SegmentationRecord
    breast: float
    pectoral: float
    overall: float
    true_size: float
    said_size: float

    @property
    def present(self) -> bool:
        """Whether the truth shows a muscle."""
        return not np.isnan(self.pectoral)

    def found(self, share: float = 0.0) -> bool:
        """Whether the answer's muscle is larger than a share of the breast."""
        return self.said_size > share


def score(record: SegmentationRecord, labels: Labels, truth: Truth) -> Case:
    """Measure one answer.

    Raises:
        GeometryError: If the masks differ in shape.
    """
    return Case(
        record,
        dice(labels, truth, BREAST),
        dice(labels, truth, PECTORAL),
        overall_dice(labels, truth),
        relative_size(truth, truth, PECTORAL),
        relative_size(labels, truth, PECTORAL),
    )


def predictor(network: Network) -> Predictor:
    """A network's labels at its own resolution, without correction, as in the paper."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    network = network.to(device).eval()

    def predict(example: Example) -> Labels:
        image = torch.from_numpy(example.pixels())[None, None].to(device)
        with torch.inference_mode():
            return network(image)[0].argmax(dim=0).to(torch.uint8).cpu().numpy()

    return predict


def evaluate(
    predict: Predictor, records: Sequence[SegmentationRecord], examples: Sequence[Example]
) -> list[Case]:
    """Measure a network on prepared images, at the recipe's resolution."""
    pairs = zip(records, examples, strict=True)
    return [score(record, predict(example), np.asarray(example.mask)) for record, example in pairs]


def evaluate_segmenter(
    segmenter: Segmenter,
    records: Sequence[SegmentationRecord],
    advance: Callable[[], None] = lambda: None,
) -> list[Case]:
    """Measure the room as it is shipped, with its correction, in source pixels.

    Raises:
        InputError: If an image cannot be read.
    """
    cases = []
    with Reader() as reader:
        for record in records:
            mammogram = read(record, reader)
            cases.append(score(record, segmenter(mammogram).mask.labels, truth_of(record, mammogram)))
            advance()
    return cases


def write_cases(cases: Mapping[str, Sequence[Case]], path: Path) -> None:
    """One line an image as CSV: model, data set, view, kind, file, and the figures."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        lines = csv.writer(file)
        figures = ("breast", "pectoral", "overall", "true_size", "said_size")
        lines.writerow(("model", "dataset", "view", "kind", "image", *figures))
        for model, measured in cases.items():
            for case in measured:
                record = case.record
                about = (model, record.dataset, record.view, record.kind, record.image.name)
                lines.writerow((*about, *(f"{getattr(case, name):.6f}" for name in figures)))
