"""Clinical quantities and warnings from results."""

from mammoscope.measures.checks import image_checks

__all__ = ["image_checks"]
