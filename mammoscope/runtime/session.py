"""Networks that run: onnxruntime on the CPU, or on CUDA where that provider is installed."""

import os
from pathlib import Path
from typing import Final

import numpy as np
import onnxruntime
from jaxtyping import Float32

from mammoscope.core.card import Card
from mammoscope.errors import WeightsError
from mammoscope.runtime.weights import REMEDY, entries, load, weights_folder

SPINNING: Final = "session.intra_op.allow_spinning"


class Session:
    """A network with its card, whose hash, card and answer to the probe have been checked.

    Attributes:
        card: What is known of the weights.
        identity: Name and the first 12 digits of the SHA-256: goes into every result.
    """

    def __init__(self, engine: onnxruntime.InferenceSession, card: Card) -> None:
        self._engine = engine
        self._input = engine.get_inputs()[0].name
        self.card = card
        self.identity = f"{card.name} {card.sha256[:12]}"

    def run(
        self, image: Float32[np.ndarray, "1 channels rows columns"]
    ) -> Float32[np.ndarray, "1 ..."]:
        """The network's first output for one image."""
        (output,) = self._engine.run(None, {self._input: image})
        return output


def open_session(name: str, folder: Path | None = None, threads: int | None = None) -> Session:
    """Check a network's weights and load them.

    Args:
        name: Its name in the manifest.
        folder: Folder of weights; else MAMMOSCOPE_WEIGHTS, else the package's own.
        threads: Number of threads; else one for each core that this process may use.

    Raises:
        WeightsError: If the weights are absent, damaged, swapped or of another version.
        SettingsError: If the card holds a key that this version does not know.
    """
    weights = load(name, folder)
    session = Session(_engine(weights.data, name, threads), weights.card)
    _check_probe(session)
    return session


def names(folder: Path | None = None) -> tuple[str, ...]:
    """Names of the networks that a folder lists; none where there is no such folder.

    Raises:
        WeightsError: If the folder's manifest is damaged.
    """
    place = weights_folder(folder)
    if folder is None and not place.is_dir():
        return ()
    return tuple(entry.name for entry in entries(place))


def providers() -> tuple[str, ...]:
    """The execution providers that a session uses, the preferred first."""
    wanted = ("CUDAExecutionProvider", "CPUExecutionProvider")
    return tuple(name for name in wanted if name in onnxruntime.get_available_providers())


def _engine(data: bytes, name: str, threads: int | None) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or len(os.sched_getaffinity(0))
    options.enable_mem_pattern = False  # a pattern for each size of input is never forgotten
    options.add_session_config_entry(SPINNING, "0")  # a pool that waits leaves the cores to others
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(data, options, providers=list(providers()))
    except Exception as error:  # onnxruntime's errors share no base but this
        first = str(error).splitlines()[0]
        raise WeightsError(
            f"onnxruntime {onnxruntime.__version__} cannot load the weights {name!r}: {first}; {REMEDY}"
        ) from error


def _check_probe(session: Session) -> None:
    card = session.card
    try:
        output = session.run(card.probe.image())
    except Exception as error:  # onnxruntime's errors share no base but this
        raise WeightsError(
            f"weights {card.name!r} do not take the {card.probe.shape} image of their card: {REMEDY}"
        ) from error
    if not np.isfinite(output).all():
        raise WeightsError(f"weights {card.name!r} answer with NaN or infinity: {REMEDY}")
    if not card.probe.matches(output):
        raise WeightsError(
            f"weights {card.name!r} are not the network of their card, "
            f"whose answer to the probe is another: {REMEDY}"
        )
