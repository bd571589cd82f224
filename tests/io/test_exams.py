"""Which images are one exam, which count, and which are there twice."""

from dataclasses import replace

import pytest

from mammoscope.core import About, InputRecord, Sourced
from mammoscope.io.exams import chosen, duplicates, group, set_aside

FOUR = (("R", "CC"), ("L", "CC"), ("R", "MLO"), ("L", "MLO"))


def image(side="L", view="CC", name=None, study="1.2", **said):
    return About(
        name or f"{side}{view}.dcm",
        (4, 3),
        study=study,
        view=Sourced(view, "ViewPosition") if view else None,
        laterality=Sourced(side, "Laterality") if side else None,
        **said,
    )


def itself(about):
    return about


def note_codes(exam):
    return [note.code for note in exam.notes]


def test_a_study_is_an_exam_in_reading_order():
    images = [image(*place) for place in reversed(FOUR)]
    (exam,) = group([*images[:2], image(study="other"), *images[2:]], itself)[:1]
    assert exam.study == "1.2"
    assert [(item.laterality.value, item.view.value) for item in exam.items] == list(FOUR)
    assert exam.notes == ()


def test_keys_are_safe_unique_and_without_identity():
    studies = ["../../evil", "Jane Doe", "1.2.3", "1.2.4"]
    exams = group([image(study=study) for study in studies], itself)
    keys = [exam.key for exam in exams]
    assert len(set(keys)) == 4
    assert all(set(key) <= set("0123456789abcdef") and len(key) == 12 for key in keys)
    assert keys == [exam.key for exam in group([image(study=study) for study in studies], itself)]


def test_studies_of_one_parsed_patient_are_one_exam():
    films = [
        image(*place, study=f"9.{number}", case="Mass-Test P_00173", patient=f"{number}")
        for number, place in enumerate(FOUR)
    ]
    (exam,) = group(films, itself)
    assert exam.study == "Mass-Test P_00173"
    assert exam.notes == ()


def test_pictures_go_by_study_then_patient_and_folder_then_folder():
    def names(*abouts):
        return [[item.name for item in exam.items] for exam in group(abouts, itself)]

    pictures = [
        image(name=name, study="") for name in ("a/anna_LCC.png", "a/eva_LCC.png", "b/anna_LCC.png")
    ]
    assert names(*pictures) == [["a/anna_LCC.png"], ["a/eva_LCC.png"], ["b/anna_LCC.png"]]
    assert names(*(replace(picture, study="one") for picture in pictures)) == [
        ["a/anna_LCC.png", "a/eva_LCC.png", "b/anna_LCC.png"]
    ]
    assert names(image(name="c/1.png", study=""), image(name="c/2.png", study="")) == [
        ["c/1.png", "c/2.png"]
    ]
    assert names(image(name="mdb001.pgm", study=""), image("R", name="mdb002.pgm", study="")) == [
        ["mdb002.pgm", "mdb001.pgm"]
    ]


def test_missing_views_are_noted():
    (exam,) = group([image("L", "CC"), image("R", "CC"), image("L", "MLO")], itself)
    assert note_codes(exam) == ["missing view"]
    assert exam.notes[0].text.startswith("R MLO is missing")


def test_two_patients_in_one_study():
    (exam,) = group([image(*place, patient=place[0]) for place in FOUR], itself)
    assert note_codes(exam) == ["two patients"]


def test_repeats_are_all_listed_and_the_last_counts():
    early = image(*FOUR[0], name="early.dcm", moment="2024")
    late = image(*FOUR[0], name="late.dcm", moment="2025")
    (exam,) = group([late, early, *(image(*place) for place in FOUR[1:])], itself)
    assert len(exam.items) == 5
    assert note_codes(exam) == ["repeated view"]
    assert "R CC is there 2 times, late.dcm counts" in exam.notes[0].text
    assert chosen(exam.items, itself)["R", "CC"] is late


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"kind": "for presentation", "moment": "1"}, {"kind": "for processing", "moment": "2"}),
        ({"moment": "1"}, {"origin": "synthetic from tomosynthesis", "moment": "2"}),
        (
            {"kind": "for presentation", "origin": "synthetic from tomosynthesis"},
            {"kind": "for processing"},
        ),
        ({"moment": "2"}, {"moment": "1"}),
    ],
)
def test_which_repeat_counts(better, worse):
    good, other = image(name="good", **better), image(name="other", **worse)
    assert chosen([good, other], itself)["L", "CC"] is good
    assert chosen([other, good], itself)["L", "CC"] is good


@pytest.mark.parametrize(
    ("about", "reason"),
    [
        (image(), ""),
        (image(modifiers=frozenset({"nipple in profile"})), ""),
        (image(implant=False), ""),
        (image(modifiers=frozenset({"spot", "magnified"})), "magnified and spot view"),
        (image(modifiers=frozenset({"implant displaced"}), implant=True), "implant displaced view"),
        (image(modifiers=frozenset({"specimen"})), "specimen view"),
        (image(modifiers=frozenset({"stereotactic"})), "stereotactic view"),
        (image(implant=True), "breast implant"),
        (image(partial=True), "partial view: it shows a part of the breast"),
        (image(view="ML"), "ML view: results of the whole exam use CC and MLO"),
        (image(view=None), "view unknown"),
        (image(side=None), "laterality unknown"),
    ],
)
def test_set_aside(about, reason):
    assert set_aside(about) == reason


def test_an_image_set_aside_leaves_its_view_missing():
    images = [image(*place) for place in FOUR[1:]]
    (exam,) = group([image("R", "CC", modifiers=frozenset({"spot"})), *images], itself)
    assert len(exam.items) == 4
    assert note_codes(exam) == ["missing view"]
    assert ("R", "CC") not in chosen(exam.items, itself)


def digest_asked_for(about):
    return about.manufacturer


def never(about):
    raise AssertionError


def test_the_same_file_twice_counts_once():
    images = [image(name=name, instance="7", digest="same") for name in ("a", "b", "c")]
    once = duplicates([*images, image(name="d", instance="8")], itself, never)
    assert once.kept == [0, 3]
    assert once.dropped == [
        InputRecord(name, "duplicate", "the same image as a", 24) for name in ("b", "c")
    ]


def test_other_bytes_with_the_same_pixels_count_once():
    images = [image(name=name, instance="7", digest=name, manufacturer="pixels") for name in ("a", "b")]
    once = duplicates(images, itself, digest_asked_for)
    assert (once.kept, [record.number for record in once.dropped]) == ([0], [24])


def test_one_uid_with_different_pixels_rejects_all():
    images = [image(name=name, instance="7", digest=name, manufacturer=name) for name in ("a", "b")]
    once = duplicates([*images, replace(images[0], name="c")], itself, digest_asked_for)
    assert once.kept == []
    assert [(record.name, record.outcome, record.number) for record in once.dropped] == [
        ("a", "rejected", 25), ("b", "rejected", 25), ("c", "rejected", 25),
    ]  # fmt: skip


def test_pictures_without_a_uid_are_never_duplicates():
    assert duplicates([image(name="a"), image(name="b")], itself, never).kept == [0, 1]
