"""Draw breast, muscle and skin line over an image: python examples/overlay.py IMAGE PICTURE.png."""

import sys
from pathlib import Path

import mammoscope
from mammoscope.report.pictures import encoded, overlay

source, picture = sys.argv[1:]
for exam in mammoscope.analyze([source]):
    Path(picture).write_bytes(encoded(overlay(exam.images[0]), ".png"))
