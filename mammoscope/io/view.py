"""Which view of which breast, and where the chest wall should lie, each with who said so."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import snomed_mapping

from mammoscope.core import Laterality, Modifier, Note, Side, Sourced, View
from mammoscope.errors import SkippedInput
from mammoscope.io.claims import conventional_wall, no_laterality, settle
from mammoscope.io.spacing import LARGEST_MAGNIFICATION
from mammoscope.io.values import items, number, text, texts, upper
from mammoscope.io.words import SIDES, VIEWS

_CID, _MOD = codes.CID4014, codes.CID4015
VIEW_CODES: Final[dict[str, View]] = {
    _CID.CranioCaudal.value: "CC",
    _CID.MedioLateralObliqueProjection.value: "MLO",
    _CID.MedioLateralProjection.value: "ML",
    _CID.LateroMedial.value: "LM",
    _CID.LateroMedialOblique.value: "LMO",
    _CID.CaudoCranial.value: "FB",
    _CID.SuperolateralToInferomedialOblique.value: "SIO",
    _CID.InferomedialToSuperolateralOblique.value: "ISO",
    _CID.CranioCaudalExaggeratedLaterally.value: "XCCL",
    _CID.CranioCaudalExaggeratedMedially.value: "XCCM",
    snomed_mapping["SRT"]["R-102CF"]: "XCC",
}
"""SNOMED CT codes of context group 4014, and the exaggerated view that it held before."""

MODIFIER_CODES: Final[dict[str, Modifier]] = {
    _MOD.SpotCompression.value: "spot",
    _MOD.Magnification.value: "magnified",
    _MOD.ImplantDisplaced.value: "implant displaced",
    _MOD.RolledInferior.value: "rolled",
    _MOD.RolledLateral.value: "rolled",
    _MOD.RolledMedial.value: "rolled",
    _MOD.RolledSuperior.value: "rolled",
    _MOD.Tangential.value: "tangential",
    _MOD.NippleInProfile.value: "nipple in profile",
    _MOD.Cleavage.value: "cleavage",
    _MOD.AxillaryTail.value: "axillary tail",
    _MOD.AxillaryTissue.value: "axillary tail",
    _MOD.InfraMammaryFold.value: "inframammary fold",
    _MOD.AnteriorCompression.value: "anterior compression",
}
"""SNOMED CT codes of context group 4015."""

MODIFIER_WORDS: Final[dict[str, Modifier]] = {
    "SPOT": "spot", "CONED": "spot", "MAG": "magnified", "MAGN": "magnified",
    "MAGNIFIED": "magnified", "MAGNIFICATION": "magnified", "TAN": "tangential",
    "TANG": "tangential", "TANGENTIAL": "tangential", "SPECIMEN": "specimen", "STEREO": "stereotactic",
    "STEREOTACTIC": "stereotactic", "BIOPSY": "stereotactic", "EKLUND": "implant displaced",
    "DISPLACED": "implant displaced",
}  # fmt: skip
"""Words in ViewPosition, PaddleDescription, SeriesDescription and ProtocolName."""

MAGNIFIED_FROM: Final = 1.4
"""A contact view magnifies by 1.05 to 1.1, a magnification stand by 1.5 to 2."""

_BIOPSY_TYPES = ("STEREO", "PREFIRE", "POSTFIRE", "PREBIOPSY", "POSTBIOPSY")
_AFFIXES: Final[dict[str, Modifier]] = {"ID": "implant displaced", "S": "spot", "M": "magnified"}
_POSITION = re.compile(
    rf"^(L|R)?(M|S)?({'|'.join(sorted(VIEWS, key=len, reverse=True))})(ID|S|M|RL|RM|RI|RS)?$"
)
_FAMILY: Final[dict[str, str]] = {
    "XCC": "CC", "XCCL": "CC", "XCCM": "CC", "FB": "CC", "LMO": "MLO", "SIO": "MLO", "ISO": "MLO",
}  # fmt: skip


def view(
    dataset: Dataset, others: Iterable[Sourced[View]] = ()
) -> tuple[Sourced[View] | None, tuple[Note, ...]]:
    """The view by the first source that speaks, and a warning where another disagrees.

    Sources in order: ViewCodeSequence, ViewPosition, PatientOrientation (as CBIS-DDSM misuses it
    for the view's name, or as directions), then what others say.

    Args:
        dataset: Header of one image.
        others: CBIS-DDSM's patient ID, the table, the file's name.
    """
    known = (VIEW_CODES.get(code) for code in _view_codes(dataset))
    claims = [Sourced(value, "ViewCodeSequence") for value in known if value]
    if match := _position(dataset):
        claims.append(Sourced(VIEWS[match.group(3)], "ViewPosition"))
    oriented = view_of_orientation(texts(dataset, "PatientOrientation"))
    if oriented and not (claims and _family(claims[0].value) == _family(oriented)):
        claims.append(Sourced(oriented, "PatientOrientation"))
    return settle([*claims, *others], "view")


def view_of_orientation(orientation: tuple[str, ...]) -> View | None:
    """The view that PatientOrientation names, or that its directions imply.

    Rows that run to anterior or posterior show the breast from its side or from above. Columns
    that run to the woman's left or right are a craniocaudal view; obliquely to her feet, the
    oblique one; straight to her feet a true lateral, whose direction of beam they leave open.

    Example:
        >>> view_of_orientation(("A", "FR")), view_of_orientation(("P", "L"))
        ('MLO', 'CC')
    """
    if len(orientation) == 1:
        return VIEWS.get(orientation[0].upper())
    if len(orientation) != 2 or orientation[0][:1].upper() not in ("A", "P"):
        return None
    down = set(orientation[1].upper())
    if down in ({"L"}, {"R"}):
        return "CC"
    return "MLO" if len(down) == 2 and down & {"F", "H"} and down & {"L", "R"} else None


def laterality(
    dataset: Dataset, others: Iterable[Sourced[Laterality]] = ()
) -> tuple[Sourced[Laterality] | None, tuple[Note, ...]]:
    """The breast by the first source that speaks, and a warning where another disagrees.

    Sources in order: ImageLaterality, Laterality, FrameLaterality, a side in ViewPosition, then
    what others say.

    Args:
        dataset: Header of one image.
        others: CBIS-DDSM's patient ID, the table, the file's name.

    Raises:
        SkippedInput: If both breasts are in the image (75).
    """
    keywords = ("ImageLaterality", "Laterality", "FrameLaterality")
    said = [(keyword, upper(dataset, keyword)) for keyword in keywords]
    if any(value == "B" for _, value in said):
        raise SkippedInput("expected one breast, the header says both are in the image", 75)
    claims = [Sourced(SIDES[value], keyword) for keyword, value in said if value in SIDES]
    match = _position(dataset)
    if match and match.group(1):
        claims.append(Sourced(SIDES[match.group(1)], "ViewPosition"))
    found, notes = settle([*claims, *others], "laterality")
    return found, notes if found else (*notes, no_laterality())


def modifiers(dataset: Dataset) -> tuple[frozenset[Modifier], tuple[Note, ...]]:
    """Spot, magnified, implant displaced and others, from codes first and words second."""
    found: set[Modifier] = set()
    unknown = 0
    for item in items(dataset, "ViewCodeSequence"):
        for modifier in items(item, "ViewModifierCodeSequence"):
            label = MODIFIER_CODES.get(_snomed(modifier))
            unknown += label is None
            found |= {label} if label else set()
    specimen = _CID.TissueSpecimenFromBreast.value in _view_codes(dataset)
    if specimen or items(dataset, "SpecimenDescriptionSequence"):
        found.add("specimen")
    found |= set(_modifiers_in_words(dataset))
    if any(value.upper().startswith(_BIOPSY_TYPES) for value in texts(dataset, "ImageType")):
        found.add("stereotactic")
    factor = number(dataset, "EstimatedRadiographicMagnificationFactor") or 1
    if MAGNIFIED_FROM <= factor <= LARGEST_MAGNIFICATION:
        found.add("magnified")
    note = Note("view modifier unknown", "the view has a modifier outside context group 4015")
    return frozenset(found), (note,) if unknown else ()


def expected_chest_wall(
    dataset: Dataset, side: Sourced[Laterality] | None
) -> tuple[Sourced[Side] | None, tuple[Note, ...]]:
    """The image side on which the chest wall should lie.

    PatientOrientation's first value is the direction in which rows run (PS3.3 C.7.6.1.1.1): where
    they run to anterior, the chest wall is on the left of the image. Without it, the convention
    holds: the left breast's chest wall on the left, the right breast's on the right.
    FieldOfViewHorizontalFlip (PS3.3 C.8.11.4) tells how the stored pixels came from the
    detector's; it is already in them and in PatientOrientation, so it moves nothing.
    """
    orientation = tuple(value.upper() for value in texts(dataset, "PatientOrientation"))
    if len(orientation) == 2 and orientation[0]:
        rows, columns = orientation
        outward = side is not None and columns == side.value
        notes = (_upside_down(),) if columns.startswith("H") or outward else ()
        if rows[0] in "AP":
            wall: Side = "left" if rows[0] == "A" else "right"
            return Sourced(wall, "PatientOrientation"), notes
        if columns[:1] in ("A", "P"):
            sentence = "by PatientOrientation the chest wall is above or below: a rotated image"
            return None, (Note("rotated", sentence),)
    return conventional_wall(side), ()


def _upside_down() -> Note:
    return Note("upside down", "by PatientOrientation the head, or on CC the inner side, is below")


def _view_codes(dataset: Dataset) -> tuple[str, ...]:
    return tuple(_snomed(item) for item in items(dataset, "ViewCodeSequence"))


def _snomed(item: Dataset) -> str:
    """An item's code in SNOMED CT; older files carry SNOMED RT (SRT, SNM3, 99SDM)."""
    value = text(item, "CodeValue") or text(item, "LongCodeValue")
    return snomed_mapping["SRT"].get(value, value)


def _position(dataset: Dataset) -> re.Match[str] | None:
    return _POSITION.match(re.sub(r"[^A-Z]", "", upper(dataset, "ViewPosition")))


def _modifiers_in_words(dataset: Dataset) -> Iterator[Modifier]:
    for keyword in ("ViewPosition", "PaddleDescription", "SeriesDescription", "ProtocolName"):
        for word in re.split(r"[^A-Z]+", upper(dataset, keyword)):
            if word in MODIFIER_WORDS:
                yield MODIFIER_WORDS[word]
    if match := _position(dataset):
        for affix in (match.group(2), match.group(4)):
            if affix:
                yield _AFFIXES.get(affix, "rolled")


def _family(value: str) -> str:
    return _FAMILY.get(value, value)
