"""The user's table of where, on what, by whom and when: it overrides and fills what results say."""

from collections.abc import Iterator, Sequence
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


def read_rows(path: Path) -> tuple[Row, ...]:
    """Read a CSV file with the columns exam or image, and any of unit, device, operator, week.

    A week is written as ``2024-W05`` or as a date in it, ``2024-01-31``.

    Raises:
        UsageError: With the line, for what cannot be understood.
    """
    rows: dict[tuple[str, str], Row] = {}
    for line, cells in read_cells(path, COLUMNS):
        row = _row(line, cells)
        if rows.setdefault((row.exam, row.image), row) is not row:
            raise UsageError(f"table line {line}: named a second time: keep one row for each")
    return tuple(rows.values())


def told(exams: Sequence[Exam], rows: Sequence[Row]) -> tuple[tuple[Exam, ...], int]:
    """The exams with what the table says of them; a row of an image before a row of its exam.

    Returns:
        The exams, and how many rows fit nothing.

    Raises:
        UsageError: If a row names an image that several exams have, and no exam.
    """
    named = {(row.exam, row.image): row for row in rows}
    owners: dict[int, str] = {}
    changed = []
    for exam in exams:
        images = []
        for image in exam.images:
            said = [named[name] for name in _names(exam, image) if name in named]
            _check_owners(said, exam, owners)
            facts = image.facts
            for row in said:
                facts = {**facts, **row.facts}
            images.append(replace(image, facts=facts))
        changed.append(replace(exam, images=tuple(images)))
    return tuple(changed), len(rows) - len(owners)


def _names(exam: Exam, image: Image) -> Iterator[tuple[str, str]]:
    """Exam and image of the rows that speak of an image; a later one overrides."""
    yield exam.key, ""
    for key in ("", exam.key):
        yield from ((key, name) for name in (image.name, image.sha256) if name)


def _check_owners(said: Sequence[Row], exam: Exam, owners: dict[int, str]) -> None:
    for row in said:
        if owners.setdefault(row.line, exam.key) != exam.key:
            raise UsageError(f"table line {row.line}: several exams have this image: name its exam too")


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
