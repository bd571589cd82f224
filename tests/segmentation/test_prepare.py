import plistlib
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.io import Reader
from mammoscope.learn.augment import Augmentation
from mammoscope.learn.data import TrainingViews, augmented
from mammoscope.learn.warp import Geometry
from mammoscope.segmentation.prepare import prepare, read, smaller, truth_of
from tests.segmentation import miniature
from tests.synthetic import breast_pixels, mammogram_dataset, save


@pytest.fixture
def record(tmp_path):
    return miniature.write(tmp_path / "data", datasets=("Fuji",), women=1)[1]


def test_examples_are_at_the_recipes_scale(tmp_path, record):
    recipe = replace(miniature.tiny(), spacing_mm=0.8)
    (example,) = prepare([record], recipe, tmp_path / "kept")
    assert example.image.shape == example.mask.shape == (32, 24)
    assert example.image.dtype == np.uint16
    truth = cv2.imread(str(record.truth), cv2.IMREAD_UNCHANGED)
    assert (example.mask == truth[::2, ::2]).mean() > 0.93
    inside = example.mask == 2
    assert example.pixels()[inside].mean() == pytest.approx(0.8, abs=0.03)


def test_prepared_images_are_kept_until_what_they_come_from_changes(tmp_path, record):
    folder = tmp_path / "kept"
    for recipe, files in ((miniature.tiny(), 2), (miniature.tiny(), 2),
                          (replace(miniature.tiny(), spacing_mm=0.8), 4)):  # fmt: skip
        prepare([record], recipe, folder)
        assert len(list(folder.iterdir())) == files
    truth = cv2.imread(str(record.truth), cv2.IMREAD_UNCHANGED)
    cv2.imwrite(str(record.truth), np.minimum(truth, 1))
    (example,) = prepare([record], miniature.tiny(), folder)
    assert example.mask.max() == 1


def test_every_look_of_a_header_is_kept_for_training(tmp_path, record):
    windows = {"WindowCenter": [2048, 1024, 9000], "WindowWidth": [4096, 2048, 1000]}
    stored = cv2.resize(breast_pixels("MLO", "L"), miniature.SHAPE[::-1])
    header = mammogram_dataset("MLO", "L", pixels=stored, ImagerPixelSpacing=[0.4, 0.4], **windows)
    path = save(header, tmp_path / "synthetic.dcm")
    (example,) = prepare([replace(record, image=path)], miniature.tiny(), tmp_path / "kept")
    assert len(example.looks) == 1  # the third window shows nothing
    usual, harder = example.pixels(), example.pixels(1)
    np.testing.assert_allclose(harder, np.clip(2 * usual, 0, 1), atol=2e-3)
    views = [TrainingViews([example], augmented(still()), 0, epoch)[0][0].numpy() for epoch in range(9)]
    for pixels in (usual, harder):
        assert any(np.allclose(view, pixels, atol=2e-3) for view in views)


def still():
    """Augmentation that moves and changes nothing."""
    geometry = Geometry(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, crop=miniature.SHAPE, outside=0)
    return Augmentation(0.0, geometry, gamma=(1.0, 1.0), noise=(0.0, 0.0))


def test_thousands_of_examples_are_not_held_open(tmp_path, record):
    def held():
        return len(list(Path("/proc/self/fd").iterdir()))

    before = held()
    examples = prepare([record] * 20, miniature.tiny(), tmp_path / "kept")
    assert len([example.mask.max() for example in examples]) == len(examples[:20]) == 20
    assert held() < before + 4


def test_raw_images_are_shown_as_the_recipe_says(tmp_path):
    records = miniature.write(tmp_path / "data", datasets=("GE",), women=1, raw=("GE",))
    (raw,) = [record for record in records if record.kind == "raw" and record.view == "CC"]
    (stored,) = prepare([raw], miniature.tiny(), tmp_path / "kept")
    (shown,) = prepare([raw], replace(miniature.tiny(), raw="log inverted"), tmp_path / "kept")
    air = stored.mask == 0
    assert stored.pixels()[air].mean() > 0.9
    assert shown.pixels()[air].mean() < 0.1


def test_a_mask_of_another_shape_is_refused(tmp_path, record):
    cv2.imwrite(str(record.truth), np.zeros((10, 10), np.uint8))
    with pytest.raises(UsageError, match=r"\(64, 48\).*\(10, 10\)"):
        prepare([record], miniature.tiny(), tmp_path / "kept")


def test_a_contour_of_the_muscle_is_laid_over_the_breasts_outline(tmp_path, record):
    roi = {"Point_px": ["(0, 0)", "(9, 0)", "(0, 24)"]}
    path = tmp_path / "1_muscle.xml"
    path.write_bytes(plistlib.dumps({"Images": [{"ROIs": [roi]}]}))
    contour = replace(record, truth=path, says="pectoral contour")
    with Reader() as reader:
        labels = truth_of(contour, read(contour, reader))
    drawn = cv2.imread(str(record.truth), cv2.IMREAD_UNCHANGED)
    assert labels[0, 5] == labels[10, 2] == 2
    assert labels[32, 20] == 1
    assert ((labels > 0) == (drawn > 0)).mean() > 0.9


def test_what_a_record_knows_goes_before_the_file(tmp_path, record):
    with Reader() as reader:
        about = read(replace(record, kind="raw", spacing_mm=0.07), reader).about
    assert about.kind == "for processing"
    assert (about.spacing.row, about.spacing.source) == (0.07, "annotations")


def test_coarser_labels_are_those_of_most_of_a_pixel():
    labels = np.array([[1, 1, 2, 2], [1, 0, 0, 2]], np.uint8)
    assert smaller(labels, (1, 2)).tolist() == [[1, 2]]
