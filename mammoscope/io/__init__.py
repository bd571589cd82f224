"""The door in: DICOM and raster files become mammograms, and mammograms exams.

`find` turns what a user names into sources, `Reader` reads them in a process of its own, and
`group` puts together what belongs together. Whatever a file holds, the outcome is a
`Mammogram` or an `InputError`: see docs/bad-inputs.md.
"""

from mammoscope.io.exams import group
from mammoscope.io.files import find
from mammoscope.io.limits import Limits
# from mammoscope.io.reader import Reader
from mammoscope.io.sources import Source

__all__ = ["Limits", "Source", "find", "group"]
