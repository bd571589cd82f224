"""Make the small phantom exam that comes with the package: python scripts/make_small_phantom.py.

Coarse, few tissue points, exposures in half precision: about 1 MB. Make it anew when
`mammoscope.phantom` makes other breasts.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np

import mammoscope.phantom.saved as saved
from mammoscope.phantom import Settings, make_exam
from mammoscope.phantom.truth import PhantomBreast, PhantomView

SEED = 4
SETTINGS = Settings(
    pixel_mm=0.7, voxel_mm=0.5, points=1000, density="B", findings=("mass", "calcifications")
)
FILE = Path(saved.__file__).parent / saved.SMALL


def lighter(view: PhantomView) -> PhantomView:
    """The view with exposures of 11 bits and lengths of tenths of a millimetre."""
    tenths = {
        name: (np.rint(getattr(view, name).astype(np.float32) * 10) / 10).astype(np.float16)
        for name in ("gland_mm", "thickness_mm")
    }
    return replace(view, exposure=view.exposure.astype(np.float16).astype(np.float32), **tenths)


def light(breast: PhantomBreast) -> PhantomBreast:
    """The breast with lighter views."""
    return replace(breast, views={name: lighter(view) for name, view in breast.views.items()})


def main() -> None:
    """Make it and say how large it is."""
    exam = make_exam(SEED, SETTINGS)
    exam = replace(exam, breasts={side: light(breast) for side, breast in exam.breasts.items()})
    saved.save(exam, FILE)
    print(f"{FILE.name}: {FILE.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
