"""The classes on a card: those that real images trained, and those that phantoms alone did."""

from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from mammoscope.core import FINDINGS, FindingKind
from mammoscope.errors import WeightsError
from mammoscope.io.findings import FindingsImage
from mammoscope.io.phantom_findings import DATASET

PHANTOMS: Final = " (phantoms)"
"""Ends the name of a class that no real image trained."""


class Class(NamedTuple):
    """One output of a network: what it marks, and whether a real image trained it."""

    kind: FindingKind
    real: bool


def classes_of(names: Sequence[str]) -> tuple[Class, ...]:
    """What a card names, in the order of the network's outputs.

    Raises:
        WeightsError: If a name is none of `mammoscope.core.FINDINGS`.
    """
    kinds: dict[str, FindingKind] = {kind: kind for kind in FINDINGS}
    try:
        return tuple(
            Class(kinds[name.removesuffix(PHANTOMS)], not name.endswith(PHANTOMS)) for name in names
        )
    except KeyError as error:
        raise WeightsError(
            f"a class of findings was expected on the card, got {error}: this version knows "
            f"{', '.join(FINDINGS)}, each with or without '{PHANTOMS}'"
        ) from None


def named(classes: Sequence[str], images: Sequence[FindingsImage]) -> tuple[str, ...]:
    """The names of classes for a card: those that phantoms show and no real image does end so.

    Args:
        classes: Kinds of findings in the order of the network's outputs.
        images: Of training.
    """
    real = _shown(image for image in images if image.dataset != DATASET)
    made = _shown(image for image in images if image.dataset == DATASET)
    return tuple(name + PHANTOMS if name in made - real else name for name in classes)


def _shown(images: Iterable[FindingsImage]) -> set[str]:
    return {kind for image in images for finding in image.findings for kind in finding.kinds}
