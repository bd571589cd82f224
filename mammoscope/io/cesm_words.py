"""What the words of CDD-CESM say that its outlines are of: an outline carries no word of its own.

Beside lesions its radiologists outlined skin that is thick with edema and calcified vessels, as long
narrow bands, and lymph nodes, scars and harmless calcifications. A band is known by its shape, where
the words name what is so outlined; of the rest is taken only what the words leave no choice about.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from mammoscope.core.findings import FindingKind
from mammoscope.io.cesm_outlines import Outline
from mammoscope.scores.boxes import Box

KINDS: Final[Mapping[FindingKind, str]] = {
    "mass": r"\bmass(es)?\b|(?<!surrounding )\bnodules?\b",
    "suspicious calcification": r"mi(cro|rco)calcification|(suspicious|malignant) calcification",
    "asymmetry": r"(?<!focal )(?<!global )\bas+ym+etr",
    "focal asymmetry": r"focal as+ym+etr",
    "global asymmetry": r"global as+ym+etr",
    "architectural distortion": r"\bdistorti?on",
}
"""Patterns of the kinds that are outlined."""
BESIDE: Final = r"skin thickening|(skin|nipple) retraction"
"""Kinds that come with a lesion and have no outline of their own."""
OTHERS: Final[Mapping[str, str]] = {
    "edema": r"edema", "scar": r"post-?operative|scar", "clips": r"clip",
    "lymph node": r"\bimln\b|lymph", "vessels": r"vascular",
    "calcification": r"(?<!micro)(?<!mirco)(?<!suspicious )(?<!malignant )(?<!vascular )calcif",
    "nodular density": r"nodular", "satellites": r"satellite|surrounding nodule", "duct": r"\bduct",
    "contour bulge": r"bulge", "densities": r"densities(?<!increased densities)",
}  # fmt: skip
"""What may be outlined too and is none of the ten kinds."""
BANDS: Final = frozenset({"edema", "scar", "vessels", "duct"})
"""What is outlined as a band."""
SLENDER: Final = 0.15
"""Bands are narrower than this share of their length: of the images at hand 91 outlines are below it,
11 between it and a quarter more, and hardly one of these is a lesion's."""
HOLLOW: Final = 0.4
"""An outline beside edema that fills less of its box has run into the skin's."""
NOT_OUTLINED: Final = "images whose words name a finding that is not outlined"
NAMELESS: Final = "images with an outline of which the words do not tell a finding"
MIXED: Final = "images with several outlines and words for several things"
HOLLOW_ONE: Final = "images with an outline that runs into the skin's"


class Said(NamedTuple):
    """What the words for an image name.

    Attributes:
        kinds: Those of the ten kinds that are outlined.
        beside: Whether a sign is named that is one of the ten kinds and has no outline.
        others: What else may be outlined.
    """

    kinds: tuple[FindingKind, ...]
    beside: bool
    others: frozenset[str]


def said(*words: str) -> Said:
    """Read what radiologists wrote: ``Findings`` and ``Tags``.

    Example:
        >>> said("High density mass with speculated margin$IMLN", "malignant mass, speculated").kinds
        ('mass',)
    """
    text = " ".join(re.sub(r"\s+", " ", one.lower()) for one in words)
    return Said(
        tuple(kind for kind, pattern in KINDS.items() if re.search(pattern, text)),
        re.search(BESIDE, text) is not None,
        frozenset(name for name, pattern in OTHERS.items() if re.search(pattern, text)),
    )


def told(words: Said, outlines: Sequence[Outline]) -> tuple[tuple[FindingKind, ...], list[Box]] | str:
    """The boxes of an image and what all of them are, or why that cannot be told.

    One outline is of everything that is named, such as a mass with calcifications in it, unless
    that is both a mass and an asymmetry; several are of one kind where nothing else is named.
    """
    if not outlines:
        return NOT_OUTLINED if words.kinds or words.beside else ((), [])
    lesions = [one for one in outlines if one.width >= SLENDER]
    banded = len(lesions) < len(outlines)
    if not words.kinds or not lesions or (banded and not words.others & BANDS):
        return NAMELESS
    if "edema" in words.others and any(one.fill < HOLLOW for one in lesions):
        return HOLLOW_ONE
    others = words.others - BANDS if banded else words.others
    alone = len(lesions) == 1 and not _two_places(words.kinds)
    same = len(words.kinds) == 1 and not others
    return (words.kinds, [one.box for one in lesions]) if alone or same else MIXED


def _two_places(kinds: Sequence[FindingKind]) -> bool:
    return "mass" in kinds and any("asymmetry" in kind for kind in kinds)
