"""Networks that run: the weights folder with its checks, and onnxruntime sessions."""

from mammoscope.runtime.session import Session, names, open_session, providers
from mammoscope.runtime.weights import register, weights_folder

__all__ = ["Session", "names", "open_session", "providers", "register", "weights_folder"]
