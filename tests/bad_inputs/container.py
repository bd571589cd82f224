"""Numbers 1 to 20: the file and its container."""

import os
import socket
import stat
import struct
import zipfile
import zlib
from pathlib import Path

import imagecodecs
from pydicom.dataset import Dataset, FileDataset
from pydicom.uid import DeflatedExplicitVRLittleEndian, JPEGLSLossless, generate_uid

from tests.bad_inputs.case import (
    PIXELS,
    Built,
    as_bytes,
    case,
    compressed,
    handled,
    image,
    offset_of,
    one,
    put,
    rejected,
    several,
    skipped,
    splice,
    warned,
)
from tests.synthetic import breast_pixels, file_meta

MIB = 1 << 20
BOMB = 80 * MIB
"""What bombs grow to: more than the limit that the test sets."""


@case(1)
def empty(folder: Path) -> Built:
    (folder / "IM0001").write_bytes(b"")
    return one(folder, b"", rejected(1)) | {"IM0001": rejected(1)}


@case(2)
def something_else(folder: Path) -> Built:
    jpeg = imagecodecs.jpeg8_encode(breast_pixels(bits=8))
    return several(
        folder, rejected(2), text=b"Patient Secretname\n", picture=jpeg, document=b"%PDF-1.7\n",
        short=b"DICM", zeros=bytes(4096),
    )  # fmt: skip


@case(3)
def no_preamble(folder: Path) -> Built:
    data, bare = as_bytes(image()), image()
    bare.file_meta = file_meta(bare, "1.2.840.10008.1.2")
    implicit = as_bytes(bare)
    return several(
        folder, handled(), meta=data[132:], explicit=as_bytes(image())[offset_of(data, 0x00080000) :],
        implicit=implicit[implicit.index(b"\x08\x00\x05\x00") :],
    )  # fmt: skip


