"""What published labels tell without a single pixel: split, agreement, anatomy."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import numpy as np

from mammoscope.errors import UsageError
from mammoscope.io.marks import MarkedImage
from mammoscope.positioning import published
from mammoscope.positioning.marked import is_poor, marked
from mammoscope.scores.intervals import Interval, wilson
from mammoscope.scores.landmarks import (
    angle_error,
    distance_mm,
    foot,
    line_angle,
    within,
)
from mammoscope.scores.statistics import mean_and_deviation
from mammoscope.scores.table import Table, beside

SPLITS: Final = ("train", "validation", "test")
UNCORRECTED: Final = (
    "Lengths use ImagerPixelSpacing, the size at the detector, as the paper does: in the breast they "
    "are a few per cent shorter. Labels hold no magnification factor: corrected lengths need images."
)
Records = Sequence[MarkedImage]


class Anatomy(NamedTuple):
    """What the marks of one image measure; lengths in mm at the detector.

    Attributes:
        pectoral_angle: Of the muscle's line from the vertical, 0-90 degrees.
        nipple_line: From the nipple to the foot, or to the image's edge where that comes first.
        pectoral_length: Of the line as it was marked.
        pectoral_gap: Along the line from its lower end to the foot; positive below the end.
        nipple_height: Of the nipple above the image's lower edge.
        foot_to_edge: Of the foot to the nearest edge; negative outside the image.
    """

    pectoral_angle: float
    nipple_line: float
    pectoral_length: float
    pectoral_gap: float
    nipple_height: float
    foot_to_edge: float


HEADS: Final[Mapping[str, str]] = {
    "pectoral_angle": "Pectoral angle °",
    "nipple_line": "PNL mm",
    "pectoral_length": "Pectoral length mm",
    "pectoral_gap": "Gap mm",
    "nipple_height": "Nipple height mm",
    "foot_to_edge": "Foot to edge mm",
}


class Group(NamedTuple):
    """Images of one device, one side, or both; an empty word stands for all."""

    device: str = ""
    side: str = ""


class Summary(NamedTuple):
    """One quantity in one group of images."""

    device: str
    side: str
    quantity: str
    n: int
    mean: float
    sd: float
    median: float


class Agreement(NamedTuple):
    """The paper's criterion against a radiologist's word.

    Attributes:
        table: Images by (criterion, word), each ``good`` or ``poor``.
        share: Of images where both agree, with Wilson's 95 % interval.
    """

    table: Mapping[tuple[str, str], int]
    share: Interval


def anatomy(record: MarkedImage) -> Anatomy:
    """The quantities of one image.

    Raises:
        UsageError: If a landmark or the spacing is unknown.
    """
    if record.spacing_mm is None:
        raise UsageError("spacing was expected, an image has none: lengths cannot be measured")
    lower, upper, nipple = marked(record)
    steps, rows = record.spacing_mm, record.shape[0]
    meeting = foot(nipple, upper, lower, steps)
    along = (lower - upper) * steps
    gap = (meeting - lower) * steps @ along / np.linalg.norm(along)
    to_edges = np.concatenate([meeting, np.array(record.shape) - meeting]) * (steps * 2)
    return Anatomy(
        float(angle_error(line_angle(upper, lower, steps), 0.0)),
        float(distance_mm(nipple, within(nipple, meeting, record.shape), steps)),
        float(distance_mm(upper, lower, steps)),
        float(gap),
        float((rows - nipple[0]) * steps[0]),
        float(to_edges.min()),
    )


def counts(records: Records) -> dict[str, tuple[int, int]]:
    """Good and poor images of each split."""
    good = [(record.split, not is_poor(record)) for record in records]
    return {split: (good.count((split, True)), good.count((split, False))) for split in SPLITS}


def agreement(records: Records) -> Agreement:
    """The paper's criterion against the qualitative labels.

    Raises:
        UsageError: If no image has one.
    """
    words = ("good", "poor")
    pairs: list[tuple[str, str]] = [
        (words[is_poor(record)], record.verdict) for record in records if record.verdict
    ]
    if not pairs:
        raise UsageError("no image has a qualitative label: nothing to agree with")
    table = {(ours, theirs): pairs.count((ours, theirs)) for ours in words for theirs in words}
    return Agreement(table, wilson(sum(ours == theirs for ours, theirs in pairs), len(pairs)))


def summaries(records: Records) -> list[Summary]:
    """Every quantity: of all images, by device, by side, and by both."""
    measured = [(_belongs(record), anatomy(record)) for record in records]
    groups = sorted({group for belongs, _ in measured for group in belongs})
    return [
        _summary(group, quantity, [found for belongs, found in measured if group in belongs])
        for group in groups
        for quantity in Anatomy._fields
    ]


def tables(records: Records) -> tuple[Table, ...]:
    """Split, agreement and anatomy, the paper's figures beside ours."""
    return _split_table(records), _agreement_table(records), _anatomy_table(records)


