"""A phantom exam as one file, and the small one that comes with the package. Numpy only."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, fields
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np

from mammoscope.errors import RejectedInput
from mammoscope.phantom.truth import VIEWS, Lesion, PhantomBreast, PhantomExam, PhantomView

FORMAT: Final = 1
SMALL: Final = "small_exam.npz"
WORDS: Final = "words"
_IMAGES: Final = ("exposure", "labels", "gland_mm", "thickness_mm")
Arrays = dict[str, np.ndarray]


def save(exam: PhantomExam, path: Path) -> None:
    """Write an exam without loss; the same exam gives the same bytes."""
    path.write_bytes(to_bytes(exam))


def load(path: Path) -> PhantomExam:
    """Read what `save` wrote.

    Raises:
        RejectedInput: If it is absent, damaged, or no phantom exam of this format.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RejectedInput(f"{path.name} cannot be read: {error.strerror}") from error
    return from_bytes(content)


def small_exam() -> PhantomExam:
    """Four coarse views with their truth, for tests and for who has no images."""
    return from_bytes((files("mammoscope.phantom") / SMALL).read_bytes())


def to_bytes(exam: PhantomExam) -> bytes:
    """The content of the file that `save` writes."""
    arrays: Arrays = {}
    words = {
        "format": FORMAT,
        "seed": exam.seed,
        "settings": dict(exam.settings),
        "breasts": {side: _breast_words(breast, arrays) for side, breast in exam.breasts.items()},
    }
    arrays[WORDS] = np.frombuffer(json.dumps(words).encode(), np.uint8)
    file = io.BytesIO()
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file.getvalue()


def from_bytes(content: bytes) -> PhantomExam:
    """An exam from the content of a file.

    Raises:
        RejectedInput: If it is damaged, or no phantom exam of this format.
    """
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as found:
            arrays = {name: found[name] for name in found.files}
        words = json.loads(arrays[WORDS].tobytes())
        if words["format"] != FORMAT:
            raise RejectedInput(
                f"a phantom exam of format {FORMAT} was expected, got {words['format']}: make it again"
            )
        breasts = {side: _breast(side, said, arrays) for side, said in words["breasts"].items()}
        return PhantomExam(words["seed"], breasts, words["settings"])
    except (ValueError, KeyError, TypeError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise RejectedInput(
            f"a saved phantom exam was expected, got {type(error).__name__}: make it again"
        ) from error


def _breast_words(breast: PhantomBreast, arrays: Arrays) -> dict[str, Any]:
    prefix = breast.laterality
    arrays[f"{prefix}/points_mm"], arrays[f"{prefix}/tissue"] = breast.points_mm, breast.tissue
    for view in breast.views:
        arrays[f"{prefix}/{view}/places"] = breast.places[view]
        arrays[f"{prefix}/{view}/visible"] = breast.visible[view]
        for name in _IMAGES:
            arrays[f"{prefix}/{view}/{name}"] = _exact(getattr(breast.views[view], name))
    return {
        "density": breast.density,
        "volume_mm3": dict(breast.volume_mm3),
        "views": {view: _view_words(found) for view, found in breast.views.items()},
    }


def _view_words(view: PhantomView) -> dict[str, Any]:
    names = [field.name for field in fields(view) if field.name not in _IMAGES]
    return {name: getattr(view, name) for name in names} | {
        "landmarks": dict(view.landmarks),
        "lesions": [asdict(lesion) for lesion in view.lesions],
    }


def _breast(side: Any, words: Mapping[str, Any], arrays: Arrays) -> PhantomBreast:
    shown = [view for view in VIEWS if view in words["views"]]
    return PhantomBreast(
        laterality=side,
        density=words["density"],
        volume_mm3=words["volume_mm3"],
        points_mm=arrays[f"{side}/points_mm"],
        tissue=arrays[f"{side}/tissue"],
        places={view: arrays[f"{side}/{view}/places"] for view in shown},
        visible={view: arrays[f"{side}/{view}/visible"] for view in shown},
        views={view: _view(f"{side}/{view}", words["views"][view], arrays) for view in shown},
    )


def _view(prefix: str, words: Mapping[str, Any], arrays: Arrays) -> PhantomView:
    values: dict[str, Any] = {name: arrays[f"{prefix}/{name}"] for name in _IMAGES}
    values["exposure"] = values["exposure"].astype(np.float32)
    lesions = [{key: _tupled(value) for key, value in one.items()} for one in words["lesions"]]
    values |= {key: _tupled(value) for key, value in words.items()}
    values["landmarks"] = {name: _tupled(point) for name, point in words["landmarks"].items()}
    values["lesions"] = tuple(Lesion(**lesion) for lesion in lesions)
    return PhantomView(**values)


def _tupled(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _exact(image: np.ndarray) -> np.ndarray:
    """In half the bytes where that loses nothing."""
    if image.dtype == np.float32:
        half = image.astype(np.float16)
        return half if (half.astype(np.float32) == image).all() else image
    return image
