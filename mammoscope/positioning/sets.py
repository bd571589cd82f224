"""Training, validation and test images: by woman, never by image."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from mammoscope.errors import UsageError
from mammoscope.io.marks import MarkedImage
from mammoscope.positioning.marked import usable

NAMES: Final = ("train", "validation", "test")
TENTHS: Final = ("test", "validation")
"""Of women whose table says nothing: a tenth each, the rest train (the shares of section 2.1)."""
Records = tuple[MarkedImage, ...]


@dataclass(frozen=True)
class Sets:
    """Records of different women in each set."""

    training: Records
    validation: Records
    test: Records

    def usable(self) -> "Sets":
        """The same sets with what the paper's models take."""
        return Sets(*(tuple(usable(part)) for part in (self.training, self.validation, self.test)))


def split(records: Sequence[MarkedImage]) -> Sets:
    """The split that the records name, else one by a hash of each woman, the same every time.

    Raises:
        UsageError: If some name a split and others do not, a woman is in two sets, or a set has no
            MLO image with all three landmarks.
    """
    named = {bool(record.split) for record in records}
    if len(named) > 1:
        raise UsageError("a split for every image or for none was expected: complete the table")
    of_woman: dict[str, str] = {}
    for record in records:
        part = record.split or by_hash(record.woman)
        if of_woman.setdefault(record.woman, part) != part:
            raise UsageError(
                f"a woman's images are in {part} and {of_woman[record.woman]}: keep her in one"
            )
    parts = {name: _of(records, of_woman, name) for name in NAMES}
    for name, members in parts.items():
        if not usable(members):
            raise UsageError(
                f"the {name} set of {len(records)} images has no MLO view with nipple and pectoral "
                "line: training and evaluation need one or more in each set"
            )
    return Sets(*parts.values())


def by_hash(woman: str) -> str:
    """Test, validation or train, by the first digits of a SHA-256."""
    tenth = int(hashlib.sha256(woman.encode()).hexdigest()[:8], 16) % 10
    return TENTHS[tenth] if tenth < len(TENTHS) else "train"


def _of(records: Iterable[MarkedImage], of_woman: dict[str, str], name: str) -> Records:
    return tuple(record for record in records if of_woman[record.woman] == name)
