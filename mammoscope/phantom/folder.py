"""A phantom exam as files: DICOM images, and apart from them the truth of each.

Images and truth lie in two folders, so that a folder of images can be analysed as it is.
"""

import io
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import UInt8

from mammoscope.phantom.dicom import KINDS, Kind, to_dicom
from mammoscope.phantom.film import digitised
from mammoscope.phantom.looks import Stored, burnt_in, presented, raw
from mammoscope.phantom.truth import Box, PhantomBreast, PhantomExam, PhantomView

IMAGES: Final = "images"
TRUTH: Final = "truth"
BURNT_IN: Final = "SYNTHETIC"


@dataclass(frozen=True)
class Rendering:
    """Which images are made of an exam.

    Attributes:
        kinds: For processing, for presentation, digitised film.
        looks: Of those for presentation, see `mammoscope.phantom.looks`.
        burn_in: Whether SYNTHETIC is written into a corner.
    """

    kinds: tuple[Kind, ...] = ("presentation",)
    looks: tuple[str, ...] = ("hologic-like",)
    burn_in: bool = False


class Rendered(NamedTuple):
    """One image and where the view lies in it.

    Attributes:
        name: ``R_CC_raw``.
        kind: How its pixels are meant to be used.
        look: What a presentation was made like; empty for the others.
        view: What it shows, with the truth in the view's own pixels.
        stored: Its pixels.
        offset: Row and column of the view's first pixel.
        marks: Where film labels lie; None where there are none.
    """

    name: str
    kind: Kind
    look: str
    view: PhantomView
    stored: Stored
    offset: tuple[int, int] = (0, 0)
    marks: np.ndarray | None = None

    @property
    def labels(self) -> UInt8[np.ndarray, "rows columns"]:
        """0 background, 1 breast, 2 muscle in the image's pixels."""
        whole = np.zeros(self.stored.pixels.shape, np.uint8)
        rows, columns = self.view.labels.shape
        top, left = self.offset
        whole[top : top + rows, left : left + columns] = self.view.labels
        return whole


def key(exam: PhantomExam) -> str:
    """The name of an exam's folders."""
    return f"exam-{exam.seed:06d}"


def rendered(exam: PhantomExam, how: Rendering) -> Iterator[Rendered]:
    """The images of an exam, one by one.

    Raises:
        UsageError: If there is no such look.
    """
    for kind in KINDS:
        if kind in how.kinds:
            for look in how.looks if kind == "presentation" else ("",):
                for number, view in enumerate(exam.views):
                    yield _rendered(exam, view, kind, look, number, burn_in=how.burn_in)


def exam_files(exam: PhantomExam, how: Rendering) -> Iterator[tuple[str, bytes]]:
    """Every file of an exam, by its path with ``/``; the truth before the images.

    Raises:
        UsageError: If there is no such look.
    """
    images = list(rendered(exam, how))
    truth = f"{TRUTH}/{key(exam)}"
    document = {"seed": exam.seed, "settings": dict(exam.settings),
                "breasts": {side: _breast_truth(breast) for side, breast in exam.breasts.items()},
                "images": [_image_truth(exam, image) for image in images]}  # fmt: skip
    yield f"{truth}/truth.json", (json.dumps(document, indent=1) + "\n").encode()
    for side, breast in exam.breasts.items():
        yield f"{truth}/{side}_correspondences.npz", _packed(_correspondences(breast))
    for view in exam.views:
        paths = {"gland_mm": view.gland_mm, "thickness_mm": view.thickness_mm}
        yield f"{truth}/{view.laterality}_{view.view}_tissue.npz", _packed(paths)
    for image in images:
        yield f"{truth}/{image.name}_labels.png", _png(image.labels)
        if image.marks is not None:
            yield f"{truth}/{image.name}_marks.png", _png(image.marks.astype(np.uint8) * 255)
    for number, image in enumerate(images):
        content = to_dicom(exam, image.view, image.stored, image.kind, image.look, number % 4 + 1)
        yield _path(exam, image), content


def _rendered(
    exam: PhantomExam, view: PhantomView, kind: Kind, look: str, number: int, *, burn_in: bool
) -> Rendered:
    name = f"{view.laterality}_{view.view}_{look or kind}"
    if kind == "film":
        words = f"{view.laterality} {view.view}"
        rng = np.random.default_rng([exam.seed, number])
        film = digitised(view.exposure, view.labels, words, view.spacing_mm, rng)
        image = Rendered(name, kind, look, view, *film)
    else:
        made = raw(view.exposure) if kind == "raw" else presented(view.exposure, view.spacing_mm, look)
        image = Rendered(name, kind, look, view, made)
    if burn_in:
        burnt = burnt_in(image.stored, image.labels, BURNT_IN, view.spacing_mm)
        image = image._replace(stored=burnt)
    return image


def _path(exam: PhantomExam, image: Rendered) -> str:
    return f"{IMAGES}/{key(exam)}/{image.look or image.kind}/{image.name}.dcm"


def _breast_truth(breast: PhantomBreast) -> dict[str, Any]:
    return {"density": breast.density, "volume_mm3": dict(breast.volume_mm3)}


def _image_truth(exam: PhantomExam, image: Rendered) -> dict[str, Any]:
    view = image.view
    area = (view.spacing_mm / view.magnification) ** 2
    inside = view.labels == 1
    return {
        "file": _path(exam, image),
        "labels": f"{image.name}_labels.png",
        "kind": image.kind, "look": image.look,
        "view": view.view, "laterality": view.laterality,
        "shape": list(image.stored.pixels.shape),
        "offset": list(image.offset),
        "spacing_mm": view.spacing_mm,
        "magnification": view.magnification,
        "chest_wall": view.chest_wall,
        "compressed_mm": view.compressed_mm,
        "angle_deg": view.angle_deg,
        "errors": list(view.errors),
        "nipple_in_profile": view.nipple_in_profile,
        "landmarks": {name: _moved(point, image) for name, point in view.landmarks.items()},
        "lesions": [
            asdict(one) | {"box": _boxed(one.box, image), "centre": _moved(one.centre, image)}
            for one in view.lesions
        ],
        "dense_mm3": round(float(view.gland_mm[inside].sum(dtype=np.float64)) * area, 1),
        "breast_mm3": round(float(view.thickness_mm[inside].sum(dtype=np.float64)) * area, 1),
    }  # fmt: skip


def _moved(point: tuple[float, float] | None, image: Rendered) -> list[float] | None:
    top, left = image.offset
    return None if point is None else [round(point[0] + top, 3), round(point[1] + left, 3)]


def _boxed(box: Box | None, image: Rendered) -> dict[str, float] | None:
    if box is None:
        return None
    shift = image.offset * 2
    names = ("top", "left", "bottom", "right")
    return {name: round(edge + by, 3) for name, edge, by in zip(names, box, shift, strict=True)}


def _correspondences(breast: PhantomBreast) -> dict[str, np.ndarray]:
    arrays: dict[str, np.ndarray] = {"points_mm": breast.points_mm, "tissue": breast.tissue}
    for view in breast.views:
        arrays[f"places_{view}"] = breast.places[view]
        arrays[f"visible_{view}"] = breast.visible[view]
    return arrays


def _packed(arrays: dict[str, np.ndarray]) -> bytes:
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def _png(image: UInt8[np.ndarray, "rows columns"]) -> bytes:
    return cv2.imencode(".png", image)[1].tobytes()
