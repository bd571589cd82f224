"""``mammoscope validate screening``: the installed weights on a site's own images. No torch."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from mammoscope.core import About, Sourced
from mammoscope.errors import InputError, UsageError
from mammoscope.faces.datasets import read_all
from mammoscope.faces.output import check_apart, locked
from mammoscope.faces.progress import bar
from mammoscope.faces.runs import begin
from mammoscope.faces.words import say, tell
from mammoscope.findings.infer import Finder
from mammoscope.image.breast import prepare
from mammoscope.io import Reader, set_aside
from mammoscope.io.recorded import read_recorded
from mammoscope.io.screening import ScreeningImage
from mammoscope.io.unlabelled import read_unlabelled
from mammoscope.measures.validation.figures import USUAL, Asked, Figures
from mammoscope.measures.validation.scored import Scored
from mammoscope.measures.validation.summary import Validation, validation
from mammoscope.report.validation import PAGE, validation_document, write_validation
from mammoscope.runtime import Session, names, open_session, weights_folder
from mammoscope.screening.duplicates import once
from mammoscope.screening.infer import Scorer
from mammoscope.screening.likeness import features
from mammoscope.screening.sets import SOURCES, Source

PARTIAL: Final = 4
KEPT: Final = "scores.jsonl"
COMPARED: Final = "compared"
VIEWS: Final = ("CC", "MLO")
PARTS: Final = 3
"""Of an image's path, make its name."""
MOST: Final = 5
"""Reasons are told."""
RAW: Final = "an image for processing: give one for presentation"
KNOWN: Final[Mapping[str, Source]] = {
    **SOURCES, "folder": Source("folder of images without outcomes", read_unlabelled),
}  # fmt: skip
Score = Callable[[ScreeningImage, Reader], Scored]


@dataclass(frozen=True)
class Request:
    """One call of ``mammoscope validate screening``.

    Attributes:
        data: A place for each data set.
        datasets: What each is, of `KNOWN`; one for all, or one for each.
        out: Where the page, the tables and what a run keeps go.
        weights: A folder of weights instead of the package's.
        resume: Go on with the run in the folder.
        as_json: Print the document.
        asked: What operating points chosen on the images must do.
    """

    data: Sequence[Path]
    datasets: Sequence[str]
    out: Path
    weights: Path | None = None
    resume: bool = False
    as_json: bool = False
    asked: Asked = USUAL


def run(request: Request) -> int:
    """Score every image, then write the report.

    Returns:
        0, or 4 where an image has no score.

    Raises:
        UsageError: If the data cannot be read, or the folder is another run's or one of the data's.
        WeightsError: If the weights are absent, or of another network.
        InputError: If no image has a score.
        OutputError: If the folder cannot be written.
    """
    check_apart(request.out, [str(place) for place in request.data])
    sessions, score = scorer(request.weights)
    with locked(request.out):
        records, left_out = read(request)
        begin(request.out, described(records, sessions), resume=request.resume)
        images = scored(records, score, request.out / KEPT)
        if not any(one.score == one.score for one in images):
            raise InputError(f"no score for any of {len(images)} images: {images[0].failed}")
        cards = [session.card for session in sessions]
        found = validation(images, cards[0], left_out, request.asked, cards[1:])
        write_validation(request.out, found)
    for line in problems(images):
        tell(f"mammoscope: {line}")
    if request.as_json:
        say(json.dumps(validation_document(found), ensure_ascii=True))
    else:
        for line in lines(found):
            say(line)
        say(f"validation: {request.out / PAGE}")
    return PARTIAL if any(one.failed for one in images) else 0


def read(request: Request) -> tuple[list[ScreeningImage], dict[str, int]]:
    """Records of all data, each image once, and what was left out by reason.

    Raises:
        UsageError: If the data cannot be read, hold no image, or one image is of two women.
    """
    records, left_out = read_all(request.data, request.datasets, KNOWN)
    if not records:
        raise UsageError(f"no image in {', '.join(map(str, request.data))}: nothing to validate on")
    with bar("comparing images", len(records)) as advance:
        apart = once(records, request.out / COMPARED, advance=advance)
    return apart.images, {**left_out, **apart.left_out}


