"""A breast that never lived: anatomy, compression, projection, and the truth for every task.

A saved exam is read with numpy alone; making one needs torch.
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
