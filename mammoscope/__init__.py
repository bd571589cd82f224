"""Mammograms in, measurements, pictures and DICOM objects out.

    import mammoscope

    mammogram = mammoscope.read("exam/image.dcm")
    for exam in mammoscope.analyze(["exams"]):
        print(exam.key, len(exam.images))

Research use, not a medical device.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mammoscope.core import ExamResult, InputRecord, Mammogram
    from mammoscope.faces.pairs import Registered

__version__ = "0.1.0"
__all__ = ["__version__", "analyze", "read", "register"]


def read(path: str | PathLike[str], *, spacing: float | None = None) -> "Mammogram":
    """Read one image: DICOM, PNG, JPEG, TIFF or PGM.

    Args:
        path: The file.
        spacing: Your word in mm on the size of a pixel in the breast, where the file has none.

    Returns:
        Pixels of shape (rows, columns), float32 in 0–1, with everything that is known of them.

    Raises:
        RejectedInput: If the file is absent, broken, hostile or contradictory.
        SkippedInput: If it is sound, but no mammogram.
    """
    from mammoscope.io.reader import Reader
    from mammoscope.io.sources import Source

    with Reader(spacing=spacing) as reader:
        return reader.read(Source(Path(path).name, Path(path)))


def _warn(record: "InputRecord") -> None:
    """Log what became of an input without result."""
    logging.getLogger(__name__).warning("%s: %s, %s", record.name, record.outcome, record.reason)


def analyze(
    paths: Iterable[str | Path],
    *,
    spacing: float | None = None,
    table: str | PathLike[str] | None = None,
    weights: str | PathLike[str] | None = None,
    profile: str | PathLike[str] = "iarc",
    research_classes: bool = False,
    malignancy_always: bool = False,
    without_result: "Callable[[InputRecord], None]" = _warn,
) -> Iterator["ExamResult"]:
    """Analyse images and put together what belongs together, one exam at a time.

    Args:
        paths: Files, folders, zip files, patterns.
        spacing: Your word in mm on the size of a pixel, for files that have none.
        table: A CSV with the columns path, study, view, laterality, spacing_mm for raster files.
        weights: A folder of weights instead of those that came with the package.
        profile: Thresholds of positioning: ``acr``, ``iarc``, ``paper``, ``pgmi``, or a file of yours.
        research_classes: Also mark findings of classes that no real image trained, where the weights
            have such.
        malignancy_always: Tell the malignancy of a breast in which no mass was found, too.
        without_result: Called for each input that gives no result; else it is logged.

    Returns:
        Exams, each analysed when it is asked for.

    Raises:
        WeightsError: If the weights are not what they should be.
        UsageError: If the table or the profile cannot be understood.
    """
    from mammoscope.faces.rooms import open_rooms
    from mammoscope.io.files import find
    from mammoscope.io.reader import Reader
    from mammoscope.io.tables import read_table
    from mammoscope.measures.profiles import load_profile
    from mammoscope.pipeline import Plan
    from mammoscope.pipeline import analyze as results

    thresholds = load_profile(str(profile))
    opened = open_rooms(Path(weights) if weights else None, research=research_classes)
    plan = Plan(
        opened.rooms, thresholds, malignancy_from=opened.malignancy_from,
        malignancy_always=malignancy_always,
    )  # fmt: skip
    rows = read_table(Path(table)) if table else None

    def one_by_one() -> Iterator["ExamResult"]:
        with Reader(rows, spacing) as reader:
            yield from results(find(paths), reader, plan, without_result)

    return one_by_one()


def register(
    cc: str | PathLike[str],
    mlo: str | PathLike[str],
    *,
    point: tuple[float, float] | None = None,
    box: tuple[float, float, float, float] | None = None,
    on: Literal["CC", "MLO"] = "CC",
    spacing: float | None = None,
    table: str | PathLike[str] | None = None,
    weights: str | PathLike[str] | None = None,
) -> "Registered":
    """Lay the two views of a breast on each other, and look for a place of one on the other.

    Args:
        cc: The CC image; where nobody says which is which, the first is taken for it.
        mlo: The MLO image.
        point: (row, column) to look for, in source pixels.
        box: (row, column, height, width) to look for instead.
        on: The view on which the point or box lies.
        spacing: Your word in mm on the size of a pixel, for files that have none.
        table: A CSV with the columns path, study, view, laterality, spacing_mm for raster files.
        weights: A folder of weights instead of those that came with the package.

    Returns:
        The warp from MLO to CC, and where the partner lies: `mammoscope.faces.pairs.Registered`.

    Raises:
        InputError: If an image cannot be read or is not assessed.
        UsageError: If they are not a CC and an MLO view of one breast, or the place is outside.
        WeightsError: If weights of positioning or registration are missing.
    """
    from mammoscope.faces.pairs import Question
    from mammoscope.faces.register import Request, answer, edges

    place = (float(point[0]), float(point[1])) if point is not None else None
    asked = Question(on, place, edges(box) if box is not None else None)
    named = (Path(table) if table else None, Path(weights) if weights else None)
    return answer(Request((Path(cc), Path(mlo)), asked, None, spacing, *named))
