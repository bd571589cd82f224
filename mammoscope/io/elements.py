"""The skeleton of a DICOM data set, walked without recursion before anything parses it.

A plain parser takes what it gets: a file that ends early, a sequence inside a sequence three
hundred deep, a length that leads beyond the end. This walk looks at tags, value
representations and lengths only, and says where the data set ends.

Source:
    PS3.5 section 7 (elements, sequences, nesting) and A.4 (encapsulated pixel data).
"""

from dataclasses import dataclass, field
from struct import unpack_from
from typing import Final, Literal, NamedTuple

from pydicom.datadict import DicomDictionary

from mammoscope.errors import RejectedInput
from mammoscope.io.limits import Limits

PIXELS: Final = (0x7FE00008, 0x7FE00009, 0x7FE00010)
UNDEFINED: Final = 0xFFFFFFFF
ITEM: Final = 0xFFFEE000
ITEM_END: Final = 0xFFFEE00D
SEQUENCE_END: Final = 0xFFFEE0DD

_LONG: Final = frozenset({"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"})
_TEXT: Final = frozenset({
    "AE", "AS", "CS", "DA", "DS", "DT", "IS", "LO", "LT", "PN", "SH", "ST", "TM", "UC", "UI", "UR",
    "UT",
})  # fmt: skip


class Encoding(NamedTuple):
    """How a data set is written."""

    implicit: bool
    little: bool


class Element(NamedTuple):
    """One element's head, and where its value lies."""

    tag: int
    vr: str
    start: int
    length: int

    @property
    def end(self) -> int:
        """The first byte after a value of defined length."""
        return self.start + self.length


@dataclass
class Skeleton:
    """What the walk saw.

    Attributes:
        end: Where the data set ends; what follows is garbage.
        pixels: The top-level pixel data, None where there is none.
        fragments: Offset and length of each item of encapsulated pixel data, the table first.
        odd: How many values have an odd length.
    """

    end: int = 0
    pixels: Element | None = None
    fragments: list[tuple[int, int]] = field(default_factory=list)
    odd: int = 0


@dataclass
class _Level:
    """A data set, a list of items, or pixel fragments that the walk is inside."""

    kind: Literal["elements", "items", "fragments"]
    end: int | None
    encoding: Encoding
    top: bool = False


def read_element(data: bytes, at: int, encoding: Encoding) -> Element:
    """Read the head of the element at an offset.

    Raises:
        RejectedInput: If the data end within it (4).
    """
    if at + 8 > len(data):
        raise RejectedInput("the file ends within an element: fetch it again", 4)
    order = "<" if encoding.little else ">"
    group, number, length = unpack_from(order + "HHL", data, at)
    tag = group << 16 | number
    vr = data[at + 4 : at + 6]
    if group == 0xFFFE:
        return Element(tag, "", at + 8, length)
    if encoding.implicit or not (vr.isalpha() and vr.isupper()):
        return Element(tag, DicomDictionary.get(tag, ("UN",))[0], at + 8, length)
    name = vr.decode("ascii")
    if name not in _LONG:
        return Element(tag, name, at + 8, unpack_from(order + "H", data, at + 6)[0])
    if at + 12 > len(data):
        raise RejectedInput("the file ends within an element: fetch it again", 4)
    return Element(tag, name, at + 12, unpack_from(order + "L", data, at + 8)[0])


def walk(data: bytes, start: int, encoding: Encoding, limits: Limits) -> Skeleton:
    """Walk a whole data set.

    Args:
        data: The file, or an inflated data set.
        start: Where the data set begins.
        encoding: How it is written.
        limits: Nesting, number of elements, length of texts.

    Raises:
        RejectedInput: If it is cut (4, 5, 6), a length leads beyond the end (9), a sequence is
            not closed (10), or a limit is passed (11, 31).
    """
    return _Walk(data, start, encoding, limits).run()


