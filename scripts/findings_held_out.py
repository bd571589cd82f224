"""What networks that never saw the woman find in her images, and what both views of a breast share."""

import pickle
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from folds import FOLDS, fold_of, weights_of

from mammoscope.core import (
    About,
    Findings,
    Landmarks,
    Mammogram,
    NotAssessed,
    PairView,
    Sourced,
    Spacing,
)
from mammoscope.faces.rooms import open_rooms
from mammoscope.findings.infer import Finder
from mammoscope.io import Reader, Source
from mammoscope.io.cbis_findings import read_lesion_images
from mammoscope.io.cesm import read_masked
from mammoscope.io.findings import FindingsImage
from mammoscope.measures.findings import matched
from mammoscope.measures.matching import Match
from mammoscope.measures.registration import PAIR
from mammoscope.registration.infer import Registrar
from mammoscope.runtime import Session, open_session

Opened = Callable[[Session], Callable[[Mammogram], Findings]]


@dataclass(frozen=True, eq=False)
class Seen:
    """An image and what was found in it, without the heatmap."""

    image: FindingsImage
    about: About
    findings: Findings


@dataclass(frozen=True, eq=False)
class Breast:
    """The views of a breast.

    Attributes:
        views: One or both.
        matches: Findings of both views that are the same; None where they were not laid on each other.
    """

    views: Mapping[PairView, Seen]
    matches: tuple[Match, ...] | None


def all_images(data: Path) -> list[FindingsImage]:
    """Film, then digital."""
    film = read_lesion_images(data / "cbis_mass_train" / "lesions.csv")
    return [*film, *read_masked(data / "cesm_train").images]


def breasts(images: Sequence[FindingsImage]) -> list[dict[PairView, FindingsImage]]:
    """Images by breast and view; a second image of a view is a breast of its own."""
    found: dict[tuple[str, str, str], list[dict[PairView, FindingsImage]]] = defaultdict(list)
    for image in images:
        of_breast = found[image.dataset, image.woman, image.laterality]
        free = [one for one in of_breast if image.view not in one]
        if free:
            free[0][image.view] = image
        else:
            of_breast.append({image.view: image})
    return [one for of_breast in found.values() for one in of_breast]


def held_out(
    data: Path, work: Path, registrations: Path, folds: Iterable[int] | None = None
) -> list[Breast]:
    """Every breast by the networks that never saw its woman, kept fold by fold.

    Args:
        data: Folder of both data sets.
        work: Of train_findings.py.
        registrations: Of train_registration.py: its folds are the same.
        folds: Those whose women are looked at; None: all that have weights.
    """
    found: list[Breast] = []
    for fold in folds_of(work) if folds is None else folds:
        path = work / f"held-{fold}.pkl"
        if not path.is_file():
            path.write_bytes(pickle.dumps(list(_of_fold(data, work, registrations, fold))))
        found += pickle.loads(path.read_bytes())
    return found


def windowed(data: Path, work: Path, most: int) -> list[Breast]:
    """Images evenly over all, each a breast of its own, looked at window by window; kept."""
    path = work / "windowed.pkl"
    if not path.is_file():
        finders = {
            fold: finder_of(work, fold, partial(Finder, windowed=True)) for fold in folds_of(work)
        }
        images = [image for image in all_images(data) if fold_of(image.woman) in finders]
        chosen = images[:: max(1, len(images) // most)][:most]
        found = []
        with Reader() as reader:
            for image in chosen:
                mammogram = mammogram_of(image, reader)
                findings = replace(finders[fold_of(image.woman)](mammogram), heat={})
                found.append(Breast({image.view: Seen(image, mammogram.about, findings)}, None))
        path.write_bytes(pickle.dumps(found))
    return pickle.loads(path.read_bytes())


def folds_of(work: Path) -> list[int]:
    """Folds of women that a network never saw."""
    return [fold for fold in range(FOLDS) if (weights_of(work, str(fold)) / "findings.onnx").is_file()]


def finder_of(work: Path, fold: int, opened: Opened = Finder) -> Callable[[Mammogram], Findings]:
    """The detector that never saw the women of a fold, its scores as the network says them."""
    session = open_session("findings", weights_of(work, str(fold)))
    session.card = replace(session.card, calibration={})
    return opened(session)


def mammogram_of(image: FindingsImage, reader: Reader) -> Mammogram:
    """An image with its view, side and spacing."""
    read = reader.read(Source(image.image.name, image.image))
    about = replace(
        read.about, view=Sourced(image.view, "annotations"),
        laterality=Sourced(image.laterality, "annotations"),
    )  # fmt: skip
    if image.spacing is not None:
        about = replace(about, spacing=Spacing(*image.spacing, "annotations"))
    return replace(read, about=about)


def _of_fold(data: Path, work: Path, registrations: Path, fold: int) -> Iterator[Breast]:
    landmarks_of = open_rooms().rooms["positioning"]
    find = finder_of(work, fold)
    registrar = Registrar(open_session("registration", weights_of(registrations, str(fold))))
    with Reader() as reader:
        for views in breasts(all_images(data)):
            if fold_of(next(iter(views.values())).woman) != fold:
                continue
            seen, landmarks, prepared = {}, {}, {}
            for view in sorted(views):
                mammogram = mammogram_of(views[view], reader)
                findings = replace(find(mammogram), heat={})
                seen[view] = Seen(views[view], mammogram.about, findings)
                landmarks[view] = landmarks_of(mammogram)
                prepared[view] = registrar.prepare(mammogram, landmarks[view])
            yield Breast(seen, _matches(seen, landmarks, prepared, registrar))


def _matches(
    seen: Mapping[PairView, Seen],
    landmarks: Mapping[PairView, Landmarks],
    prepared: Mapping[PairView, Any],
    registrar: Registrar,
) -> tuple[Match, ...] | None:
    if len(seen) < len(PAIR) or any(isinstance(one, NotAssessed) for one in prepared.values()):
        return None
    pair = registrar(prepared["CC"], prepared["MLO"])
    views = {view: (landmarks[view], seen[view].about) for view in PAIR}
    return matched({view: seen[view].findings for view in PAIR}, pair, views)
