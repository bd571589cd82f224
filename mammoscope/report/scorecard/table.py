"""The user's table of where, on what, by whom and when: it overrides and fills what results say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from mammoscope.errors import UsageError
from mammoscope.io.tables import read_cells
from mammoscope.report.scorecard.results import DIMENSIONS, WEEK, Exam, Facts, Image, monday

COLUMNS: Final = ("exam", "image", *DIMENSIONS)


@dataclass(frozen=True)
class Row:
    """What the table says of an exam, or of one image.

    Attributes:
        exam: Key of the exam; empty: the image tells.
        image: SHA-256 or name of the image; empty: all of the exam.
        facts: What is said; nothing of what a cell leaves empty.
        line: In the table.
    """

    exam: str
    image: str
    facts: Facts
    line: int

    def fits(self, exam: Exam, image: Image) -> bool:
        """Whether it speaks of an image."""
        return self.exam in ("", exam.key) and self.image in ("", image.sha256, image.name)


def read_rows(path: Path) -> tuple[Row, ...]:
    """Read a CSV file with the columns exam or image, and any of unit, device, operator, week.

    A week is written as ``2024-W05`` or as a date in it, ``2024-01-31``.

    Raises:
        UsageError: With the line, for what cannot be understood.
    """
    rows = [_row(line, cells) for line, cells in read_cells(path, COLUMNS)]
    named = [(row.exam, row.image) for row in rows]
    for place, row in enumerate(rows):
        if named[place] in named[:place]:
            raise UsageError(f"table line {row.line}: named a second time: keep one row for each")
    return tuple(rows)


def told(exams: Sequence[Exam], rows: Sequence[Row]) -> tuple[tuple[Exam, ...], int]:
    """The exams with what the table says of them; a row of an image before a row of its exam.

    Returns:
        The exams, and how many rows fit nothing.

    Raises:
        UsageError: If a row names an image that several exams have, and no exam.
    """
    fitting: dict[int, set[int]] = {row.line: set() for row in rows}
    ordered = sorted(rows, key=lambda row: (bool(row.image), bool(row.exam)))
    changed = []
    for place, exam in enumerate(exams):
        images = []
        for image in exam.images:
            said = [row for row in ordered if row.fits(exam, image)]
            for row in said:
                fitting[row.line].add(place)
            facts = [row.facts for row in said]
            images.append(replace(image, facts=_joined(image.facts, facts)))
        changed.append(replace(exam, images=tuple(images)))
    for row in rows:
        if not row.exam and len(fitting[row.line]) > 1:
            raise UsageError(f"table line {row.line}: several exams have this image: name its exam too")
    return tuple(changed), sum(not places for places in fitting.values())


def _joined(facts: Facts, said: Sequence[Facts]) -> Facts:
    joined = dict(facts)
    for one in said:
        joined.update(one)
    return joined


def _row(line: int, cells: dict[str, str]) -> Row:
    exam, image = cells.get("exam", ""), cells.get("image", "")
    if not (exam or image):
        raise UsageError(f"table line {line}: expected an exam or an image, received neither")
    facts = {dimension: cell for dimension in DIMENSIONS if (cell := cells.get(dimension, ""))}
    if "week" in facts:
        facts["week"] = _week(facts["week"], line)
    return Row(exam, image, facts, line)


def _week(cell: str, line: int) -> str:
    try:
        named = WEEK.fullmatch(cell.upper())
        day = monday(cell.upper()) if named else date.fromisoformat(cell)
    except ValueError:
        raise UsageError(
            f"table line {line}, column week: expected 2024-W05 or 2024-01-31, received {cell}"
        ) from None
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"