def document(records: Records) -> dict[str, Any]:
    """The same as plain values, for a script."""
    found = agreement(records)
    return {
        "images": len(records),
        "split": {
            split: {"good": good, "poor": poor} for split, (good, poor) in counts(records).items()
        },
        "paper": {split: dict(zip(("good", "poor"), map(int, cells), strict=True))
                  for split, cells in published.SPLIT.items()},
        "agreement": {
            "images": [{"criterion": ours, "label": theirs, "n": n}
                       for (ours, theirs), n in found.table.items()],
            **found.share._asdict(),
        },
        "anatomy": [summary._asdict() for summary in summaries(records)],
        "note": UNCORRECTED,
    }  # fmt: skip


def _split_table(records: Records) -> Table:
    rows = {split: tuple(map(str, found)) for split, found in counts(records).items()}
    head = ("Split", "Good", "Poor")
    notes = (
        "Good: the foot of the perpendicular from the nipple lies in the image (the whole image; the "
        "paper's crop may decide otherwise where it lies at the edge).",
    )
    return beside("Images by split", head, rows, published.SPLIT, notes)


def _agreement_table(records: Records) -> Table:
    found = agreement(records)
    rows = tuple(
        (f"criterion: {ours}", str(found.table[ours, "good"]), str(found.table[ours, "poor"]))
        for ours in ("good", "poor")
    )
    total = sum(found.table.values())
    same = found.table["good", "good"] + found.table["poor", "poor"]
    share, low, high = (100 * value for value in found.share)
    note = (
        f"Agreement: {share:.1f} % ({same}/{total}), 95 % interval {low:.1f} to {high:.1f} % (Wilson)"
    )
    head = ("", "label: good", "label: poor")
    return Table("The criterion against the qualitative labels", head, rows, (note,))


def _belongs(record: MarkedImage) -> set[Group]:
    device, side = record.device, record.laterality or ""
    return {Group(), Group(device), Group(side=side), Group(device, side)}


def _summary(group: Group, quantity: str, members: Sequence[Anatomy]) -> Summary:
    values = [getattr(member, quantity) for member in members]
    return Summary(*group, quantity, len(values), *mean_and_deviation(values), float(np.median(values)))


def _anatomy_table(records: Records) -> Table:
    lines: dict[Group, list[str]] = {}
    for found in summaries(records):
        group = Group(found.device, found.side)
        cells = lines.setdefault(group, [found.device or "all", found.side or "both", str(found.n)])
        cells.append(f"{found.mean:.1f} ± {found.sd:.1f} ({found.median:.1f})")
    head = ("Device", "Side", "n", *HEADS.values())
    rows = tuple(tuple(cells) for cells in lines.values())
    notes = ("Mean ± standard deviation (median).", UNCORRECTED)
    return Table("Anatomy as marked", head, rows, notes)
