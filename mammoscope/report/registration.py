"""Registration as plain JSON: how the views of each breast lie on each other."""

from collections.abc import Mapping, Sequence
from statistics import median
from typing import Any, Final

import numpy as np
from jaxtyping import Float

from mammoscope.core import (
    OTHER,
    ExamRegistration,
    Failed,
    NotAssessed,
    PairView,
    Registration,
    SearchRegion,
)

VIEWS: Final[tuple[PairView, ...]] = ("CC", "MLO")


def exam_registration_document(answer: ExamRegistration) -> dict[str, Any]:
    """For each breast how its views lie on each other, or why nobody knows."""
    breasts = {side: breast_document(answer.breasts[side]) for side in sorted(answer.breasts)}
    return {"status": "result", "breasts": breasts}


def breast_document(answer: Registration | NotAssessed | Failed) -> dict[str, Any]:
    """One breast; points in source pixels, without the regions of the report's cursor."""
    match answer:
        case NotAssessed():
            return {"status": "not assessed", "reason": answer.reason}
        case Failed():
            return {"status": "failed", "error": answer.error}
        case Registration():
            return {
                "status": "result",
                "cc": answer.cc,
                "mlo": answer.mlo,
                "affine": rounded(np.array(answer.warp.affine), 6),
                "lattice": rounded(answer.warp.lattice, 2),
                "folds": answer.warp.folds,
                "regions": _typical(answer.regions),
                "scale": answer.scale,
                "weights": answer.weights,
            }


def region_document(region: SearchRegion) -> dict[str, Any]:
    """Where one point's partner is looked for."""
    return {
        "view": region.view,
        "asked": rounded(np.array(region.asked), 2),
        "mapped": rounded(np.array(region.mapped), 2),
        "warped": rounded(np.array(region.warped), 2),
        "level": region.level,
        "area_px": round(region.area_px, 1),
        "area_mm2": None if region.area_mm2 is None else round(region.area_mm2, 1),
        "outlines": [rounded(line, 1) for line in region.outlines],
    }


def rounded(numbers: Float[np.ndarray, "..."], digits: int) -> Any:
    """Numbers as nested lists, without a minus before nothing."""
    return (np.round(np.asarray(numbers, dtype=np.float64), digits) + 0.0).tolist()


def _typical(regions: Mapping[PairView, Sequence[SearchRegion]]) -> dict[str, Any]:
    """By the view on which regions lie, how large the middle one is."""
    found: dict[str, Any] = {}
    for view in VIEWS:
        those = regions.get(OTHER[view], ())
        sizes = [one.area_mm2 for one in those if one.area_mm2 is not None]
        if those:
            found[view] = {
                "level": those[0].level,
                "median_px": round(median(one.area_px for one in those), 1),
                "median_mm2": round(median(sizes), 1) if sizes else None,
            }
    return found
