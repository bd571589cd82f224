"""Networks as methods, from their exported weights. No torch."""

from typing import Final

import numpy as np

from mammoscope.core import NotAssessed, SearchRegion
from mammoscope.registration.affine import OUTPUTS, to_mlo
from mammoscope.registration.baselines import side_of
from mammoscope.registration.evaluate import Area, Method, Placed, Points, Views
from mammoscope.registration.infer import Registrar
from mammoscope.registration.prepare import prepare, stacked
from mammoscope.runtime import Session
from mammoscope.scores.boxes import Box, corners

SINGULAR: Final = 1e-6
"""θ whose determinant is smaller shows the CC view as a line: no answer."""


def learnt(session: Session) -> Method:
    """What a network says of pairs: the paper's, or the guided one that ships.

    Raises:
        WeightsError: If the network answers with something else.
    """
    return _affine(session) if session.card.classes == OUTPUTS else _guided(Registrar(session))


def _affine(session: Session) -> Method:
    size = session.card.input.multiple

    def method(views: Views) -> Placed:
        cc, mlo = (prepare(seen.mammogram, size, side_of(seen)) for seen in views)
        theta = session.run(stacked(cc, mlo)[None]).reshape(2, 3).astype(float)
        if abs(np.linalg.det(theta[:, :2])) < SINGULAR:
            return Placed()
        return Placed(to_mlo(theta, cc.frame, mlo.frame))

    return method


def _guided(registrar: Registrar) -> Method:
    def method(views: Views) -> Placed:
        cc, mlo = (registrar.prepare(seen.mammogram, seen.landmarks) for seen in views)
        if isinstance(cc, NotAssessed) or isinstance(mlo, NotAssessed):
            return Placed()
        aligned = registrar(cc, mlo)

        def asked(box: Box) -> SearchRegion:
            top, left, bottom, right = box
            return aligned.search(
                "CC", ((top + bottom) / 2, (left + right) / 2), (bottom - top, right - left)
            )

        def search(box: Box) -> Area:
            region = asked(box)
            return Area(region.area_px, region.holds)

        def place(box: Box) -> Points:
            """The box as the warp turns it, at the place to which its middle is mapped."""
            moved = aligned.warp.to_fixed(corners(np.array(box, float)))
            return moved - moved.mean(axis=0) + np.array(asked(box).mapped)

        return Placed(aligned.warp.to_fixed, search, place)

    return method
