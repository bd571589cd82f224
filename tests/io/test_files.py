import io
import itertools
import os
import zipfile
from pathlib import Path

import pytest

from mammoscope.core import InputRecord
from mammoscope.io import Found, Limits, Source, find
from mammoscope.io import files as files_module
from tests.bad_inputs.case import as_bytes
from tests.bad_inputs.container import dicomdir

DICOM = bytes(128) + b"DICM" + bytes(64)


def tree(root: Path, *names: str, data: bytes = DICOM) -> Path:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    return root


def sources(found: list[Found]) -> list[str]:
    return [item.name for item in found if isinstance(item, Source)]


def records(found: list[Found]) -> dict[str, str]:
    return {item.name: item.outcome for item in found if isinstance(item, InputRecord)}


def test_a_folder_is_walked_to_its_depths_in_order(tmp_path: Path) -> None:
    tree(tmp_path / "exams", "b/2.dcm", "a/deep/er/1", "c.dcm", "b/10.dcm")
    assert sources(list(find([tmp_path / "exams"]))) == [
        "exams/a/deep/er/1", "exams/b/10.dcm", "exams/b/2.dcm", "exams/c.dcm",
    ]  # fmt: skip


def test_every_file_gives_one_item(tmp_path: Path) -> None:
    root = tree(tmp_path / "mixed", "1.dcm", "2.png", "3")
    tree(root, "notes.txt", "table.csv", "report.pdf", "README", data=b"text")
    tree(root, ".DS_Store", "Thumbs.db", "__MACOSX/1.dcm", "._1.dcm")
    found = list(find([root]))
    assert sources(found) == ["mixed/1.dcm", "mixed/2.png", "mixed/3"]
    assert set(records(found).values()) == {"skipped"}
    assert len(found) == 11


def test_a_folder_of_ten_thousand_is_walked_lazily(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []
    monkeypatch.setattr(files_module, "read_head", lambda path: opened.append(path) or DICOM)
    for index in range(10_000):
        (tmp_path / f"{index:05}.dcm").touch()
    first = list(itertools.islice(find([tmp_path]), 3))
    assert [item.name.rpartition("/")[2] for item in first] == ["00000.dcm", "00001.dcm", "00002.dcm"]
    assert len(opened) == 3


def test_folders_deeper_than_pythons_stack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    depth = 1200
    monkeypatch.chdir(tmp_path)
    for _ in range(depth):
        Path("d").mkdir()
        os.chdir("d")
    Path("1.dcm").write_bytes(DICOM)
    found = list(find([tmp_path]))
    Path("1.dcm").unlink()
    for _ in range(depth):  # removing it whole would be too deep for Python as well
        os.chdir("..")
        Path("d").rmdir()
    assert len(sources(found)) == 1


def test_names_are_as_the_user_wrote_them_but_never_absolute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree(tmp_path, "in/a/1.dcm", "in/b/1.dcm")
    monkeypatch.chdir(tmp_path / "in" / "a")
    assert sources(list(find(["1.dcm", "../b/1.dcm", tmp_path / "in" / "b" / "1.dcm"]))) == [
        "1.dcm", "1.dcm (2)", "1.dcm (3)",
    ]  # fmt: skip
    assert sources(list(find(["."]))) == ["1.dcm"]
    monkeypatch.chdir(tmp_path)
    assert sources(list(find(["in/a/1.dcm", "in/b"]))) == ["in/a/1.dcm", "in/b/1.dcm"]


def test_patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "x/a/1.dcm", "x/b/1.dcm", "odd[1].dcm")
    assert sources(list(find([f"{tmp_path}/x/*/*.dcm"]))) == ["a/1.dcm", "b/1.dcm"]
    monkeypatch.chdir(tmp_path)
    tree(tmp_path, "x/b/2.txt", data=b"text")
    assert sources(list(find(["x/*"]))) == ["x/a/1.dcm", "x/b/1.dcm"]
    assert sources(list(find(["x/**/*.dcm"]))) == ["x/a/1.dcm", "x/b/1.dcm"]
    assert sources(list(find(["odd[1].dcm"]))) == ["odd[1].dcm"]


def test_two_stars_follow_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path / "exams", "1.dcm", "a/2.dcm", "a/.hidden/3.dcm")
    for loop in ("one", "other"):
        (tmp_path / "exams" / loop).symlink_to(tmp_path / "exams")
    monkeypatch.chdir(tmp_path)
    for pattern in ("exams/**/*", "exams/**", "exams/**/*.dcm"):
        assert sources(list(find([pattern]))) == ["exams/1.dcm", "exams/a/2.dcm"]
    assert sources(list(find(["exams/a/.h*/*", "exams/**m"]))) == [
        "exams/a/.hidden/3.dcm",
        "exams/1.dcm",
    ]


