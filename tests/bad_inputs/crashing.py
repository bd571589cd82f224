"""Reading processes that die, hang or lie, as a decoder with a fault would."""

import os
import resource
import signal
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mammoscope.io import reading
from mammoscope.io.limits import Limits


def answer(request: dict[str, Any], limits: Limits) -> reading.Answered:
    """Read as ever, but die of decoding files whose name says so."""
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
    arrays: Sequence[np.ndarray] = ()
    match request["do"]:
        case "kill":
            os.kill(os.getpid(), signal.Signals[request["signal"]])
        case "sleep":
            time.sleep(request["seconds"])
        case "hoard":
            arrays = [np.ones(limits.memory_bytes, np.uint8)]
        case "object":
            arrays = [np.array([{}], dtype=object)]
        case "array":
            arrays = [np.arange(6, dtype=np.float32).reshape(2, 3), np.array([[True, False]])]
        case "huge array":
            arrays = [np.broadcast_to(np.float32(1), (limits.pixels + 1,))]
        case action:
            _misuse(action, request)
    core = resource.getrlimit(resource.RLIMIT_CORE)[0]
    return {"process": os.getpid(), "core": core}, arrays


def _misuse(action: str, request: dict[str, Any]) -> None:
    if action == "spin":
        while True:
            pass
    if action == "write":
        Path(request["path"]).write_bytes(b"data")
    if action == "speak":
        os.write(1, b"noise")
        print("noise", flush=True)  # noqa: T201
    if action == "lie":
        for pipe in Path("/proc/self/fd").iterdir():
            if int(pipe.name) > 2 and pipe.readlink().name.startswith("pipe:"):
                os.write(int(pipe.name), bytes(request["bytes"]))
    if action == "raise":
        raise RuntimeError("Secretname^Jane")
