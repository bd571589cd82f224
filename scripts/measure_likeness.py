"""What the measure of likeness flags: other women, digital images, phantoms, damaged films.

    python scripts/measure_likeness.py DATA [--phantoms FOLDER] [--every N]

Of the films of DATA/cbis_mass_train every N-th woman's are taken. Half of these women make the
reference, the other half is judged by it, as is all else: DATA/cesm_train, DICOM files of FOLDER (of
``mammoscope phantom``), and the judged films damaged on purpose.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from findings_held_out import all_images

from mammoscope.core import Frame, Mammogram
from mammoscope.image.breast import prepare
from mammoscope.io import Reader, Source
from mammoscope.io.recorded import read_recorded
from mammoscope.screening.likeness import features, reference_of
from mammoscope.screening.pooled.recipe import Recipe

DAMAGED_EVERY = 4


def main() -> None:
    """Measure, then print shares and medians."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--phantoms", type=Path)
    parser.add_argument("--every", type=int, default=3)
    arguments = parser.parse_args()
    cv2.setNumThreads(1)
    measured, women = films_and_digital(arguments.data, arguments.every)
    making = [n for n, woman in enumerate(women["film"]) if made_by(woman)]
    film = np.array(measured.pop("film"))
    judged = np.setdiff1d(np.arange(len(film)), making)
    reference = reference_of(film[making], [women["film"][n] for n in making])
    if arguments.phantoms:
        measured |= phantoms(arguments.phantoms)
    print(f"reference: {len(making)} films, limit {reference.limit:.2f}")
    for name, found in {"films of other women": film[judged], **measured}.items():
        away = reference.distance(np.array(found))
        low, middle, high = np.quantile(away, (0.05, 0.5, 0.95))
        print(f"{name:22} {len(away):5} images, {(away > 1).mean():6.1%} unlike, "
              f"median {middle:.2f} ({low:.2f}–{high:.2f})")  # fmt: skip


def made_by(woman: str) -> bool:
    """Whether a woman's films make the reference: every second by her name's number."""
    return int("".join(filter(str.isdigit, woman))) // 2 % 2 == 0


def films_and_digital(
    data: Path, every: int
) -> tuple[dict[str, list[np.ndarray]], dict[str, list[str]]]:
    """Features and women by name: of films, of digital images, and of damaged films."""
    measured: dict[str, list[np.ndarray]] = {}
    women: dict[str, list[str]] = {}
    images = all_images(data)
    films = sorted({one.woman for one in images if one.kind == "film"})
    taken = set(films[::every])
    rng = np.random.default_rng(0)
    with Reader() as reader:
        for place, record in enumerate(images):
            name = "film" if record.kind == "film" else "digital"
            if name == "film" and record.woman not in taken:
                continue
            image = read_recorded(record.image, record.kind, record.spacing, reader)
            measured.setdefault(name, []).append(of(image))
            women.setdefault(name, []).append(record.woman)
            if name == "film" and not made_by(record.woman) and place % DAMAGED_EVERY == 0:
                for how, worse in damaged(image, rng):
                    measured.setdefault(how, []).append(of(worse))
    return measured, women


def phantoms(folder: Path) -> dict[str, list[np.ndarray]]:
    """Of phantoms by their looks, as the names of their files end."""
    found: dict[str, list[np.ndarray]] = {}
    with Reader() as reader:
        for path in sorted(folder.glob("*_*_*.dcm")):
            image = reader.read(Source(path.name, path))
            found.setdefault(f"phantom, {path.stem.split('_', 2)[2]}", []).append(of(image))
    return found


def of(image: Mammogram) -> np.ndarray:
    """Features at the scale of the network that ships."""
    recipe = Recipe.default()
    return features(prepare(image, recipe.raw, recipe.spacing_mm))


def damaged(image: Mammogram, rng: np.random.Generator) -> Iterator[tuple[str, Mammogram]]:
    """A film as a mishap would make it."""
    pixels = image.pixels
    middle = pixels.shape[1] // 2
    wall_left = pixels[:, :middle].mean() > pixels[:, middle:].mean()
    yield "inverted", anew(image, 1 - pixels)
    yield "blurred (6 pixels)", anew(image, cv2.GaussianBlur(pixels, (0, 0), 6))
    yield "noisy (8 %)", anew(image, pixels + rng.normal(0, 0.08, pixels.shape))
    yield "burnt out (× 2.2)", anew(image, 2.2 * pixels)
    yield "darkened (power 2.5)", anew(image, pixels**2.5)
    yield "turned by 90°", anew(image, np.rot90(pixels))
    yield "upside down", anew(image, pixels[::-1])
    yield "lower half cut off", anew(image, pixels[: len(pixels) // 2])
    yield "front half cut off", anew(image, pixels[:, :middle] if wall_left else pixels[:, middle:])


def anew(image: Mammogram, pixels: np.ndarray) -> Mammogram:
    """Other pixels as an image of their own, of the same spacing."""
    held = np.ascontiguousarray(np.clip(pixels, 0, 1), np.float32)
    about = replace(image.about, shape=held.shape)
    return Mammogram(held, about, Frame.of(held.shape))


if __name__ == "__main__":
    main()
