"""Outline the phantom exam that ships and compare with its truth: python examples/phantom.py FOLDER."""

import sys
from pathlib import Path

import mammoscope
from mammoscope.core import BREAST, Segmentation
from mammoscope.phantom.folder import Rendering, exam_files, rendered
from mammoscope.phantom.saved import small_exam
from mammoscope.scores.overlap import dice

folder, exam, how = Path(sys.argv[1]), small_exam(), Rendering(looks=("ge-like",))
for name, content in exam_files(exam, how):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
truth = {f"{image.name}.dcm": image.labels for image in rendered(exam, how)}
for result in mammoscope.analyze([folder / "images"]):
    for image in result.images:
        answer, name = image.answers["segmentation"], Path(image.about.name).name
        if isinstance(answer, Segmentation):
            print(f"{name}: Dice of the breast {dice(answer.mask.labels, truth[name], BREAST):.3f}")
