"""Pairs of CBIS-DDSM: from the published tables and DICOM folders, or from a table of lesions.

A pair is one breast within one table (masses or calcifications, training or test), as CBIS-DDSM
numbers its lesions: the same film may lie in the set of masses and in that of calcifications. A
lesion is taken where both views show one of the same abnormality id. That both are one lesion is
certain where neither view shows another, or where the ids of the published tables say so and the
pathology agrees. In the table of lesions the order of the boxes of one image is assumed, so a breast
with several in a view is never certain.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, NamedTuple

from mammoscope.core import Laterality
from mammoscope.core.findings import FindingKind
from mammoscope.errors import UsageError
from mammoscope.io.pairs import LesionKind, Pair, PairedLesion, PairSet
from mammoscope.io.tables import read_rows
from mammoscope.scores.boxes import Box

DATASET: Final = "CBIS-DDSM"
LESION_COLUMNS: Final = (
    "image", "patient", "laterality", "view", "spacing_mm", "lesions_in_image", "abnormality", "x",
    "y", "width", "height", "density", "pathology",
)  # fmt: skip
SIDES: Final[Mapping[str, Laterality]] = {"L": "L", "R": "R", "LEFT": "L", "RIGHT": "R"}
VIEWS: Final[Mapping[str, Literal["CC", "MLO"]]] = {"CC": "CC", "MLO": "MLO"}
LARGEST_MM: Final = 5.0
PATHOLOGIES: Final[Mapping[str, Literal["benign", "malignant"]]] = {
    "BENIGN": "benign", "BENIGN_WITHOUT_CALLBACK": "benign", "MALIGNANT": "malignant",
}  # fmt: skip
SHAPES: Final[Mapping[str, FindingKind]] = {
    "ARCHITECTURAL_DISTORTION": "architectural distortion",
    "ASYMMETRIC_BREAST_TISSUE": "asymmetry",
    "FOCAL_ASYMMETRIC_DENSITY": "focal asymmetry",
}
"""Words for the shape of a mass that say more than its outline."""
TWO_IMAGES: Final = "of breasts with two images of one view"
TWICE: Final = "of breasts with one abnormality id twice on a view"


class Found(NamedTuple):
    """What a copy of CBIS-DDSM holds.

    Attributes:
        pairs: Breasts with a lesion of the same id in both views.
        left_out: Lesions on one view that could not be taken, by reason.
    """

    pairs: list[Pair]
    left_out: Mapping[str, int]


@dataclass(frozen=True)
class Boxed:
    """One lesion on one view.

    Attributes:
        image: The mammogram.
        woman: CBIS-DDSM's number of her.
        laterality: Which breast.
        view: CC or MLO.
        abnormality: Its id.
        box: In source pixels, edges as points.
        kind: Mass or calcification: which of the tables names it.
        pathology: As the table has it.
        density: BI-RADS density; None where the table has none.
        spacing: Rows and columns of a pixel in mm; None where unknown.
        part: Training or test; None where the table does not say.
        shape: Of a mass, in the table's words joined by hyphens; empty where it does not say.
        subtlety: 1 subtle to 5 obvious; None for 0 and where the table does not say.
        assessment: BI-RADS category 0–5; None where the table does not say.
    """

    image: Path
    woman: str
    laterality: Laterality
    view: Literal["CC", "MLO"]
    abnormality: str
    box: Box
    kind: LesionKind
    pathology: str
    density: int | None
    spacing: tuple[float, float] | None = None
    part: PairSet | None = None
    shape: str = ""
    subtlety: int | None = None
    assessment: int | None = None


def read_lesions(table: Path) -> Found:
    """Pairs of a CSV table with the columns of `LESION_COLUMNS`: one row a lesion and view.

    Images lie where the table says, relative to it; x and y count from the image's outer edge.

    Raises:
        UsageError: If the table cannot be read, a cell has no meaning, or an image is absent.
    """
    return paired(read_boxes(table), ordered=False)


def read_boxes(table: Path) -> list[Boxed]:
    """Every row of such a table: one lesion on one view.

    Subtlety, assessment and shape are read from columns of these names, where there are.

    Raises:
        UsageError: If the table cannot be read, a cell has no meaning, or an image is absent.
    """
    rows = [_boxed(row, table, line) for line, row in read_rows(table, LESION_COLUMNS)]
    absent = {row.image for row in rows if not row.image.is_file()}
    if absent:
        raise UsageError(
            f"{len(absent)} images of {table.name} are missing: put them where the table says"
        )
    return rows


def paired(rows: Iterable[Boxed], *, ordered: bool) -> Found:
    """Breasts with a lesion of the same id in both views, in the order of women and sides.

    A breast of which a view is two images, or has an id twice, is left out and its lesions counted.

    Args:
        rows: Every box.
        ordered: Whether ids are the boxes' own, also where an image has several.
    """
    breasts: dict[tuple[str, str, str, str], list[Boxed]] = defaultdict(list)
    for row in rows:
        breasts[row.part or "", row.kind, row.woman, row.laterality].append(row)
    pairs, left_out = [], Counter[str]()
    for key in sorted(breasts):
        if (why := _odd(breasts[key])) is not None:
            left_out[why] += len(breasts[key])
        elif (pair := _pair(breasts[key], ordered)) is not None:
            pairs.append(pair)
    return Found(pairs, dict(left_out))


def _odd(rows: list[Boxed]) -> str | None:
    """Why a breast cannot be taken; None where it can."""
    for view in VIEWS:
        shown = [row for row in rows if row.view == view]
        if len({row.image for row in shown}) > 1:
            return TWO_IMAGES
        if len({row.abnormality for row in shown}) < len(shown):
            return TWICE
    return None


def _pair(rows: list[Boxed], ordered: bool) -> Pair | None:
    cc, mlo = ({row.abnormality: row for row in rows if row.view == view} for view in VIEWS)
    most = max(len(cc), len(mlo))
    common = [key for key in cc if key in mlo]
    if not common:
        return None
    lesions = tuple(_lesion(cc[key], mlo[key], alone=most == 1, ordered=ordered) for key in common)
    one, other = cc[common[0]], mlo[common[0]]
    return Pair(
        one.woman, one.laterality, DATASET, one.image, other.image, lesions, most,
        one.spacing, other.spacing, one.density, one.part,
    )  # fmt: skip


def _lesion(cc: Boxed, mlo: Boxed, *, alone: bool, ordered: bool) -> PairedLesion:
    sure = alone or (ordered and cc.pathology == mlo.pathology)
    return PairedLesion(cc.abnormality, cc.box, mlo.box, cc.kind, sure)


def _boxed(row: Mapping[str, str], table: Path, line: int) -> Boxed:
    try:
        return Boxed(
            table.parent / row["image"], row["patient"], SIDES[row["laterality"]], VIEWS[row["view"]],
            row["abnormality"], _box(row), "mass", row["pathology"], density_of(row["density"]),
            _spacing(row["spacing_mm"]), None, row.get("mass_shape", ""),
            *graded(row.get("subtlety", ""), row.get("assessment", "")),
        )  # fmt: skip
    except (KeyError, ValueError) as error:
        raise UsageError(f"{table.name}, line {line}: a cell without meaning: {error}") from error


def _spacing(cell: str) -> tuple[float, float] | None:
    step = float(cell) if cell else None
    if step is not None and not 0 < step < LARGEST_MM:
        raise ValueError("spacing_mm is the size of a pixel in mm")
    return None if step is None else (step, step)


def _box(row: Mapping[str, str]) -> Box:
    left, top, width, height = (float(row[column]) for column in ("x", "y", "width", "height"))
    if not (width > 0 and height > 0):
        raise ValueError("width and height of a box are more than 0")
    return top - 0.5, left - 0.5, top + height - 0.5, left + width - 0.5


def graded(subtlety: str, assessment: str) -> tuple[int | None, int | None]:
    """Subtlety 1–5, None for 0: nobody graded it; and BI-RADS category 0–5, where 0 is one of them.

    Raises:
        ValueError: For anything else.
    """
    subtle, assessed = (int(cell) if cell else None for cell in (subtlety, assessment))
    if not 0 <= (subtle or 0) <= 5 or not 0 <= (assessed or 0) <= 5:
        raise ValueError(f"subtlety and assessment are 0 to 5, got {subtlety} and {assessment}")
    return subtle or None, assessed


def density_of(cell: str) -> int | None:
    """BI-RADS density 1–4; None for an empty cell and 0, which CBIS-DDSM has where it is unknown.

    Raises:
        ValueError: For anything else.
    """
    density = int(float(cell)) if cell else 0
    if not 0 <= density <= 4:
        raise ValueError(f"a density is 1 to 4, got {cell}")
    return density or None
