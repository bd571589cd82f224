"""Data sets by the word on a command line, and training, validation and test images: by woman."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from mammoscope.errors import UsageError
from mammoscope.io.cbis_findings import read_cbis_images, read_lesion_images
from mammoscope.io.cesm import read_cesm, read_masked
from mammoscope.io.findings import FindingsImage, FoundImages
from mammoscope.io.phantom_findings import read_phantoms
from mammoscope.io.vindr_findings import read_vindr_findings

TEST: Final = 0.2
"""Share of the women that test where a data set names no test set: that of VinDr-Mammo's exams."""
VALIDATION: Final = 0.1
"""Share of the other women that validate. The paper is silent."""
TABLE: Final = "lesions.csv"
Images = tuple[FindingsImage, ...]
Advance = Callable[[], None]


class Source(NamedTuple):
    """A data set that a command knows.

    Attributes:
        needs: What must lie on disk, in words.
        read: From its place to its images; calls what it is given after each row, where it is slow.
    """

    needs: str
    read: Callable[[Path, Advance], FoundImages]


def _lesions(place: Path, advance: Advance) -> FoundImages:
    return FoundImages(read_lesion_images(place / TABLE if place.is_dir() else place), {})


SOURCES: Final[Mapping[str, Source]] = {
    "vindr": Source(
        "folder of VinDr-Mammo 1.0.0: finding_annotations.csv and images/<study>/<image>.dicom",
        lambda place, advance: FoundImages(read_vindr_findings(place), {}),
    ),
    "cbis": Source(
        "folder of CBIS-DDSM: its tables of masses, of calcifications or both, and image folders",
        read_cbis_images,
    ),
    "lesions": Source("table of lesions beside its images, or its folder", _lesions),
    "cesm": Source(
        "folder of CDD-CESM: the sheet of annotations, the table of outlines, low-energy images",
        lambda place, advance: read_cesm(place),
    ),
    "cesm-masks": Source(
        "folder with images.csv, images and masks of CDD-CESM",
        lambda place, advance: read_masked(place),
    ),
    "phantoms": Source(
        "folder of mammoscope phantom: images and truth",
        lambda place, advance: read_phantoms(place),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Sets:
    """Images of different women in each set.

    Attributes:
        training: What is learnt from.
        validation: What chooses the weights.
        test: What is measured.
        left_out: Images of the development sets whose women also test.
    """

    training: Images
    validation: Images
    test: Images
    left_out: int = 0

    @property
    def development(self) -> Images:
        """Training and validation together."""
        return self.training + self.validation


def split(images: Sequence[FindingsImage], validation: float = VALIDATION, seed: int = 0) -> Sets:
    """Each data set's own test set, and a share of its other women that validate.

    Where a data set names no test set, a share of its women is drawn for one. The same women give the
    same split in any order.

    Args:
        images: Of one data set or several.
        validation: Share of the women of the development set.
        seed: Of the draws.

    Raises:
        UsageError: If some images of a data set name a set and others do not, or a set is empty.
    """
    by_dataset: dict[str, list[FindingsImage]] = defaultdict(list)
    for image in images:
        by_dataset[image.dataset].append(image)
    parts = [_split_one(name, by_dataset[name], validation, seed) for name in sorted(by_dataset)]
    sets = Sets(
        _joined(part.training for part in parts),
        _joined(part.validation for part in parts),
        _joined(part.test for part in parts),
        sum(part.left_out for part in parts),
    )
    for name in ("training", "validation", "test"):
        if not getattr(sets, name):
            raise UsageError(
                f"the {name} set of {len(images)} images is empty: training and evaluation need images "
                "of several women in each set"
            )
    return sets


def to_measure(images: Sequence[FindingsImage]) -> Images:
    """What is measured where nothing is trained: the test set of each data set that names one.

    Of a data set that names none all images are.
    """
    named = {image.dataset for image in images if image.part}
    return tuple(image for image in images if image.part == "test" or image.dataset not in named)


def _split_one(name: str, images: Sequence[FindingsImage], validation: float, seed: int) -> Sets:
    if len({image.part is None for image in images}) > 1:
        raise UsageError(
            f"a test set named for all images of {name} or for none was expected: read one copy of it"
        )
    order = sorted({image.woman for image in images})
    np.random.default_rng((seed, *name.encode())).shuffle(order)
    testing = {image.woman for image in images if image.part == "test"}
    if images[0].part is None:
        testing = set(order[: round(TEST * len(order))])
    others = [woman for woman in order if woman not in testing]
    validating = set(others[: round(validation * len(others))])
    return Sets(
        tuple(image for image in images if image.woman not in testing | validating),
        tuple(image for image in images if image.woman in validating),
        tuple(image for image in images if image.woman in testing and image.part != "training"),
        sum(image.woman in testing and image.part == "training" for image in images),
    )


def _joined(parts: Iterable[Images]) -> Images:
    return tuple(image for part in parts for image in part)
