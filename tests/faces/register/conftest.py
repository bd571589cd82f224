"""Two synthetic images of a breast, rooms that do as told, and a command line."""

import sys

import pytest

from mammoscope.faces import register as face
from mammoscope.faces.cli import main
from mammoscope.faces.rooms import Opened
from tests.pipeline.told import bright, located
from tests.synthetic import mammogram_dataset, save
from tests.synthetic_registration import Registrar


@pytest.fixture
def rooms(monkeypatch):
    made = {"segmentation": bright, "positioning": located, "registration": Registrar()}
    monkeypatch.setattr(face, "open_rooms", lambda folder: Opened(made, ()))
    return made


@pytest.fixture
def images(tmp_path, rooms):
    paths = []
    for view in ("CC", "MLO"):
        paths.append(tmp_path / f"R_{view}.dcm")
        save(mammogram_dataset(view, "R"), paths[-1])
    return paths


@pytest.fixture
def run(monkeypatch, capsys):
    def call(*words):
        monkeypatch.setattr(sys, "argv", ["mammoscope", "register", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        return ended.value.code or 0, said.out, said.err

    return call
