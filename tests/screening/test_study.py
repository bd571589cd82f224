"""Cross-validation: what reaches what, and going on after a break."""

from dataclasses import replace

import numpy as np
import pytest

from mammoscope.learn.fit import BEST, LAST
from mammoscope.runtime import open_session
from mammoscope.screening import study as module
from mammoscope.screening import train
from mammoscope.screening.study import write_images
from mammoscope.screening.threshold import Validation, best_threshold
from tests.screening.paper_records import parted, study, write
from tests.screening.paper_room import tiny


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    return write(tmp_path_factory.mktemp("images"))


def turned(records):
    """The same records, the truth of every test image the other."""
    testing = set(parted(records).test)
    return [
        replace(one, cancer=not one.cancer) if place in testing else one
        for place, one in enumerate(records)
    ]


def said(one):
    """Scores without a network: validation images are best told apart at 0.25, test images at 0.75."""
    parts = one.split
    for number, fold in enumerate(parts.folds):
        place = one.folder / f"fold-{number + 1}"
        place.mkdir(parents=True)
        valid = [0.3 if one.records[image].cancer else 0.2 for image in fold.validation]
        tested = np.linspace(0.1, 0.9, len(parts.test))
        np.savez(place / "scores.npz", validation=valid, test=tested)


def same_whatever_the_test_images_are(records, folder):
    """Thresholds and what test images are called, with test truths and with the opposite."""
    found = []
    for name, some in (("as they are", records), ("turned", turned(records))):
        one = study(some, folder / name, parts=parted(records))
        said(one)
        found.append(one.outcome(searched=True))
    first, other = found
    assert first.decision.thresholds == other.decision.thresholds
    np.testing.assert_array_equal(first.decision.called, other.decision.called)
    np.testing.assert_array_equal(first.cancer, ~other.cancer)
    return first


def test_a_threshold_never_sees_test_labels(records, tmp_path):
    found = same_whatever_the_test_images_are(records, tmp_path)
    # the middle of 0.21 to 0.30, from validation
    assert found.decision.thresholds == (0.25, 0.25)


def test_that_check_fails_where_a_threshold_sees_test_labels(records, tmp_path, monkeypatch):
    honest = module.decide

    def leaking(self, *, searched):
        said = np.stack([one.test for one in self.scores])
        known = Validation(said[0], self._cancer(self.split.test))
        found = honest(self.validation, said, searched=searched)
        threshold = best_threshold(known)
        return found._replace(thresholds=(threshold,) * 2, called=found.probabilities >= threshold)

    monkeypatch.setattr(module.Study, "decision", leaking)
    with pytest.raises(AssertionError):
        same_whatever_the_test_images_are(records, tmp_path)


def test_networks_never_see_test_labels(records, tmp_path):
    plain, other = (
        study(some, tmp_path / name, parts=parted(records))
        for name, some in (("plain", records), ("other", turned(records)))
    )
    for ours, theirs in zip(plain.scores, other.scores, strict=True):
        np.testing.assert_array_equal(ours.validation, theirs.validation)
        np.testing.assert_array_equal(ours.test, theirs.test)


def test_before_the_step_that_searches_the_threshold_is_a_half(records, tmp_path):
    one = study(records, tmp_path)
    said(one)
    assert one.decision(searched=False).thresholds == (0.5, 0.5)


def test_scores_stay_and_networks_go_unless_they_are_kept(records, tmp_path, monkeypatch):
    told = []
    one = study(records, tmp_path, tell=told.append)
    first = one.scores
    assert sum("learns from" in line for line in told) == 2
    assert not list(one.folder.rglob("*.ckpt"))
    monkeypatch.setattr(train, "train_examples", None)
    again = study(records, tmp_path).scores
    np.testing.assert_array_equal(first[1].test, again[1].test)


def test_a_network_that_went_is_trained_again_where_it_is_to_be_kept(records, tmp_path):
    said(study(records, tmp_path))
    kept = study(records, tmp_path, keep=True)
    for number, scores in enumerate(kept.scores):
        assert (kept.folder / f"fold-{number + 1}" / "training" / BEST).is_file()
        ours = train.scored(kept.network(number), kept.images, kept.split.test)
        np.testing.assert_array_equal(scores.test, ours)


def test_a_fold_that_was_broken_off_goes_on(records, tmp_path, monkeypatch):
    recipe = replace(tiny(epochs=3, steps=1, patience=3), folds=2, rounds=1)
    whole = study(records, tmp_path / "whole", recipe, keep=True).scores
    one = study(records, tmp_path / "broken", recipe, keep=True)

    def breaks(self):
        if self.current_epoch == 1:
            raise InterruptedError

    monkeypatch.setattr(train.Module, "on_train_epoch_start", breaks)
    with pytest.raises(InterruptedError):
        one.network(0)
    monkeypatch.undo()
    assert (one.folder / "fold-1" / "training" / LAST).is_file()
    resumed = study(records, tmp_path / "broken", recipe, keep=True)
    np.testing.assert_allclose(resumed.scores[0].test, whole[0].test, atol=1e-6)
    assert (one.folder / "fold-1" / "training" / BEST).is_file()
    assert not (one.folder / "fold-1" / "training" / LAST).is_file()


def test_heads_follow_the_columns_of_women_who_do_not_test(records, tmp_path):
    heads = study(records, tmp_path).fitted.network.heads
    assert [head.name for head in heads] == ["view", "density", "age"]
    assert heads[0].classes == ("CC", "MLO")
    without = replace(tiny(), auxiliary=False, network=replace(tiny().network, heads=()))
    assert study(records, tmp_path, without).fitted.network.heads == ()


def test_weights_of_each_fold_with_a_card_that_knows_its_threshold(records, tmp_path):
    recipe = replace(tiny(epochs=1, steps=1), folds=2, rounds=1)
    one = study(records, tmp_path, recipe, keep=True)
    (folder,) = one.write([], [])
    session = open_session("screening", folder)
    assert session.card.classes == ("cancer",)
    assert session.card.calibration["threshold"] == one.decision(searched=True).thresholds[0]
    image = one.images[0].astype(np.float32)[None, None] / np.float32(255)
    expected = train.scored(one.network(0), one.images, [0])
    np.testing.assert_allclose(session.run(image)[0], expected, atol=1e-5)


def test_every_image_has_a_line(records, tmp_path):
    one = study(records, tmp_path)
    said(one)
    path = tmp_path / "images.csv"
    write_images({"a row": (one, one.outcome(searched=True))}, path)
    lines = path.read_text().splitlines()
    assert lines[0] == "row,set,fold,dataset,woman,image,cancer,probability,called"
    assert len(lines) == 1 + len(records)
    assert sum(",test,," in line for line in lines) == len(one.split.test)
