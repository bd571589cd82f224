"""Read one image and say what is known of it: python examples/read_image.py IMAGE."""

import sys

import mammoscope

mammogram = mammoscope.read(sys.argv[1])
about = mammogram.about
print(f"{about.kind}, {about.shape[0]} x {about.shape[1]} pixels")
for what, fact in (("laterality", about.laterality), ("view", about.view), ("spacing", about.spacing)):
    print(f"{what}: {fact or 'unknown'}")
for note in about.notes:
    print(f"warning: {note.text}")
