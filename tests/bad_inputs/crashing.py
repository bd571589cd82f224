"""A reading process that dies of files whose name says so, as a decoder with a fault would."""

import os
import signal
from typing import Any

import numpy as np

from mammoscope.io import reading
from mammoscope.io.limits import Limits


def answer(request: dict[str, Any], limits: Limits) -> reading.Answered:
    name = request["name"]
    if request["decode"] and "crash_segfault" in name:
        os.kill(os.getpid(), signal.SIGSEGV)
    if request["decode"] and "crash_exit" in name:
        os._exit(3)
    if request["decode"] and "crash_memory" in name:
        np.ones(limits.memory_bytes, np.uint8)
    return reading.answer(request, limits)
