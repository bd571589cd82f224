"""What the pixel measures of positioning say of real images, and of the same made worse on purpose.

    python scripts/measure_quality.py DATA [--images 150] [--write]

DATA holds landmarks_train.csv and the two sets of images that it names. The degradations are
synthetic; they are made on images of women without marks, whom nobody looked at while the measures
were made. Values of real images come from the marked ones. Prints tables; with --write, puts them
into docs/positioning-measures.md.
"""

import argparse
import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from degrade import brightened, moved, with_fold
from scipy.stats import rankdata

from mammoscope.core import (
    LANDMARKS,
    About,
    Landmark,
    LandmarkName,
    Landmarks,
    Measurement,
    Segmentation,
    Side,
    Sourced,
    Spacing,
)
from mammoscope.image import for_display, to_preview
from mammoscope.io import Reader, Source
from mammoscope.io.marks import MarkedImage, read_marks
from mammoscope.io.names import from_path
from mammoscope.measures import muscle, quality, tissue
from mammoscope.runtime import open_session
from mammoscope.segmentation.infer import Segmenter

DOCUMENT = Path(__file__).parents[1] / "docs" / "positioning-measures.md"
START, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
FILM, DIGITAL = "cbis_mass_train", "cesm_train"
NOT_SHOWN = Landmark(None, ((1.0, 0.0), (0.0, 1.0)), 0.0)
REPEATS = 1000
Worse = Callable[["Image", np.random.Generator], np.ndarray | None]


@dataclass(frozen=True, eq=False)
class Image:
    """One real image with its outline."""

    woman: str
    film: bool
    about: About
    segmentation: Segmentation
    preview: np.ndarray

    @property
    def step(self) -> float:
        """Size of a pixel of the preview in mm; a nominal one of 0.4 where unknown."""
        spacing = self.about.spacing
        return spacing.row * self.about.shape[0] / len(self.preview) if spacing else 0.4


@dataclass(frozen=True)
class Degradation:
    """What is done to an image, and which measure should notice."""

    name: str
    measure: Callable[[Segmentation, About, np.ndarray], Measurement]
    worse: Worse
    lower: bool = False


def fold(height: float) -> Worse:
    """A line of this height in grey values."""
    return lambda image, rng: with_fold(image.preview, image.segmentation, image.step, height, rng)


def motion(length_mm: float, keep_grain: bool) -> Worse:
    """A motion of this length in any direction."""
    return lambda image, rng: moved(
        image.preview, length_mm / image.step, rng.uniform(0, np.pi), keep_grain
    )


def exposed(gain: float, offset: float) -> Worse:
    """Another exposure or display."""
    return lambda image, rng: brightened(image.preview, gain, offset)


DEGRADATIONS = (
    Degradation("a line of 20 grey values", quality.skin_folds, fold(20)),
    Degradation("a line of 40 grey values", quality.skin_folds, fold(40)),
    Degradation("motion of 0.5 mm", quality.motion_blur, motion(0.5, False)),
    Degradation("motion of 0.5 mm, grain kept", quality.motion_blur, motion(0.5, True)),
    Degradation("motion of 1 mm", quality.motion_blur, motion(1.0, False)),
    Degradation("motion of 1 mm, grain kept", quality.motion_blur, motion(1.0, True)),
    Degradation("motion of 2 mm, grain kept", quality.motion_blur, motion(2.0, True)),
    Degradation("60 grey values darker, clipped", quality.exposure, exposed(1, -60)),
    Degradation("1.5 times as bright, clipped", quality.exposure, exposed(1.5, 0)),
    Degradation("half the contrast", quality.grey_range, exposed(0.5, 60), lower=True),
)


