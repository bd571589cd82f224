"""Print the areas of breast and muscle of every image: python examples/areas.py FOLDER…."""

import sys

import mammoscope
from mammoscope.core import Segmentation

for exam in mammoscope.analyze(sys.argv[1:], without_result=print):
    for image in exam.images:
        answer = image.answers["segmentation"]
        if not isinstance(answer, Segmentation):
            print(f"{image.about.name}: {answer}")
        elif answer.breast_mm2 is None or answer.pectoral_mm2 is None:
            print(f"{image.about.name}: breast {answer.breast_px} px, muscle {answer.pectoral_px} px")
        else:
            print(
                f"{image.about.name}: breast {answer.breast_mm2 / 100:.1f} cm², "
                f"muscle {answer.pectoral_mm2 / 100:.1f} cm²"
            )
