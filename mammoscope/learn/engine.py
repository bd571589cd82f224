"""Lightning, imported even where torchvision is a build for another machine than torch.

On a CPU the package index has no torchvision to match: its CUDA build registers meta kernels for
operators that its unloadable library never declared, and whatever imports it on the side
(torchmetrics, hence lightning) fails. Where torchvision loads, or is absent, this does nothing.
"""

import importlib
import sys

import torch

SCHEMAS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)


def make_importable() -> None:
    """Declare the operators that torchvision misses, and import it again."""
    try:
        importlib.import_module("torchvision")
    except ModuleNotFoundError:
        return
    except RuntimeError as error:
        if "torchvision::" not in str(error):
            raise
        for name in [name for name in sys.modules if name.split(".")[0] == "torchvision"]:
            del sys.modules[name]
        _declare()
        importlib.import_module("torchvision")


def _declare() -> None:
    library = torch.library.Library("torchvision", "DEF")  # type: ignore[no-untyped-call]
    for schema in SCHEMAS:
        library.define(schema)  # type: ignore[no-untyped-call]
    _KEPT.append(library)


_KEPT: list[torch.library.Library] = []
"""A library's operators live as long as the library."""

make_importable()

import lightning  # noqa: E402
from lightning.pytorch.callbacks import EarlyStopping, ModelCheckpoint  # noqa: E402
from lightning.pytorch.loggers import CSVLogger  # noqa: E402

__all__ = ["CSVLogger", "EarlyStopping", "ModelCheckpoint", "lightning", "make_importable"]
