"""Numbers 33 to 52: the description of the pixels."""

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from pydicom.dataset import Dataset

from mammoscope.core import ImageResult
from tests.bad_inputs.case import (
    Built,
    as_bytes,
    case,
    handled,
    image,
    one,
    rejected,
    several,
    skipped,
    warned,
)
from tests.synthetic import breast_pixels


def changed(**attributes: Any) -> bytes:
    """A mammogram with attributes whose values pydicom warns of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return as_bytes(image(**attributes))


def table(first: int, bits: int, entries: list[int], count: int | None = None) -> Dataset:
    """One item of a VOI LUT Sequence."""
    item = Dataset()
    item.add_new(0x00283002, "US", [len(entries) if count is None else count, first, bits])
    item.add_new(0x00283006, "US", entries)
    return item


def preview_is(dark: tuple[int, int], bright: tuple[int, int], result: ImageResult) -> None:
    """A pixel of the breast is brighter than one of the background."""
    assert result.preview[bright] > result.preview[dark]


def breast_is_bright(result: ImageResult) -> None:
    preview_is((2, 170), (120, 10), result)


@case(33)
def no_pixels(folder: Path) -> Built:
    return one(folder, image(PixelData=None), rejected(33))


@case(34)
def no_size(folder: Path) -> Built:
    return several(
        folder, rejected(34), rows=image(Rows=0), columns=image(Columns=0), none=image(Rows=None)
    )


@case(35)
def huge_size(folder: Path) -> Built:
    return one(folder, image(Rows=65535, Columns=65535), rejected(35))


@case(36)
def impossible_bits(folder: Path) -> Built:
    return several(
        folder, rejected(36), stored=image(BitsStored=17, HighBit=16), high=image(HighBit=14),
        allocated=image(BitsAllocated=12),
    )  # fmt: skip


@case(37)
def bits_in_words(folder: Path) -> Built:
    stored = breast_pixels()
    return several(
        folder, handled(breast_is_bright), twelve=image(pixels=stored, BitsStored=12, HighBit=11),
        fourteen=image(pixels=stored * 4, BitsStored=14, HighBit=13),
        sixteen=image(pixels=stored * 16, BitsStored=16, HighBit=15),
    )  # fmt: skip


@case(38)
def overlay_bits(folder: Path) -> Built:
    stored = breast_pixels()
    stored[5:20, 150:170] |= 0x1000
    return one(folder, image(pixels=stored, BitsStored=12, HighBit=11), handled(breast_is_bright))


@case(39)
def signed(folder: Path) -> Built:
    stored = (breast_pixels().astype(np.int16) - 2048).astype(np.int16)
    dataset = image(pixels=stored.view(np.uint16), BitsStored=16, HighBit=15, PixelRepresentation=1)
    dataset.WindowCenter, dataset.WindowWidth = "0", "4096"
    return one(folder, dataset, handled(breast_is_bright))


@case(40)
def colours(folder: Path) -> Built:
    rgb = image(SamplesPerPixel=3, PhotometricInterpretation="RGB", PlanarConfiguration=0)
    palette = image(PhotometricInterpretation="PALETTE COLOR")
    return several(folder, skipped(40), rgb=rgb, palette=palette)


@case(41)
def inverted(folder: Path) -> Built:
    stored = 4095 - breast_pixels()
    return one(
        folder,
        image(pixels=stored, PhotometricInterpretation="MONOCHROME1", PresentationLUTShape="INVERSE"),
        handled(breast_is_bright),
    )


@case(42)
def window_of_no_width(folder: Path) -> Built:
    return one(folder, image(WindowWidth="0"), warned("window unusable"))


@case(43)
def window_functions(folder: Path) -> Built:
    known = ("LINEAR", "LINEAR_EXACT", "SIGMOID")
    built = several(
        folder, handled(breast_is_bright), **{n.lower(): image(VOILUTFunction=n) for n in known}
    )
    return built | several(folder, rejected(43), unknown=image(VOILUTFunction="CUBIC"))


@case(44)
def tables(folder: Path) -> Built:
    sound = table(0, 12, list(range(4096)))
    short = table(0, 12, list(range(100)), count=4096)
    built = several(folder, handled(breast_is_bright), sound=image(VOILUTSequence=[sound]))
    return built | several(folder, rejected(44), short=image(VOILUTSequence=[short]))


@case(45)
def several_windows(folder: Path) -> Built:
    return one(
        folder,
        image(
            WindowCenter=["2048", "600"], WindowWidth=["4096", "100"],
            WindowCenterWidthExplanation=["NORMAL", "HARDER"],
        ),
        handled(breast_is_bright),
    )  # fmt: skip


@case(46)
def padding(folder: Path) -> Built:
    stored = breast_pixels()
    stored[:, 140:] = 4000
    marked = image(pixels=stored, BitsStored=12, HighBit=11, PixelPaddingValue=4000)
    ranged = image(pixels=stored, BitsStored=12, HighBit=11, PixelPaddingValue=3990)
    ranged.PixelPaddingRangeLimit = 4010
    return several(folder, handled(breast_is_bright), value=marked, range=ranged)


@case(47)
def frame_count(folder: Path) -> Built:
    twice = image(PixelData=breast_pixels().tobytes() * 2)
    return several(folder, rejected(47), header=image(NumberOfFrames=2), data=twice)


@case(48)
def rescale_without_number(folder: Path) -> Built:
    return several(
        folder, rejected(48), nan=changed(RescaleSlope="NaN"), inf=changed(RescaleIntercept="inf"),
        zero=changed(RescaleSlope="0"),
    )  # fmt: skip


@case(49)
def constant(folder: Path) -> Built:
    flat = np.full((240, 180), 1000, np.uint16)
    padded = flat.copy()
    padded[:, 150:] = 4095
    return several(
        folder, skipped(49), flat=image(pixels=flat), zero=image(pixels=flat * 0),
        padded=image(pixels=padded, PixelPaddingValue=4095),
    )  # fmt: skip


@case(50)
def no_spacing(folder: Path) -> Built:
    def check(result: ImageResult) -> None:
        assert result.about.spacing is None

    return one(folder, image(ImagerPixelSpacing=None), warned("no spacing", check=check))


@case(51)
def contradicting_spacings(folder: Path) -> Built:
    larger, crooked = image(PixelSpacing=["1.5", "1.5"]), image(ImagerPixelSpacing=["1.0", "0.5"])
    return several(folder, warned("spacings conflict"), larger=larger, crooked=crooked)


@case(52)
def magnified(folder: Path) -> Built:
    def check(result: ImageResult) -> None:
        spacing = result.about.spacing
        assert spacing is not None
        assert (spacing.row, spacing.magnification) == (0.5, 2.0)

    return one(folder, image(EstimatedRadiographicMagnificationFactor="2.0"), handled(check))
