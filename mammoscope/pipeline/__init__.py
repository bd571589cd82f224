"""From inputs to results: one exam at a time, one image after the other.

The rooms are handed in; what each says of every image is a result, not assessed, or failed.
Only one image's pixels are in memory at a time.
"""

from mammoscope.pipeline.images import assess_image
from mammoscope.pipeline.plan import PREVIEW_ROWS, Plan, Rooms
from mammoscope.pipeline.run import Assessed, analyze, assess

__all__ = ["PREVIEW_ROWS", "Assessed", "Plan", "Rooms", "analyze", "assess", "assess_image"]
