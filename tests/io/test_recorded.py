import cv2
import numpy as np

from mammoscope.io import Reader
from mammoscope.io.recorded import read_recorded


def read(tmp_path, kind, spacing):
    path = tmp_path / "synthetic.png"
    cv2.imwrite(str(path), np.arange(48, dtype=np.uint8).reshape(8, 6))
    with Reader() as reader:
        return read_recorded(path, kind, spacing, reader).about


def test_what_a_table_knows_goes_before_the_file(tmp_path):
    about = read(tmp_path, "raw", (0.07, 0.08))
    assert about.kind == "for processing"
    assert (about.spacing.row, about.spacing.column, about.spacing.source) == (
        0.07,
        0.08,
        "annotations",
    )


def test_what_a_table_does_not_know_stays_the_files(tmp_path):
    about = read(tmp_path, "film", None)
    assert (about.kind, about.spacing) == ("raster", None)
