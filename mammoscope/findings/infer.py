"""A mammogram to its findings in source pixels, with the heatmap behind them. No torch."""

from collections.abc import Iterator
from typing import Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import Bool, Float32

from mammoscope.core import FINDINGS, Finding, Findings, Mammogram, Note
from mammoscope.errors import WeightsError
from mammoscope.findings.classes import classes_of
from mammoscope.findings.dense.decode import BOX, Boxed, merged, peaks
from mammoscope.image.breast import Prepared, prepare
from mammoscope.image.equalised import fused
from mammoscope.image.windows import CELL, STRIDE, WINDOW, cells_of, with_margin
from mammoscope.runtime import Session
from mammoscope.scores.boxes import centres
from mammoscope.scores.calibration import calibrated

UNTRAINED: Final = "no real training images"
LEARNT: Final = "For research, no real image taught what these look like, phantoms did"
SHOWN, SHOWN_MATCHED = "threshold_1", "matched_threshold_1"
"""A reader is shown what scores above one false positive an image: of one view, and of a breast whose
views were laid on each other, where what both show counts once."""
MOST: Final = 20
"""Findings of one image that are told, at most."""
BEYOND: Final = 1
"""Cells by which a finding's middle may lie outside of the outline."""

Image = Float32[np.ndarray, "1 channels rows columns"]
Blocks = Bool[np.ndarray, "blocks_down blocks_across"]
Answer = Float32[np.ndarray, "answers cells_down cells_across"]
Heat = Float32[np.ndarray, "first_down first_across"]


class Level(NamedTuple):
    """One level of the pyramid.

    Attributes:
        factor: Size of its pixel over the first level's.
        answer: The network's in its cells; scores are 0 where no window was asked.
    """

    factor: float
    answer: Answer


class Finder:
    """The findings room at work; call it with a mammogram.

    Args:
        session: The dense network of this room.
        windowed: Ask every window of 256 × 256 pixels at a stride of 32 by itself, as the paper does,
            in place of all at once: the same answer many times slower, for comparison.
        every: Ask windows that answer for a square outside of the breast too, as the paper does.
        research: Also answer for the classes that phantoms alone trained.

    Raises:
        WeightsError: If the network is another one of this room, or `research` asks for classes that
            it does not have.
    """

    def __init__(
        self,
        session: Session,
        *,
        windowed: bool = False,
        every: bool = False,
        research: bool = False,
    ) -> None:
        card = session.card
        if "levels" not in card.recipe:
            raise WeightsError(
                f"{session.identity} classifies patches, and what `mammoscope evaluate findings` says "
                "of it is all: whole images take weights of `mammoscope train findings --model dense`"
            )
        self._session, self._ask = session, _at_once
        if windowed:
            self._ask = _by_every_window if every else _by_windows
        self._classes = classes_of(card.classes)
        if research and all(one.real for one in self._classes):
            raise WeightsError(
                f"{session.identity} was expected to have classes for research, that phantoms alone "
                f"trained; it has {', '.join(card.classes)}: name weights that have such with "
                "--weights, or leave --research-classes out"
            )
        self._told = {
            one.kind: place for place, one in enumerate(self._classes) if one.real or research
        }
        unreal = [one.kind for one in self._classes if one.kind in self._told and not one.real]
        self._notes = (Note("phantom classes", f"{LEARNT}: {', '.join(unreal)}."),) if unreal else ()
        finest = float(card.recipe["levels"][0])
        self._levels = tuple(float(level) / finest for level in card.recipe["levels"])

    def __call__(self, mammogram: Mammogram) -> Findings:
        """Every finding of one image, by falling score."""
        card = self._session.card
        prepared = prepare(mammogram, card.input.raw, card.input.spacing_mm)
        levels = self._answers(prepared)
        frame = cells_of(prepared.frame)
        found = [
            finding
            for candidates in self._candidates(levels)
            for finding in self._findings(candidates, prepared)
        ]
        found.sort(key=lambda one: -one.score)
        return Findings(
            tuple(found[:MOST]),
            {kind: _heat(levels, place, frame.shape) for kind, place in self._told.items()},
            frame,
            {kind: UNTRAINED for kind in FINDINGS if kind not in self._told},
            prepared.scale,
            self._session.identity,
            card.calibration.get(SHOWN, 0.0),
            card.calibration.get(SHOWN_MATCHED),
            self._notes,
        )

    def _answers(self, prepared: Prepared) -> list[Level]:
        """What the network says at every level; each level is made of the one before."""
        channels, body = fused(prepared.pixels), prepared.body
        levels, before = [], 1.0
        for factor in self._levels:
            if factor != before:
                channels, body = _smaller(channels, factor / before), _smaller(body, factor / before)
            answer = self._ask(self._session, with_margin(channels), _blocks(body))
            levels.append(Level(factor, answer))
            before = factor
        return levels

    def _candidates(self, levels: list[Level]) -> Iterator[Boxed]:
        """Of what overlaps, over all levels and classes, the best alone.

        Classes that phantoms alone trained are apart: they never hide what real images taught.
        """
        kinds = len(self._classes)
        for real in (True, False):
            places = [place for place in self._told.values() if self._classes[place].real == real]
            found = [
                peaks(level.answer[place], level.answer[kinds:], level.factor, place)
                for level in levels
                for place in places
            ]
            if found:
                yield merged(found)

    def _findings(self, found: Boxed, prepared: Prepared) -> Iterator[Finding]:
        """Candidates within the breast, in source pixels."""
        spacing_mm = self._session.card.input.spacing_mm
        around = np.ones((2 * BEYOND * CELL + 1,) * 2, np.uint8)
        near = cv2.dilate(prepared.body.astype(np.uint8), around)
        scores = calibrated(found.scores, self._session.card.calibration)
        middles = np.rint(centres(found.boxes)).astype(int)
        told = zip(found.boxes, middles, scores, found.levels, found.classes, strict=True)
        for box, middle, score, level, of_class in told:
            if not _holds(near, middle):
                continue
            corners = prepared.frame.to_source(box.reshape(2, 2))
            top, left = corners.min(axis=0).tolist()
            bottom, right = corners.max(axis=0).tolist()
            high, wide = ((box[2:] - box[:2]) * spacing_mm).tolist()
            size = (high, wide) if prepared.scale == "spacing" else None
            kind = self._classes[of_class].kind
            yield Finding(kind, (top, left, bottom, right), float(score), float(level), size)


