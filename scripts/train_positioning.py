"""The shipped positioning weights from the data folder, in one command.

    python scripts/train_positioning.py DATA WORK

Women are dealt to five folds. For each fold a teacher learns from the marked images of the other
four, says where the landmarks of their unmarked images lie, and a student goes on from the teacher
with both; the student's answers for the fold it never saw are kept: every figure in the card is made
of them (`measure_positioning.py`). Last, the five teachers together mark the unmarked images of all
women, and the network that ships learns from everything. A stage that is done is not done again.
"""

import argparse
import pickle
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import make_masks
import numpy as np
import torch
from positioning_examples import FOLDS, Marked, read_all

from mammoscope.positioning.heatmaps.examples import Example, padded
from mammoscope.positioning.heatmaps.layout import CHANNELS
from mammoscope.positioning.heatmaps.network import Expectation, Network
from mammoscope.positioning.heatmaps.recipe import Recipe
from mammoscope.positioning.heatmaps.train import load_checkpoint, train_examples

ON_CC = ("nipple", "chest wall upper", "chest wall lower")
"""What teachers learnt on CC views: there the pectoral line and the fold were not looked for."""
EPOCHS = {"teacher": 40, "student": 16, "final": 45}
STUDENT_RATE = 1e-3
TRUST = 0.4
"""How much a mark of the teachers counts."""
SURE = 8.0
"""Largest standard deviation, in the network's pixels, of a mark that the teachers make."""
CERTAIN = 0.9
"""How sure teachers must be that a landmark is shown, or that it is not."""


def main() -> None:
    """Train every stage that is not done."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--folds", type=int, nargs="*", default=range(FOLDS))
    parser.add_argument("--stages", nargs="*", default=["teacher", "student", "final"])
    arguments = parser.parse_args()
    cv2.setNumThreads(0)
    images = examples_in(arguments.data, arguments.work)
    for fold in arguments.folds:
        others = [image for image in images if image.fold != fold]
        if "teacher" in arguments.stages:
            teach(others, arguments.work / f"teacher-{fold}")
        if "student" in arguments.stages:
            student = study(others, arguments.work, fold)
            keep_answers(student, images, fold, arguments.work / f"answers-{fold}.pkl")
    if "final" in arguments.stages:
        teachers = [finished(arguments.work / f"teacher-{fold}") for fold in range(FOLDS)]
        learn(with_answers(images, teachers), arguments.work / "final", "final")


def examples_in(data: Path, work: Path) -> list[Marked]:
    """Every image as an example, kept in a file."""
    path = work / "examples.pkl"
    if not path.is_file():
        make_masks.write(data, work / "masks")
        path.write_bytes(pickle.dumps(read_all(data, work / "masks", Recipe.default())))
    return pickle.loads(path.read_bytes())


def teach(images: Sequence[Marked], folder: Path) -> Network:
    """A network of the marked images alone."""
    return learn([image.example for image in images if image.marked], folder, "teacher")


def study(images: Sequence[Marked], work: Path, fold: int) -> Network:
    """A network that goes on from its fold's teacher with what that says of unmarked images."""
    teacher = work / f"teacher-{fold}"
    examples = with_answers(images, [finished(teacher)])
    return learn(examples, work / f"student-{fold}", "student", start=teacher / "last.ckpt")


def learn(examples: Sequence[Example], folder: Path, stage: str, start: Path | None = None) -> Network:
    """Train for the stage's epochs; the last weights' average is taken, no image chooses it."""
    if not (folder / "done").is_file():
        recipe = Recipe.default()
        rate = STUDENT_RATE if start else recipe.optimisation.learning_rate
        epochs = EPOCHS[stage]
        optimisation = replace(recipe.optimisation, epochs=epochs, patience=epochs, learning_rate=rate)
        recipe = replace(recipe, optimisation=optimisation)
        train_examples(
            examples, examples[:8], recipe, folder,
            resume=(folder / "last.ckpt").is_file(), start=start,
        )  # fmt: skip
        (folder / "done").touch()
    return finished(folder)


def finished(folder: Path) -> Network:
    """The network of a stage that is done."""
    return load_checkpoint(folder / "last.ckpt")


def with_answers(images: Sequence[Marked], teachers: Sequence[Network]) -> list[Example]:
    """Marked images as they are, unmarked ones with what the teachers say together."""
    examples = []
    for image in images:
        example = image.example
        if not image.marked:
            answers = np.stack([answer(teacher, example) for teacher in teachers])
            said = marks_of(answers)
            if image.record.view == "CC":
                said = {name: said[name] for name in ON_CC if name in said}
            points = {**said, **example.points}
            example = replace(example, points=points, trust=dict.fromkeys(points, TRUST))
        examples.append(example)
    return examples


def marks_of(answers: np.ndarray) -> dict[str, np.ndarray | None]:
    """Landmarks that the teachers agree on; None where they agree that one is not shown."""
    marks: dict[str, np.ndarray | None] = {}
    for place, name in enumerate(CHANNELS):
        said = answers[:, place].astype(float)
        shown = float(said[:, 5].mean())
        spread = float((said[:, 2] + said[:, 4]).mean() / 2 + said[:, :2].var(axis=0).mean())
        if shown < 1 - CERTAIN:
            marks[name] = None
        elif shown > CERTAIN and spread**0.5 < SURE:
            marks[name] = said[:, :2].mean(axis=0)
    return marks


def keep_answers(network: Network, images: Sequence[Marked], fold: int, path: Path) -> None:
    """What a network says of the marked images of a fold, by the image's name."""
    said = {
        image.record.image.name: answer(network, image.example)
        for image in images
        if image.fold == fold and image.marked
    }
    path.write_bytes(pickle.dumps(said))


def answer(network: Network, example: Example) -> np.ndarray:
    """The network's numbers of an image, as `Expectation` gives them."""
    image, _ = padded(network.settings.multiple)(example)
    with torch.inference_mode():
        return Expectation(network).eval()(image[None])[0].numpy()


if __name__ == "__main__":
    main()
