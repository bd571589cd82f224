"""How near phantoms come to real mammograms: power spectrum, grey values, the shipped outlines.

    python scripts/measure_phantom.py DATA [--exams 24] [--films 200] [--pixel-mm 0.4] [--write]

DATA holds the two sets of real images. Phantoms are outlined by their truth, real images by the
shipped segmentation network. Prints tables; with --write, puts them into docs/phantom.md.
"""

import argparse
import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from mammoscope.core import BREAST, PECTORAL, About, Kind, Mammogram, Sourced, Spacing
from mammoscope.image import breast_outline, for_display, nominal_spacing
from mammoscope.io import Reader, Source
from mammoscope.phantom import make_exam
from mammoscope.phantom.folder import Rendered, Rendering, rendered
from mammoscope.phantom.looks import LOOKS, shown
from mammoscope.phantom.recipe import Settings
from mammoscope.runtime import open_session
from mammoscope.scores.intervals import bootstrap
from mammoscope.scores.overlap import dice, overall_dice
from mammoscope.scores.texture import BAND, grey_shares, jensen_shannon, spectral_exponent, wasserstein
from mammoscope.segmentation.infer import Segmenter

DOCUMENT: Final = Path(__file__).parents[1] / "docs" / "phantom.md"
CARD: Final = Path(__file__).parents[1] / "mammoscope" / "weights" / "segmentation.json"
START, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
FILM, DIGITAL = "cbis_mass_train", "cesm_train"
SKIN_MM: Final = 8.0
"""Left out along the outline: skin, and what thins towards it."""
KINDS: Final[dict[str, Kind]] = {
    "presentation": "for presentation", "film": "digitised film", "raw": "for processing"
}  # fmt: skip
PHANTOM_FILM, REAL_FILM, REAL_DIGITAL = "phantom film", "real film", "real digital"


@dataclass(frozen=True, eq=False)
class Picture:
    """What was measured on one image.

    Attributes:
        group: Real or phantom, film or digital with its look.
        view: CC or MLO.
        woman: Who it shows.
        exponent: Of the power spectrum in the breast; NaN where no square fits.
        shares: Of grey values in the breast.
        dice: Of the shipped network's breast, muscle (NaN on CC views), and both; empty where the
            truth is unknown.
    """

    group: str
    view: str
    woman: str
    exponent: float
    shares: np.ndarray
    dice: tuple[float, ...] = ()


def main() -> None:
    """Measure, print, and write on request."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--exams", type=int, default=24)
    parser.add_argument("--films", type=int, default=200, help="real films, drawn by chance")
    parser.add_argument("--pixel-mm", type=float, default=0.4)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    segmenter = Segmenter(open_session("segmentation"))
    settings = Settings(pixel_mm=arguments.pixel_mm)
    pictures = [
        *phantoms(arguments.exams, settings, segmenter),
        *real(arguments.data, arguments.films, segmenter),
    ]
    text = exponents(pictures) + histograms(pictures) + outlines(pictures)
    print(text)
    if arguments.write:
        page = DOCUMENT.read_text()
        DOCUMENT.write_text(page.split(START)[0] + START + text + END + page.split(END)[1])


def phantoms(exams: int, settings: Settings, segmenter: Segmenter) -> Iterator[Picture]:
    """Every look and a film of every view of so many exams."""
    how = Rendering(("raw", "presentation", "film"), tuple(LOOKS))
    for seed in range(exams):
        for image in rendered(make_exam(seed, settings), how):
            yield phantom(image, f"phantom {seed}", segmenter)


def phantom(image: Rendered, woman: str, segmenter: Segmenter) -> Picture:
    """One phantom image, outlined by its truth."""
    view = image.view
    step = view.spacing_mm / view.magnification
    about = About(
        name=image.name, shape=image.stored.pixels.shape, kind=KINDS[image.kind],
        spacing=Spacing(step, step, "truth"), view=Sourced(view.view, "truth"),
        laterality=Sourced(view.laterality, "truth"),
    )  # fmt: skip
    mammogram = Mammogram.of(shown(image.stored), about)
    said, truth = segmenter(mammogram).mask.labels, image.labels
    muscle = dice(said, truth, PECTORAL) if view.view == "MLO" else float("nan")
    found = (dice(said, truth, BREAST), muscle, overall_dice(said, truth))
    group = f"phantom {image.look or image.kind}"
    pixels = for_display(mammogram).pixels
    return Picture(group, view.view, woman, *grey(pixels, truth, step), found)


def real(data: Path, films: int, segmenter: Segmenter) -> Iterator[Picture]:
    """Films drawn by chance and all digital images, outlined by the shipped network."""
    rows = {row["image"]: row for row in read_rows(data / FILM / "lesions.csv")}
    drawn = np.random.default_rng(0).permutation(sorted(rows))[:films]
    chosen = [(FILM, rows[name]) for name in sorted(drawn)]
    chosen += [(DIGITAL, row) for row in read_rows(data / DIGITAL / "images.csv")]
    with Reader() as reader:
        for name, row in chosen:
            mammogram = reader.read(Source(row["image"], data / name / row["image"]))
            known = float(row["spacing_mm"]) if row["spacing_mm"] else None
            about = replace(
                mammogram.about,
                view=Sourced("CC" if row["view"] == "CC" else "MLO", "table"),
                spacing=Spacing(known, known, "table") if known else None,
            )
            mammogram = replace(mammogram, about=about)
            labels = segmenter(mammogram).mask.labels
            step = known or nominal_spacing(breast_outline(mammogram.pixels))
            group = REAL_FILM if name == FILM else REAL_DIGITAL
            yield Picture(group, row["view"], row["patient"], *grey(mammogram.pixels, labels, step))


def read_rows(table: Path) -> list[dict[str, str]]:
    """A table's rows."""
    with table.open(newline="") as file:
        return list(csv.DictReader(file))


