"""Mammogram to Mammogram, always with its Frame: the way back to source pixels."""

from mammoscope.image.chest_wall import check_side, chest_wall_side
from mammoscope.image.crop import breast_crop, nominal_spacing, two_breasts
from mammoscope.image.intensity import for_display, to_preview
from mammoscope.image.outline import breast_outline
from mammoscope.image.resample import (
    labels_to_source,
    probabilities_to_source,
    to_shape,
    to_spacing,
)

__all__ = [
    "breast_crop", "breast_outline", "check_side", "chest_wall_side", "for_display",
    "labels_to_source", "nominal_spacing", "probabilities_to_source", "to_preview",
    "to_shape", "to_spacing", "two_breasts",
]  # fmt: skip
