"""The paper's experiments (section 2.3), the sweep of Table 4, and the comparison of 2.3.4.

Each trains what it needs below a folder, goes on where it was broken off, and returns tables
in the paper's layout. The validation images choose when training stops; the test images are
looked at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from mammoscope.errors import UsageError
from mammoscope.io.annotations import SegmentationRecord
from mammoscope.learn.data import Example
from mammoscope.learn.fit import once
from mammoscope.scores.table import Table
from mammoscope.segmentation import tables
from mammoscope.segmentation.evaluate import Case, evaluate, predictor
from mammoscope.segmentation.network import Network
from mammoscope.segmentation.prepare import prepare
from mammoscope.segmentation.recipe import Recipe
from mammoscope.segmentation.sets import Sets
from mammoscope.segmentation.train import load_checkpoint, train_examples

LOSSES: tuple[tuple[Literal["cross entropy", "focal"], str], ...] = (
    ("cross entropy", "Cross-entropy loss"), ("focal", "Focal loss"),
)  # fmt: skip
ALPHAS = (1.0, 1.5, 2.0, 2.5)
"""Of the pectoral class, section 2.2.3."""
PROCESSED = "processed"
BOTH = "processed and raw"
Records = Sequence[SegmentationRecord]
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Study:
    """What every experiment needs.

    Attributes:
        sets: Split by woman.
        recipe: The paper's, or another.
        folder: Where prepared images, checkpoints and figures go.
        tell: Called with a line about what happens.
        progress: Show training's progress bar.
    """

    sets: Sets
    recipe: Recipe
    folder: Path
    tell: Tell = lambda line: None
    progress: bool = False

    def train(self, name: str, sets: Sets, recipe: Recipe | None = None) -> Network:
        """A network trained on the sets, or read where that is done already."""
        recipe = recipe or self.recipe
        folder = self.folder / name

        def taught(resume: bool) -> Network:
            self.tell(f"{name}: training on {len(sets.training)} images")
            return train_examples(
                self.examples(sets.training), self.examples(sets.validation), recipe, folder,
                resume=resume, progress=self.progress,
            )  # fmt: skip

        return once(folder, taught, load_checkpoint)

    def measure(self, network: Network, records: Records) -> list[Case]:
        """The network's figures on records."""
        return evaluate(predictor(network), records, self.examples(records))

    def examples(self, records: Records) -> Sequence[Example]:
        """Prepared images."""
        return prepare(records, self.recipe, self.folder / "prepared")


@dataclass(frozen=True)
class Outcome:
    """What an experiment found.

    Attributes:
        tables: In the paper's layout.
        cases: One line an image, by model.
    """

    tables: tuple[Table, ...]
    cases: Mapping[str, Sequence[Case]]


def views_and_vendors(study: Study) -> Outcome:
    """Section 2.3.1: train on processed and film images; Tables 5, 6 and 7."""
    sets = study.sets.only("processed", "film")
    cases = study.measure(study.train(PROCESSED, sets), sets.test)
    return Outcome(tables.overview(cases), {PROCESSED: cases})


def with_raw(study: Study) -> Outcome:
    """Section 2.3.2: the same, and trained with raw images too; Table 8 with paired t-tests."""
    models = {
        PROCESSED: study.train(PROCESSED, study.sets.only("processed", "film")),
        BOTH: study.train(BOTH, study.sets),
    }
    cases = {name: study.measure(network, study.sets.test) for name, network in models.items()}
    return Outcome((tables.raw_and_processed(cases[PROCESSED], cases[BOTH]),), cases)


def leave_one_out(study: Study) -> Outcome:
    """Section 2.3.3: train without each data set in turn and test on it; Table 9.

    Raises:
        UsageError: If there is one data set only.
    """
    sets = study.sets.only("processed", "film")
    names = sorted({record.dataset for record in sets.training})
    if len(names) < 2:
        raise UsageError("leaving one data set out needs two or more, got one")
    cases: dict[str, list[Case]] = {}
    rows = {}
    for name in names:
        rest = sets.without(name)
        network = study.train(f"without {name}", rest)
        left_out = [record for record in (*sets.training, *sets.test) if record.dataset == name]
        included, excluded = study.measure(network, rest.test), study.measure(network, left_out)
        cases |= {f"without {name}: included": included, f"without {name}: excluded": excluded}
        rows[name] = (len(rest.training), included, excluded)
    return Outcome((tables.left_out(rows),), cases)


def sweep(study: Study) -> Outcome:
    """Section 2.2.3: both losses with each weight of the pectoral class; Table 4, on validation.

    All training images are used, as in the paper.
    """
    sets = study.sets.only("processed", "film")
    cases = {}
    for loss, title in LOSSES:
        for alpha in ALPHAS:
            recipe = replace(study.recipe, loss=loss, alpha_pectoral=alpha)
            name = f"{title} {alpha}"
            cases[name] = study.measure(study.train(name, sets, recipe), sets.validation)
    return Outcome((tables.losses(cases),), cases)
