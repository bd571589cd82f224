"""A reader, and four synthetic images of one exam."""

import pytest

from mammoscope.io import Reader
from tests.pipeline.told import VIEWS
from tests.synthetic import mammogram_dataset, save


@pytest.fixture(scope="module")
def reader():
    with Reader() as reader:
        yield reader


@pytest.fixture
def folder(tmp_path):
    for laterality, view in VIEWS:
        save(
            mammogram_dataset(view, laterality, StudyInstanceUID="2.25.1"),
            tmp_path / f"{laterality}{view}.dcm",
        )
    return tmp_path
