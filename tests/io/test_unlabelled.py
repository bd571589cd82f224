import zipfile

from mammoscope.io.unlabelled import ARCHIVED, read_unlabelled
from tests.synthetic import mammogram_dataset, save


def test_headers_tell_all_but_the_outcome(tmp_path):
    save(mammogram_dataset("CC", "L"), tmp_path / "a" / "1.dcm")
    save(mammogram_dataset("MLO", "R"), tmp_path / "b" / "2.dcm")
    found = read_unlabelled(tmp_path)
    told = {(one.laterality, one.view): one for one in found.images}
    assert set(told) == {("L", "CC"), ("R", "MLO")}
    assert {one.cancer for one in found.images} == {None}
    assert len({one.woman for one in found.images}) == 1
    assert all(one.machine for one in found.images)
    assert not found.left_out


def test_women_are_told_apart_by_pseudonyms(tmp_path):
    for number in (1, 2):
        dataset = mammogram_dataset(PatientID=f"SYNTHETIC-{number}", StudyInstanceUID=f"2.25.{number}")
        save(dataset, tmp_path / f"{number}.dcm")
    women = {one.woman for one in read_unlabelled(tmp_path).images}
    assert len(women) == 2
    assert not any("SYNTHETIC" in woman for woman in women)


def test_images_for_processing_are_raw(tmp_path):
    save(mammogram_dataset(PresentationIntentType="FOR PROCESSING"), tmp_path / "1.dcm")
    assert [one.kind for one in read_unlabelled(tmp_path).images] == ["raw"]


def test_what_is_no_image_is_counted(tmp_path):
    save(mammogram_dataset(), tmp_path / "1.dcm")
    (tmp_path / "broken.dcm").write_bytes(b"DICM, not really")
    with zipfile.ZipFile(tmp_path / "more.zip", "w") as archive:
        path = tmp_path / "another" / "2.dcm"
        save(mammogram_dataset("MLO"), path)
        archive.write(path, "2.dcm")
        path.unlink()
    found = read_unlabelled(tmp_path)
    assert len(found.images) == 1
    assert found.left_out.pop(ARCHIVED) == 1
    assert sum(found.left_out.values()) == 1
