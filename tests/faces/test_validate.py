"""The installed screening weights tried on a site's images, from the command line."""

import csv
import json
from dataclasses import replace

import numpy as np
import pytest
from pydicom import dcmread

from mammoscope.errors import InputError, UsageError, WeightsError
from mammoscope.faces import validate
from mammoscope.faces.validate import KEPT, Asked, Request, earlier, run
from mammoscope.report.validation import DOCUMENT, PAGE, SCORES
from tests.screening import miniature_rsna
from tests.synthetic import code
from tests.synthetic_screening import malignancy
from tests.weights import synthetic_screening

WOMEN = 3


def rows():
    """Women of two breasts; the first has a cancer on the left."""
    return [
        miniature_rsna.row(
            woman, 10 * woman + place, side, view, cancer=str(int(woman == 0 and side == "L"))
        )
        for woman in range(WOMEN)
        for place, (side, view) in enumerate([("L", "CC"), ("L", "MLO"), ("R", "CC")])
    ]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    return miniature_rsna.published(tmp_path_factory.mktemp("rsna"), rows())


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return synthetic_screening(tmp_path_factory.mktemp("weights"), threshold_f1=0.5)


@pytest.fixture
def request_(data, folder, tmp_path):
    return Request([data], ["rsna"], tmp_path / "out", folder, as_json=True)


def table(out):
    with (out / SCORES).open() as file:
        return list(csv.DictReader(file))


def test_images_are_scored_and_told_of(request_, capsys):
    assert run(request_) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["images"], said["scored"], said["women"]) == (9, 9, 3)
    # every image has the same score: the area is a half
    assert said["levels"]["image"]["auc"]["estimate"] == 0.5
    assert [said["levels"][level]["cancers"] for level in ("image", "breast", "woman")] == [2, 1, 1]
    assert [one["name"] for one in said["groups"]["view"]] == ["CC", "MLO"]
    assert said["levels"]["image"]["points"][0]["threshold"]["estimate"] == 0.5
    assert json.loads((request_.out / DOCUMENT).read_text()) == said
    assert "By view" in (request_.out / PAGE).read_text()
    scores = table(request_.out)
    assert [float(row["score"]) for row in scores] == pytest.approx([0.8] * 9, abs=0.001)
    assert scores[0]["image"] == "train_images/0/0.dcm"
    assert scores[0]["machine"] == "29"


def test_operating_points_do_what_was_asked(request_, capsys):
    run(replace(request_, asked=Asked(recall_rate=0.3, sensitivity=0.5)))
    points = json.loads(capsys.readouterr().out)["levels"]["breast"]["points"]
    chosen = [one["name"] for one in points if one["chosen_here"]]
    assert chosen == ["f1", "recall 30", "sensitivity 50"]
    with pytest.raises(UsageError, match="sensitivity of 0 to 1 was expected, got 90"):
        Asked(sensitivity=90.0)


def test_a_second_run_goes_on_where_the_first_ended(request_, monkeypatch, capsys):
    run(request_)
    kept = request_.out / KEPT
    lines = kept.read_text().splitlines(keepends=True)
    kept.write_text("".join(lines[:6]) + lines[6][:40])
    asked = []

    def scorer(session):
        def score(image, findings):
            asked.append(image.about.name)
            return malignancy(image.pixels.shape, 0.25)

        return score

    monkeypatch.setattr(validate, "Scorer", scorer)
    with pytest.raises(UsageError, match="--resume goes on"):
        run(request_)
    assert not asked
    assert run(replace(request_, resume=True)) == 0
    assert len(asked) == 3
    assert [row["score"] for row in table(request_.out)][6:] == ["0.2500"] * 3
    assert len(earlier(kept)) == 9
    assert run(replace(request_, resume=True)) == 0
    assert len(asked) == 3
    capsys.readouterr()


def test_other_data_are_another_run(request_, tmp_path, capsys):
    run(request_)
    other = miniature_rsna.published(tmp_path / "other", rows()[:6])
    with pytest.raises(UsageError, match="same data"):
        run(replace(request_, data=[other], resume=True))
    capsys.readouterr()


def test_a_bad_image_costs_itself_only(tmp_path, folder, capsys):
    data = miniature_rsna.published(tmp_path / "rsna", rows())
    (data / "train_images" / "1" / "11.dcm").write_bytes(b"no image")
    request = Request([data], ["rsna"], tmp_path / "out", folder)
    assert run(request) == 4
    told = capsys.readouterr()
    assert "1 image without a score" in told.err
    assert "8 of 9 images of 3 women scored" in told.out
    broken = [row for row in table(request.out) if row["failed"]]
    assert [row["image"] for row in broken] == ["train_images/1/11.dcm"]
    assert broken[0]["score"] == ""
    assert "without a score" in (request.out / PAGE).read_text()


