"""A reading process that dies of files whose name says so, as a decoder with a fault would."""

import os
import resource
import signal
import time
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


def misbehave(request: dict[str, Any], limits: Limits) -> reading.Answered:
    """Do what a request says: nothing, or what no reading process should."""
    action = request["do"]
    if action == "signal":
        os.kill(os.getpid(), signal.Signals[request["name"]])
    if action == "sleep":
        time.sleep(request["seconds"])
    if action == "spin":
        while True:
            pass
    if action == "hoard":
        return {}, [np.ones(limits.memory_bytes, np.uint8)]
    if action == "write":
        with open(request["path"], "wb", buffering=0) as file:
            file.write(b"data")
    if action == "speak":
        os.write(1, b"noise")
        print("noise", flush=True)  # noqa: T201
    if action == "raise":
        raise RuntimeError("Secretname^Jane")
    if action == "object":
        return {}, [np.array([{}], dtype=object)]
    if action == "array":
        return {"done": True}, [np.arange(6, dtype=np.float32).reshape(2, 3), np.array([[True, False]])]
    if action == "huge array":
        return {}, [np.broadcast_to(np.float32(1), (limits.pixels + 1,))]
    limit = resource.getrlimit(resource.RLIMIT_CORE)[0] if action == "core" else 0
    return {"done": True, "process": os.getpid(), "limit": limit}, []
