import os
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mammoscope.errors import MammoscopeError, RejectedInput
from mammoscope.io.limits import Limits
from mammoscope.io.sandbox import Sandbox

TASK = "tests.bad_inputs.crashing:misbehave"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(TASK, Limits(memory_bytes=1 << 30, wall_seconds=60, pixels=1000))
    yield sandbox
    sandbox.close()


def works(sandbox: Sandbox) -> bool:
    return bool(sandbox.ask({"do": "nothing"}).values["process"])


def test_arrays_arrive_as_they_were(sandbox: Sandbox) -> None:
    reply = sandbox.ask({"do": "array"})
    numbers, flags = reply.arrays
    np.testing.assert_array_equal(numbers, np.array([[0, 1, 2], [3, 4, 5]], np.float32))
    np.testing.assert_array_equal(flags, np.array([[True, False]]))
    assert (numbers.dtype, flags.dtype) == (np.float32, np.bool_)


def test_one_process_serves_all(sandbox: Sandbox) -> None:
    first, second = (sandbox.ask({"do": "nothing"}).values["process"] for _ in range(2))
    assert first == second != os.getpid()


@pytest.mark.parametrize("name", ["SIGSEGV", "SIGKILL", "SIGABRT"])
def test_a_crash_costs_one_item(sandbox: Sandbox, name: str) -> None:
    with pytest.raises(RejectedInput, match=name) as caught:
        sandbox.ask({"do": "kill", "signal": name})
    assert caught.value.number == 58
    assert works(sandbox)


def test_too_much_memory_costs_one_item(sandbox: Sandbox) -> None:
    with pytest.raises(RejectedInput, match="more than 1024 MiB") as caught:
        sandbox.ask({"do": "hoard"})
    assert caught.value.number == 58
    assert works(sandbox)


@pytest.mark.parametrize(
    "request_", [{"do": "sleep", "seconds": 60}, {"do": "kill", "signal": "SIGSTOP"}]
)
def test_who_hangs_or_is_stopped_is_ended_by_the_clock(request_: dict[str, object]) -> None:
    sandbox = Sandbox(TASK, Limits(wall_seconds=3))
    assert works(sandbox)
    with pytest.raises(RejectedInput, match="not read within 3 s") as caught:
        sandbox.ask(request_)
    assert caught.value.number == 58
    assert works(sandbox)
    sandbox.close()


def test_who_spins_is_ended_by_the_processor_time() -> None:
    sandbox = Sandbox(TASK, Limits(cpu_seconds=1, wall_seconds=60))
    with pytest.raises(RejectedInput, match="1 s of processor time"):
        sandbox.ask({"do": "spin"})
    assert works(sandbox)
    sandbox.close()


def test_it_cannot_write_a_file(sandbox: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(RejectedInput, match="OSError"):
        sandbox.ask({"do": "write", "path": str(tmp_path / "written")})
    assert (tmp_path / "written").read_bytes() == b""


def test_it_leaves_no_core(sandbox: Sandbox) -> None:
    assert sandbox.ask({"do": "nothing"}).values["core"] == 0


def test_a_codec_that_prints_does_not_break_the_pipe(sandbox: Sandbox) -> None:
    assert sandbox.ask({"do": "speak"}).values["process"]


def test_the_text_of_a_foreign_error_is_not_shown(sandbox: Sandbox) -> None:
    with pytest.raises(RejectedInput) as caught:
        sandbox.ask({"do": "raise"})
    assert "Secretname" not in str(caught.value)
    assert "RuntimeError" in str(caught.value)


@pytest.mark.parametrize("action", ["object", "huge array"])
def test_only_plain_arrays_of_bounded_size_are_taken(sandbox: Sandbox, action: str) -> None:
    with pytest.raises(RejectedInput):
        sandbox.ask({"do": action})
    assert works(sandbox)


def test_a_process_that_died_while_idle_costs_nothing(sandbox: Sandbox) -> None:
    process = sandbox.ask({"do": "nothing"}).values["process"]
    os.kill(process, 9)
    time.sleep(0.2)
    assert works(sandbox)


def test_an_interrupted_answer_does_not_become_the_next(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(sandbox, "_receive", interrupted)
        with pytest.raises(KeyboardInterrupt):
            sandbox.ask({"do": "array"})
    assert sandbox.ask({"do": "nothing"}).arrays == ()


@pytest.mark.parametrize(
    "noise",
    [b"\xff" * 64, struct.pack("<Q", 2) + b"{}", struct.pack("<Q", 2) + b"{]"],
    ids=["huge", "empty", "no JSON"],
)
def test_a_process_that_talks_nonsense_is_ended(sandbox: Sandbox, noise: bytes) -> None:
    with pytest.raises(RejectedInput) as caught:
        sandbox.ask({"do": "lie", "bytes": list(noise)})
    assert caught.value.number == 58
    assert works(sandbox)


def test_one_that_cannot_start_is_nobodys_bad_input() -> None:
    sandbox = Sandbox("tests.no_such_module:answer", Limits())
    with pytest.raises(MammoscopeError, match="could not start") as caught:
        sandbox.ask({"do": "nothing"})
    assert not isinstance(caught.value, RejectedInput)


def test_it_ends_with_its_parent() -> None:
    script = f"""
import os, sys
sys.path[:] = {sys.path!r}
from mammoscope.io.limits import Limits
from mammoscope.io.sandbox import Sandbox
print(Sandbox({TASK!r}, Limits()).ask({{"do": "nothing"}}).values["process"], flush=True)
os.kill(os.getpid(), 9)
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    process = int(done.stdout)
    for _ in range(100):
        if not Path(f"/proc/{process}").exists() or "Z" in Path(f"/proc/{process}/stat").read_text():
            return
        time.sleep(0.05)
    pytest.fail("the reading process outlived its parent")