def test_an_image_under_two_names_is_scored_once(tmp_path, folder, capsys):
    data = miniature_rsna.published(
        tmp_path / "rsna", [*rows(), miniature_rsna.row(0, 90, "L", "CC", cancer="1")]
    )
    images = data / "train_images" / "0"
    (images / "90.dcm").write_bytes((images / "0.dcm").read_bytes())
    request = Request([data], ["rsna"], tmp_path / "out", folder, as_json=True)
    assert run(request) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["images"] == 9
    assert said["left_out"] == {"images that are another of the same woman again": 1}
    assert "another of the same woman again" in (request.out / PAGE).read_text()


def test_what_analyze_does_not_score_has_no_score_here(tmp_path, folder, capsys):
    changed = [miniature_rsna.row(3, 30, "L", "CC", implant="1"), *rows()]
    data = miniature_rsna.published(tmp_path / "rsna", changed)
    spot = dcmread(data / "train_images" / "0" / "0.dcm")
    spot.ViewCodeSequence[0].ViewModifierCodeSequence = [code("399055006", "Spot compression")]
    spot.save_as(data / "train_images" / "0" / "0.dcm")
    request = Request([data], ["rsna"], tmp_path / "out", folder)
    assert run(request) == 4
    capsys.readouterr()
    failed = {row["image"]: row["failed"] for row in table(request.out) if row["failed"]}
    assert failed == {
        "train_images/3/30.dcm": "breast implant", "train_images/0/0.dcm": "spot view",
    }  # fmt: skip


def test_an_image_of_two_women_is_refused(tmp_path, folder):
    data = miniature_rsna.published(tmp_path / "rsna", rows())
    images = data / "train_images"
    (images / "1" / "10.dcm").write_bytes((images / "2" / "20.dcm").read_bytes())
    with pytest.raises(UsageError, match="an image is of one woman"):
        run(Request([data], ["rsna"], tmp_path / "out", folder))


def test_images_of_one_kind_have_no_area(tmp_path, folder, capsys):
    data = miniature_rsna.published(tmp_path / "rsna", rows()[3:])
    assert run(Request([data], ["rsna"], tmp_path / "out", folder)) == 0
    assert "no AUC: all 6 with a known outcome have none" in capsys.readouterr().out


def test_a_folder_without_outcomes_shows_scores_and_drift_alone(data, folder, tmp_path, capsys):
    assert run(Request([data], ["folder"], tmp_path / "out", folder)) == 0
    assert "no AUC: no image has a known outcome" in capsys.readouterr().out
    page = (tmp_path / "out" / PAGE).read_text()
    assert "how well the score tells malignant from benign is not" in page
    assert "<h2>Drift</h2>" in page
    assert "ROC of images" not in page


def test_nothing_that_can_be_scored_is_an_error(tmp_path, folder):
    data = miniature_rsna.published(tmp_path / "rsna", rows()[:2])
    for path in data.rglob("*.dcm"):
        path.write_bytes(b"no image")
    with pytest.raises(InputError, match="no score for any of 2 images"):
        run(Request([data], ["rsna"], tmp_path / "out", folder))


def test_findings_guide_the_score_where_the_folder_has_them(request_, monkeypatch, capsys):
    opened, handed = [], []

    def open_session(name, folder):
        opened.append(name)
        return real("screening", folder)

    def scorer(session):
        def score(image, findings):
            handed.append(findings)
            return malignancy(image.pixels.shape, unlike=2.0)

        return score

    real = validate.open_session
    monkeypatch.setattr(validate, "names", lambda place: ("findings", "screening"))
    monkeypatch.setattr(validate, "open_session", open_session)
    monkeypatch.setattr(validate, "Scorer", scorer)
    monkeypatch.setattr(validate, "Finder", lambda session: lambda image: "found")
    run(request_)
    assert opened == ["screening", "findings"]
    assert handed == ["found"] * 9
    said = json.loads(capsys.readouterr().out)
    assert (said["drift"]["unlike"], said["drift"]["judged"]) == (9, 9)
    assert "9 of 9 images are unlike" in said["advice"][0]


def test_weights_are_missed_before_anything_is_read(request_, tmp_path):
    with pytest.raises(WeightsError):
        run(replace(request_, weights=tmp_path / "none", data=[tmp_path / "nowhere"]))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"datasets": ["rsna", "cbis"]}, "1 --data need one --dataset or 1, got 2"),
        ({"datasets": ["inbreast"]}, "--dataset takes rsna, cbis"),
    ],
)
def test_data_that_are_not_there_are_named(request_, change, says):
    with pytest.raises(UsageError, match=says):
        run(replace(request_, **change))


def test_the_folder_must_lie_apart(request_, data):
    with pytest.raises(UsageError, match="lies in a folder that is read"):
        run(replace(request_, out=data / "out"))


def test_a_score_of_an_image_keeps_what_was_measured(request_, capsys):
    run(request_)
    kept = earlier(request_.out / KEPT)
    assert all(np.isfinite(one.features).all() and len(one.features) > 10 for one in kept.values())
    capsys.readouterr()


def test_the_command_line_says_what_it_takes(cli, data, folder, tmp_path):
    done = cli(
        "validate", "screening", "--data", data, "--dataset", "all", "-o", tmp_path / "out",
        "--weights", folder,
    )  # fmt: skip
    assert done.returncode == 2
    assert "--dataset takes rsna" in done.stderr
