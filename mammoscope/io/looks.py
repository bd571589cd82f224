"""The looks that a header offers: each of its VOI LUTs and windows shows the same values otherwise.

Look 0 is the one that `mammoscope.io.pixels` chooses, the others follow in the header's order.
An image for processing has one look: a window in it is meant for another image.

Source: DICOM PS3.3 C.11.2.1: a device presents one of several, which are alternatives.
"""

import copy
from typing import Any, Final, NamedTuple

from pydicom.dataset import Dataset

from mammoscope.io import grayscale, suitability
from mammoscope.io.voi import Window

TABLES: Final = "VOILUTSequence"
WINDOW: Final = ("WindowCenter", "WindowWidth", "WindowCenterWidthExplanation")


class Look(NamedTuple):
    """The attributes of one table or window, and its explanation."""

    attributes: dict[str, Any]
    explained: str


def count(dataset: Dataset) -> int:
    """How many looks there are; 1 where the header offers none."""
    return max(1, len(_looks(dataset)))


def narrowed(dataset: Dataset, look: int) -> Dataset:
    """The data set with one of its looks alone; the same where there is no such look."""
    found = _looks(dataset)
    if not look < len(found):
        return dataset
    result = copy.deepcopy(dataset)
    for keyword in (TABLES, *WINDOW):
        result.pop(keyword, None)
    for keyword, value in found[look].attributes.items():
        setattr(result, keyword, value)
    return result


def _looks(dataset: Dataset) -> list[Look]:
    if suitability.kind(dataset) == "for processing":
        return []
    tables = [
        Look({TABLES: [item]}, str(item.get("LUTExplanation", "")))
        for item in dataset.get(TABLES) or ()
    ]
    windows = _windows(dataset)
    normal = grayscale.preferred([look.explained for look in tables or windows])
    found = [*tables, *windows]
    return [*found[normal : normal + 1], *found[:normal], *found[normal + 1 :]]


def _windows(dataset: Dataset) -> list[Look]:
    centres, widths = (grayscale.numbers(dataset, keyword) for keyword in WINDOW[:2])
    explained = grayscale.explanations(dataset)
    function = str(dataset.get("VOILUTFunction") or "LINEAR").strip()
    return [
        Look({"WindowCenter": centre, "WindowWidth": width}, word)
        for centre, width, word in zip(centres, widths, explained, strict=False)
        if Window(centre, width, function).usable
    ]
