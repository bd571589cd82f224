"""The reading process: it alone touches what files hold, under limits, and may die alone.

It is started by `mammoscope.io.sandbox`, answers requests on its standard input, and ends
with it. A message is a length, JSON of that length, and the bytes of the arrays it lists.
"""

import contextlib
import importlib
import json
import math
import os
import signal
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, BinaryIO, Final

import numpy as np

from mammoscope.errors import InputError
from mammoscope.io.limits import Limits

LENGTH: Final = struct.Struct("<Q")
Answer = Callable[[dict[str, Any], Limits], tuple[dict[str, Any], Sequence[np.ndarray]]]
_GRACE: Final = 10
_PIPE_BYTES: Final = 1 << 20


def main(task: str, limits: dict[str, int]) -> None:
    """Answer requests until standard input ends.

    Args:
        task: ``module:function``; the function takes a request and the limits, and returns
            JSON values and arrays.
        limits: The fields of `Limits`.
    """
    allowed = replace(Limits(), **limits)
    replies = os.fdopen(os.dup(1), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # a codec that prints must not speak on the pipe
    os.dup2(nowhere, 2)  # nor name a patient on the terminal
    for number in (signal.SIGINT, signal.SIGTERM):  # it ends with its parent, which decides
        signal.signal(number, signal.SIG_IGN)
    widen(replies)
    module, name = task.split(":")
    answer: Answer = getattr(importlib.import_module(module), name)
    _restrict(allowed)
    send(replies, {"ready": True}, ())
    while (request := receive(sys.stdin.buffer)) is not None:
        _arm(allowed)
        last = _serve(answer, request, allowed, replies)
        _disarm()
        if last:
            return


def _serve(answer: Answer, request: dict[str, Any], limits: Limits, replies: BinaryIO) -> bool:
    """Answer one request; whether it must be the last. No array outlives it."""
    values, arrays = _answer(answer, request, limits)
    send(replies, values, arrays)
    return bool(values.get("last"))


def _answer(
    answer: Answer, request: dict[str, Any], limits: Limits
) -> tuple[dict[str, Any], Sequence[np.ndarray]]:
    try:
        return answer(request, limits)
    except InputError as error:
        return {"error": type(error).__name__, "message": str(error), "number": error.number}, ()
    except MemoryError:
        text = f"needs more than {limits.memory_bytes >> 20} MiB of memory to be read"
        return {"error": "RejectedInput", "message": text, "number": 58, "last": True}, ()
    except Exception as error:
        # Whatever a parser raises: its text may quote the file, its type does not.
        text = f"cannot be understood ({type(error).__name__}): export it again"
        return {"error": "RejectedInput", "message": text, "number": None}, ()


def send(stream: BinaryIO, values: dict[str, Any], arrays: Sequence[np.ndarray]) -> None:
    """Write one message."""
    whole = [np.ascontiguousarray(array) for array in arrays]
    kinds = [[array.dtype.str, array.shape] for array in whole]
    text = json.dumps({"values": values, "arrays": kinds}).encode()
    parts = [memoryview(LENGTH.pack(len(text)) + text), *(a.data.cast("B") for a in whole)]
    for part in parts:
        rest = part
        while rest:
            rest = rest[stream.write(rest) :]
    stream.flush()


def receive(stream: BinaryIO) -> dict[str, Any] | None:
    """Read one request, which holds no arrays; None at the end."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    return json.loads(stream.read(LENGTH.unpack(head)[0]))["values"]


def widen(stream: BinaryIO) -> None:
    """Let a pipe hold more at once; only Linux can, and only up to what its owner may."""
    with contextlib.suppress(ImportError, AttributeError, OSError):
        import fcntl

        fcntl.fcntl(stream.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def _restrict(limits: Limits) -> None:
    """Limits for life. macOS refuses the address space, Windows has none of them."""
    try:
        import resource
    except ImportError:
        return
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (value, value))


def _arm(limits: Limits) -> None:
    """Limits for one item; the alarm also ends a process whose parent is gone."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        spent = math.ceil(used.ru_utime + used.ru_stime)
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (spent + limits.cpu_seconds, hard))
        signal.alarm(limits.wall_seconds + _GRACE)


def _disarm() -> None:
    if hasattr(signal, "alarm"):
        signal.alarm(0)
