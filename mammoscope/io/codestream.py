"""What a compressed image says of itself, read before any decoder sees it.

A codestream that is of another kind, another size or another depth than the header around it
says is refused here: 90 kB of JPEG 2000 can ask a decoder for gigabytes. So is one whose
skeleton (markers, tile parts, end) is broken: several decoders mend that with a warning that
nobody hears and a grey half image.

Sources: ITU-T T.81 B (JPEG), T.87 C (JPEG-LS), T.800 A and T.814 A (JPEG 2000, HTJ2K),
DICOM PS3.5 8.2 and A.4 (which kinds each transfer syntax allows) and G (RLE).
"""

import re
import struct
from collections.abc import Iterator
from typing import Final, NamedTuple

from pydicom import uid
from pydicom.dataset import Dataset

from mammoscope.errors import RejectedInput

BASELINE: Final = "JPEG baseline"
EXTENDED: Final = "JPEG extended"
LOSSLESS: Final = "JPEG lossless"
LOSSLESS_FIRST: Final = "JPEG lossless, first-order prediction"
JPEG_LS: Final = "JPEG-LS lossless"
JPEG_LS_NEAR: Final = "JPEG-LS near-lossless"
JPEG_2000: Final = "JPEG 2000 reversible"
JPEG_2000_LOSSY: Final = "JPEG 2000 irreversible"
HTJ2K: Final = "HTJ2K reversible"
HTJ2K_RPCL: Final = "HTJ2K reversible, RPCL"
HTJ2K_LOSSY: Final = "HTJ2K irreversible"
RLE: Final = "RLE"

KINDS: Final[dict[str, frozenset[str]]] = {
    uid.JPEGBaseline8Bit: frozenset({BASELINE}),
    uid.JPEGExtended12Bit: frozenset({BASELINE, EXTENDED}),
    uid.JPEGLossless: frozenset({LOSSLESS, LOSSLESS_FIRST}),
    uid.JPEGLosslessSV1: frozenset({LOSSLESS_FIRST}),
    uid.JPEGLSLossless: frozenset({JPEG_LS}),
    uid.JPEGLSNearLossless: frozenset({JPEG_LS, JPEG_LS_NEAR}),
    uid.JPEG2000Lossless: frozenset({JPEG_2000}),
    uid.JPEG2000: frozenset({JPEG_2000, JPEG_2000_LOSSY}),
    uid.HTJ2KLossless: frozenset({HTJ2K, HTJ2K_RPCL}),
    uid.HTJ2KLosslessRPCL: frozenset({HTJ2K_RPCL}),
    uid.HTJ2K: frozenset({HTJ2K, HTJ2K_RPCL, HTJ2K_LOSSY}),
    uid.RLELossless: frozenset({RLE}),
}
"""Which codestreams each transfer syntax may hold."""

LOSSY: Final = frozenset({BASELINE, EXTENDED, JPEG_LS_NEAR, JPEG_2000_LOSSY, HTJ2K_LOSSY})
JPEG_2000_START: Final = b"\xff\x4f\xff\x51"
JP2_START: Final = b"\0\0\0\x0cjP  \r\n\x87\n"
START_OF_SCAN: Final = 0xDA
START_OF_TILE: Final = 0x90
TILE_PART_HEADER: Final = 12
END: Final = b"\xff\xd9"
NOT_FRAMES: Final = (0xC4, 0xC8, 0xCC)
RPCL: Final = 2
HIGH_THROUGHPUT: Final = 0x4000
SCAN: Final = re.compile(rb"\xff+[^\x00\xff]")
JPEG_LS_SCAN: Final = re.compile(rb"\xff+[\x80-\xfe]")
INSIDE_TILE: Final = re.compile(rb"\xff[\x90\x93-\xff]")


class Header(NamedTuple):
    """A codestream's own description of the image in it."""

    kind: str
    rows: int
    columns: int
    components: int
    precision: int
    signed: bool = False


