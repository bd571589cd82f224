"""The card beside a network's weights: what they are, what trained them, what they are not for."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any, Final, Literal, get_args

import numpy as np
from jaxtyping import Float32

from mammoscope.core.reference import Reference
from mammoscope.core.results import SYSTEMS
from mammoscope.errors import SettingsError, WeightsError

CARD_SCHEMA: Final = 1
PROBE_VALUES: Final = 8
POINT_WORDS: Final = ("threshold_", "low_", "high_")
"""What the names of an operating point's numbers begin with: where it lies, and its interval."""
RawLook = Literal["log inverted", "as stored"]
NETWORK_SETTINGS: Final[Mapping[str, frozenset[str]]] = {
    "segmentation": frozenset({"channels", "classes", "dropout"}),
    "positioning": frozenset({"model", "channels", "size", "whole", "near"}),
    "registration": frozenset({"blocks", "planes", "size", "norms", "channels", "features", "dropout"}),
    "screening": frozenset(
        {"channels", "inputs", "fused", "hidden", "dropout", "backbone", "size", "frozen", "heads"}
    ),
    "findings": frozenset(
        {"backbone", "hidden", "kinds", "size", "channels", "inputs", "fused", "classes", "dropout"}
    ),
}
"""Fields of each room's network settings: what a card may hold, known here without torch."""


@dataclass(frozen=True)
class CardInput:
    """What the network takes.

    Attributes:
        spacing_mm: Size of one input pixel in the breast; 0: images are brought to a frame of
            `multiple` rows and columns instead, whatever their size.
        channels: Channels of the input image.
        multiple: Rows and columns must be a multiple of this.
        raw: How the network takes images for processing: with a display look
            (`mammoscope.image.intensity`), which is what a card means that does not say, or as stored.
        stretch: Whether the range that an image uses is brought to 0–1 before the network sees it,
            which is what a card means that does not say.

    Raises:
        WeightsError: If `raw` is another word.
    """

    spacing_mm: float
    channels: int = 1
    multiple: int = 16
    raw: RawLook = "log inverted"
    stretch: bool = True

    def __post_init__(self) -> None:
        if self.raw not in get_args(RawLook):
            known = " or ".join(get_args(RawLook))
            raise WeightsError(f"input.raw of a card is {known}, got {self.raw!r}")


@dataclass(frozen=True)
class TrainingData:
    """Data that trained the weights, with the attribution that its licence asks for."""

    name: str
    licence: str
    citation: str
    changes: str


@dataclass(frozen=True)
class Probe:
    """A fixed noise image and what the network says of it: tells networks apart.

    Attributes:
        seed: Of ``numpy.random.default_rng``.
        shape: Of the input, (batch, channels, rows, columns).
        expected: Values at even steps through the flattened output.
        tolerance: Largest absolute difference that rounding may make.
    """

    seed: int
    shape: tuple[int, ...]
    expected: tuple[float, ...]
    tolerance: float

    def image(self) -> Float32[np.ndarray, "batch channels rows columns"]:
        """The noise image, uniform in 0–1."""
        return np.random.default_rng(self.seed).random(self.shape, dtype=np.float32)

    def sample(self, output: np.ndarray) -> np.ndarray:
        """The values of an output that are compared with `expected`."""
        steps = np.linspace(0, output.size - 1, len(self.expected)).astype(int)
        return output.reshape(-1)[steps]

    def matches(self, output: np.ndarray) -> bool:
        """Whether an output is what the card says; never where a value is not finite."""
        if not np.isfinite(output).all():
            return False
        return bool(np.allclose(self.sample(output), self.expected, rtol=0, atol=self.tolerance))

    @classmethod
    def of(
        cls,
        run: Callable[[np.ndarray], np.ndarray],
        shape: tuple[int, ...],
        seed: int = 0,
        tolerance: float = 1e-3,
    ) -> "Probe":
        """Ask a network for its answer to the noise image.

        Raises:
            WeightsError: If the answer is not finite: such a network is not worth a card.
        """
        empty = cls(seed, shape, (0.0,) * PROBE_VALUES, tolerance)
        values = empty.sample(run(empty.image()))
        if not np.isfinite(values).all():
            raise WeightsError(
                "finite output was expected of the network, got NaN or infinity: train again"
            )
        return cls(seed, shape, tuple(float(value) for value in values), tolerance)