@case(4)
def cut_in_the_header(folder: Path) -> Built:
    data = as_bytes(image())
    pixels = offset_of(data, PIXELS)
    cuts = {f"at{at}": data[:at] for at in (140, 150, pixels // 2, pixels - 3, pixels + 5)}
    return several(folder, rejected(4), **cuts)


@case(5)
def native_pixels_cut(folder: Path) -> Built:
    return one(folder, as_bytes(image())[:-1000], rejected(5))


@case(6)
def fragment_cut(folder: Path) -> Built:
    stored = breast_pixels()
    stream = imagecodecs.jpegls_encode(stored)
    data = as_bytes(compressed(stored, stream, JPEGLSLossless))
    inner = as_bytes(compressed(stored, stream[: len(stream) // 2], JPEGLSLossless))
    return several(folder, rejected(6), file=data[: -len(stream) // 2], stream=inner)


@case(7)
def trailing_garbage(folder: Path) -> Built:
    return one(folder, as_bytes(image()) + b"\xde\xad\xbe\xef" * 99, warned("trailing bytes"))


@case(8)
def odd_lengths(folder: Path) -> Built:
    odd = struct.pack("<HH2sH", 0x0008, 0x103E, b"LO", 5) + b"BREAS"
    return one(folder, splice(as_bytes(image()), 0x0008103E, odd), warned("odd lengths"))


@case(9)
def value_beyond_the_end(folder: Path) -> Built:
    private = struct.pack("<HH2sHL", 0x0009, 0x1010, b"OB", 0, 0x7FFFFFFF)
    item = struct.pack("<HHL", 0xFFFE, 0xE000, 4000)
    sequence = struct.pack("<HH2sHL", 0x0008, 0x1140, b"SQ", 0, 8) + item
    data = as_bytes(image())
    return several(
        folder,
        rejected(9),
        value=splice(data, 0x00091010, private),
        item=splice(data, 0x00081140, sequence),
    )


@case(10)
def undelimited(folder: Path) -> Built:
    head = struct.pack("<HH2sHL", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF)
    item = struct.pack("<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF)
    text = struct.pack("<HH2sHL", 0x0008, 0x1140, b"UT", 0, 0xFFFFFFFF)
    data = as_bytes(image())
    return several(
        folder,
        rejected(10),
        sequence=splice(data, 0x00081140, head + item),
        text=splice(data, 0x00081140, text),
    )


@case(11)
def nested(folder: Path) -> Built:
    head = struct.pack("<HH2sHL", 0x0008, 0x1140, b"SQ", 0, 0xFFFFFFFF)
    item = struct.pack("<HHL", 0xFFFE, 0xE000, 0xFFFFFFFF)
    ends = struct.pack("<HHLHHL", 0xFFFE, 0xE00D, 0, 0xFFFE, 0xE0DD, 0)
    return one(
        folder, splice(as_bytes(image()), 0x00081140, 300 * (head + item) + 300 * ends), rejected(11)
    )


@case(12)
def deflate_bomb(folder: Path) -> Built:
    dataset = image()
    dataset.file_meta = file_meta(dataset, DeflatedExplicitVRLittleEndian)
    data = as_bytes(image())
    meta = as_bytes(dataset)
    head = meta[: offset_of(meta, 0x00080000)]
    body = data[offset_of(data, 0x00080000) : offset_of(data, PIXELS)]
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    pixels = struct.pack("<HH2sHL", 0x7FE0, 0x0010, b"OB", 0, BOMB)
    packed = packer.compress(body + pixels)
    packed += b"".join(packer.compress(bytes(MIB)) for _ in range(BOMB // MIB)) + packer.flush()
    return one(folder, head + packed, rejected(12))


@case(13)
def zip_bomb(folder: Path) -> Built:
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("huge.dcm", bytes(BOMB))
        archive.writestr("dense.dcm", bytes(2 * MIB))
        archive.writestr("inner.zip", b"PK\x05\x06" + bytes(18))
    overlapping = bytearray((folder / "bomb.zip").read_bytes())
    at = overlapping.index(b"PK\x01\x02")
    struct.pack_into("<L", overlapping, at + 20, len(overlapping))
    (folder / "overlap.zip").write_bytes(overlapping)
    inside = {f"bomb.zip/{name}": rejected(13) for name in ("huge.dcm", "dense.dcm", "inner.zip")}
    return inside | {"overlap.zip": rejected(13)}


@case(14)
def out_of_the_folder(folder: Path) -> Built:
    outside = folder.parent / "outside.dcm"
    outside.write_bytes(as_bytes(image()))
    (folder / "link.dcm").symlink_to(outside)
    (folder / "folder").symlink_to(folder.parent)
    link = zipfile.ZipInfo("link.dcm")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    names = ("../slip.dcm", "/root.dcm", "C:\\windows.dcm", "a/../../b.dcm")
    with zipfile.ZipFile(folder / "slip.zip", "w") as archive:
        archive.writestr(link, "../../outside.dcm")
        archive.writestr("sound.dcm", as_bytes(image()))
        for name in names:
            archive.writestr(name, as_bytes(image()))
    bad = {f"slip.zip/{name}": rejected(14) for name in (*names, "link.dcm")}
    return bad | {"slip.zip/sound.dcm": handled(), "link.dcm": rejected(14), "folder": rejected(14)}


@case(15)
def executable_preamble(folder: Path) -> Built:
    data = as_bytes(image())
    programs = {"windows": b"MZ\x90\0", "linux": b"\x7fELF", "script": b"#!/bin/sh\n"}
    files = {name: magic + data[len(magic) :] for name, magic in programs.items()}
    for name, other in files.items():
        put(folder, **{name: other})
    return several(
        folder, warned("executable preamble"),
        **{name: magic + as_bytes(image())[len(magic) :] for name, magic in programs.items()},
    )  # fmt: skip


@case(16)
def no_regular_file(folder: Path) -> Built:
    os.mkfifo(folder / "pipe.dcm")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(folder)  # a socket's path is short
        server.bind("socket.dcm")
        os.chdir(here)
    return {"pipe.dcm": skipped(16), "socket.dcm": skipped(16)}


@case(17)
def link_loop(folder: Path) -> Built:
    (folder / "one.dcm").symlink_to("two.dcm")
    (folder / "two.dcm").symlink_to("one.dcm")
    (folder / "below").mkdir()
    (folder / "below" / "above").symlink_to(folder)
    return {"one.dcm": skipped(17), "two.dcm": skipped(17), "below/above": skipped(17)}


@case(18)
def strange_names(folder: Path) -> Built:
    names = {
        b"caf\xe9.dcm": "caf\\xe9.dcm",
        b"line\nbreak.dcm": "line\\nbreak.dcm",
        b"x" * 251 + b".dcm": "x" * 251 + ".dcm",
        "\u202egnp.dcm".encode(): "\\u202egnp.dcm",
    }
    for name in names:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + name)).write_bytes(as_bytes(image()))
    return dict.fromkeys(names.values(), handled())


@case(19)
def changing(folder: Path) -> Built:
    """The test itself changes files named so between the header scan and the reading."""
    return one(folder, image(), rejected()) and several(folder, rejected(19), changing=image()) | {
        "bad.dcm": handled()
    }


@case(20)
def dicomdir_leaves_its_root(folder: Path) -> Built:
    (folder.parent / "outside.dcm").write_bytes(as_bytes(image()))
    (folder / "DISC").mkdir()
    put(folder / "DISC", LISTED=image())
    (folder / "DISC" / "LISTED.dcm").rename(folder / "DISC" / "LISTED")
    entries = (["..", "..", "outside.dcm"], ["LISTED"], ["MISSING"], ["/etc", "hostname"])
    (folder / "DISC" / "DICOMDIR").write_bytes(as_bytes(dicomdir(entries)))
    return {
        "DISC/DICOMDIR": skipped(), "DISC/LISTED": handled(), "DISC/MISSING": rejected(),
        "DISC/../../outside.dcm": rejected(20), "DISC//etc/hostname": rejected(20),
    }  # fmt: skip


def dicomdir(entries: tuple[list[str], ...]) -> FileDataset:
    """An index of image records."""
    dataset = FileDataset("", Dataset(), preamble=bytes(128))
    dataset.FileSetID = "SYNTHETIC"
    dataset.DirectoryRecordSequence = []
    for parts in entries:
        record = Dataset()
        record.DirectoryRecordType = "IMAGE"
        record.ReferencedFileID = parts
        dataset.DirectoryRecordSequence.append(record)
    dataset.file_meta = file_meta(dataset)
    dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.1.3.10"
    dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid(prefix="2.25.")
    return dataset
