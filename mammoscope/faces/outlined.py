"""Images with outlines, as a command line names them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mammoscope.core.card import TrainingData
from mammoscope.errors import UsageError
from mammoscope.io.annotations import (
    OURS,
    RecordKind,
    SegmentationRecord,
    masks_beside,
    read_records,
)
from mammoscope.io.findings import FindingsImage
from mammoscope.io.inbreast import read_inbreast
from mammoscope.io.marks import MarkedImage
from mammoscope.io.mias import read_mias
from mammoscope.io.pairs import Pair
from mammoscope.io.screening import ScreeningImage

LAYOUTS: Final = ("table", "masks", "inbreast", "mini-mias")
UNSTATED: Final = "as stated by its owner"
KNOWN: Final[Mapping[str, TrainingData]] = {
    "INbreast": TrainingData(
        "INbreast", UNSTATED, "Moreira et al., INbreast: toward a full-field digital mammographic "
        "database, Academic Radiology 19:236-248 (2012)", "resampled",
    ),
    "mini-MIAS": TrainingData(
        "mini-MIAS", UNSTATED, "Suckling et al., The Mammographic Image Analysis Society digital "
        "mammogram database, Excerpta Medica 1069:375-378 (1994)", "resampled",
    ),
    "VinDr-Mammo": TrainingData(
        "VinDr-Mammo", UNSTATED, "Nguyen et al., VinDr-Mammo: a large-scale benchmark dataset for "
        "computer-aided diagnosis in full-field digital mammography, Scientific Data 10:277 (2023)",
        "resampled",
    ),
    "CBIS-DDSM": TrainingData(
        "CBIS-DDSM", "CC BY 3.0", "Lee et al., A curated mammography data set for use in computer-"
        "aided detection and diagnosis research, Scientific Data 4:170177 (2017)", "resampled",
    ),
    "CDD-CESM": TrainingData(
        "CDD-CESM", "CC BY 4.0", "Khaled et al., Categorized contrast enhanced mammography dataset for "
        "diagnostic and artificial intelligence research, Scientific Data 9:122 (2022)", "resampled",
    ),
    "RSNA": TrainingData(
        "RSNA", "non-commercial use only, by RSNA's terms and the competition's rules", "Carr et al., "
        "RSNA Screening Mammography Breast Cancer Detection, Kaggle (2022)", "resampled",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Outlined:
    """Where images and outlines lie.

    Attributes:
        data: A folder for each data set, or a table.
        layouts: How each is laid out, of `LAYOUTS`; one for all, or one for each.
        masks: Folders of masks, in the order of `data`; empty: beside the images.
        mapping: Our classes by those of the masks: ``{"255": "1"}``; empty: they are ours.
        kind: Of images with masks beside them.
        spacing_mm: Of images with masks beside them, where known.
    """

    data: Sequence[Path]
    layouts: Sequence[str]
    masks: Sequence[Path] = ()
    mapping: Mapping[str, str] | None = None
    kind: RecordKind = "processed"
    spacing_mm: float | None = None


def records_of(outlined: Outlined) -> list[SegmentationRecord]:
    """Every image with its outlines.

    Raises:
        UsageError: If a folder is not laid out as said, or masks are missing.
    """
    count = len(outlined.data)
    layouts = list(outlined.layouts) * (count if len(outlined.layouts) == 1 else 1)
    masks = list(outlined.masks) or list(outlined.data)
    if len(layouts) != count or len(masks) != count:
        raise UsageError(
            f"{count} --data need one --layout or {count}, and no --masks or {count}; "
            f"got {len(outlined.layouts)} and {len(outlined.masks)}"
        )
    if unknown := set(layouts) - set(LAYOUTS):
        raise UsageError(f"--layout takes {', '.join(LAYOUTS)}, got {', '.join(sorted(unknown))}")
    mapping = numbers(outlined.mapping or {}, "--mapping")
    records: list[SegmentationRecord] = []
    for folder, layout, beside in zip(outlined.data, layouts, masks, strict=True):
        records += _read(outlined, folder, layout, beside, mapping)
    return records


def training_data(
    records: Sequence[SegmentationRecord | MarkedImage | Pair | FindingsImage | ScreeningImage],
) -> list[TrainingData]:
    """What a card says of the data sets of records."""
    names = sorted({record.dataset for record in records})
    return [KNOWN.get(name) or TrainingData(name, UNSTATED, UNSTATED, "resampled") for name in names]


def numbers(words: Mapping[str, str], option: str) -> Mapping[int, int]:
    """Our classes by theirs as an option names them; without words they are ours.

    Raises:
        UsageError: If something else than numbers of classes is named.
    """
    try:
        mapping = {int(theirs): int(ours) for theirs, ours in words.items()} or OURS
    except ValueError as error:
        raise UsageError(f"{option} takes numbers, THEIRS=OURS, got {dict(words)}") from error
    if unknown := set(mapping.values()) - set(OURS):
        raise UsageError(f"{option}: our classes are {sorted(OURS)}, got {sorted(unknown)}")
    return mapping


def _read(
    outlined: Outlined, folder: Path, layout: str, masks: Path, mapping: Mapping[int, int]
) -> list[SegmentationRecord]:
    if layout == "table":
        return read_records(folder)
    if layout == "inbreast":
        return read_inbreast(folder)
    if layout == "mini-mias":
        return read_mias(folder, masks, tuple(mapping.items()))
    name = folder.resolve().name
    return masks_beside(folder, masks, name, mapping, outlined.kind, outlined.spacing_mm)