def main() -> None:
    """Measure, print, and write on request."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--images", type=int, default=150, help="degraded images of each set")
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    marks = [one for one in read_marks(arguments.data / "landmarks_train.csv") if one.reading == 1]
    spacings = known_spacings(arguments.data / FILM / "lesions.csv")
    segmenter = Segmenter(open_session("segmentation"))
    with Reader() as reader:

        def load(path: Path) -> Image:
            return read(path, spacings.get(path.name), segmenter, reader)

        text = values_of(marks, load) + separation(
            unmarked(arguments.data, marks, arguments.images), load
        )
    print(text)
    if arguments.write:
        page = DOCUMENT.read_text()
        DOCUMENT.write_text(page.split(START)[0] + START + text + END + page.split(END)[1])


def known_spacings(table: Path) -> dict[str, float]:
    """Size of a pixel in mm by file name, where it is known."""
    with table.open(newline="") as file:
        rows = csv.DictReader(file)
        return {Path(row["image"]).name: float(row["spacing_mm"]) for row in rows if row["spacing_mm"]}


def unmarked(data: Path, marks: list[MarkedImage], most: int) -> list[Path]:
    """Images of women of whom no image was marked, the same choice on every machine."""
    known = {woman(mark.image) for mark in marks}
    paths: list[Path] = []
    for name in (FILM, DIGITAL):
        others = sorted(path for path in (data / name / "images").iterdir() if woman(path) not in known)
        order = np.random.default_rng(0).permutation(len(others))[:most]
        paths += [others[index] for index in order]
    return paths


def woman(path: Path) -> str:
    """Who an image shows, by its name."""
    return from_path(path.name).patient or path.stem.split("_")[0]


def read(path: Path, spacing: float | None, segmenter: Segmenter, reader: Reader) -> Image:
    """An image with its outline and what its name and the table say of it."""
    mammogram = reader.read(Source(path.name, path))
    about = replace(
        mammogram.about,
        view=Sourced("CC" if "CC" in path.stem else "MLO", "name"),
        spacing=Spacing(spacing, spacing, "table") if spacing else None,
    )
    mammogram = replace(mammogram, about=about)
    preview = to_preview(for_display(mammogram), 1600)
    return Image(woman(path), path.parts[-3] == FILM, about, segmenter(mammogram), preview)


def landmarks_of(mark: MarkedImage, image: Image) -> Landmarks:
    """The marks; the chest-wall edge where most rows of the outline begin."""
    side: Side = mark.chest_wall or "left"
    body = image.segmentation.mask.labels > 0
    rows = np.flatnonzero(body.any(axis=1))
    turned = body if side == "left" else body[:, ::-1]
    edge = float(np.median(turned[rows].argmax(axis=1))) if len(rows) else 0.0
    column = edge if side == "left" else body.shape[1] - 1 - edge
    ends = {"chest wall upper": (0.0, column), "chest wall lower": (len(body) - 1.0, column)}
    points: dict[LandmarkName, Landmark] = {}
    for name in LANDMARKS:
        point = ends.get(name, mark.points.get(name))
        points[name] = replace(NOT_SHOWN, point=point, shown=1.0) if point else NOT_SHOWN
    return Landmarks(points, None, side, "nominal", "marks")


def values_of(marks: list[MarkedImage], load: Callable[[Path], Image]) -> str:
    """A table of what the measures say of the marked images."""
    found: dict[tuple[str, str], list[Measurement]] = {}
    for mark in marks:
        image = load(mark.image)
        landmarks = landmarks_of(mark, image)
        group = f"{'film' if image.film else 'digital'} {mark.view}"
        for one in measured(image, landmarks):
            found.setdefault((one.name, group), []).append(one)
    lines = ["**Real images**\n\n| measure | images | measured | 5th | 50th | 95th percentile |\n",
             "|---|---|---|---|---|---|\n"]  # fmt: skip
    for (name, group), many in sorted(found.items()):
        values = [one.value for one in many if isinstance(one.value, float)]
        if values:
            cells = " | ".join(f"{value:.1f}" for value in np.percentile(values, (5, 50, 95)))
            lines.append(
                f"| {name}, {many[0].unit} | {group} | {len(values)} of {len(many)} | {cells} |\n"
            )
    return "".join(lines)


def measured(image: Image, landmarks: Landmarks) -> Iterator[Measurement]:
    """Every pixel measure of an image that is a number."""
    parts = image.segmentation, image.about, image.preview
    if image.about.view and image.about.view.value == "MLO":
        yield muscle.bow(image.segmentation, landmarks, image.about)
    yield tissue.retroglandular_fat(image.segmentation, landmarks, image.about, image.preview)
    for measure in (quality.skin_folds, quality.motion_blur, quality.exposure, quality.grey_range):
        yield measure(*parts)


def separation(paths: list[Path], load: Callable[[Path], Image]) -> str:
    """A table of how well each measure tells degraded images from the same images before."""
    rng = np.random.default_rng(1)
    pairs: dict[tuple[str, str], list[tuple[str, float, float]]] = {}
    for path in paths:
        image = load(path)
        for one in DEGRADATIONS:
            before = one.measure(image.segmentation, image.about, image.preview).value
            picture = one.worse(image, rng)
            if picture is None or not isinstance(before, float):
                continue
            after = one.measure(image.segmentation, image.about, picture).value
            if isinstance(after, float):
                key = (one.name, "film" if image.film else "digital")
                pairs.setdefault(key, []).append((image.woman, before, after))
    lines = ["\n**Degraded on purpose (synthetic)**\n\n",
             "| degradation | measure | images, women | median before | after | AUC | 95 % |\n",
             "|---|---|---|---|---|---|---|\n"]  # fmt: skip
    for one in DEGRADATIONS:
        name = one.measure.__name__.replace("_", " ")
        lines += [
            f"| {one.name} | {name}, {group} | {_row(pairs[one.name, group], one.lower)} |\n"
            for group in ("film", "digital")
            if (one.name, group) in pairs
        ]
    return "".join(lines)


def _row(many: list[tuple[str, float, float]], lower: bool) -> str:
    women = np.array([one[0] for one in many])
    values = np.array([one[1:] for one in many])
    names, of = np.unique(women, return_inverse=True)
    rng = np.random.default_rng(2)
    drawn = []
    for _ in range(REPEATS):
        counts = np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))
        drawn.append(auc(np.repeat(values, counts[of], axis=0), lower))
    low, high = np.percentile(drawn, (2.5, 97.5))
    before, after = np.median(values, axis=0)
    area = auc(values, lower)
    counts_text = f"{len(many)}, {len(names)}"
    return f"{counts_text} | {before:.1f} | {after:.1f} | {area:.2f} | {low:.2f}–{high:.2f}"


def auc(pairs: np.ndarray, lower: bool) -> float:
    """How often a degraded image's value is the worse one of the two, ties half."""
    before, after = (-pairs if lower else pairs).T
    ranks = rankdata(np.concatenate([before, after]))[len(before) :]
    return float((ranks.sum() - len(after) * (len(after) + 1) / 2) / (len(before) * len(after)))


if __name__ == "__main__":
    main()
