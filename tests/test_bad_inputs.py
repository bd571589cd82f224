"""Every number of docs/bad-inputs.md about inputs, end to end: found, read, assessed.

Each builder writes the bad files of one number beside a sound one. For all of them: exactly
one record or result for each input, no identity in any text, and the sound one unharmed.
"""

import csv
import html
import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from mammoscope import pipeline
from mammoscope.core import ExamResult, ImageResult, InputRecord, Mammogram, Mask, Note, Segmentation
from mammoscope.io import Limits, Reader, find
from mammoscope.io.limits import MIB
from mammoscope.io.sandbox import Sandbox
from mammoscope.io.survey import survey
from mammoscope.report.exam import write_exam
from mammoscope.report.html import write_index
from mammoscope.report.summary import write_summary
from tests.bad_inputs import codec, container, identity, pixels, unsuitable
from tests.bad_inputs.case import CASES, Ends
from tests.synthetic import mammogram_dataset, save

BUILDERS = (codec, container, identity, pixels, unsuitable)
SECRETS = ("secretname", "secretid", "p_90077", "2.25.", "jane")


@dataclass(frozen=True)
class Seen:
    """What became of one input: a record, or a result in its exam."""

    record: InputRecord | None = None
    image: ImageResult | None = None
    exam: ExamResult | None = None

    @property
    def notes(self) -> tuple[Note, ...]:
        if self.image is None or self.exam is None:
            return ()
        said = self.image.answers["segmentation"]
        own = said.notes if isinstance(said, Segmentation) else ()
        return (*self.image.about.notes, *self.image.notes, *own, *self.exam.notes)


def by_brightness(mammogram: Mammogram) -> Segmentation:
    """A room that is right on synthetic breasts: the muscle is bright and reaches the upper end."""
    shown = mammogram.pixels
    labels = np.where(shown > 0.1, 1, 0).astype(np.uint8)
    if (shown[:8] > 0.7).any():
        labels[shown > 0.7] = 2
    muscle, breast = int((labels == 2).sum()), int((labels == 1).sum())
    rows = np.flatnonzero((labels > 0).any(axis=1)).astype(float)
    line = np.column_stack([rows, rows])
    return Segmentation(
        Mask(labels, mammogram.frame),
        0.9,
        line,
        breast,
        muscle,
        None,
        None,
        "nominal",
        "synthetic room",
    )


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    """One reader for all numbers: what kills its process must not harm the next."""
    limits = Limits(file_bytes=64 * MIB, wall_seconds=60)
    with Reader(limits=limits) as reader:
        reader._sandbox = Sandbox("tests.bad_inputs.crashing:answer", limits)
        yield reader


def run(folder: Path, reader: Reader, out: Path) -> dict[str, Seen]:
    """Find, read, assess and report a folder; change what is named `changing` in between."""
    found = survey(find([folder], limits=Limits(file_bytes=64 * MIB)), reader)
    for path in folder.glob("changing*"):
        path.write_bytes(path.read_bytes() + b"\0")
    seen = [(record.name, Seen(record)) for record in found.records]
    for exam in found.exams:
        assessed = pipeline.assess(exam, reader, pipeline.Plan({"segmentation": by_brightness}))
        seen += [(record.name, Seen(record)) for record in assessed.records]
        images = assessed.result.images if assessed.result else ()
        seen += [(image.about.name, Seen(None, image, assessed.result)) for image in images]
    report(out, [what for _, what in seen])
    names = [name for name, _ in seen]
    assert len(names) == len(set(names)), "one input, one outcome"
    return {name.removeprefix(f"{folder.name}/"): what for name, what in seen}


def report(out: Path, seen: list[Seen]) -> None:
    """Write everything that a run writes."""
    records = [what.record for what in seen if what.record]
    exams = {what.exam.key: what.exam for what in seen if what.exam}
    documents = [write_exam(exam, out / key) for key, exam in exams.items()]
    write_summary(out / "summary.csv", documents, records)
    write_index(out / "index.html", documents, records)


def holds(path: Path, text: str) -> bool:
    """Whether a page or a table says something; a page begins sentences with a capital."""
    return text.lower() in html.unescape(path.read_text(encoding="utf-8")).lower()


def check_documents(out: Path, seen: dict[str, Seen]) -> None:
    """Every warning and record is in every output; no identity, markup or formula is in any."""
    table = out / "summary.csv"
    for what in seen.values():
        if what.record:
            assert holds(table, what.record.reason), what.record
            assert holds(out / "index.html", what.record.reason), what.record
        if what.exam:
            folder = out / what.exam.key
            result = json.loads((folder / "result.json").read_text(encoding="utf-8"))
            noted = {note["code"] for part in (result, *result["images"]) for note in part["notes"]}
            for note in what.notes:
                assert note.code in noted
                assert holds(folder / "report.html", note.text), note
                assert holds(table, note.text) or holds(table, note.code), note
    for path in (path for path in out.rglob("*") if path.suffix in (".csv", ".html", ".json")):
        text = path.read_text(encoding="utf-8").lower()
        assert not any(secret in text for secret in SECRETS[:2]), path.name
        assert path.suffix == ".json" or "<script>alert" not in text
    rows = csv.reader(table.read_text(encoding="utf-8").splitlines())
    assert not any(cell.startswith(("=", "@", "\t")) for row in rows for cell in row)


def check(name: str, seen: Seen, ends: Ends) -> None:
    """One input ended as it must."""
    if ends.outcome != "read":
        assert seen.record is not None, f"{name} gave a result"
        assert seen.record.outcome == ends.outcome, (name, seen.record)
        assert ends.number in (None, seen.record.number), (name, seen.record)
        return
    assert seen.image is not None, (name, seen.record)
    assert seen.exam is not None
    codes = {note.code for note in seen.notes}
    assert codes >= set(ends.notes), (name, sorted(codes))
    ends.check(seen.image)
    ends.of_exam(seen.exam)


@pytest.mark.parametrize("number", sorted(CASES))
def test_it_ends_as_the_catalogue_says(number: int, tmp_path: Path, reader: Reader) -> None:
    folder = tmp_path / "inputs"
    folder.mkdir()
    save(mammogram_dataset("MLO", "R"), folder / "sound.dcm")
    expected = CASES[number](folder)
    seen = run(folder, reader, tmp_path / "out")
    containers = {name.partition("/")[0] for name in expected if ".zip/" in name}
    assert seen.keys() == expected.keys() | {"sound.dcm"} - containers
    assert seen["sound.dcm"].image is not None
    for name, ends in expected.items():
        check(name, seen[name], ends)
    for what in seen.values():
        texts = [what.record.reason if what.record else "", *itertools.chain(*what.notes)]
        assert not any(secret in text.lower() for text in texts for secret in SECRETS), texts
    check_documents(tmp_path / "out", seen)


def test_the_catalogue_is_whole() -> None:
    assert sorted(CASES) == list(range(1, 76))
    assert BUILDERS
