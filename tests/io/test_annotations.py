import cv2
import numpy as np
import pytest

from mammoscope.errors import UsageError
from mammoscope.io.annotations import masks_beside, read_labels, read_records
from tests.bad_inputs.case import image
from tests.synthetic import MG_PROCESSING
from tests.synthetic import save as write


def save(path, values=((0, 1), (2, 1))):
    path.parent.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(path), np.array(values, np.uint8))
    return path


def test_masks_of_the_same_stem_belong_to_images(tmp_path):
    save(tmp_path / "images" / "deep" / "Mass-Training_P_00001_LEFT_CC.PNG")
    save(tmp_path / "images" / "anna_RMLO.png")
    save(tmp_path / "masks" / "mass-training_p_00001_left_cc_mask.png")
    save(tmp_path / "masks" / "anna_RMLO.tif")
    film, other = sorted(
        masks_beside(tmp_path / "images", tmp_path / "masks", "CBIS", kind="film", spacing_mm=0.05),
        key=lambda record: record.view,
    )
    assert (film.view, film.kind, film.spacing_mm) == ("CC", "film", 0.05)
    assert "P_00001" in film.woman
    assert (other.view, other.truth.name) == ("MLO", "anna_RMLO.tif")


def test_images_of_one_woman_stay_together(tmp_path):
    for stem in ("anna_LCC", "anna_RMLO", "berta_LCC", "0001"):
        save(tmp_path / f"{stem}.png")
        save(tmp_path / f"{stem}_mask.png")
    records = masks_beside(tmp_path, tmp_path, "own")
    assert [record.woman for record in records] == ["0001", "anna", "anna", "berta"]


def test_a_header_tells_woman_view_and_kind(tmp_path):
    study = {"PatientID": "a", "StudyInstanceUID": "2.25.1"}
    for stem, view, more in (
        ("1", "CC", {}), ("2", "MLO", {}), ("3", "CC", {"SOPClassUID": MG_PROCESSING}),
        ("4", "CC", {"PatientID": "b"}), ("5_LMLO", "CC", {"PatientID": None}),
    ):  # fmt: skip
        write(image(view, **(study | more)), tmp_path / f"{stem}.dcm")
        save(tmp_path / f"{stem}_mask.png")
    records = masks_beside(tmp_path, tmp_path, "own")
    assert [record.view for record in records] == ["CC", "MLO", "CC", "CC", "CC"]
    assert [record.kind for record in records] == ["processed", "processed", "raw", *["processed"] * 2]
    first, second, third, other, unnamed = (record.woman for record in records)
    assert first == second == third != other
    assert unnamed == "5"


def test_a_patient_id_that_all_share_tells_nobody_apart(tmp_path):
    for stem in ("anna_LCC", "anna_RCC", "berta_LCC"):
        write(image(PatientID="removed"), tmp_path / f"{stem}.dcm")
        save(tmp_path / f"{stem}_mask.png")
    records = masks_beside(tmp_path, tmp_path, "own")
    assert [record.woman for record in records] == ["anna", "anna", "berta"]


def test_masks_in_the_folder_of_the_images_are_not_images(tmp_path):
    save(tmp_path / "a_LCC.png")
    save(tmp_path / "a_LCC_mask.png")
    (record,) = masks_beside(tmp_path, tmp_path, "own")
    assert (record.image.name, record.truth.name) == ("a_LCC.png", "a_LCC_mask.png")


def test_missing_masks_are_named(tmp_path):
    save(tmp_path / "images" / "a.png")
    save(tmp_path / "images" / "b.png")
    save(tmp_path / "masks" / "a.png")
    with pytest.raises(UsageError, match=r"masks are missing for 1 images: b"):
        masks_beside(tmp_path / "images", tmp_path / "masks", "own")


def test_classes_are_mapped_to_ours(tmp_path):
    save(tmp_path / "images" / "a.png")
    save(tmp_path / "masks" / "a.png", ((0, 128), (255, 128)))
    images, masks = tmp_path / "images", tmp_path / "masks"
    (record,) = masks_beside(images, masks, "own", {0: 0, 128: 1, 255: 2})
    assert read_labels(record).tolist() == [[0, 1], [2, 1]]
    (record,) = masks_beside(images, masks, "own")
    with pytest.raises(UsageError, match=r"a.png holds the classes \[128, 255\]"):
        read_labels(record)


def test_a_colour_picture_is_no_mask(tmp_path):
    save(tmp_path / "images" / "a.png")
    cv2.imwrite(str(tmp_path / "a.png"), np.zeros((2, 2, 3), np.uint8))
    (tmp_path / "masks").mkdir()
    (tmp_path / "a.png").rename(tmp_path / "masks" / "a.png")
    (record,) = masks_beside(tmp_path / "images", tmp_path / "masks", "own")
    with pytest.raises(UsageError, match="one channel"):
        read_labels(record)


HEAD = "image,mask,woman,dataset,view,kind,spacing_mm\n"


def test_a_table_names_any_data(tmp_path):
    save(tmp_path / "i.png")
    save(tmp_path / "m.png")
    table = tmp_path / "records.csv"
    table.write_text(HEAD + "i.png,m.png,w1,Fuji,mlo,raw,0.05\ni.png,m.png,w2,GE,,,\n")
    raw, plain = read_records(table)
    assert (raw.woman, raw.dataset, raw.view, raw.kind, raw.spacing_mm) == (
        "w1", "Fuji", "MLO", "raw", 0.05,
    )  # fmt: skip
    assert (plain.view, plain.kind, plain.spacing_mm) == ("", "processed", None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("image,mask\n", "lacks the columns woman, dataset, view, kind, spacing_mm"),
        (HEAD + "absent.png,m.png,w,d,,,\n", "line 2: no file absent.png"),
        (HEAD + "i.png,m.png,,d,,,\n", "woman and dataset"),
        (HEAD + "i.png,m.png,w,d,ML,,\n", "view is CC, MLO or empty, got 'ML'"),
        (HEAD + "i.png,m.png,w,d,,dm,\n", "kind is processed, raw or film"),
        (HEAD + "i.png,m.png,w,d,,,-1\n", "spacing_mm"),
        (HEAD + "i.png,m.png,w,d,,,wide\n", "'wide'"),
    ],
)
def test_a_cell_without_meaning_is_refused(tmp_path, text, message):
    save(tmp_path / "i.png")
    save(tmp_path / "m.png")
    (tmp_path / "records.csv").write_text(text)
    with pytest.raises(UsageError, match=message):
        read_records(tmp_path / "records.csv")
