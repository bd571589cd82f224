"""Every pair of views at hand, real and phantom, for the registration weights that ship."""

import csv
import pickle
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from folds import fold_of

from mammoscope.faces.registration_study import looking
from mammoscope.faces.rooms import open_rooms
from mammoscope.io import Reader
from mammoscope.io.annotations import read_mask
from mammoscope.io.cbis import read_lesions
from mammoscope.io.cesm_outlines import parts
from mammoscope.io.pairs import Pair, PairedLesion
from mammoscope.phantom import make_pair
from mammoscope.registration.guided import phantoms
from mammoscope.registration.guided.examples import Example
from mammoscope.registration.guided.prepare import example

PHANTOMS = 60
"""Phantoms that are learnt from; those measured on have seeds from `UNSEEN` on."""
UNSEEN = 10_000


@dataclass(frozen=True)
class Known:
    """A pair with its example.

    Attributes:
        pair: What is known of it.
        example: As the network learns it.
        fold: Of its woman.
    """

    pair: Pair
    example: Example
    fold: int


def real(data: Path, kept: Path) -> list[Known]:
    """Pairs of film and of digital images, kept in a file."""
    if not kept.is_file():
        kept.write_bytes(pickle.dumps(list(_real(data))))
    return pickle.loads(kept.read_bytes())


def made(kept: Path) -> list[Example]:
    """Phantoms, kept in a file."""
    if not kept.is_file():
        seeds = range(PHANTOMS)
        found = (phantoms.example(make_pair(seed), np.random.default_rng(seed)) for seed in seeds)
        kept.write_bytes(pickle.dumps([one for one in found if one is not None]))
    return pickle.loads(kept.read_bytes())


def all_pairs(data: Path) -> list[Pair]:
    """Film, then digital."""
    film = read_lesions(data / "cbis_mass_train" / "lesions.csv").pairs
    return [*film, *digital(data / "cesm_train")]


def digital(folder: Path) -> list[Pair]:
    """Breasts of CDD-CESM in both views; a lesion is the same where each view's mask has one part."""
    views = defaultdict(dict)
    with (folder / "images.csv").open(newline="") as table:
        for row in csv.DictReader(table):
            views[row["patient"], row["laterality"]][row["view"]] = row
    pairs = []
    for (woman, side), of_view in sorted(views.items()):
        if set(of_view) != {"CC", "MLO"}:
            continue
        boxes = {
            view: [one.box for one in parts(read_mask(folder / row["mask"]))]
            for view, row in of_view.items()
        }
        counts = {view: len(found) for view, found in boxes.items()}
        alone = max(counts.values()) == 1 == min(counts.values())
        lesions = (PairedLesion("1", boxes["CC"][0], boxes["MLO"][0], "mass"),) if alone else ()
        pairs.append(
            Pair(
                f"cesm {woman}", side, "CDD-CESM", folder / of_view["CC"]["image"],
                folder / of_view["MLO"]["image"], lesions, max(counts.values()),
            )
        )  # fmt: skip
    return pairs


def _real(data: Path) -> Iterator[Known]:
    rooms = open_rooms().rooms
    with Reader() as reader:
        look = looking(rooms, reader)
        for pair in all_pairs(data):
            found = example(pair, look(pair))
            if found is not None:
                yield Known(pair, found, fold_of(pair.woman))
