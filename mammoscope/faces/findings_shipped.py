"""``evaluate findings`` on the installed weights, and what it shares with training. No torch."""

import hashlib
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from mammoscope.errors import UsageError
from mammoscope.faces.datasets import read_all
from mammoscope.faces.output import locked
from mammoscope.faces.progress import bar
from mammoscope.faces.runs import begin, show, write_tables
from mammoscope.findings.infer import Finder
from mammoscope.findings.measured import Case, evaluate, tables, write_cases
from mammoscope.findings.sets import SOURCES, to_measure
from mammoscope.io.findings import FindingsImage
from mammoscope.runtime import Session, open_session
from mammoscope.scores.table import Table

ROOM: Final = "findings"
SHIPPED: Final = "shipped"


@dataclass(frozen=True)
class Plan:
    """One call of ``train findings`` or ``evaluate findings``.

    Attributes:
        data: A place for each data set.
        datasets: What each is, of `SOURCES`; one for all, or one for each.
        out: Where prepared images, checkpoints, figures and weights go.
        changes: Words after ``--set``.
        resume: Go on with what is in the folder.
        imagenet: File of ImageNet weights for one of the paper's backbones.
        weights: For ``shipped``: a folder of weights instead of the package's.
        activation: Write pictures of where the paper's classifiers look.
        sizes: Write what they say of findings at several scales.
    """

    data: Sequence[Path]
    datasets: Sequence[str]
    out: Path
    changes: Mapping[str, str] = field(default_factory=dict)
    resume: bool = False
    imagenet: Path | None = None
    weights: Path | None = None
    activation: bool = False
    sizes: bool = False


def evaluate_shipped(plan: Plan, *, as_json: bool) -> None:
    """Measure the installed weights on the test set of each data set, or on all images without one.

    Raises:
        UsageError: If the data cannot be read, none of it tests, or the folder is another run's.
        WeightsError: If the weights are absent, or of another network.
    """
    if plan.changes or plan.imagenet or plan.activation or plan.sizes:
        raise UsageError(
            "--set, --imagenet, --activation and --sizes are for networks that are trained here: name "
            "one with --models"
        )
    with locked(plan.out), redirect_stdout(sys.stderr):
        session = open_session(ROOM, plan.weights)
        images, notes = read_images(plan)
        if not (test := to_measure(images)):
            raise UsageError(f"all {len(images)} images are of training sets: name data that test")
        begin(plan.out, described(plan, images, [SHIPPED]), resume=plan.resume)
        cases = measured(session, test)
        found = [counts({"test": test}, [*notes, learnt_from(session)]), *tables(cases)]
        write_tables(found, plan.out)
        write_cases({SHIPPED: cases}, plan.out / "cases.csv")
    show(found, as_json=as_json)


def read_images(plan: Plan) -> tuple[list[FindingsImage], list[str]]:
    """Images of all data, and what a reader must know of them.

    Raises:
        UsageError: If the data cannot be read.
    """
    images, left_out = read_all(plan.data, plan.datasets, SOURCES)
    return images, [f"left out: {count} {why}" for why, count in left_out.items()]


def described(plan: Plan, images: Sequence[FindingsImage], models: Sequence[str]) -> dict[str, object]:
    """What makes a run the same as another."""
    lines = sorted(
        repr((image.dataset, image.woman, image.image.name, image.part, image.findings))
        for image in images
    )
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
    return {"data": digest, "models": sorted(models), "settings": dict(plan.changes)}


def measured(session: Session, images: Sequence[FindingsImage]) -> list[Case]:
    """What weights find."""
    with bar("measuring", len(images)) as advance:
        return evaluate(Finder(session), images, advance)


def counts(sets: Mapping[str, Sequence[FindingsImage]], notes: Sequence[str]) -> Table:
    """Women, images and findings of each set."""
    rows = tuple((name, *_counted(images)) for name, images in sets.items())
    head = ("set", "women", "images", "normal", "findings", "kinds")
    return Table("Images with boxed findings", head, rows, tuple(notes))


def learnt_from(session: Session) -> str:
    """What a reader must know of weights that were not trained here."""
    learnt = ", ".join(one.name for one in session.card.training_data) or "nothing that its card names"
    return f"The shipped weights learnt from: {learnt}. On images of these they look too good."


def _counted(images: Sequence[FindingsImage]) -> tuple[str, ...]:
    kinds = Counter(kind for image in images for one in image.findings for kind in one.kinds)
    return (
        str(len({image.woman for image in images})), str(len(images)),
        str(sum(not image.findings for image in images)),
        str(sum(len(image.findings) for image in images)),
        ", ".join(f"{kind} {count}" for kind, count in kinds.most_common()),
    )  # fmt: skip
