"""Networks that run: the weights folder with its checks, and onnxruntime sessions."""

from mammoscope.runtime.session import Session, names, open_session, providers
from mammoscope.runtime.weights import (
    MANIFEST,
    Entry,
    Weights,
    entries,
    is_own,
    load,
    register,
    weights_folder,
)

__all__ = [
    "MANIFEST", "Entry", "Session", "Weights", "entries", "is_own", "load", "names", "open_session",
    "providers", "register", "weights_folder",
]  # fmt: skip
