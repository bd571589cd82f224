"""The program's end of the reading process: start it, ask it, outlive it.

What a file holds is parsed and decoded in a process of its own, with limits on address
space, processor time, open files and written files (none), and a limit by the clock that is
kept from outside. A file that crashes, hangs or exhausts it is rejected; the next one finds
a new process. Arrays come back as bytes, never as pickles.

On macOS the address space, and on Windows everything but the clock, is not limited.
"""

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from threading import Lock, Timer
from typing import Any, BinaryIO, Final, NamedTuple

import numpy as np

from mammoscope.errors import MammoscopeError, RejectedInput, SkippedInput
from mammoscope.io.limits import Limits
from mammoscope.io.worker import LENGTH, send, widen

_BOOT: Final = (
    "import json, sys; sys.path[:], *rest = json.loads(sys.argv[1]); "
    "from mammoscope.io.worker import main; main(*rest)"
)
_KINDS: Final = ("<f4", "|b1", "|u1")
_LONGEST_JSON: Final = 1 << 22
_START_SECONDS: Final = 60
_ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "2"}


class Reply(NamedTuple):
    """What the process answered."""

    values: dict[str, Any]
    arrays: tuple[np.ndarray, ...]


class Sandbox:
    """One reading process, started when first asked, started again after its death.

    Args:
        task: ``module:function`` that answers requests in the process.
        limits: What one request may take.
    """

    def __init__(self, task: str, limits: Limits) -> None:
        self.task, self.limits = task, limits
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = Lock()
        self._late = False

    def ask(self, request: Mapping[str, Any]) -> Reply:
        """Send one request and wait for its answer; threads wait for each other.

        Raises:
            RejectedInput: If the process says so, or dies of the request (58).
            SkippedInput: If the process says so.
            MammoscopeError: If the process cannot be started at all.
        """
        with self._lock:
            process = self._running()
            reply = self._exchange(process, request)
            if reply is None:
                raise RejectedInput(self._post_mortem(process), 58)
            if reply.values.get("last"):
                self._end()
        if "error" in reply.values:
            kind = SkippedInput if reply.values["error"] == "SkippedInput" else RejectedInput
            raise kind(reply.values["message"], reply.values["number"])
        return reply

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is not None and not self._late and self._process.poll() is None:
            return self._process
        self._end()
        arguments = json.dumps([[p for p in sys.path if p], self.task, asdict(self.limits)])
        self._process = process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-c", _BOOT, arguments],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0, env=os.environ | _ONE_THREAD,
        )  # fmt: skip
        if self._exchange(process, None) is None:
            self._end()
            raise MammoscopeError("the reading process could not start: see `mammoscope doctor`")
        return process

    def _exchange(
        self, process: subprocess.Popen[bytes], request: Mapping[str, Any] | None
    ) -> Reply | None:
        """Ask and read the reply; None where the process died or was ended for its slowness."""
        incoming, outgoing = process.stdout, process.stdin
        if incoming is None or outgoing is None:
            raise MammoscopeError("the reading process has no pipes")
        self._late = False
        seconds = self.limits.wall_seconds if request is not None else _START_SECONDS
        clock = Timer(seconds, self._expire, [process])
        clock.daemon = True
        clock.start()
        try:
            if request is None:
                widen(incoming)  # type: ignore[arg-type]
            else:
                send(outgoing, dict(request), ())  # type: ignore[arg-type]
            return self._receive(incoming)  # type: ignore[arg-type]
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            return None
        except BaseException:
            self._end()  # an interrupted answer must not become the next one's
            raise
        finally:
            clock.cancel()

    def _receive(self, stream: BinaryIO) -> Reply:
        size = LENGTH.unpack(_fill(stream, bytearray(LENGTH.size)))[0]
        if size > _LONGEST_JSON:
            raise EOFError
        message = json.loads(bytes(_fill(stream, bytearray(size))))
        return Reply(message["values"], tuple(self._array(stream, *kind) for kind in message["arrays"]))

    def _array(self, stream: BinaryIO, kind: str, shape: list[int]) -> np.ndarray:
        if kind not in _KINDS or not all(s > 0 for s in shape) or math.prod(shape) > self.limits.pixels:
            raise EOFError
        array = np.empty(shape, np.dtype(kind))
        _fill(stream, array.data.cast("B"))
        return array

    def _expire(self, process: subprocess.Popen[bytes]) -> None:
        self._late = True
        process.kill()

    def _post_mortem(self, process: subprocess.Popen[bytes]) -> str:
        process.kill()
        code = process.wait()
        self._end()
        if self._late:
            return f"not read within {self.limits.wall_seconds} s: the file may be hostile"
        if code == -getattr(signal, "SIGXCPU", 0):
            return f"not read within {self.limits.cpu_seconds} s of processor time"
        return f"the decoder crashed on it ({_describe(code)}): the file is damaged or hostile"

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        self._process = None


def _describe(code: int) -> str:
    if code >= 0:
        return f"exit {code}"
    return signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"


def _fill(stream: BinaryIO, buffer: bytearray | memoryview) -> bytearray | memoryview:
    rest = memoryview(buffer)
    while rest:
        count = stream.readinto(rest)  # type: ignore[attr-defined]
        if not count:
            raise EOFError
        rest = rest[count:]
    return buffer