def grey(pixels: np.ndarray, labels: np.ndarray, step: float) -> tuple[float, np.ndarray]:
    """Spectral exponent and histogram of the breast without its border and without the muscle."""
    breast = (labels == BREAST).astype(np.uint8)
    padded = np.pad(breast, ((0, 0), (1, 1)), mode="edge")
    depth = cv2.distanceTransform(padded, cv2.DIST_L2, 3)[:, 1:-1] * step
    inside = depth > min(SKIN_MM, 0.5 * float(depth.max()))
    return spectral_exponent(pixels, inside, step), grey_shares(pixels, inside)


def grouped(pictures: list[Picture]) -> Iterator[tuple[str, str, list[Picture]]]:
    """Pictures of a kind and a view, in a fixed order."""
    keys = {(picture.group, picture.view) for picture in pictures}
    for group, view in sorted(keys, key=lambda key: ("real" not in key[0], key)):
        yield group, view, [p for p in pictures if (p.group, p.view) == (group, view)]


def line(
    group: str,
    view: str,
    many: list[Picture],
    values: list[np.ndarray],
    middle: Callable[[np.ndarray], float],
) -> str:
    """A row of a table: each figure with its interval by woman."""
    women = [picture.woman for picture in many]
    cells = []
    for each in values:
        if np.isfinite(each).any():
            found = bootstrap(each, women, middle)
            cells.append(f"{found.estimate:.3f} | {found.low:.3f}–{found.high:.3f}")
        else:
            cells.append("– | –")
    return f"| {group} | {view} | {' | '.join(cells)} | {len(many)}, {len(set(women))} |\n"


def median(sample: np.ndarray) -> float:
    """The median of the drawn values."""
    return float(np.median(sample))


def mean(sample: np.ndarray) -> float:
    """The mean of the drawn values."""
    return float(np.mean(sample))


def exponents(pictures: list[Picture]) -> str:
    """A table of spectral exponents."""
    text = (
        f"\n**Spectral exponent in the breast**, {BAND[0]}–{BAND[1]} cycles/mm, median of images\n\n"
        "| images | view | exponent | 95 % | images, women |\n|---|---|---|---|---|\n"
    )
    for group, view, many in grouped(pictures):
        values = [np.array([picture.exponent for picture in many])]
        text += line(group, view, many, values, median)
    return text


def histograms(pictures: list[Picture]) -> str:
    """A table of how far each image's grey values lie from the mean of real ones."""
    text = (
        "\n**Grey values in the breast**: distance of an image's histogram from the mean histogram of "
        "real images of the view, without the woman's own, mean of images\n\n"
        "| images | view | Jensen-Shannon to real film | 95 % | to real digital | 95 % "
        "| Wasserstein to real film | 95 % | to real digital | 95 % | images, women |\n"
        "|---|---|---|---|---|---|---|---|---|---|---|\n"
    )
    for group, view, many in grouped(pictures):
        values = [
            np.array([apart(picture, others(pictures, whose, view, picture.woman)) for picture in many])
            for apart in (_jensen_shannon, _wasserstein)
            for whose in (REAL_FILM, REAL_DIGITAL)
        ]
        text += line(group, view, many, values, mean)
    return text


def others(pictures: list[Picture], group: str, view: str, woman: str) -> np.ndarray:
    """Mean histogram of a group's images of a view that do not show a woman."""
    kept = [p.shares for p in pictures if (p.group, p.view) == (group, view) and p.woman != woman]
    return np.mean(kept, axis=0)


def _jensen_shannon(picture: Picture, usual: np.ndarray) -> float:
    return jensen_shannon(picture.shares, usual)


def _wasserstein(picture: Picture, usual: np.ndarray) -> float:
    return wasserstein(picture.shares, usual)


def outlines(pictures: list[Picture]) -> str:
    """A table of the shipped network's Dice on phantoms, its card's figures on real images above."""
    text = (
        "\n**Dice of the shipped segmentation network**; real images: test women, silver standard, "
        "from its card\n\n"
        "| images | view | breast | 95 % | muscle | 95 % | overall | 95 % | images, women |\n"
        "|---|---|---|---|---|---|---|---|---|\n"
    )
    figures = json.loads(CARD.read_text())["figures"]
    for images in ("film", "digital"):
        for view in ("CC", "MLO"):
            text += from_card(figures, images, view)
    for group, view, many in grouped(pictures):
        if many[0].dice:
            values = list(np.array([picture.dice for picture in many]).T)
            text += line(group, view, many, values, mean)
    return text


def from_card(figures: list[dict], images: str, view: str) -> str:
    """A row of what the card says of real images."""
    cells, counts = [], ""
    for measure in ("Dice breast", "Dice pectoral", "Dice overall"):
        wanted = {
            "set": "test",
            "way": "as shipped",
            "images": images,
            "view": view,
            "measure": measure,
        }
        found = [one for one in figures if wanted.items() <= one.items()]
        if found:
            low, high = found[0]["interval_95"]
            cells.append(f"{found[0]['value']:.3f} | {low:.3f}–{high:.3f}")
            counts = f"{found[0]['n']}, {found[0]['women']}"
        else:
            cells.append("– | –")
    return f"| real {images} | {view} | {' | '.join(cells)} | {counts} |\n"


if __name__ == "__main__":
    main()
