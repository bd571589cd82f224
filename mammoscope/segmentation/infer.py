"""A mammogram to its breast and pectoral muscle in source pixels. No torch."""

from typing import Final, NamedTuple

import cv2
import numpy as np
from jaxtyping import Float, Float32, UInt8

from mammoscope.core import BACKGROUND, PECTORAL, Frame, Mammogram, Mask, Note, Segmentation, Side, View
from mammoscope.errors import WeightsError
from mammoscope.image import probabilities_to_source, to_spacing
from mammoscope.image.scale import as_shown, at_network_scale, network_input
from mammoscope.runtime import Session
from mammoscope.segmentation.correct import chest_wall, correct, largest

FILM_MM: Final = 240.0
"""Height of the usual film: the second try where the outline gave a doubtful nominal scale."""
LOW_CONFIDENCE: Final = 0.9
MUCH_CORRECTED: Final = 0.08
FINER: Final = 4
ROUNDING: Final = 1e-3

Probabilities = Float32[np.ndarray, "3 rows columns"]
Labels = UInt8[np.ndarray, "rows columns"]


class Answer(NamedTuple):
    """What the network says at its scale, and what is made of it."""

    probabilities: Probabilities
    raw: Labels
    labels: Labels
    side: Side
    confidence: float
    frame: Frame


class Segmenter:
    """The segmentation room at work; call it with a mammogram.

    Args:
        session: A network of this room: one image (1, 1, rows, columns) in 0–1 to
            probabilities (1, 3, rows, columns).

    Raises:
        WeightsError: If the network answers with something else.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        check_probabilities(session)

    def __call__(self, mammogram: Mammogram) -> Segmentation:
        """Breast, muscle and skin line of one image, at the source's resolution."""
        shown = as_shown(mammogram, self._session.card.input.raw)
        view = mammogram.about.view.value if mammogram.about.view else None
        small, scale = at_network_scale(shown, self.spacing_mm)
        answer = self._answer(small, view)
        if scale == "nominal" and answer.confidence < LOW_CONFIDENCE:
            whole = to_spacing(shown, self.spacing_mm, nominal=FILM_MM / shown.pixels.shape[0])
            answer = max(answer, self._answer(whole, view), key=lambda one: one.confidence)
        mask = probabilities_to_source(decided(answer.probabilities, answer.labels), answer.frame)
        return Segmentation(
            Mask(mask, Frame.of(answer.frame.source)), answer.confidence,
            skin_line(answer.probabilities, answer.labels, answer.side, answer.frame),
            *_areas(mask, mammogram), scale, self._session.identity, _notes(answer),
        )  # fmt: skip

    def _answer(self, small: Mammogram, view: View | None) -> Answer:
        probabilities = self.probabilities(small)
        raw = probabilities.argmax(axis=0).astype(np.uint8)
        side = chest_wall(largest(raw != BACKGROUND))
        labels = correct(raw, side, view)
        return Answer(probabilities, raw, labels, side, agreement(probabilities, labels), small.frame)

    @property
    def spacing_mm(self) -> float:
        """Size of a pixel that the network wants."""
        return self._session.card.input.spacing_mm

    def probabilities(self, small: Mammogram) -> Probabilities:
        """What the network says of an image at its scale, padded with zeros to its multiple."""
        rows, columns = small.pixels.shape
        image = network_input(small.pixels, self._session.card.input)
        output = np.array(self._session.run(image)[0, :, :rows, :columns])
        if small.valid is not None:
            output[:, ~small.valid] = np.array([[1], [0], [0]], np.float32)
        return output


def check_probabilities(session: Session) -> None:
    """Ask a network for an image of nothing, and check that it answers with probabilities.

    Raises:
        WeightsError: If they do not lie in 0–1 or do not sum to 1.
    """
    side = session.card.input.multiple
    answer = session.run(np.zeros((1, 1, side, side), np.float32))
    if answer.min() < -ROUNDING or abs(answer.sum(axis=1) - 1).max() > ROUNDING:
        raise WeightsError(
            f"{session.identity} was expected to answer with probabilities, got values from "
            f"{answer.min():.2f} to {answer.max():.2f}: export the network with its softmax"
        )


