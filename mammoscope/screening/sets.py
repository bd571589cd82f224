"""Data sets by the word on a command line, as records with a truth."""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from mammoscope.errors import UsageError
from mammoscope.io.cbis_screening import read_cbis_screening, read_lesion_screening
from mammoscope.io.cesm_screening import read_cesm_screening, read_masked_screening
from mammoscope.io.rsna import read_rsna
from mammoscope.io.screening import FoundScreening, ScreeningImage

TABLE: Final = "lesions.csv"
Advance = Callable[[], None]


class Source(NamedTuple):
    """A data set that a command knows.

    Attributes:
        needs: What must lie on disk, in words.
        read: From its place to its images; calls what it is given after each row, where it is slow.
    """

    needs: str
    read: Callable[[Path, Advance], FoundScreening]


def _lesions(place: Path, advance: Advance) -> FoundScreening:
    return FoundScreening(read_lesion_screening(place / TABLE if place.is_dir() else place), {})


SOURCES: Final[Mapping[str, Source]] = {
    "rsna": Source(
        "folder of the RSNA screening set: train.csv and train_images/<patient_id>/<image_id>.dcm",
        lambda place, advance: read_rsna(place),
    ),
    "cbis": Source(
        "folder of CBIS-DDSM: its tables of masses, of calcifications or both, and image folders",
        read_cbis_screening,
    ),
    "cbis-test": Source(
        "folder of CBIS-DDSM, of which women of the test tables are taken who are in no training table",
        lambda place, advance: read_cbis_screening(place, advance, tests=True),
    ),
    "lesions": Source("table of lesions beside its images, or its folder", _lesions),
    "cesm": Source(
        "folder of CDD-CESM: the sheet of annotations and low-energy images",
        lambda place, advance: FoundScreening(read_cesm_screening(place), {}),
    ),
    "cesm-masks": Source(
        "folder with images.csv, images and masks of CDD-CESM",
        lambda place, advance: FoundScreening(read_masked_screening(place), {}),
    ),
}  # fmt: skip


def check_two_classes(images: Sequence[ScreeningImage]) -> None:
    """Refuse what tells nothing apart.

    Raises:
        UsageError: If no image of known truth has a cancer, or all have one.
    """
    truths = [one.cancer for one in images if one.cancer is not None]
    if len(set(truths)) < 2:
        names = ", ".join(sorted({one.dataset for one in images})) or "no data set"
        which = "every one has it" if any(truths) else "none has it"
        raise UsageError(
            f"images with cancer and images without were expected; of {len(truths)} of {names} "
            f"{which}: add a data set that has the other"
        )