@dataclass(frozen=True)
class Card:
    """What is known of one file of weights.

    Attributes:
        name: What a session is opened by: ``segmentation``.
        version: Version of mammoscope that wrote the weights.
        sha256: Of the ONNX file.
        system: One of `SYSTEMS`.
        input: What the network takes.
        settings: The network's settings.
        recipe: Every number of the training.
        classes: What the output's channels mean.
        training_data: Empty only for weights that no image trained.
        figures: Measured figures with their intervals, one mapping a line of a table.
        not_for: What the weights must not be used for.
        probe: A fixed input and its output.
        calibration: What turns the network's own uncertainty into one that holds, by name.
        reference: What the images that trained the weights were like; None where nobody measured.
    """

    name: str
    version: str
    sha256: str
    system: str
    input: CardInput
    settings: Mapping[str, Any]
    recipe: Mapping[str, Any]
    classes: tuple[str, ...]
    training_data: tuple[TrainingData, ...]
    figures: tuple[Mapping[str, Any], ...]
    not_for: tuple[str, ...]
    probe: Probe
    calibration: Mapping[str, float] = field(default_factory=dict)
    reference: Reference | None = None

    def calibrated_by(self, *, points: bool = True) -> str:
        """Twelve digits of a hash of the weights and their calibration: those of one answer alike.

        Args:
            points: Operating points count too; without them, what makes scores of answers.
        """
        numbers = {
            name: value
            for name, value in self.calibration.items()
            if points or not name.startswith(POINT_WORDS)
        }
        told = json.dumps([self.sha256, numbers], sort_keys=True)
        return hashlib.sha256(told.encode()).hexdigest()[:12]

    def to_dict(self) -> dict[str, Any]:
        """The card as plain JSON values, its schema's version first."""
        document = {"schema": CARD_SCHEMA} | asdict(self)
        if self.reference is None:
            del document["reference"]
        return document

    @classmethod
    def from_dict(cls, document: Mapping[str, Any]) -> "Card":
        """Read a card, strictly.

        Raises:
            WeightsError: If its schema is another version's or a part is missing or of a wrong type.
            SettingsError: If it holds a key that this version does not know.
        """
        schema = document.get("schema")
        if schema != CARD_SCHEMA:
            raise WeightsError(
                f"a card of schema {CARD_SCHEMA} was expected, got {schema!r}: "
                "install the weights that belong to this version of mammoscope"
            )
        _check_keys(cls, document, "card", allowed=frozenset({"schema"}))
        try:
            card = cls(
                **{name: str(document[name]) for name in ("name", "version", "sha256", "system")},
                input=CardInput(**_checked(CardInput, document["input"], "input")),
                settings=dict(document["settings"]),
                recipe=dict(document["recipe"]),
                classes=tuple(document["classes"]),
                training_data=tuple(
                    TrainingData(**_checked(TrainingData, entry, "training_data"))
                    for entry in document["training_data"]
                ),
                figures=tuple(dict(figure) for figure in document["figures"]),
                not_for=tuple(document["not_for"]),
                probe=_probe(_checked(Probe, document["probe"], "probe")),
                calibration={
                    key: float(value) for key, value in document.get("calibration", {}).items()
                },
                reference=_reference(document.get("reference")),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise WeightsError(
                f"the card of the weights is incomplete or malformed: {error}"
            ) from error
        if card.system not in SYSTEMS:
            raise WeightsError(f"a card's system is one of {', '.join(SYSTEMS)}, got {card.system!r}")
        _check_known(card.settings, NETWORK_SETTINGS.get(card.system, frozenset()), "settings")
        return card


def _probe(entry: Mapping[str, Any]) -> Probe:
    return Probe(
        seed=int(entry["seed"]),
        shape=tuple(int(size) for size in entry["shape"]),
        expected=tuple(float(value) for value in entry["expected"]),
        tolerance=float(entry["tolerance"]),
    )


def _reference(entry: Mapping[str, Any] | None) -> Reference | None:
    return None if entry is None else Reference.from_dict(_checked(Reference, entry, "reference"))


def _checked(kind: type, entry: Mapping[str, Any], where: str) -> dict[str, Any]:
    _check_keys(kind, entry, where)
    return dict(entry)


def _check_keys(
    kind: type, entry: Mapping[str, Any], where: str, allowed: frozenset[str] = frozenset()
) -> None:
    _check_known(entry, frozenset(item.name for item in fields(kind)) | allowed, where)


def _check_known(entry: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    unknown = sorted(set(entry) - known)
    if unknown:
        raise SettingsError(
            f"unknown key {unknown[0]!r} in {where}: this version knows {', '.join(sorted(known))}; "
            "install the version that made these weights"
        )