def decided(probabilities: Probabilities, labels: Labels) -> Probabilities:
    """Probabilities that agree with corrected labels, and still place the border between pixels."""
    changed = probabilities.argmax(axis=0) != labels
    certain = np.eye(len(probabilities), dtype=np.float32)[labels].transpose(2, 0, 1)
    return np.where(changed, certain, probabilities).astype(np.float32)


def agreement(probabilities: Probabilities, labels: Labels) -> float:
    """Soft Dice between the labels and the probabilities they came from, 0–1.

    The mean of body and muscle; of the body alone where neither holds a muscle. It is the Dice
    to expect if every pixel's probability is right.
    """
    body = _soft_dice(1 - probabilities[0], labels != 0)
    if not (labels == PECTORAL).any():
        return body
    return (body + _soft_dice(probabilities[PECTORAL], labels == PECTORAL)) / 2


def skin_line(
    probabilities: Probabilities, labels: Labels, side: Side, frame: Frame
) -> Float[np.ndarray, "n 2"]:
    """Points along the skin from top to bottom, in source pixels.

    The longest part of the body's outline that is neither at the image's edge nor along the
    chest wall.
    """
    body = decided(probabilities, labels)
    rows, columns = labels.shape
    finer = cv2.resize(body[1:].sum(axis=0), (columns * FINER, rows * FINER)) > 0.5
    outlines, _ = cv2.findContours(finer.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not outlines:
        return np.zeros((0, 2))
    outline = max(outlines, key=cv2.contourArea)[:, 0, ::-1]
    points = (outline + 0.5) / FINER - 0.5
    part = _longest(points, _on_skin(points, (rows, columns), side))
    ordered = part if len(part) < 2 or part[0, 0] <= part[-1, 0] else part[::-1]
    return frame.to_source(ordered[::FINER])


def _on_skin(points: np.ndarray, shape: tuple[int, int], side: Side) -> np.ndarray:
    down, across = points.T
    inside = (down > 0.9) & (down < shape[0] - 1.9) & (across > 0.9) & (across < shape[1] - 1.9)
    near = max(1.5, 0.03 * np.ptp(across))
    if side == "left":
        return inside & (across > across.min() + near)
    return inside & (across < across.max() - near)


def _longest(points: np.ndarray, kept: np.ndarray) -> np.ndarray:
    """The longest run of kept points on a closed line."""
    if kept.all() or not kept.any():
        return points[kept]
    first = int(np.flatnonzero(~kept)[0])
    points, kept = np.roll(points, -first, axis=0), np.roll(kept, -first)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], kept, [False]]).astype(int)))
    starts, ends = edges[::2], edges[1::2]
    longest = int((ends - starts).argmax())
    return points[starts[longest] : ends[longest]]


def _soft_dice(probability: np.ndarray, region: np.ndarray) -> float:
    total = float(probability.sum() + region.sum())
    return 2 * float(probability[region].sum()) / total if total else 0.0


def _areas(mask: Labels, mammogram: Mammogram) -> tuple[int, int, float | None, float | None]:
    muscle = cv2.countNonZero((mask == PECTORAL).view(np.uint8))
    breast = cv2.countNonZero(mask) - muscle
    spacing = mammogram.about.spacing
    if spacing is None:
        return breast, muscle, None, None
    pixel = spacing.row * spacing.column
    return breast, muscle, breast * pixel, muscle * pixel


def _notes(answer: Answer) -> tuple[Note, ...]:
    notes = []
    if answer.confidence < LOW_CONFIDENCE:
        text = f"The outline is uncertain: confidence {answer.confidence:.2f}."
        notes.append(Note("low confidence", text))
    body = max(int((answer.labels != BACKGROUND).sum()), 1)
    changed = int((answer.raw != answer.labels).sum()) / body
    if changed > MUCH_CORRECTED:
        text = f"The correction changed {changed:.0%} of the breast's area: look at the outline."
        notes.append(Note("much corrected", text))
    return tuple(notes)
