import pytest

from mammoscope.errors import UsageError
from mammoscope.io.mias import MiasNote, read_info, read_mias


@pytest.fixture
def folder(tmp_path):
    for number in (1, 2, 3):
        (tmp_path / f"mdb{number:03}.pgm").write_bytes(b"synthetic")
        (tmp_path / "masks").mkdir(exist_ok=True)
        (tmp_path / "masks" / f"MDB{number:03}.png").write_bytes(b"synthetic")
    return tmp_path


def test_neighbours_are_one_woman(folder):
    first, second, third = read_mias(folder, folder / "masks")
    assert first.woman == second.woman != third.woman
    assert (first.view, first.kind, first.spacing_mm, first.dataset) == (
        "MLO",
        "film",
        0.2,
        "mini-MIAS",
    )
    assert first.truth.name == "MDB001.png"


def test_masks_may_lie_below_the_images(folder):
    assert len(read_mias(folder, folder)) == 3


def test_missing_masks_are_named(folder):
    (folder / "masks" / "MDB002.png").unlink()
    with pytest.raises(UsageError, match="1 images: mdb002"):
        read_mias(folder, folder / "masks")


def test_a_folder_without_images_is_refused(tmp_path):
    with pytest.raises(UsageError, match=r"mdb001\.pgm"):
        read_mias(tmp_path, tmp_path)


INFO = """MIAS MiniMammographic Database
INFORMATION:
mdb001 G CIRC B 535 425 197
mdb003 D NORM
mdb059 F CIRC B
mdb216 D CALC M *NOTE 3*
"""


def test_info_is_typed_and_y_counts_from_the_bottom(tmp_path):
    path = tmp_path / "Info.txt"
    path.write_text(INFO)
    assert read_info(path) == [
        MiasNote("mdb001", "G", "CIRC", "B", (1023.0 - 425, 535.0), 197.0),
        MiasNote("mdb003", "D", "NORM"),
        MiasNote("mdb059", "F", "CIRC", "B"),
        MiasNote("mdb216", "D", "CALC", "M"),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [("mdb001 CIRC G B 1 2 3", "tissue"), ("mdb001 G CIRC X", "severity"), ("nothing", "no line")],
)
def test_another_meaning_is_refused(tmp_path, line, message):
    (tmp_path / "Info.txt").write_text(line + "\n")
    with pytest.raises(UsageError, match=message):
        read_info(tmp_path / "Info.txt")