@pytest.mark.parametrize("path", ["missing.dcm", "missing/*.dcm", "nul\0.dcm", "x" * 5000])
def test_what_is_not_there_is_rejected(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert list(records(list(find([path]))).values()) == ["rejected"]


@pytest.mark.parametrize("separator", ["\n", "\0", "\r\n"])
def test_a_list_on_standard_input(separator: str, tmp_path: Path) -> None:
    root = tree(
        tmp_path / "in", "1.dcm", "2.dcm", "line\nbreak.dcm" if separator == "\0" else "3 4.dcm"
    )
    paths = sorted(str(path) for path in root.iterdir())
    stdin = io.StringIO(separator.join(paths))
    assert len(sources(list(find(["-"], stdin=stdin)))) == 3
    binary = io.TextIOWrapper(io.BytesIO(os.fsencode(separator.join(paths) + separator)))
    assert len(sources(list(find(["-"], stdin=binary)))) == 3


def test_a_list_of_names_that_are_no_text(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/caf\xe9.dcm"
    Path(os.fsdecode(path)).write_bytes(DICOM)
    stdin = io.TextIOWrapper(io.BytesIO(path + b"\n"))
    assert sources(list(find(["-"], stdin=stdin))) == ["caf\\xe9.dcm"]


def test_without_standard_input_a_dash_is_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree(tmp_path, "-"))
    assert sources(list(find(["-"]))) == ["-"]


def test_members_of_a_zip_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "disc.zip", "w") as archive:
        archive.writestr("b/2.dcm", DICOM)
        archive.writestr("a/", b"")
        archive.writestr("a/1", DICOM)
        archive.writestr("readme.txt", b"text")
        archive.writestr("__MACOSX/a/._1", b"x")
        archive.writestr("DICOMDIR", DICOM)
    found = list(find([tmp_path / "disc.zip"]))
    assert sources(found) == ["disc.zip/a/1", "disc.zip/b/2.dcm"]
    assert records(found) == dict.fromkeys(
        ["disc.zip/readme.txt", "disc.zip/__MACOSX/a/._1", "disc.zip/DICOMDIR"], "skipped"
    )


def test_a_name_twice_in_a_zip_file(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "disc.zip", "w") as archive:
        archive.writestr("1.dcm", DICOM)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("1.dcm", DICOM + b"other")
    assert set(records(list(find([tmp_path / "disc.zip"]))).values()) == {"rejected"}


def test_an_encrypted_member(tmp_path: Path) -> None:
    path = tmp_path / "disc.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("1.dcm", DICOM)
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    (record,) = find([path])
    assert isinstance(record, InputRecord)
    assert "encrypted" in record.reason


def test_what_is_called_zip_and_is_none(tmp_path: Path) -> None:
    assert records(list(find([tree(tmp_path, "disc.zip", data=b"PK\x03\x04 cut")]))) == {
        f"{tmp_path.name}/disc.zip": "rejected"
    }


def test_too_many_members(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "disc.zip", "w") as archive:
        for index in range(4):
            archive.writestr(f"{index}.dcm", DICOM)
    (record,) = find([tmp_path / "disc.zip"], limits=Limits(archive_members=3))
    assert isinstance(record, InputRecord)
    assert record.number == 13


def test_a_dicomdir_stands_for_what_it_lists(tmp_path: Path) -> None:
    root = tree(tmp_path / "disc", "IMAGES/1", "images/2", "unlisted.dcm")
    entries = (["IMAGES", "1"], ["IMAGES", "2"], ["IMAGES", "3"], ["IMAGES", "1"], [".."])
    (root / "DICOMDIR").write_bytes(as_bytes(dicomdir(entries)))
    found = list(find([root / "DICOMDIR"]))
    assert sources(found) == ["IMAGES/1", "IMAGES/2"]
    assert records(found) == {"IMAGES/3": "rejected", "..": "rejected"}


def test_in_a_folder_a_dicomdir_adds_only_what_it_misses(tmp_path: Path) -> None:
    root = tree(tmp_path / "disc", "A", "B")
    (root / "DICOMDIR").write_bytes(as_bytes(dicomdir((["A"], ["C"]))))
    found = list(find([root]))
    assert sources(found) == ["disc/A", "disc/B"]
    assert records(found) == {"disc/DICOMDIR": "skipped", "disc/C": "rejected"}


@pytest.mark.parametrize("data", [b"", b"text", DICOM])
def test_a_dicomdir_that_cannot_be_read(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "DICOMDIR").write_bytes(data)
    assert records(list(find([tmp_path / "DICOMDIR"]))) == {"DICOMDIR": "rejected"}
    (in_folder,) = find([tmp_path])
    assert isinstance(in_folder, InputRecord)
    assert in_folder.outcome == "rejected"


def test_a_link_to_a_file_within_is_followed(tmp_path: Path) -> None:
    root = tree(tmp_path / "in", "1.dcm")
    (root / "2.dcm").symlink_to("1.dcm")
    (root / "3.dcm").symlink_to("nowhere")
    found = list(find([root]))
    assert sources(found) == ["in/1.dcm", "in/2.dcm"]
    assert records(found) == {"in/3.dcm": "rejected"}