class _Walk:
    """The walk's place: a stack of levels and an offset."""

    def __init__(self, data: bytes, start: int, encoding: Encoding, limits: Limits) -> None:
        self.data, self.at, self.limits = data, start, limits
        self.levels = [_Level("elements", len(data), encoding, top=True)]
        self.skeleton = Skeleton()

    def run(self) -> Skeleton:
        """Step until the top level is left."""
        steps = 0
        while self.levels:
            steps += 1
            if steps > self.limits.elements:
                raise RejectedInput(f"more than {self.limits.elements} elements: not an image's header")
            pixels_done = len(self.levels) == 1 and self.skeleton.pixels is not None
            settled = self.at
            try:
                self._step()
            except RejectedInput:
                if not pixels_done:
                    raise
                self.at = settled
                break
        self.skeleton.end = self.at
        return self.skeleton

    def _step(self) -> None:
        level = self.levels[-1]
        if level.end is not None and self.at >= level.end:
            if self.at > level.end:
                raise RejectedInput("an item that is longer than its sequence", 9)
            self.levels.pop()
        elif self.at >= len(self.data):
            number = 6 if level.kind == "fragments" else 10
            raise RejectedInput("the file ends within a sequence that is never closed", number)
        else:
            {"elements": self._element, "items": self._item, "fragments": self._fragment}[level.kind](
                level
            )

    def _element(self, level: _Level) -> None:
        element = read_element(self.data, self.at, level.encoding)
        if element.tag == ITEM_END and level.end is None:
            self.levels.pop()
            self.at = element.start
            return
        done = self.skeleton.pixels
        if level.top and (element.tag >> 16 == 0xFFFE or (done and element.tag <= done.tag)):
            raise RejectedInput("an element where none can be", 9)
        self._note(element, level)
        if element.length == UNDEFINED:
            self._open(element, level)
        elif element.vr == "SQ":
            self._push(_Level("items", element.end, level.encoding))
            self.at = element.start
        else:
            self.at = element.end
        if level.top and element.tag in PIXELS:
            self.skeleton.pixels = element

    def _note(self, element: Element, level: _Level) -> None:
        if element.length == UNDEFINED:
            return
        end = len(self.data) if level.end is None else level.end
        if element.end > end:
            if level.top and element.tag in PIXELS:
                raise RejectedInput("the file ends within its pixels: fetch it again", 5)
            if end == len(self.data) and element.length <= end:
                raise RejectedInput("the file ends within its header: fetch it again", 4)
            raise RejectedInput("an element that is longer than the file or item that holds it", 9)
        if element.vr in _TEXT and element.length > self.limits.text_bytes:
            raise RejectedInput(f"a text of {element.length} bytes: not an image's header", 31)
        self.skeleton.odd += element.length % 2

    def _open(self, element: Element, level: _Level) -> None:
        """Enter a value of undefined length."""
        self.at = element.start
        if element.vr == "SQ" or level.encoding.implicit:
            self._push(_Level("items", None, level.encoding))
        elif element.vr == "UN":
            self._push(_Level("items", None, Encoding(implicit=True, little=True)))
        elif element.vr in ("OB", "OW"):
            self._push(_Level("fragments", None, level.encoding, top=level.top))
        else:
            raise RejectedInput("an element of undefined length that is no sequence", 10)

    def _push(self, level: _Level) -> None:
        if sum(above.kind == "items" for above in self.levels) >= self.limits.depth:
            raise RejectedInput(f"sequences nested more than {self.limits.depth} deep", 11)
        self.levels.append(level)

    def _item(self, level: _Level) -> None:
        element = read_element(self.data, self.at, level.encoding)
        self.at = element.start
        if element.tag == SEQUENCE_END and level.end is None:
            self.levels.pop()
        elif element.tag != ITEM:
            raise RejectedInput("a sequence that holds something else than items", 9)
        elif element.length == UNDEFINED:
            self.levels.append(_Level("elements", None, level.encoding))
        else:
            self._note(element, level)
            self.levels.append(_Level("elements", element.end, level.encoding))

    def _fragment(self, level: _Level) -> None:
        element = read_element(self.data, self.at, level.encoding)
        if element.tag == SEQUENCE_END:
            self.levels.pop()
            self.at = element.start
        elif element.tag != ITEM or element.length == UNDEFINED or element.end > len(self.data):
            raise RejectedInput("the file ends within compressed pixel data: fetch it again", 6)
        else:
            if level.top:
                self.skeleton.fragments.append((element.start, element.length))
            self.skeleton.odd += element.length % 2
            self.at = element.end
