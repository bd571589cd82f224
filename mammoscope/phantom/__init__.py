"""A breast that never lived: anatomy, compression, projection, and the truth for every task.

A saved exam is read with numpy alone; making one needs torch.

What holds: every map from tissue to a view is in closed form and keeps volumes, so the truth
(correspondences, landmarks, boxes, lengths of gland) is as exact as the numbers. Positions follow
published labels (scripts/compare_phantom_positions.py), attenuation and spectra are published, and
the exponent of the texture's spectrum is measured between 2.7 and 3.2 at 0.4 mm of tissue.

Where it falls short of a woman:

- Compression is geometry, not mechanics: all tissue is equally soft, but masses and lymph nodes are
  rigid. Skin and nipple keep their thickness in each view instead of their volume.
- The axillary tail of an MLO view is stretched, and thins towards the upper edge; a real paddle
  holds it flat. Gland that reaches it becomes streaks along the muscle.
- Ligaments and ducts are fainter than real ones, lobules of fat hardly have outlines; there are no
  skin folds, arms, implants, scars, cysts or calcified vessels. The belly is fat without structure.
- Masses lie in tissue that does not give way; only distortions pull it.
- One beam (tungsten, rhodium) and one detector (selenium). Scatter is a blur with a ratio by
  thickness, not a simulation; no heel effect, grid lines, lag, dead pixels or paddle edge.
- Adipose tissue is Hammerstein's composition, which takes about a tenth more at 20 keV than P. C.
  Johns and M. J. Yaffe measured (Phys. Med. Biol. 32:675, 1987): gland stands out less.
- Sizes follow the labelled women, whose breasts are smaller than those of most film data sets.
"""

from mammoscope.phantom.recipe import Settings
from mammoscope.phantom.truth import PhantomBreast, PhantomExam

__all__ = ["PhantomBreast", "PhantomExam", "Settings", "make_exam", "make_pair"]


def make_exam(seed: int, settings: Settings | None = None, device: str = "cpu") -> PhantomExam:
    """See `mammoscope.phantom.make.make_exam`; torch is imported when it is called."""
    from mammoscope.phantom import make

    return make.make_exam(seed, settings, device)


def make_pair(seed: int, settings: Settings | None = None, device: str = "cpu") -> PhantomBreast:
    """See `mammoscope.phantom.make.make_pair`; torch is imported when it is called."""
    from mammoscope.phantom import make

    return make.make_pair(seed, settings, device)
