"""Look for a finding of a CC view on the MLO view of the breast: python examples/register.py FOLDER."""

import sys
from pathlib import Path

import mammoscope
from mammoscope.phantom.folder import Rendering, exam_files
from mammoscope.phantom.saved import small_exam

folder, exam = Path(sys.argv[1]), small_exam()
for name, content in exam_files(exam, Rendering(looks=("ge-like",))):
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
cc, mlo = (next(folder.rglob(f"R_{view}_ge-like.dcm")) for view in ("CC", "MLO"))
asked, true = (exam.breasts["R"].views[view].lesions[0].centre for view in ("CC", "MLO"))
found = mammoscope.register(cc, mlo, point=asked)
if found.region is not None:
    places = {"asked on CC": asked, "on MLO, most probably": found.region.mapped, "in truth": true}
    for words, (row, column) in places.items():
        print(f"{words}: row {row:.0f}, column {column:.0f}")
    print(f"to be searched: {found.region.area_mm2:.0f} mm²; holds it: {found.region.holds(true)}")
if found.location is not None:
    print(found.location.words)
for note in found.notes:
    print(note.text)
