"""Low-energy images of CDD-CESM with their truth: malignant, or benign or normal, by image.

In a folder of images with masks of lesions all may be malignant: one class alone measures nothing, and
beside another data set the network learns which set an image is from.
"""

from collections.abc import Iterable
from pathlib import Path

from mammoscope.io.cesm import DATASET, Listed, low_energy_images, masked_images
from mammoscope.io.screening import LETTERS, ScreeningImage


def read_cesm_screening(folder: Path) -> list[ScreeningImage]:
    """Every low-energy image of the published layout; outlines are not needed.

    Args:
        folder: Holds ``Radiology-manual-annotations.xlsx``, or its sheet of all images as .csv, and the
            images, at any depth.

    Raises:
        UsageError: If the sheet is absent or broken, or an image is absent.
        ExtraError: If the sheet is .xlsx and openpyxl is not installed.
    """
    return _images(low_energy_images(folder))


def read_masked_screening(folder: Path) -> list[ScreeningImage]:
    """Every image of ``images.csv``, see `mammoscope.io.cesm.masked_images`.

    Raises:
        UsageError: If the table cannot be read, a cell has no meaning, or a file is absent.
    """
    return _images(masked_images(folder))


def _images(listed: Iterable[Listed]) -> list[ScreeningImage]:
    return [_image(one) for one in listed]


def _image(listed: Listed) -> ScreeningImage:
    about = listed.about
    return ScreeningImage(
        listed.image, about.woman, DATASET, about.laterality, about.view,
        about.pathology == "malignant", birads=about.assessment,
        density=LETTERS[about.density - 1] if about.density else None, machine=about.machine or None,
        age=about.age,
    )  # fmt: skip