def _at_once(session: Session, image: Image, asked: Blocks) -> Answer:
    answer = np.array(session.run(image)[0])
    answer[: -len(BOX)] *= _cells(asked)
    return answer


def _by_windows(session: Session, image: Image, asked: Blocks) -> Answer:
    """Window by window; those that answer for a square outside of the breast are never asked."""
    side = STRIDE // CELL
    answer = np.zeros(0, np.float32)
    for row, column in np.argwhere(asked).tolist():
        top, left = STRIDE * row, STRIDE * column
        window = image[:, :, top : top + WINDOW, left : left + WINDOW]
        said = session.run(np.ascontiguousarray(window))[0]
        if not answer.size:
            answer = np.zeros((len(said), *(side * count for count in asked.shape)), np.float32)
        answer[:, side * row : side * (row + 1), side * column : side * (column + 1)] = said
    return answer


def _by_every_window(session: Session, image: Image, asked: Blocks) -> Answer:
    answer = _by_windows(session, image, np.ones_like(asked))
    answer[: -len(BOX)] *= _cells(asked)
    return answer


def _cells(blocks: Blocks) -> Float32[np.ndarray, "cells_down cells_across"]:
    """1 in the cells of the squares, 0 in others."""
    return np.kron(blocks, np.ones((STRIDE // CELL,) * 2, np.float32)).astype(np.float32)


def _smaller(image: np.ndarray, factor: float) -> np.ndarray:
    """Channels, or the outline, at larger pixels."""
    if image.ndim == 3:
        return np.stack([_smaller(channel, factor) for channel in image])
    rows, columns = (max(1, round(size / factor)) for size in image.shape)
    shown = cv2.resize(image.astype(np.float32), (columns, rows), interpolation=cv2.INTER_AREA)
    return shown > 0 if image.dtype == bool else shown


def _blocks(body: Bool[np.ndarray, "rows columns"]) -> Blocks:
    """The squares of a stride in which the breast lies, whatever little of it."""
    rows, columns = (-size % STRIDE for size in body.shape)
    wide = np.pad(body, ((0, rows), (0, columns)))
    squares = wide.reshape(wide.shape[0] // STRIDE, STRIDE, wide.shape[1] // STRIDE, STRIDE)
    return np.asarray(squares.any(axis=(1, 3)))


def _heat(levels: list[Level], place: int, shape: tuple[int, int]) -> Heat:
    """The highest score of any level, in cells of the first."""
    heat = np.zeros(shape, np.float32)
    for level in levels:
        step, first = 1 / level.factor, (1 / level.factor - 1) / 2
        move = np.array([[step, 0, first], [0, step, first]])
        how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        scores = cv2.warpAffine(level.answer[place], move, shape[::-1], flags=how)
        heat = np.maximum(heat, scores)
    return heat


def _holds(body: np.ndarray, point: np.ndarray) -> bool:
    inside = bool(((point >= 0) & (point < body.shape)).all())
    return inside and bool(body[point[0], point[1]])