def check_codestream(dataset: Dataset, stream: bytes, syntax: str) -> None:
    """Refuse a frame that is not what the header around it says.

    Args:
        dataset: Rows, Columns, SamplesPerPixel, BitsAllocated and BitsStored are read.
        stream: One frame: its fragments joined.
        syntax: Transfer syntax UID.

    Raises:
        RejectedInput: 53 unknown transfer syntax, 54 another kind of codestream, 55 another
            size or depth, 6 cut short, 57 damaged.
    """
    kinds = KINDS.get(syntax)
    if kinds is None:
        raise RejectedInput("expected a transfer syntax for images, got an unknown one: convert it", 53)
    if kinds == {RLE}:
        _check_rle(dataset, stream)
        return
    found = read_header(stream)
    if found.kind not in kinds:
        expected = " or ".join(sorted(kinds))
        raise RejectedInput(f"the transfer syntax means {expected}, the pixels are {found.kind}", 54)
    declared = dataset.Rows, dataset.Columns, dataset.get("SamplesPerPixel", 1)
    if (found.rows, found.columns, found.components) != declared:
        sizes = f"header says {_size(*declared)}, compressed image {_size(*found[1:4])}"
        raise RejectedInput(sizes, 55)
    if found.precision > dataset.BitsAllocated or _sign_is_lost(dataset, found):
        bits = f"{dataset.BitsStored} bits in {dataset.BitsAllocated}"
        raise RejectedInput(f"header says {bits}, compressed image {found.precision} bits", 55)
    _check_skeleton(stream, found.kind)


def read_header(stream: bytes) -> Header:
    """Read size, depth and kind from a JPEG, JPEG-LS, JPEG 2000 or HTJ2K codestream.

    Raises:
        RejectedInput: 54 if it is none of these, 57 if its header is damaged.
    """
    if stream.startswith(JPEG_2000_START):
        reader = _jpeg_2000_header
    elif stream.startswith(b"\xff\xd8\xff"):
        reader = _jpeg_header
    else:
        raise RejectedInput("expected a JPEG or JPEG 2000 codestream, got other bytes", 54)
    try:
        return reader(stream)
    except (struct.error, IndexError, KeyError, ValueError) as error:
        raise RejectedInput("the header of the compressed image is damaged", 57) from error


def unwrapped(stream: bytes) -> bytes:
    """The codestream inside a JP2 file, against PS3.5 8.2.4 but readable; anything else as it is.

    Raises:
        RejectedInput: 57 if the JP2 file holds none.

    Source:
        ITU-T T.800 I.4 (boxes) and I.5.4 (contiguous codestream box).
    """
    if not stream.startswith(JP2_START):
        return stream
    position = 0
    while position + 16 <= len(stream):
        length, kind, long_length = struct.unpack_from(">I4sQ", stream, position)
        start = position + (16 if length == 1 else 8)
        end = position + {0: len(stream) - position, 1: long_length}.get(length, length)
        if kind == b"jp2c":
            return stream[start:end]
        if end < start:
            break
        position = end
    raise RejectedInput("expected a codestream in the JP2 file, found none: copy the file again", 57)


def end_marker(stream: bytes) -> int:
    """Where the marker that ends a codestream must be: before any padding."""
    return len(stream.rstrip(b"\0\xff")) - 2


def rle_segments(stream: bytes) -> list[bytes]:
    """Split an RLE frame into its segments, most significant byte first (PS3.5 G.5).

    Raises:
        RejectedInput: 54 if this is no RLE frame, 6 if it is cut.
    """
    if len(stream) < 64:
        raise RejectedInput(f"expected an RLE header of 64 bytes, got {len(stream)}", 6)
    count, *offsets = struct.unpack("<16I", stream[:64])
    starts = offsets[:count]
    if not 1 <= count <= 15 or starts[0] != 64 or starts != sorted(set(starts)):
        raise RejectedInput("expected an RLE header, got other bytes", 54)
    if starts[-1] >= len(stream):
        raise RejectedInput("the RLE frame ends before its last segment", 6)
    return [stream[start:end] for start, end in zip(starts, [*starts[1:], len(stream)], strict=True)]


def _sign_is_lost(dataset: Dataset, found: Header) -> bool:
    """Whether a sign is declared in a bit that the codestream does not have."""
    signed = dataset.get("PixelRepresentation") == 1
    return signed and not found.signed and found.precision < dataset.get("BitsStored", 0)


def _check_rle(dataset: Dataset, stream: bytes) -> None:
    expected = dataset.get("SamplesPerPixel", 1) * dataset.BitsAllocated // 8
    if (count := len(rle_segments(stream))) != expected:
        raise RejectedInput(f"expected {expected} RLE segments for the bits allocated, got {count}", 55)


