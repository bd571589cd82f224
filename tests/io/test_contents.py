import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from mammoscope.errors import RejectedInput, SkippedInput
from mammoscope.io import Limits, Source
from mammoscope.io.contents import read_bytes, read_head


def grow(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"more")


def shrink(path: Path) -> None:
    os.truncate(path, 10)


def overwrite(path: Path) -> None:
    info = path.stat()
    path.write_bytes(b"y" * info.st_size)
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns + 1000))


@pytest.mark.parametrize("change", [grow, shrink, overwrite])
def test_a_file_that_changes_while_it_is_read(
    change: Callable[[Path], None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "1.dcm"
    path.write_bytes(b"x" * 1000)
    real, calls = os.read, []

    def slow(handle: int, size: int) -> bytes:
        calls.append(size)
        if len(calls) == 2:
            change(path)
        return real(handle, min(size, 400))

    monkeypatch.setattr(os, "read", slow)
    with pytest.raises(RejectedInput, match="changed while it was read") as caught:
        read_bytes(Source("1.dcm", path), Limits())
    assert caught.value.number == 19


def test_a_file_that_holds_still(tmp_path: Path) -> None:
    path = tmp_path / "1.dcm"
    path.write_bytes(b"x" * 1000)
    assert read_bytes(Source("1.dcm", path), Limits()) == b"x" * 1000
    assert read_head(path) == b"x" * 512


def test_a_pipe_never_blocks(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for read in (lambda path: read_bytes(Source("pipe", path), Limits()), read_head):
        with pytest.raises(SkippedInput) as caught:
            read(tmp_path / "pipe")
        assert caught.value.number == 16


def test_a_device_is_skipped() -> None:
    with pytest.raises(SkippedInput):
        read_bytes(Source("zero", Path("/dev/zero")), Limits())


@pytest.mark.parametrize("name", ["missing", "folder"])
def test_what_cannot_be_opened_is_rejected(name: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises((RejectedInput, SkippedInput)):
        read_bytes(Source(name, tmp_path / name), Limits())


def test_a_zip_file_that_is_replaced_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "disc.zip"
    for content in (b"first", b"second"):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("1.dcm", content)
        assert read_bytes(Source("disc.zip/1.dcm", path, "1.dcm"), Limits()) == content
    with pytest.raises(RejectedInput) as caught:
        read_bytes(Source("disc.zip/2.dcm", path, "2.dcm"), Limits())
    assert caught.value.number == 19


def test_a_damaged_member_is_rejected(tmp_path: Path) -> None:
    path = tmp_path / "disc.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1.dcm", bytes(range(256)) * 10)
    data = bytearray(path.read_bytes())
    data[60:80] = b"\xff" * 20
    path.write_bytes(data)
    with pytest.raises(RejectedInput, match="cannot be unpacked"):
        read_bytes(Source("disc.zip/1.dcm", path, "1.dcm"), Limits())
