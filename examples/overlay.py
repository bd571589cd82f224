"""Draw breast, muscle and skin line over an image: python examples/overlay.py IMAGE PICTURE.png."""

import sys
from pathlib import Path

import mammoscope
from mammoscope.core import ExamResult
from mammoscope.report.pictures import encoded, overlay

source, picture = sys.argv[1:]
for result in mammoscope.analyze([source]):
    if isinstance(result, ExamResult):
        Path(picture).write_bytes(encoded(overlay(result.images[0]), ".png"))
