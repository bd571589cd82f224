"""Images with boxed findings to what patches are cut from: one example a finding or normal breast."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
from jaxtyping import Bool, Float

from mammoscope.core import Frame
from mammoscope.core.findings import FindingKind
from mammoscope.errors import UsageError
from mammoscope.findings.preprocess import prepare as prepared
from mammoscope.findings.recipe import Recipe
from mammoscope.findings.sampling import around_finding, cut, in_breast
from mammoscope.io import Reader
from mammoscope.io.findings import FindingsImage
from mammoscope.io.recorded import read_recorded
from mammoscope.learn.kept import Keeping, keep, key_of
from mammoscope.scores.boxes import Box

CHANNELS: Final = ".channels.npy"
INSIDE: Final = ".inside.npy"
TRUTH: Final = ".truth.json"
STEP: Final = 8
"""The breast is kept at every eighth pixel."""
NORMAL: Final = "No Finding"


class Image(NamedTuple):
    """A prepared image, whose pixels are read when they are looked at.

    Attributes:
        record: Whose image it is.
        channels: Opens its (3, rows, columns), uint8.
        inside: Opens where the breast is, at every `STEP`-th pixel.
        frame: Where the pixels lie in the source.
        boxes: (n, 4), of its findings, in its own pixels.
    """

    record: FindingsImage
    channels: Callable[[], np.ndarray]
    inside: Callable[[], Bool[np.ndarray, "rows columns"]]
    frame: Frame
    boxes: Float[np.ndarray, "n 4"]


@dataclass(frozen=True, eq=False)
class Example:
    """One finding of an image, or its normal breast.

    Attributes:
        image: Where it lies.
        box: In pixels of the image; None: anywhere in the breast, away from every finding.
        kinds: What it is; none where it is normal.
        sizes: Height and width of every finding of the set: normal patches are made like them.
        seed: Of the one patch that it is validated and tested on.
        weight: How often it is drawn, relative to others.
    """

    image: Image
    box: Box | None
    kinds: tuple[FindingKind, ...]
    sizes: Float[np.ndarray, "n 2"]
    seed: int = 0
    weight: float = 1.0

    def patch(self, recipe: Recipe, rng: np.random.Generator) -> np.ndarray:
        """A random patch of it, (3, size, size) in 0–1."""
        return cut(self.image.channels(), self.drawn(recipe, rng), recipe.network.size)

    def drawn(self, recipe: Recipe, rng: np.random.Generator) -> Box:
        """Where a random patch lies."""
        if self.box is not None:
            return around_finding(self.box, recipe.sampling, rng)
        inside, boxes = self.image.inside(), self.image.boxes
        return in_breast(inside, STEP, self.sizes, boxes, recipe.sampling, rng)


def prepare(
    records: Sequence[FindingsImage],
    recipe: Recipe,
    folder: Path,
    advance: Callable[[], None] = lambda: None,
) -> list[Image]:
    """Images of records in their order, kept in a folder, three bytes a pixel, and read from it.

    Args:
        records: What to read.
        recipe: The size of its pixels.
        folder: Where prepared arrays are kept.
        advance: Called after each image.

    Raises:
        InputError: If an image cannot be read.
    """
    how = Keeping(partial(_key, recipe=recipe), partial(_make, recipe=recipe), Path, TRUTH)
    kept = keep(records, how, folder, advance)
    return [_image(path, record) for path, record in zip(kept, records, strict=True)]


def examples(images: Sequence[Image], recipe: Recipe) -> list[Example]:
    """Every finding of the recipe's kinds, and the normal breasts that the recipe takes.

    Each is drawn as often as others that are of the rarest of its kinds, and No Finding among them:
    every class is seen as often as any other. How the paper weighs is not said.

    Raises:
        UsageError: If there is no finding of these kinds, or no normal breast.
    """
    known = recipe.network.kinds
    found = [
        (image, box, kinds)
        for image in images
        for box, finding in zip(image.boxes, image.record.findings, strict=True)
        if (kinds := tuple(kind for kind in known if kind in finding.kinds))
    ]
    normal = [image for image in images if recipe.normals == "every image" or not image.record.findings]
    if not found or not normal:
        raise UsageError(
            f"findings and normal breasts were expected, got {len(found)} of {', '.join(known)} and "
            f"{len(normal)} normal images: add images, or set normals to 'every image'"
        )
    sizes = np.array([(box[2] - box[0], box[3] - box[1]) for _, box, _ in found])
    counts = Counter(kind for *_, kinds in found for kind in kinds)
    of_findings = [
        Example(image, _as_box(box), kinds, sizes, seed, 1 / min(counts[kind] for kind in kinds))
        for seed, (image, box, kinds) in enumerate(found)
    ]
    of_normal = [
        Example(image, None, (), sizes, seed, 1 / len(normal))
        for seed, image in enumerate(normal, start=len(found))
    ]
    return of_findings + of_normal


def _as_box(box: np.ndarray) -> Box:
    top, left, bottom, right = box.tolist()
    return top, left, bottom, right


def _image(path: Path, record: FindingsImage) -> Image:
    held = json.loads(path.with_suffix(TRUTH).read_text())
    down, across = held["matrix"]
    frame = Frame(tuple(held["shape"]), tuple(held["source"]), (tuple(down), tuple(across)))
    opened = partial(np.load, path.with_suffix(CHANNELS), mmap_mode="r")
    inside = partial(np.load, path.with_suffix(INSIDE))
    boxes = np.array(held["boxes"], float).reshape(-1, 4)
    return Image(record, opened, inside, frame, boxes)


def _make(path: Path, record: FindingsImage, reader: Reader, recipe: Recipe) -> None:
    mammogram = read_recorded(record.image, record.kind, record.spacing, reader)
    channels, inside, frame = prepared(mammogram, recipe.spacing_mm)
    np.save(path.with_suffix(CHANNELS), np.rint(channels * 255).astype(np.uint8))
    np.save(path.with_suffix(INSIDE), inside[STEP // 2 :: STEP, STEP // 2 :: STEP])
    held = {
        "shape": frame.shape, "source": frame.source, "matrix": frame.matrix,
        "boxes": [within(finding.box, frame) for finding in record.findings],
    }  # fmt: skip
    partial_file = path.with_suffix(".partial")
    partial_file.write_text(json.dumps(held))
    partial_file.replace(path.with_suffix(TRUTH))


def within(box: Box, frame: Frame) -> Box:
    """A box of the source in pixels of a frame that does not mirror."""
    top, left, bottom, right = frame.from_source(np.array(box, float).reshape(2, 2)).ravel().tolist()
    return top, left, bottom, right


def _key(record: FindingsImage, recipe: Recipe) -> str:
    boxes = [finding.box for finding in record.findings]
    return key_of((record.image,), record.kind, record.spacing, boxes, recipe.spacing_mm)
