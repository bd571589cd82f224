"""Make tests/data/synthetic_*.dcm: one image that never was, in every transfer syntax.

    python scripts/make_golden_files.py

Each file comes from an encoder that mammoscope does not decode with, where there is one:
dcmtk (dcmconv, dcmcrle, dcmcjpeg, dcmcjpls) for native, RLE, JPEG and JPEG-LS; OpenJPEG made
JPEG 2000 and OpenJPH made HTJ2K. Each is then read by an independent decoder (pydicom's own for
native and RLE, dcmtk for JPEG and JPEG-LS, FFmpeg for JPEG 2000 and HTJ2K) and compared with the
formula; what that decoder said of every eighth pixel of the lossy ones is kept in
synthetic_golden.json.

Needs dcmtk's tools and the package av (FFmpeg).
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import av
import imagecodecs
import numpy as np
from pydicom import dcmread, uid
from pydicom.dataset import FileDataset
from pydicom.encaps import encapsulate, generate_frames

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from mammoscope.io.codestream import read_header
from tests.golden import DATA, FILES, Golden, stored_values
from tests.synthetic import file_meta, mammogram_dataset

LOSSY_METHODS = {
    uid.JPEGBaseline8Bit: "ISO_10918_1", uid.JPEGExtended12Bit: "ISO_10918_1",
    uid.JPEGLSNearLossless: "ISO_14495_1", uid.JPEG2000: "ISO_15444_1", uid.HTJ2K: "ISO_15444_15",
}  # fmt: skip
DCMTK = {
    "implicit": ("dcmconv", "+ti"),
    "big_endian": ("dcmconv", "+tb"),
    "deflated": ("dcmconv", "+td"),
    "rle": ("dcmcrle",),
    "jpeg_baseline": ("dcmcjpeg", "+eb", "+q", "90"),
    "jpeg_extended": ("dcmcjpeg", "+ee", "+q", "90", "+bt"),
    "jpeg_extended_8": ("dcmcjpeg", "+ee", "+q", "90", "+be"),
    "jpeg_lossless": ("dcmcjpeg", "+el", "+sv", "6"),
    "jpeg_lossless_sv1": ("dcmcjpeg", "+e1"),
    "jpeg_ls": ("dcmcjpls", "+el"),
    "jpeg_ls_near": ("dcmcjpls", "+en", "+md", "2"),
}


def described(golden: Golden) -> FileDataset:
    """The file before compression, with UIDs that follow from its name."""
    dataset = mammogram_dataset(pixels=stored_values(golden.bits))
    dataset.PatientName, dataset.PatientID = "SYNTHETIC^GOLDEN", "SYNTHETIC-GOLDEN"
    dataset.ImageComments = "Synthetic: a formula, no breast was imaged"
    for place, keyword in enumerate(
        ("SOPInstanceUID", "SeriesInstanceUID", "StudyInstanceUID", "FrameOfReferenceUID")
    ):
        shared = "golden" if place > 1 else golden.name
        setattr(dataset, keyword, uid.generate_uid(entropy_srcs=["mammoscope", shared, str(place)]))
    dataset.file_meta = file_meta(dataset)
    return dataset


def by_dcmtk(dataset: FileDataset, command: Sequence[str], after: Path) -> FileDataset:
    """What one of dcmtk's tools makes of a file, written to `after`."""
    with tempfile.TemporaryDirectory() as folder:
        before = Path(folder, "before.dcm")
        dataset.save_as(before, enforce_file_format=True)
        subprocess.run([*command, str(before), str(after)], check=True)
    return dcmread(after)


def by_ffmpeg(stream: bytes) -> np.ndarray:
    """What FFmpeg's own JPEG 2000 and HTJ2K decoder makes of a codestream."""
    decoder = av.CodecContext.create("jpeg2000", "r")
    (image,) = decoder.decode(av.Packet(stream))
    return image.to_ndarray() >> (16 - read_header(stream).precision)  # the top bits are used


def wavelets(golden: Golden) -> bytes:
    """A JPEG 2000 or HTJ2K codestream; 12 bits deep where the encoder can say so."""
    pixels = stored_values(golden.bits)
    if golden.syntax == uid.JPEG2000Lossless:
        return imagecodecs.jpeg2k_encode(
            pixels, level=0, codecformat="J2K", reversible=True, bitspersample=12, resolutions=4
        )
    if golden.syntax == uid.JPEG2000:
        return imagecodecs.jpeg2k_encode(
            pixels, level=60, codecformat="J2K", reversible=False, bitspersample=12, resolutions=4
        )
    if golden.syntax == uid.HTJ2K:
        return imagecodecs.htj2k_encode(pixels, level=0.0005, reversible=False, resolutions=3)
    return imagecodecs.htj2k_encode(pixels, reversible=True, resolutions=3, tlm=True)


def independent(golden: Golden, scratch: Path) -> tuple[str, np.ndarray]:
    """A decoder that shares no code with ours, and the values that it reads."""
    dataset = dcmread(golden.path)
    if golden.name.startswith(("jpeg_2000", "htj2k")):
        return "FFmpeg", by_ffmpeg(next(generate_frames(dataset.PixelData, number_of_frames=1)))
    if golden.name.startswith("jpeg"):
        tool = "dcmdjpls" if "jpeg_ls" in golden.name else "dcmdjpeg"
        dataset = by_dcmtk(dataset, [tool], scratch / "flat.dcm")
        return tool, dataset.pixel_array
    if golden.syntax.is_encapsulated:
        dataset.pixel_array_options(decoding_plugin="pydicom")
    return "pydicom", dataset.pixel_array


def write(golden: Golden) -> str:
    """Write one file and say what encoded it."""
    dataset = described(golden)
    if golden.name == "explicit":
        dataset.save_as(golden.path, enforce_file_format=True)
        return "pydicom"
    if golden.name in DCMTK:
        made = by_dcmtk(dataset, DCMTK[golden.name], golden.path)
        if not golden.syntax.is_encapsulated:
            return " ".join(DCMTK[golden.name])
        dataset.PixelData = made.PixelData
    else:
        dataset.PixelData = encapsulate([wavelets(golden)])
    if golden.bound:
        dataset.LossyImageCompression = "01"
        dataset.LossyImageCompressionMethod = LOSSY_METHODS[golden.syntax]
        ratio = stored_values(golden.bits).nbytes / len(dataset.PixelData)
        dataset.LossyImageCompressionRatio = f"{ratio:.1f}"
    dataset["PixelData"].VR, dataset["PixelData"].is_undefined_length = "OB", True
    dataset.file_meta = file_meta(dataset, golden.syntax)
    dataset.save_as(golden.path, enforce_file_format=True)
    fallback = "OpenJPEG" if golden.name.startswith("jpeg") else "OpenJPH"
    return " ".join(DCMTK.get(golden.name, (fallback,)))


def make(golden: Golden) -> dict[str, object]:
    """Write one file; say how it was made and what the independent decoder found."""
    encoder = write(golden)
    with tempfile.TemporaryDirectory() as folder:
        decoder, values = independent(golden, Path(folder))
    away = int(np.abs(values.astype(int) - stored_values(golden.bits)).max())
    found = {"encoder": encoder, "decoder": decoder, "away": away}
    return found | ({"values": values[::8, ::8].tolist()} if golden.bound else {})


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    record = {golden.path.name: make(golden) for golden in FILES}
    (DATA / "synthetic_golden.json").write_text(json.dumps(record, indent=1) + "\n")
    for name, found in record.items():
        print(f"{name:40}{found['encoder']:32}{found['decoder']:10}{found['away']:4}")
