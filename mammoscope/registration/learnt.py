"""The paper's network as a method, from its exported weights. No torch."""

import numpy as np

from mammoscope.registration.affine import to_mlo
from mammoscope.registration.evaluate import Method, Placed, Views
from mammoscope.registration.prepare import prepare, stacked
from mammoscope.runtime import Session

SINGULAR = 1e-6
"""θ whose determinant is smaller shows the CC view as a line: no answer."""


def learnt(session: Session) -> Method:
    """What a network of `mammoscope.registration.train` says of pairs."""
    size = session.card.input.multiple

    def method(views: Views) -> Placed:
        cc, mlo = (prepare(seen.mammogram, size) for seen in views)
        theta = session.run(stacked(cc, mlo)[None]).reshape(2, 3).astype(float)
        if abs(np.linalg.det(theta[:, :2])) < SINGULAR:
            return Placed()
        return Placed(to_mlo(theta, cc.frame, mlo.frame))

    return method