def scorer(folder: Path | None) -> tuple[list[Session], Score]:
    """The screening room at work, guided by findings where the folder has them.

    Raises:
        WeightsError: If the weights are absent, or of another network.
    """
    sessions = [open_session("screening", folder)]
    if "findings" in names(weights_folder(folder)):
        sessions.append(open_session("findings", folder))
    room, taken = Scorer(sessions[0]), sessions[0].card.input
    finder = Finder(sessions[1]) if len(sessions) > 1 else None

    def score(record: ScreeningImage, reader: Reader) -> Scored:
        found = of_record(record)
        if record.view not in VIEWS:
            return replace(found, failed=f"view {record.view or 'unknown'}: CC and MLO are scored")
        try:
            image = read_recorded(record.image, record.kind, record.spacing, reader)
        except InputError as error:
            return replace(found, failed=str(error))
        if reason := unfit(record, image.about):
            return replace(found, failed=reason)
        said = room(image, finder(image) if finder else None)
        measured = features(prepare(image, taken.raw, taken.spacing_mm)).tolist()
        unlike = float("nan") if said.unlike is None else said.unlike
        return replace(found, score=said.score, unlike=unlike, features=tuple(measured))

    return sessions, score


def unfit(record: ScreeningImage, about: About) -> str:
    """Why an image has no score, as in ``analyze``; empty where it has one.

    Args:
        record: Of a CC or MLO view: what the data set says counts, and its word of an implant.
        about: What the file says.
    """
    if about.kind == "for processing":
        return RAW
    placed = replace(
        about,
        implant=about.implant or bool(record.implant),
        view=Sourced("MLO" if record.view == "MLO" else "CC", "table"),
        laterality=Sourced(record.laterality or "L", "table"),
    )
    return set_aside(placed)


def of_record(record: ScreeningImage) -> Scored:
    """An image before it is scored, named by the last parts of its path."""
    return Scored(
        image="/".join(record.image.parts[-PARTS:]), dataset=record.dataset, woman=record.woman,
        laterality=record.laterality or "", view=record.view or "", cancer=record.cancer,
        density=record.density or "", age=record.age, machine=record.machine or "",
    )  # fmt: skip


def scored(records: Sequence[ScreeningImage], score: Score, kept: Path) -> list[Scored]:
    """Score images that no earlier run did; each is kept as soon as it is known."""
    known = earlier(kept)
    missing = [place for place in range(len(records)) if place not in known]
    with bar("scoring", len(missing)) as advance, Reader() as reader, kept.open("a") as file:
        file.write("\n" if known else "")
        for place in missing:
            known[place] = score(records[place], reader)
            file.write(json.dumps({"place": place} | known[place].to_plain()) + "\n")
            file.flush()
            advance()
    return [known[place] for place in range(len(records))]


def earlier(kept: Path) -> dict[int, Scored]:
    """What an earlier run scored, by place; a line that it had no time to finish is scored again."""
    found: dict[int, Scored] = {}
    for line in kept.read_text().splitlines() if kept.is_file() else ():
        with suppress(ValueError, KeyError, TypeError):
            plain = json.loads(line)
            place = int(plain.pop("place"))
            found[place] = Scored.from_plain(plain)
    return found


def described(records: Sequence[ScreeningImage], sessions: Sequence[Session]) -> dict[str, object]:
    """What makes a run the same as another."""
    digest = hashlib.sha256("\n".join(map(repr, records)).encode()).hexdigest()[:16]
    return {
        "data": digest,
        "weights": [session.identity for session in sessions],
        "calibration": [session.card.calibrated_by() for session in sessions],
    }


def problems(images: Sequence[Scored]) -> Iterator[str]:
    """Why images have no score, a line each reason."""
    for reason, count in Counter(one.failed for one in images if one.failed).most_common(MOST):
        yield f"{count} image{'s' if count > 1 else ''} without a score: {reason}"


def lines(found: Validation) -> Iterator[str]:
    """What matters most, for a terminal."""
    yield f"{found.scored} of {found.images} images of {found.women} women scored by {found.weights}"
    for level in found.levels:
        yield f"{level.level:<6}  {said(level)}"
    yield from found.advice


def said(level: Figures) -> str:
    """The figure of a level in words."""
    if level.auc is None:
        return level.why
    estimate, low, high = level.auc
    return (
        f"AUC {estimate:.3f} ({low:.3f}–{high:.3f}), {level.cancers} of {level.counted} with cancer, "
        f"Brier score {level.brier:.3f}, calibration error {level.error:.3f}"
    )
