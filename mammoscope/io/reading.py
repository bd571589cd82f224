"""What the reading process does: a source's bytes become `About`, and pixels when asked."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from mammoscope.core import About
from mammoscope.errors import RejectedInput, SkippedInput
from mammoscope.io import codecs, header, looks, names, pixels, raster, wire
from mammoscope.io.container import open_dicom
from mammoscope.io.contents import read_bytes
from mammoscope.io.functional import hoist
from mammoscope.io.limits import Limits
from mammoscope.io.sources import HEAD, Source, format_of
from mammoscope.io.tables import TableRow

Answered = tuple[dict[str, Any], Sequence[np.ndarray]]


def answer(request: dict[str, Any], limits: Limits) -> Answered:
    """Answer what `mammoscope.io.reader.Reader` asks of one source.

    Returns:
        ``{"about": …}``, and where pixels were asked for the pixels (rows, columns) as float32
        in 0–1 and, where some hold no image, which do as bool.

    Raises:
        RejectedInput: If it is broken, hostile or contradictory, or its bytes have changed (19).
        SkippedInput: If it is sound, but no mammogram for us.
    """
    source = Source(request["name"], Path(request["path"]), request["member"])
    data = read_bytes(source, limits)
    digest = hashlib.sha256(data).hexdigest()
    if request["digest"] not in ("", digest):
        raise RejectedInput("the file changed since its header was read: run again", 19)
    row = TableRow(**request["row"]) if request["row"] else None
    if format_of(data[:HEAD], source.member or source.path.name) == "raster":
        about, arrays = _raster(data, request, digest, row, limits)
    else:
        about, arrays = _dicom(data, request, digest, row, limits)
    if arrays and _is_constant(*arrays):
        raise SkippedInput("an image of one value: there is nothing to see", 49)
    return {"about": wire.pack(about)}, arrays


def _is_constant(shown: np.ndarray, valid: np.ndarray | None = None) -> bool:
    """Whether all pixels have one value, padding left out."""
    least, most, _, _ = cv2.minMaxLoc(shown, None if valid is None else valid.view(np.uint8))
    return least == most


def _raster(
    data: bytes, request: dict[str, Any], digest: str, row: TableRow | None, limits: Limits
) -> tuple[About, list[np.ndarray]]:
    shape = raster.read_shape(data, limits)
    about = names.about_raster(request["name"], shape[:2], digest, row, request["spacing"])
    return about, [raster.decode(data, limits)] if request["decode"] else []


def _dicom(
    data: bytes, request: dict[str, Any], digest: str, row: TableRow | None, limits: Limits
) -> tuple[About, list[np.ndarray]]:
    container = open_dicom(data, limits)
    dataset = hoist(container.dataset)
    about = header.about(dataset, request["name"], digest, request["spacing"], row, limits)
    about = replace(about.noted(*container.notes), looks=looks.count(dataset))
    if not request["decode"]:
        return about, []
    stored, look = codecs.decode(dataset), request["look"]
    shown, valid, notes = pixels.stored_to_display(
        stored, looks.narrowed(dataset, look) if look else dataset
    )
    return about.noted(*notes), [shown] if valid is None else [shown, valid]
