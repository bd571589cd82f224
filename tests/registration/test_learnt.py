"""Networks as methods: the paper's by θ, the guided one by its warp and its regions."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from mammoscope.registration import train
from mammoscope.registration.affine import to_mlo
from mammoscope.registration.evaluate import Seen, Views, score
from mammoscope.registration.guided import train as guided_train
from mammoscope.registration.learnt import learnt
from mammoscope.registration.network import Network
from mammoscope.registration.prepare import prepare, stacked
from mammoscope.runtime import open_session
from mammoscope.runtime.weights import register
from mammoscope.scores.boxes import centres, rectified
from tests.registration import guided_pairs, guided_room, room
from tests.registration.pairs import cc, mlo


def opened(path):
    register(path.parent, path.stem, path.name, path.with_suffix(".json").name)
    return open_session(path.stem, path.parent)


def test_the_paper_s_network_answers_with_its_transformation(tmp_path):
    torch.manual_seed(1)
    network = Network(room.tiny().network).eval()
    method = learnt(opened(train.export(network, room.tiny(), tmp_path)))
    squares = prepare(cc(), room.SIDE), prepare(mlo(), room.SIDE)
    with torch.no_grad():
        theta = network.transformation(torch.from_numpy(stacked(*squares))[None])[0].double().numpy()
    points = np.array([[30.0, 20.0], [60.0, 50.0]])
    expected = to_mlo(theta, squares[0].frame, squares[1].frame)(points)
    said = method(Views(Seen(cc()), Seen(mlo())))
    np.testing.assert_allclose(said.to_mlo(points), expected, atol=0.05)
    assert said.search is None


def test_the_chest_wall_lies_where_the_landmarks_say(tmp_path):
    torch.manual_seed(1)
    network = Network(room.tiny().network).eval()
    method = learnt(opened(train.export(network, room.tiny(), tmp_path)))
    marks = replace(guided_pairs.landmarks("CC"), chest_wall="right")
    squares = prepare(cc(), room.SIDE, "right"), prepare(mlo(), room.SIDE, "right")
    with torch.no_grad():
        theta = network.transformation(torch.from_numpy(stacked(*squares))[None])[0].double().numpy()
    points = np.array([[30.0, 20.0], [60.0, 50.0]])
    expected = to_mlo(theta, squares[0].frame, squares[1].frame)(points)
    said = method(Views(Seen(cc(), marks), Seen(mlo(), marks)))
    np.testing.assert_allclose(said.to_mlo(points), expected, atol=0.05)


def test_a_transformation_to_a_line_is_no_answer(tmp_path):
    network = Network(room.tiny().network).eval()
    torch.nn.init.zeros_(network.localisation.dense.weight)
    torch.nn.init.zeros_(network.localisation.dense.bias)
    method = learnt(opened(train.export(network, room.tiny(), tmp_path)))
    assert method(Views(Seen(cc()), Seen(mlo()))).to_mlo is None


@pytest.fixture(scope="module")
def guided(tmp_path_factory):
    torch.manual_seed(0)
    recipe = guided_room.tiny()
    module = guided_train.training_module(recipe)
    return learnt(
        opened(guided_train.export(module.network, recipe, tmp_path_factory.mktemp("guided")))
    )


def test_the_guided_network_places_boxes_at_the_likeliest_place(guided):
    views, box = guided_pairs.views(), guided_pairs.box("CC")
    said = guided(views)
    area = said.search(box)
    middle = centres(rectified(said.place(box)))
    assert area.pixels > 0
    assert area.holds(tuple(said.place(box).mean(axis=0).tolist()))
    (case,) = score(guided_pairs.pair(), views, said)
    apart = np.linalg.norm(middle - centres(np.array(guided_pairs.box("MLO"))))
    assert case.centre_percent == pytest.approx(100 * apart / guided_pairs.SHAPE[0])
    assert case.found == area.holds(guided_pairs.PLACES["MLO"])


def test_without_landmarks_the_guided_network_has_no_answer(guided):
    blind = Views(*(Seen(seen.mammogram) for seen in guided_pairs.views()))
    assert guided(blind) == (None, None, None)
