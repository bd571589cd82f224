"""The door in: DICOM and raster files become mammograms, and mammograms exams.

`find` turns what a user names into sources, `Reader` reads them in a process of its own, and
`group` puts together what belongs together. Whatever a file holds, the outcome is a
`Mammogram` or an `InputError`: see docs/bad-inputs.md.
"""

from mammoscope.io.exams import chosen, duplicates, group, set_aside
from mammoscope.io.files import Found, find
from mammoscope.io.limits import Limits
from mammoscope.io.reader import Reader
from mammoscope.io.sources import Source

__all__ = ["Found", "Limits", "Reader", "Source", "chosen", "duplicates", "find", "group", "set_aside"]