def _size(rows: int, columns: int, components: int) -> str:
    return f"{rows} × {columns} × {components}"


def _segments(stream: bytes) -> Iterator[tuple[int, bytes, int]]:
    """Marker, content and end of each segment before the first coded data, that one included."""
    position = 2
    while True:
        lead, marker, length = struct.unpack_from(">BBH", stream, position)
        if lead != 0xFF or length < 2:
            raise ValueError(f"no marker at byte {position}")
        if marker == 0xFF:
            position += 1
            continue
        end = position + 2 + length
        yield marker, stream[position + 4 : end], end
        if marker in (START_OF_SCAN, START_OF_TILE):
            return
        position = end


def _jpeg_header(stream: bytes) -> Header:
    frame, coded, scan = b"", 0, b""
    for marker, content, _ in _segments(stream):
        if (0xC0 <= marker <= 0xCF and marker not in NOT_FRAMES) or marker == 0xF7:
            frame, coded = content, marker
        scan = content
    precision, rows, columns, components = struct.unpack_from(">BHHB", frame)
    return Header(_jpeg_kind(coded, scan[1 + 2 * scan[0]]), rows, columns, components, precision)


def _jpeg_kind(marker: int, parameter: int) -> str:
    if marker == 0xC3:
        return LOSSLESS_FIRST if parameter == 1 else LOSSLESS
    if marker == 0xF7:
        return JPEG_LS_NEAR if parameter else JPEG_LS
    return {0xC0: BASELINE, 0xC1: EXTENDED}.get(marker, f"a JPEG of frame type {marker:02X}")


def _jpeg_2000_header(stream: bytes) -> Header:
    contents = {marker: content for marker, content, _ in _segments(stream)}
    size, coding = contents[0x51], contents[0x52]
    capabilities, right, bottom, left, top, tile_columns, tile_rows = struct.unpack_from(">H6I", size)
    components, depth, *steps = struct.unpack_from(">HBBB", size, 34)
    if not (tile_columns and tile_rows) or steps != [1, 1]:
        raise ValueError("tiles without size, or a component that is not at full resolution")
    high = 0x50 in contents and bool(capabilities & HIGH_THROUGHPUT)
    kind = _jpeg_2000_kind(high, progression=coding[1], reversible=coding[9] == 1)
    return Header(kind, bottom - top, right - left, components, (depth & 0x7F) + 1, depth > 0x7F)


def _jpeg_2000_kind(high: bool, progression: int, reversible: bool) -> str:
    if not reversible:
        return HTJ2K_LOSSY if high else JPEG_2000_LOSSY
    if not high:
        return JPEG_2000
    return HTJ2K_RPCL if progression == RPCL else HTJ2K


def _check_skeleton(stream: bytes, kind: str) -> None:
    """Refuse what a decoder would paint grey and go on from."""
    end = end_marker(stream)
    if stream[end : end + 2] != END:
        raise RejectedInput("the compressed image ends before its end marker: copy the file again", 6)
    *_, (_, _, coded) = _segments(stream)
    if stream.startswith(JPEG_2000_START):
        sound = _tiles_are_whole(stream, coded - TILE_PART_HEADER, end)
    else:
        markers = JPEG_LS_SCAN if kind in (JPEG_LS, JPEG_LS_NEAR) else SCAN
        sound = _restarts_in_order(stream[coded:end], markers)
    if not sound:
        raise RejectedInput("the compressed image is damaged: copy the file again", 57)


def _restarts_in_order(scan: bytes, markers: re.Pattern[bytes]) -> bool:
    """Whether a scan holds no markers but restarts, counted 0 to 7 and again."""
    found = [match.group()[-1] for match in markers.finditer(scan)]
    return all(marker == 0xD0 + index % 8 for index, marker in enumerate(found))


def _tiles_are_whole(stream: bytes, position: int, end: int) -> bool:
    """Whether each tile part is as long as it says, the last ends at the end, none holds a marker."""
    while position < end:
        if position + TILE_PART_HEADER > end:
            return False
        marker, _, _, length = struct.unpack_from(">HHHI", stream, position)
        data = stream.find(b"\xff\x93", position)
        after = position + length if length else end
        if marker != 0xFF90 or not position < data < after <= end:
            return False
        if INSIDE_TILE.search(stream, data + 2, after):
            return False
        position = after
    return True
