"""View, side and patient as file names and CBIS-DDSM's patient IDs tell them."""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final

from mammoscope.core import About, Laterality, Origin, Sourced, Spacing, View
from mammoscope.errors import SkippedInput
from mammoscope.io.claims import (
    believable,
    conventional_wall,
    no_laterality,
    no_spacing,
    no_view,
    settle,
)
from mammoscope.io.tables import TableRow
from mammoscope.io.words import SIDES, VIEWS

_TOKENS: Final = {word: view for word, view in VIEWS.items() if view not in ("AT", "CV")}
_CBIS = re.compile(
    r"\b(Mass|Calc)-(Training|Test)_(P_\d+)_(LEFT|RIGHT)_(CC|MLO)(?:_(\d+))?(?!\w)", re.I
)
_INBREAST = re.compile(r"\d+_([0-9a-f]{16})_MG_([LR])_(CC|ML)_ANON", re.I)
_CESM = re.compile(r"(P\d+)_([LR])_(DM|CM)_(CC|MLO)\d?", re.I)
_MIAS = re.compile(r"mdb(\d{3})[lr]?[a-z]?", re.I)
_JOINED = re.compile(rf"(L|R)({'|'.join(sorted(_TOKENS, key=len, reverse=True))})")


@dataclass(frozen=True)
class Named:
    """What a name says of an image.

    Attributes:
        view: Where it was taken from; None where the name does not say, or says two.
        laterality: Which breast; None likewise.
        patient: What names the woman within the image's folder; empty where nothing does.
        case: Set and patient of CBIS-DDSM, one woman wherever the file lies; else empty.
        crop: Whether CBIS-DDSM's numbering says that it is a crop or a mask of one finding.
        origin: The low-energy images of CDD-CESM.
        recombined: The subtracted images of CDD-CESM.
    """

    view: View | None = None
    laterality: Laterality | None = None
    patient: str = ""
    case: str = ""
    crop: bool = False
    origin: Origin = ""
    recombined: bool = False


def from_patient_id(identifier: str) -> Named:
    """Read CBIS-DDSM's patient ID, which holds set, patient, side and view.

    Example:
        >>> from_patient_id("Calc-Test_P_00041_LEFT_CC").case
        'Calc-Test P_00041'
    """
    match = _CBIS.search(identifier)
    if match is None:
        return Named()
    kind, part, patient, side, view, finding = match.groups()
    case = f"{kind.capitalize()}-{part.capitalize()} {patient.upper()}"
    return Named(VIEWS[view.upper()], SIDES[side.upper()], case, case, finding is not None)


def from_path(name: str) -> Named:
    """Read a file's name, as the public data sets and people write them.

    CBIS-DDSM is found in any folder of the path; INbreast (where ML means MLO), CDD-CESM,
    mini-MIAS (MLO, even numbers left), and names that hold side and view (``anna_RCC``,
    ``lmlo``, ``R-MLO``) in the last part. A side of one letter counts only beside a view.

    Example:
        >>> from_path("AllDICOMs/20586908_6c613a14b80a8591_MG_R_ML_ANON.dcm").view
        'MLO'
    """
    path = PurePosixPath(name.replace("\\", "/"))
    for part in reversed(path.parts):
        named = from_patient_id(part)
        if named.case:
            return named
    stem = path.stem
    if match := _INBREAST.fullmatch(stem):
        patient, side, view = match.groups()
        return Named("MLO" if view.upper() == "ML" else "CC", SIDES[side.upper()], patient.lower())
    if match := _CESM.fullmatch(stem):
        patient, side, energy, view = (group.upper() for group in match.groups())
        low = energy == "DM"
        origin: Origin = "low-energy contrast" if low else ""
        return Named(VIEWS[view], SIDES[side], patient, origin=origin, recombined=not low)
    if match := _MIAS.fullmatch(stem):
        index = int(match.group(1))
        return Named("MLO", "L" if index % 2 == 0 else "R", f"mdb pair {(index + 1) // 2}")
    return from_words(stem)


def from_words(words: str) -> Named:
    """Read side and view from free words, and what stands before them as the patient.

    Example:
        >>> from_words("study 7_anna_R-MLO").laterality
        'R'
    """
    tokens = [token for token in re.split(r"[^A-Za-z0-9]+", words) if token]
    views: list[View] = []
    sides: list[Laterality] = []
    letters: list[Laterality] = []
    first = len(tokens)
    for place, token in enumerate(tokens):
        word = token.upper()
        if joined := _JOINED.fullmatch(word):
            sides.append(SIDES[joined.group(1)])
            views.append(VIEWS[joined.group(2)])
        elif word in _TOKENS:
            views.append(_TOKENS[word])
        elif word in SIDES:
            (letters if len(word) == 1 else sides).append(SIDES[word])
        else:
            continue
        first = min(first, place)
    sides += letters if views else []
    return Named(
        view=views[0] if len(set(views)) == 1 else None,
        laterality=sides[0] if len(set(sides)) == 1 else None,
        patient="_".join(tokens[:first]) if views or sides else "",
    )


def about_raster(
    name: str,
    shape: tuple[int, int],
    digest: str,
    row: TableRow | None = None,
    stated_spacing: float | None = None,
) -> About:
    """Describe a picture that has no header: by the table first, by its name second.

    Args:
        name: What the user calls the file.
        shape: Rows and columns.
        digest: SHA-256 of its bytes.
        row: The table's row.
        stated_spacing: Size of a pixel in mm, stated for all files; the table's word goes first.

    Raises:
        SkippedInput: A crop or mask of one finding (65), or a recombined contrast image.
    """
    named = from_path(name)
    _check_whole(named)
    view, notes_view = settle(views_said(Named(), row, named), "view")
    laterality, notes_side = settle(sides_said(Named(), row, named), "laterality")
    spacing, doubts = believable(stated(row, stated_spacing), shape)
    missing = ((view, no_view), (laterality, no_laterality), (spacing, no_spacing))
    return About(
        name=name,
        shape=shape,
        digest=digest,
        study=row.study if row else "",
        case=named.case,
        view=view,
        laterality=laterality,
        spacing=spacing,
        kind="raster",
        origin=named.origin,
        expected_chest_wall=conventional_wall(laterality),
    ).noted(*notes_view, *notes_side, *doubts, *(note() for value, note in missing if value is None))


def _check_whole(named: Named) -> None:
    if named.crop:
        raise SkippedInput("expected a whole mammogram, received the crop or mask of one finding", 65)
    if named.recombined:
        raise SkippedInput("expected a low-energy image, received a recombined contrast image")


def views_said(identified: Named, row: TableRow | None, named: Named) -> list[Sourced[View]]:
    """What patient ID, table and file name say of the view, in that order."""
    said = (("PatientID", identified), ("table", row), ("file name", named))
    return [Sourced(words.view, source) for source, words in said if words and words.view]


def sides_said(identified: Named, row: TableRow | None, named: Named) -> list[Sourced[Laterality]]:
    """What patient ID, table and file name say of the side, in that order."""
    said = (("PatientID", identified), ("table", row), ("file name", named))
    return [Sourced(words.laterality, source) for source, words in said if words and words.laterality]


def stated(row: TableRow | None, millimetres: float | None) -> Spacing | None:
    """The spacing that the user states: in the table for this file, else for all files.

    Raises:
        GeometryError: If it is not positive and finite.
    """
    if row is not None and row.spacing_mm is not None:
        return Spacing(row.spacing_mm, row.spacing_mm, "stated in the table")
    if millimetres is not None:
        return Spacing(millimetres, millimetres, "stated by the user")
    return None
