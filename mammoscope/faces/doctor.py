"""``mammoscope doctor``: what is installed, what is valid, what runs."""

import json
import platform
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryFile, gettempdir
from typing import Any, Final, NamedTuple

import imagecodecs
import numpy as np
from pydicom import uid

from mammoscope.errors import MammoscopeError, MissingError, RejectedInput
from mammoscope.faces.extras import EXTRAS, absent
from mammoscope.faces.rooms import NEEDED
from mammoscope.faces.words import say
from mammoscope.io.codecs import CODECS
from mammoscope.io.limits import MIB, Limits
from mammoscope.io.sandbox import Sandbox
from mammoscope.runtime import is_own, names, open_session, providers, weights_folder

REQUIRED: Final = (
    "numpy", "scipy", "opencv-python-headless", "pydicom", "imagecodecs", "onnxruntime",
    "typer", "rich", "jinja2", "jaxtyping",
)  # fmt: skip
BASELINE: Final = (uid.JPEGBaseline8Bit,)
LOSSY_ERROR: Final = 8
ENCODERS: Final[Mapping[str, Callable[..., bytes | bytearray]]] = {
    uid.JPEGBaseline8Bit: imagecodecs.jpeg8_encode,
    uid.JPEGExtended12Bit: partial(imagecodecs.jpeg8_encode, bitspersample=12, level=98),
    uid.JPEGLossless: partial(imagecodecs.jpeg8_encode, bitspersample=12, lossless=True),
    uid.JPEGLosslessSV1: partial(imagecodecs.jpeg8_encode, bitspersample=12, lossless=True),
    uid.JPEGLSLossless: imagecodecs.jpegls_encode,
    uid.JPEGLSNearLossless: partial(imagecodecs.jpegls_encode, level=2),
    uid.JPEG2000Lossless: partial(imagecodecs.jpeg2k_encode, codecformat="J2K", reversible=True),
    uid.JPEG2000: partial(imagecodecs.jpeg2k_encode, codecformat="J2K", level=90),
    uid.HTJ2KLossless: partial(imagecodecs.htj2k_encode, reversible=True),
    uid.HTJ2KLosslessRPCL: partial(imagecodecs.htj2k_encode, reversible=True),
    uid.HTJ2K: partial(imagecodecs.htj2k_encode, reversible=True),
}
TRIALS: Final = {"memory": "of memory", "files": "OSError", "clock": "not read within"}
"""What the reading process is made to do, and how it must end."""

PROBE_LIMITS: Final = Limits(memory_bytes=1024 * MIB, wall_seconds=2)


class Check(NamedTuple):
    """One thing that was looked at.

    Attributes:
        part: ``package``, ``extra``, ``codec``, ``weights``, ``provider`` or ``sandbox``.
        name: Which.
        ok: Whether mammoscope can use it; None where it can do without.
        text: Its version, or what is wrong with it and the remedy.
    """

    part: str
    name: str
    ok: bool | None
    text: str


def run(weights: Path | None, *, as_json: bool) -> int:
    """Print every check; 0 where all that is needed is there, else 5."""
    checks = list(examine(weights))
    healthy = all(check.ok is not False for check in checks)
    if as_json:
        document = {"healthy": healthy, "checks": [check._asdict() for check in checks]}
        say(json.dumps(document, ensure_ascii=True))
    else:
        for check in checks:
            mark = {True: "ok", False: "BROKEN", None: "absent"}[check.ok]
            say(f"{check.part:<9} {check.name:<28} {mark:<7} {check.text}")
        say(
            "all that is needed is there"
            if healthy
            else "something that is needed is broken, see above"
        )
    return 0 if healthy else MissingError.exit_code


def examine(weights: Path | None = None) -> Iterator[Check]:
    """Look at everything, one after the other."""
    yield Check(
        "program", "mammoscope", True, f"{version('mammoscope')}, Python {platform.python_version()}"
    )
    yield from map(_package, REQUIRED)
    yield from map(_extra, EXTRAS)
    for syntax in CODECS:
        yield _codec(uid.UID(syntax))
    for provider in providers():
        yield Check("provider", provider, True, "networks run on it")
    yield from _weights(weights)
    yield from _sandbox()


def _package(name: str) -> Check:
    try:
        return Check("package", name, True, version(name))
    except PackageNotFoundError:
        return Check("package", name, False, "install mammoscope again")


def _extra(name: str) -> Check:
    if modules := absent(name):
        return Check(
            "extra", name, None, f"without {', '.join(modules)}: pip install 'mammoscope[{name}]'"
        )
    return Check("extra", name, True, "installed")


def _codec(syntax: uid.UID) -> Check:
    """Whether an image that was encoded here comes back."""
    picture = np.add.outer(np.arange(32), np.arange(32)).astype(np.uint16)
    wide = picture if syntax in BASELINE else picture * 40
    try:
        encoded = ENCODERS[syntax](wide.astype(np.uint8) if syntax in BASELINE else wide)
        error = int(np.abs(CODECS[syntax](bytes(encoded)).astype(int) - wide).max())
    except (RuntimeError, ImportError, ValueError) as failure:
        return Check(
            "codec", syntax, False, f"{syntax.name}: {type(failure).__name__}, install imagecodecs"
        )
    right = error <= LOSSY_ERROR
    return Check("codec", syntax, right, f"{syntax.name}: largest error {error}")


def _weights(folder: Path | None) -> Iterator[Check]:
    try:
        listed = names(folder)
    except MammoscopeError as error:
        yield Check("weights", "manifest", False, str(error))
        return
    for name in NEEDED:
        if name not in listed:
            found = False if is_own(folder) or not listed else None
            yield Check("weights", name, found, f"none in {weights_folder(folder)}")
    for name in listed:
        try:
            session = open_session(name, folder)
            yield Check("weights", name, True, f"{session.identity}: hash, card and probe are right")
        except MammoscopeError as error:
            yield Check("weights", name, False, str(error))


def _sandbox() -> Iterator[Check]:
    """Whether the reading process has the limits that keep a hostile file in."""
    for trial, end in TRIALS.items():
        sandbox = Sandbox("mammoscope.faces.doctor:misbehave", PROBE_LIMITS)
        try:
            sandbox.ask({"trial": trial, "folder": gettempdir()})
            yield Check("sandbox", trial, False, "no such limit here: read only files that you trust")
        except RejectedInput as error:
            yield Check(
                "sandbox", trial, end in str(error), f"what goes beyond its limit is refused: {error}"
            )
        except MammoscopeError as error:
            yield Check("sandbox", trial, False, str(error))
        finally:
            sandbox.close()


def misbehave(request: dict[str, Any], limits: Limits) -> tuple[dict[str, Any], Sequence[np.ndarray]]:
    """What a hostile file would make the reading process do.

    Raises:
        MemoryError: As it should be.
        OSError: As it should be.
    """
    if request["trial"] == "memory":
        np.ones(2 * limits.memory_bytes, np.uint8)
    elif request["trial"] == "files":
        with TemporaryFile(dir=request["folder"]) as file:
            file.write(b"x")
    else:
        time.sleep(5 * limits.wall_seconds)
    return {}, ()
